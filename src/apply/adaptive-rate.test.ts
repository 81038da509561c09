import { describe, expect, it } from 'vitest'
import { adaptiveConcurrency } from './adaptive-concurrency.ts'
import { adaptiveRate } from './adaptive-rate.ts'

/** A store that takes so many in a second, and a tenth of that at once after a rest. */
interface Store {
  readonly perSecond: number
  readonly latencyMs: number
  /** More than that many at once are refused too. */
  readonly atOnce?: number
}

/** Sends requests for a minute: one that is refused holds its place and is sent again half a second later, and again. */
function sendForMinute({ perSecond, latencyMs, atOnce = Number.POSITIVE_INFINITY }: Store): {
  taken: number
  refused: number
  longestRefusal: number
} {
  const control = adaptiveConcurrency(64, 0)
  const [burst, sent] = [perSecond / 10, { taken: 0, refused: 0, longestRefusal: 0 }]
  let [tokens, inStore, refusedInARow] = [burst, 0, 0]
  /** Of those under way, when something happens to them: they arrive, or are answered. */
  let underWay: { atMs: number; is: 'sent' | 'taken' }[] = []
  for (let nowMs = 0; nowMs < 60_000; nowMs += 1) {
    tokens = Math.min(burst, tokens + perSecond / 1000)
    for (const request of underWay.filter(({ atMs }) => atMs <= nowMs)) {
      if (request.is === 'taken') {
        inStore -= 1
        underWay = underWay.filter((other) => other !== request)
        control.finished(10_000, nowMs)
      } else if (tokens >= 1 && inStore < atOnce) {
        tokens -= 1
        inStore += 1
        refusedInARow = 0
        sent.taken += 1
        Object.assign(request, { is: 'taken', atMs: nowMs + latencyMs })
      } else {
        sent.refused += 1
        sent.longestRefusal = Math.max(sent.longestRefusal, (refusedInARow += 1))
        control.refused(nowMs)
        Object.assign(request, { atMs: nowMs + 500 })
      }
    }
    while (underWay.length < control.limit() && control.delayMs(nowMs) === 0) {
      control.began(nowMs)
      underWay.push({ atMs: nowMs + 1, is: 'sent' })
    }
  }
  return sent
}

describe('the rate after a refusal', () => {
  it.each([
    { perSecond: 20, latencyMs: 20 },
    { perSecond: 50, latencyMs: 5 },
    { perSecond: 50, latencyMs: 80 },
    { perSecond: 200, latencyMs: 20 },
    { perSecond: 500, latencyMs: 40 },
    { perSecond: 1500, latencyMs: 5 },
  ])('comes near what the store takes, and is rarely refused: %j', (store) => {
    const { taken, refused, longestRefusal } = sendForMinute(store)
    expect(taken).toBeGreaterThan(store.perSecond * 60 * 0.85)
    expect(refused).toBeLessThan(taken * 0.03)
    expect(longestRefusal).toBeLessThanOrEqual(8)
  })

  it.each([4, 10])('is above what a store takes that allows but %i at once', (atOnce) => {
    const { taken, refused } = sendForMinute({ perSecond: 1e6, latencyMs: 20, atOnce })
    expect(taken).toBeGreaterThan(0.75 * atOnce * 50 * 60)
    expect(refused).toBeLessThan(taken * 0.01)
  })

  it('has no bound before the first refusal, and a tenth less than what was taken after it', () => {
    const rate = adaptiveRate(0)
    for (let nowMs = 5; nowMs <= 1000; nowMs += 5) {
      expect(rate.delayMs(nowMs)).toBe(0)
      rate.began(nowMs)
      rate.finished(nowMs)
    }
    rate.refused(1000)
    // 200 a second were taken: 180 may begin, one every 5.6 ms, after those that a late timer is made up for.
    const delays = [0, 1, 2, 3, 4].map(() => {
      rate.began(1000)
      return rate.delayMs(1000)
    })
    expect(delays).toEqual([0, 0, 0, 3, 8])
  })
})
