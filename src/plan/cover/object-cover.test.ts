import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { randomUniverses } from '../../../bench/replay/random-universe.ts'
import { coverObjects, searchCovers } from './object-cover.ts'
import type { CachedObject, CachedUrl, Need } from './universe.ts'

function cachedUrl(path: string): CachedUrl {
  return { path, isExactItem: true, prefixLimit: path.length, isTagged: true }
}

function cached(path: string, need: Need, ...tags: string[]): CachedObject {
  return { key: path.slice(1), need, weight: 1, urls: [cachedUrl(path)], tagLists: [[`own-${path.slice(1)}`, ...tags]] }
}

describe('coverObjects', () => {
  it('purges nothing when nothing has to go', () => {
    expect(coverObjects([cached('/a', 'keep'), cached('/b', 'free')], { maxItems: 3 })).toEqual({
      items: [],
      lostWeight: 0,
    })
  })

  it('takes the tag that all changed objects share and no other has', () => {
    const site = [cached('/a', 'must', 'nav', 'b5'), cached('/x/b', 'must', 'b5'), cached('/x/c', 'keep', 'nav')]
    expect(coverObjects(site, { maxItems: 1 })).toEqual({ items: ['#b5'], lostWeight: 0 })
  })

  it('takes a tag rather than a prefix that does the same', () => {
    const site = [cached('/x/a', 'must', 'dx'), cached('/x/b', 'must', 'dx'), cached('/c', 'keep')]
    expect(coverObjects(site, { maxItems: 1 }).items).toEqual(['#dx'])
  })

  it('takes a prefix where nothing is known of the tags', () => {
    const site = [cached('/x/a', 'must'), cached('/x/b', 'must'), cached('/c', 'keep')]
    const untagged = site.map((object) => ({ ...object, tagLists: [] }))
    expect(coverObjects(untagged, { maxItems: 1 })).toEqual({ items: ['/x/*'], lostWeight: 0 })
  })

  it('purges by a tag only what has it in every version that caches may hold', () => {
    const moved = {
      ...cached('/a', 'must'),
      tagLists: [
        ['own-a', 'b1'],
        ['own-a', 'b2'],
      ],
    }
    const site = [moved, cached('/b', 'must', 'b1'), cached('/c', 'keep')]
    expect(coverObjects(site, { maxItems: 2 }).items).toEqual(['#own-a', '#own-b'])
  })

  it('counts an object as lost when any version of it has the tag', () => {
    const both = { ...cached('/k', 'keep'), tagLists: [['own-k'], ['own-k', 'b1']] }
    const site = [cached('/a', 'must', 'b1'), cached('/x/b', 'must', 'b1'), both]
    expect(coverObjects(site, { maxItems: 1 })).toEqual({ items: ['#b1'], lostWeight: 1 })
    expect(coverObjects(site, { maxItems: 2 })).toEqual({ items: ['#own-a', '#own-x/b'], lostWeight: 0 })
  })

  it('purges copies without tags by their paths, beside the tag for the others', () => {
    const redirect = { ...cachedUrl('/blog'), isTagged: false }
    const page = { ...cached('/blog/index.html', 'must'), urls: [cachedUrl('/blog/index.html'), redirect] }
    const site = [page, cached('/blog-old', 'keep')]
    expect(coverObjects(site, { maxItems: 2 }).items).toEqual(['#own-blog/index.html', '/blog'])
    expect(coverObjects(site, { maxItems: 1 })).toEqual({ items: ['/blog*'], lostWeight: 1 })
  })

  it('ends no prefix within an encoded character', () => {
    const site = [cached('/caf%C3%A9', 'must'), cached('/caf%C3%A8', 'must'), cached('/b', 'keep')]
    const untagged = site.map((object) => ({ ...object, tagLists: [] }))
    expect(coverObjects(untagged, { maxItems: 1 }).items).toEqual(['/caf*'])
  })

  it('evicts what weighs least', () => {
    const heavy = { ...cached('/x/heavy', 'keep', 't1'), weight: 10 }
    const site = [
      cached('/x/a', 'must', 't1', 't2'),
      cached('/y', 'must', 't1', 't2'),
      heavy,
      cached('/1', 'keep', 't2'),
      cached('/2', 'keep', 't2'),
    ]
    expect(coverObjects(site, { maxItems: 1 })).toEqual({ items: ['#t2'], lostWeight: 2 })
  })

  it('uses no more prefixes than it may, and /* when nothing else is left', () => {
    const site = ['/a/1', '/a/2', '/b/1', '/b/2', '/c/1', '/c/2', '/d'].map((path, i) => ({
      ...cached(path, i < 6 ? 'must' : 'keep'),
      tagLists: [],
    }))
    expect(coverObjects(site, { maxItems: 3 })).toEqual({ items: ['/a/*', '/b/*', '/c/*'], lostWeight: 0 })
    expect(coverObjects(site, { maxItems: 3, maxPrefixes: 2 })).toEqual({ items: ['/*'], lostWeight: 1 })
  })

  it('takes the cover by paths where that is better', () => {
    const site = [cached('/a', 'must', 't'), cached('/b', 'must', 't'), cached('/c', 'keep', 't')]
    const pathCover = (): readonly string[] => ['/a*', '/b']
    expect(coverObjects(site, { maxItems: 1, pathCover }).lostWeight).toBe(1)
    expect(coverObjects(site, { maxItems: 2, pathCover }).items).toEqual(['#own-a', '#own-b'])
  })

  it('knows the fewest items that evict nothing needlessly, and what fewer evict', () => {
    const site = [
      ...['/1', '/2', '/3'].map((path) => cached(path, 'must', 'b1', 'page')),
      ...['/4', '/5'].map((path) => cached(path, 'must', 'b2', 'page')),
      ...['/6', '/7', '/8', '/9'].map((path) => cached(path, 'keep', 'page')),
    ]
    const search = searchCovers(site, { maxItems: 4 })
    expect(search.losslessCount).toBe(2)
    expect(search.lostWeights).toEqual([4, 0, 0, 0])
    expect(search.find(4).items).toEqual(['#b1', '#b2'])
  })
})

describe('any universe', () => {
  it('is purged of all that has to go, within the items, and evicts what the cover says', () => {
    fc.assert(
      fc.property(
        randomUniverses(24),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 3 }),
        (objects, maxItems, maxPrefixes) => {
          const search = searchCovers(objects, { maxItems, maxPrefixes })
          const { items, lostWeight } = search.find(maxItems)
          const must = objects.filter((object) => object.need === 'must')
          expect(
            must.filter((object) => object.urls.some((url) => !items.some((item) => isSure(item, url, object)))),
          ).toEqual([])
          const lost = objects.filter(
            (object) => object.need === 'keep' && items.some((item) => mayEvict(item, object)),
          )
          expect(lostWeight).toBe(lost.reduce((sum, { weight }) => sum + weight, 0))
          expect(new Set(items).size).toBe(items.length)
          expect(items.length).toBeLessThanOrEqual(maxItems)
          expect(items.filter((item) => item.endsWith('*')).length).toBeLessThanOrEqual(maxPrefixes)
          expect(lostWeight).toBeLessThanOrEqual(search.lostWeights[maxItems - 1] ?? -1)
          expect(search.losslessCount === undefined || search.losslessCount > maxItems || lostWeight === 0).toBe(true)
          expect(searchCovers(objects, { maxItems, maxPrefixes }).find(maxItems).items).toEqual(items)
        },
      ),
      { numRuns: 400 },
    )
  })
})

/** By the words of universe.ts alone. */
function isSure(
  item: string,
  { path, isExactItem, prefixLimit, isTagged }: CachedUrl,
  { tagLists }: CachedObject,
): boolean {
  if (item.startsWith('#'))
    return isTagged && tagLists.length > 0 && tagLists.every((list) => list.includes(item.slice(1)))
  if (!item.endsWith('*')) return isExactItem && path === item
  const prefix = item.slice(0, -1)
  const isWhole = decodesWhole(prefix)
  return isWhole && prefix.startsWith('/') && path.startsWith(prefix) && prefix.length <= prefixLimit
}

function mayEvict(item: string, { urls, tagLists }: CachedObject): boolean {
  if (item.startsWith('#')) return tagLists.some((list) => list.includes(item.slice(1)))
  return urls.some(({ path }) => (item.endsWith('*') ? path.startsWith(item.slice(0, -1)) : path === item))
}

function decodesWhole(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}
