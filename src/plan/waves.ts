// In which order files go live: what pages point to before the pages, and what leads visitors in comes last. By name, and by the
// references that could be read. Pure.

import type { Key, PlannedRemoval, PlannedUpload } from '../model.ts'
import { looksFingerprinted } from '../fingerprint.ts'

const PAGE = /\.(?:html?|xhtml)$/iu
const ENTRY_NAME =
  /^(?:index\.html?|404\.html?|403\.html?|error\.html?|sw\.js|service-worker\.js|sitemap[^/]*\.xml|feed[^/]*\.xml|atom\.xml|rss\.xml|index\.xml|feed\.json|robots\.txt|site\.webmanifest|manifest\.(?:json|webmanifest))$/iu

/** `entry`: through which visitors and crawlers come in: the root's index, service worker, error pages, feeds, sitemap, manifest. */
export type FileKind = 'fingerprinted asset' | 'asset' | 'page' | 'entry'

/** What a file needs to be whole: keys of its parts by its own key. Links to other pages are not parts. */
export type References = ReadonlyMap<Key, readonly Key[]>

type Ordered = Pick<PlannedUpload, 'key' | 'reason'> & Partial<Pick<PlannedUpload, 'file'>>

/** @param prefix of the site: only its own root's documents are entries */
export function kindOf(key: Key, prefix: string): FileKind {
  const name = key.slice(prefix.length)
  if (ENTRY_NAME.test(name)) return 'entry'
  if (PAGE.test(name)) return 'page'
  return looksFingerprinted(name) ? 'fingerprinted asset' : 'asset'
}

/**
 * Gives each upload its wave: new fingerprinted assets, other assets, pages, entries; and every file after its parts, wherever these
 * are new or changed too: a part goes no later than the file that names it, and where both have the same place in the order, each
 * level of naming is a wave of its own. Files that name each other in a circle keep the order of their kinds.
 *
 * @returns the same uploads, sorted by wave; waves are 1, 2, 3 … without gaps
 */
export function orderUploads<Upload extends Ordered>(
  uploads: readonly Upload[],
  references: References,
  prefix: string,
): (Upload & Pick<PlannedUpload, 'wave'>)[] {
  const own = new Map(uploads.map((upload) => [upload.key, rankOf(upload, prefix)]))
  const parts = (key: Key): readonly Key[] => (references.get(key) ?? []).filter((part) => own.has(part))
  const { groupOf, partsOf } = groupCircles(own, parts)

  const groups = partsFirst([...partsOf.keys()], (group) => partsOf.get(group) ?? [])
  const ranks = new Map(uploads.map(({ key }) => [groupOf.get(key) ?? '', own.get(key) ?? 0]))
  for (const group of groups.toReversed()) {
    const rank = ranks.get(group) ?? 0
    for (const part of partsOf.get(group) ?? []) ranks.set(part, Math.min(rank, ranks.get(part) ?? rank))
  }
  const levels = new Map<string, number>()
  for (const group of groups) {
    let level = 0
    for (const part of partsOf.get(group) ?? []) {
      if (ranks.get(part) === ranks.get(group)) level = Math.max(level, (levels.get(part) ?? 0) + 1)
    }
    levels.set(group, level)
  }
  return numberWaves(uploads, ({ key }) => {
    const group = groupOf.get(key) ?? ''
    return [ranks.get(group) ?? 0, levels.get(group) ?? 0]
  })
}

/** Pages go before what they name, by name alone: what they named is no longer on the disk. */
export function orderRemovals(removals: readonly PlannedRemoval[], prefix: string): PlannedRemoval[] {
  const isPage = ({ key }: PlannedRemoval): boolean => ['page', 'entry'].includes(kindOf(key, prefix))
  return numberWaves(removals, (removal) => [isPage(removal) ? 1 : 2, 0])
}

/** Whether a file leads visitors in, so that it goes live when all the rest is there. */
export function leadsIn(upload: Ordered, prefix: string): boolean {
  return rankOf(upload, prefix) === ENTRY_RANK
}

const ENTRY_RANK = 4

function rankOf({ key, reason, file }: Ordered, prefix: string): number {
  const kind = kindOf(key, prefix)
  // A redirect leads visitors in, whatever it is called: where it leads to must be there.
  if (kind === 'entry' || file?.metadata.websiteRedirectLocation !== undefined) return ENTRY_RANK
  if (kind === 'page') return 3
  return kind === 'fingerprinted asset' && reason === 'new' ? 1 : 2
}

function numberWaves<Item extends { readonly key: Key }>(
  items: readonly Item[],
  placeOf: (item: Item) => readonly [rank: number, level: number],
): (Item & { readonly wave: number })[] {
  const placed = items.map((item) => ({ item, place: placeOf(item) }))
  placed.sort((a, b) => a.place[0] - b.place[0] || a.place[1] - b.place[1])
  let wave = 0
  let last: readonly number[] = []
  return placed.map(({ item, place }) => {
    if (place[0] !== last[0] || place[1] !== last[1]) wave += 1
    last = place
    return { ...item, wave }
  })
}

/**
 * Files that name each other in a circle, as groups: those of one kind go live together, after all that the circle names outside of it,
 * and after the groups of the circle whose kinds come first. A file in no circle is a group of its own. Groups name each other in no
 * circle.
 */
function groupCircles(
  ranks: ReadonlyMap<Key, number>,
  parts: (key: Key) => readonly Key[],
): { groupOf: ReadonlyMap<Key, string>; partsOf: ReadonlyMap<string, Iterable<string>> } {
  const circles = findCircles([...ranks.keys()], parts)
  const groupOf = new Map([...ranks].map(([key, rank]) => [key, `${circles.get(key)} ${rank}`]))
  const outside = new Map<number | undefined, Set<string>>()
  const inside = new Map<number | undefined, Set<number>>()
  for (const [key, rank] of ranks) {
    const circle = circles.get(key)
    const named = outside.get(circle) ?? new Set()
    for (const part of parts(key)) if (circles.get(part) !== circle) named.add(groupOf.get(part) ?? '')
    outside.set(circle, named)
    inside.set(circle, (inside.get(circle) ?? new Set()).add(rank))
  }
  const partsOf = new Map<string, Iterable<string>>()
  for (const [circle, ranksInside] of inside) {
    for (const rank of ranksInside) {
      const before = [...ranksInside].filter((other) => other < rank).map((other) => `${circle} ${other}`)
      partsOf.set(`${circle} ${rank}`, [...before, ...(outside.get(circle) ?? [])])
    }
  }
  return { groupOf, partsOf }
}

/** Every key after its parts; in a circle, in some order. */
function partsFirst(keys: readonly Key[], parts: (key: Key) => Iterable<Key>): Key[] {
  const order: Key[] = []
  visitAll(keys, parts, (key) => order.push(key))
  return order
}

/** Which keys name each other in a circle: they have the same number (Kosaraju's two passes). */
function findCircles(keys: readonly Key[], parts: (key: Key) => readonly Key[]): ReadonlyMap<Key, number> {
  const namedBy = new Map<Key, Key[]>()
  for (const key of keys) {
    for (const part of parts(key)) {
      const namers = namedBy.get(part)
      if (namers === undefined) namedBy.set(part, [key])
      else namers.push(key)
    }
  }
  const circles = new Map<Key, number>()
  const lastFirst = partsFirst(keys, parts).toReversed()
  visitAll(
    lastFirst,
    (key) => namedBy.get(key) ?? [],
    (key, start) => circles.set(key, start),
  )
  return circles
}

/** Depth first without recursion, since import chains may be long: `onLeave` gets each key once, with the index of its start. */
function visitAll(
  keys: readonly Key[],
  next: (key: Key) => Iterable<Key>,
  onLeave: (key: Key, start: number) => void,
): void {
  const seen = new Set<Key>()
  for (const [start, first] of keys.entries()) {
    if (seen.has(first)) continue
    seen.add(first)
    const path = [{ key: first, rest: next(first)[Symbol.iterator]() }]
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const step = top.rest.next()
      if (step.done === true) {
        onLeave(top.key, start)
        path.pop()
      } else if (!seen.has(step.value)) {
        seen.add(step.value)
        path.push({ key: step.value, rest: next(step.value)[Symbol.iterator]() })
      }
    }
  }
}
