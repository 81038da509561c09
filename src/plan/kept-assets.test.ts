import { describe, expect, it } from 'vitest'
import { describeKept, isAssetKept } from './kept-assets.ts'

const DAY_MS = 86_400_000
const leftAt = '2026-01-01T00:00:00.000Z'
const nowMs = (days: number): number => Date.parse(leftAt) + days * DAY_MS
const left = (releases: number): { left: { leftIn: string; leftAt: string; releases: number } } => {
  return { left: { leftIn: 'r1', leftAt, releases } }
}

describe('isAssetKept', () => {
  it.each([
    [1, 30, true],
    [2, 8, true],
    [3, 6.9, true],
    [30, 6.9, true],
    [3, 7, false],
    [4, 8, false],
  ])('after %i releases and %d days: %s', (releases, days, kept) => {
    expect(isAssetKept('app.3f2a91c0.js', left(releases), { prefix: '', nowMs: nowMs(days) })).toBe(kept)
  })

  it('keeps no page, no entry document and no plain name', () => {
    for (const key of ['post-3f2a91c0.html', 'sw.js', 'app.js']) {
      expect(isAssetKept(key, {}, { prefix: '', nowMs: 0 })).toBe(false)
    }
  })

  it('keeps nothing when told 0', () => {
    const keepAssets = { releases: 0, days: 0 }
    expect(isAssetKept('app.3f2a91c0.js', {}, { prefix: '', keepAssets, nowMs: 0 })).toBe(false)
  })
})

describe('describeKept', () => {
  it('counts a release once, however many runs it takes', () => {
    const now = { release: 'r3', nowMs: nowMs(2), releaseBefore: 'r2' }
    expect(describeKept('a', {}, now)).toEqual({
      key: 'a',
      leftIn: 'r3',
      leftAt: '2026-01-03T00:00:00.000Z',
      releases: 1,
    })
    expect(describeKept('a', left(1), now)).toEqual({ key: 'a', leftIn: 'r1', leftAt, releases: 2 })
    expect(describeKept('a', left(1), { ...now, releaseBefore: 'r3' }).releases).toBe(1)
  })
})
