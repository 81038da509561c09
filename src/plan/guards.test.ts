import { describe, expect, it } from 'vitest'
import { plannedCost } from '../../test/fakes/nouns.ts'
import { findRefusals } from './guards.ts'

function refuse(removals: number, liveObjects: number, maxDelete?: number): string[] {
  const removal = { key: 'x', reason: 'no longer in the site' as const }
  const cost = plannedCost()
  return findRefusals({ removals: Array.from({ length: removals }, () => removal), liveObjects, maxDelete, cost }).map(
    ({ code }) => code,
  )
}

describe('findRefusals', () => {
  it.each([
    ['up to 256 removals are allowed on a small site', 256, 300, undefined, []],
    ['beyond that, half of the site', 500, 1000, undefined, []],
    ['more than half is refused', 501, 1000, undefined, ['TOO_MANY_REMOVALS']],
    ["the user's own limit counts, also below", 3, 1000, 2, ['TOO_MANY_REMOVALS']],
    ['and above', 900, 1000, 900, []],
    ['a limit of 0 allows none', 1, 1000, 0, ['TOO_MANY_REMOVALS']],
  ])('%s', (_, removals, liveObjects, maxDelete, codes) => {
    expect(refuse(removals, liveObjects, maxDelete)).toEqual(codes)
  })

  it('says how many, of how many, and how to allow it', () => {
    const removals = Array.from({ length: 300 }, () => ({ key: 'x', reason: 'no longer in the site' as const }))
    const [refusal] = findRefusals({ removals, liveObjects: 310, maxDelete: undefined, cost: plannedCost() })
    expect(refusal?.message).toBe('This would remove 300 of 310 objects; without a word from you the limit is 256.')
    expect(refusal?.fix).toContain('--max-delete 300')
    expect(refusal?.confirmable).toBe(true)
  })

  it('asks before the first path that costs money, and not where the user has said what it may cost', () => {
    const codes = (changes: Parameters<typeof plannedCost>[0]): string[] =>
      findRefusals({ removals: [], liveObjects: 1, maxDelete: undefined, cost: plannedCost(changes) }).map(
        ({ code, fix }) => `${code}: ${fix}`,
      )
    expect(codes({ paths: 3, freeLeft: 3 })).toEqual([])
    expect(codes({ paths: 4, freeLeft: 3, priceUsd: 0.005 })).toEqual([
      'OVER_FREE_PATHS: Allow it with --max-cost 0.005, --max-paths 4 or --yes, or deploy again next month.',
    ])
    expect(codes({ paths: 4, freeLeft: 3, allowedBy: 'maxPaths' })).toEqual([])
    expect(codes({ paths: 4, freeLeft: 3, allowedBy: 'maxCost' })).toEqual([])
  })
})
