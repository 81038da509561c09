import { describe, expect, it } from 'vitest'
import { allowedPaths, isSameMonth } from './budget.ts'

const DAY_MS = 86_400_000
const firstOfJune = Date.UTC(2026, 5, 1)
const never: readonly number[] = []

describe('allowedPaths', () => {
  it('gives a quarter of the month to the first deploy of the month', () => {
    expect(allowedPaths({ nowMs: firstOfJune, deployTimesMs: never, usedPaths: 0 })).toBe(250)
  })

  it('gives a quarter of what is left, however often the site deploys', () => {
    const hourly = Array.from({ length: 720 }, (_, i) => firstOfJune - i * 3_600_000)
    expect(allowedPaths({ nowMs: firstOfJune, deployTimesMs: hourly, usedPaths: 600 })).toBe(100)
  })

  it('gives more towards the end of the month, when few deploys are left', () => {
    // 6 days: at 10 deploys in 30 days, 2 more are to be expected.
    expect(allowedPaths({ nowMs: firstOfJune + 24 * DAY_MS, deployTimesMs: never, usedPaths: 0 })).toBe(500)
  })

  it('gives all that is left to the last deploy of the month', () => {
    expect(allowedPaths({ nowMs: firstOfJune + 29.5 * DAY_MS, deployTimesMs: never, usedPaths: 300 })).toBe(700)
  })

  it('keeps some for the other deploys of the last day where the site deploys every hour', () => {
    const now = firstOfJune + 29.5 * DAY_MS
    const hourly = Array.from({ length: 720 }, (_, i) => now - i * 3_600_000)
    expect(allowedPaths({ nowMs: now, deployTimesMs: hourly, usedPaths: 0 })).toBe(250)
  })

  it('does not count deploys of more than 30 days ago, nor any to come', () => {
    const now = firstOfJune + 24 * DAY_MS
    const others = Array.from({ length: 100 }, (_, i) => now + (i % 2 === 0 ? 1 : -31 * DAY_MS))
    expect(allowedPaths({ nowMs: now, deployTimesMs: others, usedPaths: 0 })).toBe(500)
  })

  it('gives one path while one is left, and none when none is', () => {
    expect(allowedPaths({ nowMs: firstOfJune, deployTimesMs: never, usedPaths: 999 })).toBe(1)
    expect(allowedPaths({ nowMs: firstOfJune, deployTimesMs: never, usedPaths: 1000 })).toBe(0)
    expect(allowedPaths({ nowMs: firstOfJune, deployTimesMs: never, usedPaths: 1200 })).toBe(0)
  })

  it('takes another number of paths a month', () => {
    expect(allowedPaths({ nowMs: firstOfJune, deployTimesMs: never, usedPaths: 0, pathsPerMonth: 4000 })).toBe(1000)
  })
})

describe('isSameMonth', () => {
  it('goes by the months of UTC', () => {
    expect(isSameMonth(firstOfJune, firstOfJune + 30 * DAY_MS - 1)).toBe(true)
    expect(isSameMonth(firstOfJune, firstOfJune - 1)).toBe(false)
    expect(isSameMonth(firstOfJune, firstOfJune + 365 * DAY_MS)).toBe(false)
  })
})
