import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { distribution, siteFile, siteState } from '../../test/fakes/nouns.ts'
import { appendIndex, behavior, origin, type SpaceOptions, urlSpace, WEBSITE_HOST } from '../../test/fakes/url-space.ts'
import { itemCovers, keyToViewerPath } from '../http/paths.ts'
import type { Config, PlannedItem, RecordedDistribution } from '../model.ts'
import type { StaleKey } from './diff.ts'
import { planPurges, type Purges } from './plan-purges.ts'
import { makeTagHash } from './tags/cache-tag-list.ts'
import { NO_DEPLOYS } from './tags/deploy-log.ts'
import { packHistory, recordUpload } from './tags/upload-history.ts'

const hash = (text: string): string => createHash('sha256').update(text).digest('hex')
const toTag = makeTagHash(hash, 'salt')
const ownTag = (key: string): string => `#${toTag({ kind: 'o', text: key, rank: 0 })}`

interface PurgeOptions extends SpaceOptions {
  readonly kind?: StaleKey['kind']
  readonly tags?: boolean
  /** What else was recorded. */
  readonly others?: readonly string[]
  readonly invalidation?: NonNullable<Config['invalidation']>
}

function purgesOf(keys: readonly string[], options: PurgeOptions = {}): Purges {
  const { kind = 'changed', tags = false, others = [], invalidation, ...space } = options
  const { runFunction, ...rest } = urlSpace(
    tags ? { ...space, distribution: { cacheTagHeader: 'x-amz-meta-cache-tag', ...space.distribution } } : space,
  )
  const history = packHistory(recordUpload(undefined, { ...NO_DEPLOYS, deploy: 1 }))
  const state = siteState([...keys, ...others].map((key) => siteFile(key)))
  const objects = Object.entries(state.objects).map(([key, record]) => [
    key,
    { ...record, changedIn: 'r1', history, ...(tags && { tagNames: ['cache-tag'] }) },
  ])
  const before: RecordedDistribution = tags ? { tags: { header: 'x-amz-meta-cache-tag', since: 'r1' } } : {}
  return planPurges({
    live: { bucket: rest.bucket, prefix: '', objects: [], distributions: [rest.distribution], website: rest.website },
    state: { ...state, distributions: { [rest.distribution.id]: before } },
    debt: undefined,
    stale: keys.map((key): StaleKey => ({ key, kind, reason: 'bytes changed', wasRecorded: true })),
    config: { urls: rest.urls, ...(invalidation !== undefined && { invalidation }) },
    recorded: new Map(kind === 'added' ? [] : (objects as [])),
    foreign: [],
    toTag,
    isBound: () => false,
    runFunction,
    nowMs: Date.UTC(2026, 0, 2),
    accountPaths: undefined,
  })
}

const plan = (keys: readonly string[], options?: PurgeOptions): readonly PlannedItem[] =>
  purgesOf(keys, options).purges.flatMap(({ items }) => items)
const itemsOf = (keys: readonly string[], options?: PurgeOptions): string[] =>
  plan(keys, options).map(({ item }) => item)

describe('planPurges', () => {
  it('invalidates both / and /index.html when the default root object changes, and says why', () => {
    expect(plan(['index.html'], { others: ['about.html', 'index.css'] })).toEqual([
      { item: '/', reasons: ['the default root object is index.html: bytes changed'] },
      { item: '/index.html', reasons: ['served from index.html: bytes changed'] },
    ])
  })

  it('says /* where all that there is has changed: it is one path, and evicts nothing for nothing', () => {
    expect(itemsOf(['index.html', 'about.html', 'blog/a.html'])).toEqual(['/*'])
  })

  it('lets a prefix that is needed anyway cover what lies below it', () => {
    const items = plan(['docs/~me', 'docs/a.html', 'docs/b.html', 'about.html'], { others: ['x.html', 'a.html'] })
    expect(items.map(({ item }) => item)).toEqual(['/about.html', '/docs/*'])
    expect(items[1]?.reasons).toHaveLength(3)
  })

  it('counts reasons beyond five', () => {
    const items = plan(['~', 'a', 'b', 'c', 'd', 'e', 'f'])
    expect(items).toHaveLength(1)
    expect(items[0]?.reasons.at(-1)).toBe('and 2 more')
  })

  it('covers every URL of every key within the budget, with no item covered by another', () => {
    const unit = fc.constantFrom('a', 'b', '/', '~', ' ', 'é', '%', '*', '.')
    const key = fc.string({ unit, minLength: 1, maxLength: 8 })
    const keys = fc.uniqueArray(key, { maxLength: 20 })
    fc.assert(
      fc.property(keys, fc.nat(10), fc.integer({ min: 1, max: 6 }), (all, changed, maxPaths) => {
        const [must, others] = [all.slice(0, changed), all.slice(changed)]
        const items = itemsOf(must, { others, invalidation: { maxPaths } })
        expect(items.length).toBeLessThanOrEqual(maxPaths)
        for (const each of must) expect(items.some((item) => itemCovers(item, keyToViewerPath(each)))).toBe(true)
        for (const a of items) for (const b of items) expect(a !== b && itemCovers(a, b)).toBe(false)
      }),
    )
  })

  it('writes a prefix where query strings are in the cache key, and says so', () => {
    const behaviors = [behavior({ queryStringsInCacheKey: true })]
    expect(plan(['a.html'], { distribution: { behaviors }, others: ['b.html'] })).toEqual([
      {
        item: '/a.html*',
        reasons: ['served from a.html: bytes changed (a prefix, since query strings are in the cache key)'],
      },
    ])
  })

  it('names the URLs that a function leads to a page', () => {
    const others = ['blog-old/index.html', 'blog/indexes.html']
    expect(plan(['blog/index.html'], { rewrite: appendIndex, others })).toEqual([
      { item: '/blog', reasons: ['the function rewrite rewrites it to /blog/index.html: bytes changed'] },
      { item: '/blog/', reasons: ['the function rewrite rewrites it to /blog/index.html: bytes changed'] },
      { item: '/blog/index.html', reasons: ['served from blog/index.html: bytes changed'] },
    ])
  })
})

describe('planPurges within a budget', () => {
  const changed = ['blog/a.html', 'blog/b.html', 'docs/c.html']
  const others = ['blog/z.html', 'docs/y.html', 'docs/x.html', 'img/logo.png']

  it('folds what costs least, and says what it evicts for nothing', () => {
    const { purges, cost } = purgesOf(changed, { others, invalidation: { maxPaths: 2 } })
    expect(purges[0]?.items).toEqual([
      { item: '/docs/c.html', reasons: ['served from docs/c.html: bytes changed'] },
      {
        item: '/blog/*',
        reasons: ['served from blog/a.html: bytes changed', 'served from blog/b.html: bytes changed'],
        evicts: 1,
      },
    ])
    expect(cost).toMatchObject({ paths: 2, evicts: 1, allowed: 2, allowedBy: 'maxPaths' })
  })

  it('tells what exact paths and /* would have cost', () => {
    const { cost } = purgesOf(changed, { others })
    expect(cost).toEqual({
      paths: 3,
      evicts: 0,
      isWhole: false,
      freeLeft: 1000,
      allowed: 250,
      allowedBy: 'the month',
      priceUsd: 0,
      exactPaths: { paths: 3, priceUsd: 0 },
      everything: { paths: 1, evicts: 4, priceUsd: 0 },
    })
  })

  it('buys what --max-cost pays for', () => {
    expect(purgesOf(changed, { others, invalidation: { maxCostUsd: 1, pathsPerMonth: 0 } }).cost).toMatchObject({
      paths: 3,
      priceUsd: 0.015,
      allowed: 200,
      allowedBy: 'maxCost',
    })
  })

  it('reaches beyond the site only where nothing else is left', () => {
    const behaviors = [behavior({ pathPattern: '/api/*', targetOriginId: 'api' }), behavior()]
    const { origins } = distribution()
    const api = { id: 'api', domainName: 'api.example.com', originPath: '' }
    const options = { others: ['c.html'], distribution: { behaviors, origins: [...origins, api] } }
    expect(itemsOf(['a.html', 'b.html'], { ...options, invalidation: { maxPaths: 2 } })).toEqual(['/a.html', '/b.html'])
    expect(itemsOf(['a.html', 'b.html'], { ...options, invalidation: { maxPaths: 1 } })).toEqual(['/*'])
  })
})

describe('planPurges by tags', () => {
  const others = ['about.html', 'docs/a.html', 'index.css']

  it('purges changed and removed keys by their tag alone, however many URLs or spellings they have', () => {
    expect(itemsOf(['index.html'], { tags: true, others })).toEqual([ownTag('index.html')])
    expect(itemsOf(['docs/~me'], { tags: true, kind: 'removed', others })).toEqual([ownTag('docs/~me')])
  })

  it('purges by path what has no tag in caches: new URLs, debts, and redirects of a website', () => {
    const errorResponses = [{ errorCode: 404, errorCachingMinTtlSeconds: 300 }]
    expect(itemsOf(['index.html'], { tags: true, kind: 'added', distribution: { errorResponses } })).toEqual(['/*'])
    expect(itemsOf(['index.html'], { tags: true, kind: 'owed', others })).toEqual(['/', '/index.html'])
    const website = { indexDocument: 'index.html', redirectsMissingKeys: false }
    const distributionChanges = { origins: [origin('', WEBSITE_HOST)] }
    const onWebsite = {
      tags: true,
      others: [...others, 'blog/b.html', 'blog-c'],
      website,
      distribution: distributionChanges,
    }
    expect(itemsOf(['blog/index.html'], onWebsite)).toEqual([ownTag('blog/index.html'), '/blog'])
  })

  it('sends no tag for a key that the distribution does not serve', () => {
    expect(itemsOf(['index.html'], { tags: true, distribution: { origins: [origin('/v1')] } })).toEqual([])
  })

  it('takes one tag for all pages that share it', () => {
    const pages = Array.from({ length: 30 }, (_, index) => `posts/${index}/index.html`)
    const images = Array.from({ length: 30 }, (_, index) => `posts/${index}/photo.jpg`)
    const { purges, cost } = purgesOf(pages, { tags: true, others: images })
    expect(purges[0]?.items).toHaveLength(1)
    expect(purges[0]?.items[0]?.item).toMatch(/^#/u)
    expect(cost).toMatchObject({ paths: 1, evicts: 0, exactPaths: { paths: 30 } })
  })
})
