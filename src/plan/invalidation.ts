// The items that cover every stale URL of one distribution. Pure. For the time being: exact paths, and the whole scope at once when
// they would be more than a month's free paths.

import { itemCovers, keyToInvalidationItem } from '../http/paths.ts'
import type { Distribution, InvalidationItem, PlannedItem } from '../model.ts'
import { FREE_PATHS_PER_MONTH } from './limits.ts'
import type { Staleness } from './staleness.ts'
import { keyToServedPaths, wholeScope } from './viewer-paths.ts'

/** More reasons than this for one item are counted, not listed. */
const MAX_REASONS = 5

/**
 * @param prefix of the site in the bucket: what the scope falls back to covers nothing outside of it
 * @returns sorted, none covered by another; together they cover every URL of every key that is to be purged
 */
export function planItems(
  staleness: Staleness,
  bucket: string,
  prefix: string,
  distribution: Distribution,
): PlannedItem[] {
  if (staleness.everythingBecause !== undefined) {
    return scopeItems(bucket, prefix, distribution, staleness.everythingBecause)
  }
  const reasonsOfItem = new Map<InvalidationItem, string[]>()
  for (const { key, reason } of staleness.purge) {
    for (const path of keyToServedPaths(key, bucket, distribution)) {
      const written = keyToInvalidationItem(path.relativeKey)
      const widened = written.exact ? '' : ' (a prefix, since caches may know this name in several spellings)'
      const reasons = reasonsOfItem.get(written.item) ?? []
      reasons.push(`${path.because}: ${reason}${widened}`)
      reasonsOfItem.set(written.item, reasons)
    }
  }
  const items = withoutCovered(reasonsOfItem)
  if (items.length > FREE_PATHS_PER_MONTH) {
    const because = `${items.length} paths changed, more than the ${FREE_PATHS_PER_MONTH} that are free in a month`
    return scopeItems(bucket, prefix, distribution, because)
  }
  return items
}

function scopeItems(bucket: string, prefix: string, distribution: Distribution, because: string): PlannedItem[] {
  return wholeScope(bucket, prefix, distribution).map((item) => ({ item, reasons: [because] }))
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
