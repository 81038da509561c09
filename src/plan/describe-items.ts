// Why each item of a purge is there: which changed URLs it refreshes, and what it takes along. Pure.

import type { InvalidationItem, PlannedItem } from '../model.ts'
import type { CachedSite, StaleUrl } from './cached-site.ts'
import { countEvictions, isPrefixItem, isTagItem } from './cover/object-measure.ts'

/** More reasons than this for one item are counted, not listed. */
const MAX_REASONS = 5

export function describeItems(items: readonly InvalidationItem[], site: CachedSite): PlannedItem[] {
  const byPath = groupBy(site.staleUrls, ({ url }) => url.path)
  const sorted = site.staleUrls.toSorted((a, b) => (a.url.path < b.url.path ? -1 : 1))
  const firstUrlOf = new Map(site.staleUrls.toReversed().map((stale) => [stale.key, stale]))
  const evictions = countEvictions(site.objects, items)
  return items.map((item): PlannedItem => {
    const reasons = isTagItem(item)
      ? reasonsOfTag(item.slice(1), site, firstUrlOf)
      : isPrefixItem(item)
        ? urlsBelow(item.slice(0, -1), sorted).map(({ reason, note }) => reason + note)
        : (byPath.get(item) ?? []).map(({ reason }) => reason)
    const evicts = evictions.get(item) ?? 0
    return { item, reasons: bounded(reasons), ...(evicts > 0 && { evicts }) }
  })
}

function reasonsOfTag(tag: string, { objects }: CachedSite, urls: ReadonlyMap<string, StaleUrl>): string[] {
  const keys = objects
    .filter(
      ({ need, tagLists }) => need === 'must' && tagLists.length > 0 && tagLists.every((list) => list.includes(tag)),
    )
    .map(({ key }) => key)
  return keys.map((key) => `a tag of ${key}, for all of its URLs: ${urls.get(key)?.what ?? 'changed'}`)
}

/** @param sorted by path */
function urlsBelow(prefix: string, sorted: readonly StaleUrl[]): StaleUrl[] {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle]?.url.path ?? '') < prefix) low = middle + 1
    else high = middle
  }
  let end = low
  while (sorted[end]?.url.path.startsWith(prefix) === true) end += 1
  return sorted.slice(low, end)
}

function bounded(reasons: readonly string[]): string[] {
  const different = [...new Set(reasons)]
  if (different.length <= MAX_REASONS) return different
  return [...different.slice(0, MAX_REASONS), `and ${different.length - MAX_REASONS} more`]
}

function groupBy<T>(values: readonly T[], keyOf: (value: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const value of values) {
    const group = groups.get(keyOf(value))
    if (group === undefined) groups.set(keyOf(value), [value])
    else group.push(value)
  }
  return groups
}
