import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadExactSolver } from '../../../bench/replay/exact-milp.ts'
import { randomSites, randomUniverses } from '../../../bench/replay/random-universe.ts'
import { searchCovers } from './object-cover.ts'

// bench/exact-cover.ts does the same with more and larger instances.
describe('searchCovers, beside an exact solver', () => {
  it.each([
    { name: 'odd universes', arbitrary: randomUniverses(14), numRuns: 12 },
    { name: 'random sites', arbitrary: randomSites(30), numRuns: 4 },
  ])('is never better than the best cover, and within 2 % of it on average: $name', async ({ arbitrary, numRuns }) => {
    const solve = await loadExactSolver(10)
    let found = 0
    let best = 0
    for (const objects of fc.sample(arbitrary, { numRuns, seed: 3 })) {
      const search = searchCovers(objects, { maxItems: 5, maxPrefixes: 3 })
      for (const count of [1, 3, 5]) {
        const { lostWeight } = search.find(count)
        // Nothing is better than nothing.
        const least = lostWeight === 0 ? 0 : (solve(objects, count, 3) ?? Number.NaN)
        expect(lostWeight).toBeGreaterThanOrEqual(least - 1e-6)
        found += lostWeight
        best += least
      }
    }
    expect(best).toBeGreaterThan(0)
    expect(found).toBeLessThanOrEqual(1.02 * best)
  })
})
