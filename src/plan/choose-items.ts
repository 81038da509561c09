// Which items refresh all that changed, on all distributions together, within the budget, and evict the least that did not change. Pure.
//
// Where the distribution reads cache tags this is a set cover (cover/object-cover.ts), else a tree problem with an exact answer
// (cover/path-cover.ts). Each gives the loss for every number of items, so that one budget can be split between distributions.

import type { InvalidationItem } from '../model.ts'
import type { CachedSite } from './cached-site.ts'
import { searchCovers } from './cover/object-cover.ts'
import { isPrefixItem, measureCover } from './cover/object-measure.ts'
import { coverPathsWithin, fewestLosslessItems } from './cover/path-cover.ts'
import type { WeightedUrl } from './cover/path-url.ts'
import type { CachedObject } from './cover/universe.ts'

/** The purge of one distribution. */
export interface ChosenItems {
  /** Tags, then paths, then prefixes. */
  readonly items: readonly InvalidationItem[]
  /** Objects that did not change and are evicted all the same. */
  readonly evicts: number
}

/**
 * @param sites with something to purge in each
 * @param maxItems for all together; each gets one at least, whatever it is
 */
export function chooseItems(sites: readonly CachedSite[], maxItems: number): ChosenItems[] {
  const searches = sites.map((site) => startSearch(site.objects, Math.max(1, maxItems - sites.length + 1)))
  const [only, ...others] = searches
  if (only !== undefined && others.length === 0) return [only.find(Math.max(1, maxItems))]
  const shares = splitBudget(
    searches.map(({ losses }) => losses()),
    maxItems,
  )
  return searches.map(({ find }, index) => find(shares[index] ?? 1))
}

interface Search {
  /** What is lost with 1, 2 … items; more of them lose nothing less. */
  readonly losses: () => readonly number[]
  readonly find: (maxItems: number) => ChosenItems
}

function startSearch(objects: readonly CachedObject[], maxItems: number): Search {
  const urls = toWeightedUrls(objects)
  const isTagged = objects.some(({ need, tagLists }) => need === 'must' && tagLists.length > 0)
  return isTagged ? searchWithTags(objects, urls, maxItems) : searchPaths(objects, urls, maxItems)
}

function searchPaths(objects: readonly CachedObject[], urls: readonly WeightedUrl[], maxItems: number): Search {
  const lossless = fewestLosslessItems(urls)
  const most = Math.min(maxItems, lossless.items.length)
  const covers = lazily(() => coverPathsWithin(urls, most))
  return {
    losses: () => covers().leastLoss.slice(1),
    find: (count) => {
      if (count >= lossless.items.length) return measured(objects, lossless.items)
      return measured(objects, covers().coverWithin(Math.min(count, most))?.items ?? ['/*'])
    },
  }
}

function searchWithTags(objects: readonly CachedObject[], urls: readonly WeightedUrl[], maxItems: number): Search {
  const pathCover = (count: number): readonly InvalidationItem[] | undefined =>
    coverPathsWithin(urls, count).coverWithin(count)?.items
  const search = searchCovers(objects, { maxItems, pathCover })
  const { losslessCount = maxItems, lostWeights } = search
  return {
    losses: () => lostWeights.slice(0, losslessCount),
    find: (count) => measured(objects, search.find(Math.min(count, losslessCount)).items),
  }
}

function measured(objects: readonly CachedObject[], items: readonly InvalidationItem[]): ChosenItems {
  const rankOf = (item: InvalidationItem): number => (item.startsWith('#') ? 0 : isPrefixItem(item) ? 2 : 1)
  const sorted = items.toSorted((a, b) => rankOf(a) - rankOf(b) || (a < b ? -1 : 1))
  return { items: sorted, evicts: measureCover(objects, items).lostObjects }
}

/** An object counts once, however many URLs it has; a URL that must go decides for all who are served under it. */
function toWeightedUrls(objects: readonly CachedObject[]): WeightedUrl[] {
  const byPath = new Map<string, WeightedUrl>()
  for (const { need, weight, urls } of objects) {
    for (const { path, isExactItem, prefixLimit } of urls) {
      const url: WeightedUrl = { path, need, weight: weight / urls.length, isExactItem, prefixLimit }
      const other = byPath.get(path)
      byPath.set(path, other === undefined ? url : mergeUrls(other, url))
    }
  }
  return [...byPath.values()]
}

function mergeUrls(a: WeightedUrl, b: WeightedUrl): WeightedUrl {
  const demands = [a, b].filter(({ need }) => need === 'must')
  if (demands.length === 0) return { ...(a.need === 'keep' ? a : b), weight: a.weight + b.weight }
  return {
    path: a.path,
    need: 'must',
    weight: a.weight + b.weight,
    isExactItem: demands.every(({ isExactItem }) => isExactItem),
    prefixLimit: Math.min(...demands.map(({ prefixLimit }) => prefixLimit)),
  }
}

/**
 * How many items each gets, so that together they lose the least and no more are spent than help: dynamic programming over the distributions.
 *
 * @param losses of each, with 1, 2 … items
 */
export function splitBudget(losses: readonly (readonly number[])[], maxItems: number): number[] {
  let best: { readonly loss: number; readonly shares: readonly number[] }[] = [{ loss: 0, shares: [] }]
  for (const [index, own] of losses.entries()) {
    const later = losses.length - index - 1
    const next: typeof best = []
    for (const [spent, { loss, shares }] of best.entries()) {
      for (const [extra, ownLoss] of own.entries()) {
        const total = spent + extra + 1
        if (extra > 0 && total + later > maxItems) break
        const candidate = { loss: loss + ownLoss, shares: [...shares, extra + 1] }
        const known = next[total]
        if (known === undefined || candidate.loss < known.loss) next[total] = candidate
      }
    }
    best = Array.from(next, (entry) => entry ?? { loss: Infinity, shares: [] })
  }
  const least = Math.min(...best.map(({ loss }) => loss))
  return [...(best.find(({ loss }) => loss === least)?.shares ?? [])]
}

function lazily<T>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}
