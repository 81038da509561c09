import { describe, expect, it } from 'vitest'
import { adaptiveConcurrency } from './adaptive-concurrency.ts'

/** A store that answers each request after its latency, and does so many in a second at most. */
function work(most: number, store: { latencyMs: number; perSecond: number }, requests = 5000): number[] {
  const control = adaptiveConcurrency(most, 0)
  const limits = [control.limit()]
  let nowMs = 0
  for (let done = 0; done < requests; done += 1) {
    nowMs += 1000 / Math.min(store.perSecond, (control.limit() * 1000) / store.latencyMs)
    control.finished(10_000, nowMs)
    if (limits.at(-1) !== control.limit()) limits.push(control.limit())
  }
  return limits
}

describe('adaptive concurrency', () => {
  it('climbs as long as more at once is faster, and goes back from what was not', () => {
    // 600 a second take 12 at once at 20 ms each.
    expect(work(64, { latencyMs: 20, perSecond: 600 })).toEqual([8, 12, 18, 12])
    // A store on loopback has no use for more than a few.
    expect(work(64, { latencyMs: 4, perSecond: 700 })).toEqual([8, 12, 8])
    // S3 takes 3,500 writes a second for each prefix.
    expect(work(64, { latencyMs: 40, perSecond: 3500 })).toEqual([8, 12, 18, 27, 41, 62, 64, 62])
  })

  it('never goes beyond what the user allows', () => {
    expect(work(4, { latencyMs: 20, perSecond: 3500 })).toEqual([4])
    expect(work(1, { latencyMs: 20, perSecond: 3500 })).toEqual([1])
    expect(Math.max(...work(10, { latencyMs: 20, perSecond: 3500 }))).toBe(10)
  })

  it('halves at a refusal, once for all of the same moment, and never below one', () => {
    const control = adaptiveConcurrency(64, 0)
    for (const nowMs of [10, 20, 900]) control.refused(nowMs)
    expect(control.limit()).toBe(4)
    for (const nowMs of [1100, 2200, 3300, 4400]) control.refused(nowMs)
    expect(control.limit()).toBe(1)
  })

  it('grows by one at a time after a refusal, and not before two quiet seconds', () => {
    const control = adaptiveConcurrency(64, 0)
    control.refused(0)
    const finish = (nowMs: number): number => {
      for (let request = 0; request < 30; request += 1) control.finished(10_000, nowMs)
      return control.limit()
    }
    expect([1000, 1999, 2001, 2002].map(finish)).toEqual([4, 4, 5, 6])
  })
})
