import { describe, expect, it } from 'vitest'
import { fakeClock } from '../../test/fakes/fake-clock.ts'
import { backOffMs, createPace } from './pace.ts'

const paths = (count: number): string[] => Array.from({ length: count }, (_, index) => `/${index}`)

describe('createPace', () => {
  it('lets 150 items a second go, tags among them', async () => {
    const clock = fakeClock()
    const pace = createPace(clock)
    await pace([...paths(149), '#tag'], undefined)
    expect(clock.sleptMs).toEqual([])
    await pace(paths(150), undefined)
    await pace(paths(15), undefined)
    expect(clock.sleptMs).toEqual([1000, 100])
  })

  it('lets one wildcard a second go, whatever else goes', async () => {
    const clock = fakeClock()
    const pace = createPace(clock)
    for (const items of [['/a*'], ['/b'], ['/c*', '/d'], ['/e*']]) await pace(items, undefined)
    expect(clock.sleptMs).toEqual([1000, 1000])
  })
})

describe('backOffMs', () => {
  it('doubles up to five minutes, less a part of up to one half', () => {
    for (const [refusals, longestMs] of [1000, 2000, 4000, 8000, 16_000, 32_000, 64_000, 128_000, 256_000].entries()) {
      expect(backOffMs('r', refusals)).toBeGreaterThan(longestMs / 2)
      expect(backOffMs('r', refusals)).toBeLessThanOrEqual(longestMs)
    }
    expect(backOffMs('r', 9)).toBeLessThanOrEqual(300_000)
    expect(backOffMs('r', 2000)).toBeGreaterThan(150_000)
  })

  it('differs from request to request, and is the same for the same one', () => {
    const delays = Array.from({ length: 100 }, (_, index) => backOffMs(`freshfront-${index}`, 8))
    expect(new Set(delays).size).toBeGreaterThan(95)
    const mean = delays.reduce((sum, ms) => sum + ms, 0) / delays.length
    expect(mean).toBeGreaterThan(180_000)
    expect(mean).toBeLessThan(204_000)
    expect(backOffMs('freshfront-7', 8)).toBe(delays[7])
  })
})
