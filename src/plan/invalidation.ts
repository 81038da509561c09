// The items that cover every stale URL of one distribution. Pure. For the time being: a tag or the exact paths for each key, and the whole
// scope at once when they would be more than a month's free paths, or take minutes of CloudFront's one wildcard a second.

import { itemCovers, keyToInvalidationItem } from '../http/paths.ts'
import type { InvalidationItem, Key, PlannedItem } from '../model.ts'
import type { StaleKey } from './diff.ts'
import { FREE_PATHS_PER_MONTH, MAX_PREFIXES_PER_PLAN } from './limits.ts'
import { wholeScope } from './purge-scope.ts'
import type { PurgeScope, Staleness } from './staleness.ts'
import type { UrlSpace } from './url-space.ts'
import { keyToServedPaths, type ServedPath } from './viewer-paths.ts'

/** More reasons than this for one item are counted, not listed. */
const MAX_REASONS = 5

export interface ItemsInput {
  readonly staleness: Staleness
  readonly space: UrlSpace
  /** Of the site in the bucket: what the scope falls back to covers nothing outside of it. */
  readonly prefix: string
  /** The tag that every cached copy of the key's object carries; undefined where it must be purged by path. */
  readonly tagOf: (key: Key) => string | undefined
}

/** @returns sorted, none covered by another; together they cover every URL of every key that is to be purged */
export function planItems({ staleness, space, prefix, tagOf }: ItemsInput): PlannedItem[] {
  const everything = (because: string, scope: PurgeScope = 'site'): PlannedItem[] => {
    const items = scope === 'distribution' ? ['/*'] : wholeScope(prefix, space)
    return items.map((item) => ({ item, reasons: [because] }))
  }
  if (staleness.everything !== undefined) return everything(staleness.everything.because, staleness.everything.scope)

  const reasonsOfItem = new Map<InvalidationItem, string[]>()
  const add = (item: InvalidationItem, reason: string): void => {
    const reasons = reasonsOfItem.get(item)
    if (reasons === undefined) reasonsOfItem.set(item, [reason])
    else reasons.push(reason)
  }
  for (const stale of staleness.purge) addItemsOfKey(stale, space, tagOf(stale.key), add)

  const items = withoutCovered(reasonsOfItem)
  if (items.length > FREE_PATHS_PER_MONTH) {
    return everything(`${items.length} paths changed, more than the ${FREE_PATHS_PER_MONTH} that are free in a month`)
  }
  const prefixes = items.filter(({ item }) => item.endsWith('*')).length
  if (prefixes > MAX_PREFIXES_PER_PLAN) {
    return everything(`${prefixes} wildcards would be needed, and CloudFront takes one a second`)
  }
  return items
}

function addItemsOfKey(
  { key, kind, reason }: StaleKey,
  space: UrlSpace,
  tag: string | undefined,
  add: (item: InvalidationItem, reason: string) => void,
): void {
  const served = keyToServedPaths(key, space)
  // What runs that did not finish have put into caches may be without a tag, and what was missing was cached without one.
  const byTag = tag !== undefined && (kind === 'changed' || kind === 'removed') && served.length > 0
  if (byTag) add(`#${tag}`, `the tag of ${key}, for all of its URLs: ${reason}`)
  for (const path of served) {
    if (byTag && !path.isRedirect) continue
    const { item, note } = writeItem(path)
    add(item, `${path.because}: ${reason}${note}`)
  }
}

function writeItem({ path, variesByQueryString }: ServedPath): { item: InvalidationItem; note: string } {
  const { item, exact } = keyToInvalidationItem(path.slice(1))
  if (!exact) return { item, note: ' (a prefix, since caches may know this name in several spellings)' }
  return variesByQueryString
    ? { item: `${item}*`, note: ' (a prefix, since query strings are in the cache key)' }
    : { item, note: '' }
}

/** Drops each item that a prefix among them covers; its reasons move to that prefix. */
function withoutCovered(reasonsOfItem: ReadonlyMap<InvalidationItem, readonly string[]>): PlannedItem[] {
  const prefixes = [...reasonsOfItem.keys()].filter((item) => item.endsWith('*'))
  // Sorted by what stands before the `*`, a prefix that covers another comes before it.
  const sorted = prefixes.toSorted((a, b) => (a.slice(0, -1) < b.slice(0, -1) ? -1 : 1))
  const kept = sorted.filter((item, index) => !sorted.slice(0, index).some((other) => itemCovers(other, item)))
  const reasonsKept = new Map<InvalidationItem, string[]>(kept.map((item) => [item, []]))
  for (const [item, reasons] of reasonsOfItem) {
    const home = kept.find((prefix) => itemCovers(prefix, item)) ?? item
    const reasonsHere = reasonsKept.get(home) ?? []
    reasonsHere.push(...reasons)
    reasonsKept.set(home, reasonsHere)
  }
  return [...reasonsKept]
    .map(([item, reasons]) => ({ item, reasons: bounded(reasons) }))
    .toSorted((a, b) => (a.item < b.item ? -1 : 1))
}

function bounded(reasons: readonly string[]): string[] {
  if (reasons.length <= MAX_REASONS) return [...reasons]
  return [...reasons.slice(0, MAX_REASONS), `and ${reasons.length - MAX_REASONS} more`]
}
