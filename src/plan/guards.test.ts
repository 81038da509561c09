import { describe, expect, it } from 'vitest'
import { findRefusals } from './guards.ts'

function refuse(removals: number, liveObjects: number, maxDelete?: number): string[] {
  const removal = { key: 'x', reason: 'no longer in the site' as const }
  return findRefusals({ removals: Array.from({ length: removals }, () => removal), liveObjects, maxDelete }).map(
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
    const [refusal] = findRefusals({ removals, liveObjects: 310, maxDelete: undefined })
    expect(refusal?.message).toBe('This would remove 300 of 310 objects; without a word from you the limit is 256.')
    expect(refusal?.fix).toContain('--max-delete 300')
    expect(refusal?.confirmable).toBe(true)
  })
})
