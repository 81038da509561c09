import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { appendIndex, behavior, origin, type SpaceOptions, urlSpace, WEBSITE_HOST } from '../../test/fakes/url-space.ts'
import { itemCovers, keyToViewerPath } from '../http/paths.ts'
import type { StaleKey } from './diff.ts'
import { planItems } from './invalidation.ts'

interface PlanOptions extends SpaceOptions {
  readonly kind?: StaleKey['kind']
  readonly tags?: boolean
}

function plan(
  keys: readonly string[],
  { kind = 'changed', tags = false, ...options }: PlanOptions = {},
): ReturnType<typeof planItems> {
  const purge = keys.map((key): StaleKey => ({ key, kind, reason: 'bytes changed', wasRecorded: true }))
  const staleness = { purge, everything: undefined, settleSeconds: 0, settleReason: undefined }
  return planItems({
    staleness,
    space: urlSpace(options),
    prefix: '',
    tagOf: (key) => (tags ? `ff-${key}` : undefined),
  })
}

const itemsOf = (keys: readonly string[], options: PlanOptions = {}): string[] =>
  plan(keys, options).map(({ item }) => item)

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

  it('writes a prefix where query strings are in the cache key, and says so', () => {
    const behaviors = [behavior({ queryStringsInCacheKey: true })]
    expect(plan(['a.html'], { distribution: { behaviors } })).toEqual([
      {
        item: '/a.html*',
        reasons: ['served from a.html: bytes changed (a prefix, since query strings are in the cache key)'],
      },
    ])
  })

  it('falls back to everything rather than send more than 15 wildcards', () => {
    const keys = Array.from({ length: 16 }, (_, index) => `${index}/~`)
    expect(plan(keys)).toEqual([
      { item: '/*', reasons: ['16 wildcards would be needed, and CloudFront takes one a second'] },
    ])
  })

  it('names the URLs that a function leads to a page', () => {
    expect(plan(['blog/index.html'], { rewrite: appendIndex })).toEqual([
      { item: '/blog', reasons: ['the function rewrite rewrites it to /blog/index.html: bytes changed'] },
      { item: '/blog/', reasons: ['the function rewrite rewrites it to /blog/index.html: bytes changed'] },
      { item: '/blog/index.html', reasons: ['served from blog/index.html: bytes changed'] },
    ])
  })

  it('purges changed and removed keys by their tag alone, however many URLs or spellings they have', () => {
    expect(itemsOf(['index.html'], { tags: true })).toEqual(['#ff-index.html'])
    expect(itemsOf(['docs/~me'], { tags: true, kind: 'removed' })).toEqual(['#ff-docs/~me'])
  })

  it('purges by path what has no tag in caches: new URLs, debts, and redirects of a website', () => {
    expect(itemsOf(['index.html'], { tags: true, kind: 'added' })).toEqual(['/', '/index.html'])
    expect(itemsOf(['index.html'], { tags: true, kind: 'owed' })).toEqual(['/', '/index.html'])
    const website = { indexDocument: 'index.html', redirectsMissingKeys: false }
    const distribution = { origins: [origin('', WEBSITE_HOST)] }
    expect(itemsOf(['blog/index.html'], { tags: true, website, distribution })).toEqual([
      '#ff-blog/index.html',
      '/blog',
    ])
  })

  it('sends no tag for a key that the distribution does not serve', () => {
    expect(itemsOf(['index.html'], { tags: true, distribution: { origins: [origin('/v1')] } })).toEqual([])
  })
})
