import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { distribution } from '../../test/fakes/nouns.ts'
import { itemCovers, keyToViewerPath } from '../http/paths.ts'
import type { StaleKey } from './diff.ts'
import { planItems } from './invalidation.ts'

function plan(keys: readonly string[]): ReturnType<typeof planItems> {
  const purge = keys.map((key): StaleKey => ({ key, kind: 'changed', reason: 'bytes changed' }))
  const staleness = { purge, everythingBecause: undefined, settleSeconds: 0, settleReason: undefined }
  return planItems(staleness, 'site', '', distribution())
}

describe('planItems', () => {
  it('invalidates both / and /index.html when the default root object changes, and says why', () => {
    expect(plan(['index.html'])).toEqual([
      { item: '/', reasons: ['the default root object is index.html: bytes changed'] },
      { item: '/index.html', reasons: ['served from index.html: bytes changed'] },
    ])
  })

  it('names one item for one page', () => {
    expect(plan(['posts/a/index.html']).map(({ item }) => item)).toEqual(['/posts/a/index.html'])
  })

  it('lets a prefix that is needed anyway cover what lies below it', () => {
    const items = plan(['docs/~me', 'docs/a.html', 'docs/b.html', 'about.html'])
    expect(items.map(({ item }) => item)).toEqual(['/about.html', '/docs/*'])
    expect(items[1]?.reasons).toHaveLength(3)
  })

  it('counts reasons beyond five', () => {
    const items = plan(['~', 'a', 'b', 'c', 'd', 'e', 'f'])
    expect(items).toHaveLength(1)
    expect(items[0]?.reasons.at(-1)).toBe('and 2 more')
  })

  it('falls back to everything rather than exceed the free paths of a month', () => {
    const keys = Array.from({ length: 1001 }, (_, index) => `${index}.html`)
    expect(plan(keys)).toEqual([
      { item: '/*', reasons: ['1001 paths changed, more than the 1000 that are free in a month'] },
    ])
    expect(plan(keys.slice(1))).toHaveLength(1000)
  })

  it('covers every URL of every key, with no item covered by another', () => {
    const key = fc.string({
      unit: fc.constantFrom('a', 'b', '/', '~', ' ', 'é', '%', '*', '.'),
      minLength: 1,
      maxLength: 8,
    })
    fc.assert(
      fc.property(fc.uniqueArray(key, { maxLength: 12 }), (keys) => {
        const items = plan(keys).map(({ item }) => item)
        for (const each of keys) expect(items.some((item) => itemCovers(item, keyToViewerPath(each)))).toBe(true)
        for (const a of items) for (const b of items) expect(a !== b && itemCovers(a, b)).toBe(false)
      }),
    )
  })
})
