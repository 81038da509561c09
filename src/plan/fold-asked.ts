// Which items refresh what was asked for on one distribution. Each is sent as it was asked for while there are few enough; what a wider one
// covers is left out. Pure.
//
// Beyond that they are folded. Where the site is known, by what it loses (choose-items.ts). Where it is not, by how far a prefix reaches: a
// folder is taken to hold eight times what one inside it holds, however many of the paths lie there, and a part of its names (`/blog/2024-*`)
// its share by the number of the paths. So the deepest folders that hold the most of the paths are folded first, and `/*` comes last.

import type { InvalidationItem } from '../model.ts'
import type { StaleUrl } from './cached-site.ts'
import { coverPaths } from './cover/path-cover.ts'
import type { WeightedUrl } from './cover/path-url.ts'
import type { CachedObject } from './cover/universe.ts'

/** How much more lies in a folder than in each of those in it. */
const SHALLOWER_IS_WIDER = 8
/** No item can name it, since `~` is refused. */
const SOMETHING_ELSE = '~'

/** @returns sorted; none covers another */
export function itemsAskedFor(urls: readonly StaleUrl[]): InvalidationItem[] {
  const items = urls.map(({ url }) => (url.isExactItem ? url.path : `${url.path.slice(0, url.prefixLimit)}*`))
  const sorted = [...new Set(items)].map(readItem).toSorted(byReach)
  let prefix: string | undefined
  return sorted.flatMap(({ item, reach, isPrefix }) => {
    if (prefix !== undefined && reach.startsWith(prefix)) return []
    if (isPrefix) prefix = reach
    return [item]
  })
}

/**
 * Folds without knowing what else there is.
 *
 * @param items as itemsAskedFor gives them
 * @param maxItems 1 or more
 */
export function foldBlindly(items: readonly InvalidationItem[], maxItems: number): readonly InvalidationItem[] {
  if (items.length <= maxItems) return items
  const asked = items.map((item): WeightedUrl => {
    const { reach, isPrefix } = readItem(item)
    return { path: reach, need: 'must', weight: 0, isExactItem: !isPrefix, prefixLimit: reach.length }
  })
  return coverPaths([...asked, ...guessOthers(asked.map(({ path }) => path))], maxItems)?.items ?? ['/*']
}

/** Objects of the site that nobody has asked for: to evict them is a loss. */
export function withoutAskedFor(others: readonly CachedObject[], urls: readonly StaleUrl[]): CachedObject[] {
  // What a path was widened by was not asked for.
  const items = itemsAskedFor(urls.filter(({ note }) => note === ''))
  const paths = new Set(items)
  const prefixes = items.filter((item) => readItem(item).isPrefix).map((item) => readItem(item).reach)
  return others.filter(
    (object) => !object.urls.some(({ path }) => paths.has(path) || prefixes.some((prefix) => path.startsWith(prefix))),
  )
}

/** Something else wherever two of the paths part. @param paths each once */
function guessOthers(paths: readonly string[]): WeightedUrl[] {
  const sorted = paths.toSorted()
  const partings = new Set(sorted.slice(1).map((path, index) => commonStart(sorted[index] ?? '', path)))
  const folderOf = (start: string): string => start.slice(0, start.lastIndexOf('/') + 1)
  const namesIn = new Map<string, number>()
  for (const start of partings) namesIn.set(folderOf(start), (namesIn.get(folderOf(start)) ?? 0) + 1)
  return [...partings].map((start) => {
    const folder = folderOf(start)
    const inFolder = SHALLOWER_IS_WIDER ** -(folder.split('/').length - 2)
    const weight = start === folder ? inFolder : inFolder / (namesIn.get(folder) ?? 1)
    return { path: start + SOMETHING_ELSE, need: 'keep', weight, isExactItem: false, prefixLimit: 1 }
  })
}

function commonStart(one: string, other: string): string {
  let end = 0
  while (end < one.length && one[end] === other[end]) end += 1
  return one.slice(0, end)
}

function readItem(item: InvalidationItem): { item: InvalidationItem; reach: string; isPrefix: boolean } {
  const isPrefix = item.endsWith('*')
  return { item, reach: isPrefix ? item.slice(0, -1) : item, isPrefix }
}

/** A prefix stands right before all that it covers. */
function byReach(one: ReturnType<typeof readItem>, other: ReturnType<typeof readItem>): number {
  if (one.reach === other.reach) return Number(other.isPrefix) - Number(one.isPrefix)
  return one.reach < other.reach ? -1 : 1
}
