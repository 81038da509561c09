// What a purge does, by definition: which copies its items are sure to reach, and what they evict for nothing. Pure; the measure for
// every cover, however it was found.

import type { CachedObject, CachedUrl } from './universe.ts'

/** As it is sent: `#tag`, `/path` or `/prefix*`. */
export type CoverItem = string

export interface CoverMeasure {
  /** Objects that have to go and of which some copy may stay. */
  readonly missed: readonly CachedObject[]
  /** Weight of what should stay and may be evicted. */
  readonly lostWeight: number
  readonly lostObjects: number
}

export function isTagItem(item: CoverItem): boolean {
  return item.startsWith('#')
}

export function isPrefixItem(item: CoverItem): boolean {
  return item.startsWith('/') && item.endsWith('*')
}

export function measureCover(objects: readonly CachedObject[], items: readonly CoverItem[]): CoverMeasure {
  const reach = readItems(items)
  const missed: CachedObject[] = []
  let lostWeight = 0
  let lostObjects = 0
  for (const object of objects) {
    if (object.need === 'must' && !isPurged(object, reach)) missed.push(object)
    if (object.need !== 'keep' || !isHit(object, reach)) continue
    lostWeight += object.weight
    lostObjects += 1
  }
  return { missed, lostWeight, lostObjects }
}

/** How many objects each tag and each prefix would evict for nothing, were it the only item; in one pass over the objects. */
export function countEvictions(
  objects: readonly CachedObject[],
  items: readonly CoverItem[],
): ReadonlyMap<CoverItem, number> {
  const counts = new Map<CoverItem, number>()
  const tags = new Set(items.filter(isTagItem).map((item) => item.slice(1)))
  const prefixes = new Set(items.filter(isPrefixItem).map((item) => item.slice(0, -1)))
  const lengths = [...new Set([...prefixes].map((prefix) => prefix.length))]
  for (const { need, urls, tagLists } of objects) {
    if (need !== 'keep') continue
    const hits = new Set<CoverItem>()
    if (tags.size > 0) for (const list of tagLists) for (const tag of list) if (tags.has(tag)) hits.add(`#${tag}`)
    for (const { path } of urls) {
      for (const length of lengths) {
        const start = path.slice(0, length)
        if (prefixes.has(start)) hits.add(`${start}*`)
      }
    }
    for (const item of hits) counts.set(item, (counts.get(item) ?? 0) + 1)
  }
  return counts
}

interface Reach {
  readonly tags: ReadonlySet<string>
  readonly paths: ReadonlySet<string>
  /** Sorted, none within another. */
  readonly prefixes: readonly string[]
}

function readItems(items: readonly CoverItem[]): Reach {
  const prefixes: string[] = []
  for (const prefix of items
    .filter(isPrefixItem)
    .map((item) => item.slice(0, -1))
    .toSorted(byCodeUnits)) {
    const before = prefixes.at(-1)
    if (before === undefined || !prefix.startsWith(before)) prefixes.push(prefix)
  }
  return {
    tags: new Set(items.filter(isTagItem).map((item) => item.slice(1))),
    paths: new Set(items.filter((item) => !isTagItem(item) && !isPrefixItem(item))),
    prefixes,
  }
}

function isPurged({ urls, tagLists }: CachedObject, reach: Reach): boolean {
  const [first, ...others] = tagLists
  const byTag = first?.some((tag) => reach.tags.has(tag) && others.every((list) => list.includes(tag))) ?? false
  return urls.every((url) => (byTag && url.isTagged) || isPurgedByPath(url, reach))
}

function isPurgedByPath({ path, isExactItem, prefixLimit }: CachedUrl, reach: Reach): boolean {
  const prefix = prefixOf(path, reach)
  return (isExactItem && reach.paths.has(path)) || (prefix !== undefined && prefix.length <= prefixLimit)
}

function isHit({ urls, tagLists }: CachedObject, reach: Reach): boolean {
  return (
    urls.some(({ path }) => reach.paths.has(path) || prefixOf(path, reach) !== undefined) ||
    (reach.tags.size > 0 && tagLists.some((list) => list.some((tag) => reach.tags.has(tag))))
  )
}

/** The one prefix that the path lies under. */
function prefixOf(path: string, { prefixes }: Reach): string | undefined {
  let low = 0
  let high = prefixes.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((prefixes[middle] ?? '') <= path) low = middle + 1
    else high = middle
  }
  const prefix = prefixes[low - 1]
  return prefix !== undefined && path.startsWith(prefix) ? prefix : undefined
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
