// The items that may purge several units at once: tags, and prefixes where paths part ways; with what each would evict. Pure.

import type { CoverItem } from './object-measure.ts'
import { mixBits } from './object-random.ts'
import { makeSpelling, type Spelling, spellPath, unspellPath } from './object-spelling.ts'
import { buildTrie, deepestNode, type PrefixTrie } from './object-trie.ts'
import { findLossless, type PurgeUnit, unitsOf } from './object-units.ts'
import type { CachedObject } from './universe.ts'

/** Ids are tags first, then prefixes (trie nodes), then exact paths. */
export interface Candidates {
  readonly items: readonly CoverItem[]
  readonly firstPrefix: number
  readonly firstPath: number
  /** Sorted by stem. */
  readonly units: readonly PurgeUnit[]
  readonly trie: PrefixTrie
  /** For each unit the candidates that are sure to purge it. */
  readonly ofUnits: readonly Int32Array[]
  /** Objects that should stay and that some candidate evicts, with those candidates: `evictedBy[starts[i] … starts[i + 1]]`. */
  readonly keepWeights: Float64Array
  readonly starts: Int32Array
  readonly evictedBy: Int32Array
  readonly unitCounts: Int32Array
  readonly losses: Float64Array
  /** Equal for candidates that purge and evict the same. */
  readonly signatures: readonly string[]
  /** For objects that should stay, the deepest prefix over each of their longest paths, and their weight. */
  readonly keepNodes: readonly (readonly [node: number, weight: number])[]
}

/** @returns undefined where nothing has to be purged */
export function findCandidates(objects: readonly CachedObject[]): Candidates | undefined {
  const spelling = makeSpelling()
  const lossless = findLossless(objects)
  const units = objects
    .flatMap((object) => (object.need === 'must' ? unitsOf(object, lossless, spelling) : []))
    .toSorted((a, b) => (a.stem < b.stem ? -1 : a.stem > b.stem ? 1 : 0))
  if (units.length === 0) return undefined
  const trie = buildTrie(
    units.map((unit) => unit.stem),
    (i) => units[i]?.single === undefined,
  )
  const ids = numberItems(units, trie, spelling)
  const ofUnits = units.map((unit) => candidatesOf(unit, ids, trie))
  const keep = readKept(objects, ids, trie, spelling)
  return { ...ids, units, trie, ofUnits, ...keep, ...sumUp(ids.items.length, ofUnits, keep) }
}

interface ItemIds {
  readonly items: readonly CoverItem[]
  readonly firstPrefix: number
  readonly firstPath: number
  readonly tagIds: ReadonlyMap<string, number>
  readonly pathIds: ReadonlyMap<string, number>
}

/** A tag or path is a candidate when it purges two units, or one that has no item of its own. */
function numberItems(units: readonly PurgeUnit[], trie: PrefixTrie, spelling: Spelling): ItemIds {
  const tagCounts = new Map<string, number>()
  const pathCounts = new Map<string, number>()
  for (const { tags, path, single } of units) {
    const count = single === undefined ? 2 : 1
    for (const tag of tags) tagCounts.set(tag, (tagCounts.get(tag) ?? 0) + count)
    if (path !== undefined) pathCounts.set(path, (pathCounts.get(path) ?? 0) + count)
  }
  const tags = namesOf(tagCounts)
  const paths = namesOf(pathCounts)
  const firstPath = tags.length + trie.prefixes.length
  return {
    items: [
      ...tags.map((tag) => `#${tag}`),
      ...trie.prefixes.map((prefix) => `${unspellPath(prefix, spelling)}*`),
      ...paths,
    ],
    firstPrefix: tags.length,
    firstPath,
    tagIds: new Map(tags.map((tag, i) => [tag, i])),
    pathIds: new Map(paths.map((path, i) => [path, firstPath + i])),
  }
}

function namesOf(counts: ReadonlyMap<string, number>): string[] {
  return [...counts].flatMap(([name, count]) => (count >= 2 ? [name] : []))
}

function candidatesOf(unit: PurgeUnit, { firstPrefix, tagIds, pathIds }: ItemIds, trie: PrefixTrie): Int32Array {
  const ids: number[] = []
  for (const tag of new Set(unit.tags)) {
    const id = tagIds.get(tag)
    if (id !== undefined) ids.push(id)
  }
  for (let node = deepestNode(unit.stem, trie); node >= 0; node = trie.parents[node] ?? -1) ids.push(firstPrefix + node)
  const path = unit.path === undefined ? undefined : pathIds.get(unit.path)
  if (path !== undefined) ids.push(path)
  return Int32Array.from(ids)
}

type Kept = Pick<Candidates, 'keepWeights' | 'starts' | 'evictedBy' | 'keepNodes'>

function readKept(objects: readonly CachedObject[], ids: ItemIds, trie: PrefixTrie, spelling: Spelling): Kept {
  const weights: number[] = []
  const starts: number[] = [0]
  const keepNodes: [number, number][] = []
  const evictedBy = new IntegerList()
  // The object that a candidate was last seen to evict: each counts once.
  const seenBy = new Int32Array(ids.items.length).fill(-1)
  for (const object of objects) {
    if (object.need !== 'keep' || object.weight === 0) continue
    const note = (id: number): boolean => {
      if (seenBy[id] === weights.length) return false
      seenBy[id] = weights.length
      evictedBy.push(id)
      return true
    }
    for (const list of object.tagLists)
      for (const tag of list) {
        const id = ids.tagIds.get(tag)
        if (id !== undefined) note(id)
      }
    // Longest first: of /x, /x/ and /x/index.html only the last can be under a prefix that the others are not under.
    const urls = object.urls.length > 1 ? object.urls.toSorted((a, b) => b.path.length - a.path.length) : object.urls
    for (const { path } of urls) {
      const id = ids.pathIds.get(path)
      if (id !== undefined) note(id)
      const deepest = deepestNode(spellPath(path, spelling), trie)
      let node = deepest
      while (node >= 0 && note(ids.firstPrefix + node)) node = trie.parents[node] ?? -1
      if (node !== deepest) keepNodes.push([deepest, object.weight])
    }
    weights.push(object.weight)
    starts.push(evictedBy.length)
  }
  return {
    keepWeights: Float64Array.from(weights),
    starts: Int32Array.from(starts),
    evictedBy: evictedBy.toArray(),
    keepNodes,
  }
}

function sumUp(
  count: number,
  ofUnits: readonly Int32Array[],
  { keepWeights, starts, evictedBy }: Kept,
): Pick<Candidates, 'unitCounts' | 'losses' | 'signatures'> {
  const unitCounts = new Int32Array(count)
  const losses = new Float64Array(count)
  const bits = new Int32Array(count * 2)
  for (const [unit, ids] of ofUnits.entries())
    for (const id of ids) {
      unitCounts[id]! += 1
      toss(bits, id, unit * 2 + 1)
    }
  for (const [object, weight] of keepWeights.entries())
    for (let i = starts[object]!; i < starts[object + 1]!; i += 1) {
      const id = evictedBy[i]!
      losses[id]! += weight
      toss(bits, id, object * 2 + 2)
    }
  const signatures = Array.from({ length: count }, (_, id) => `${unitCounts[id]} ${bits[id * 2]} ${bits[id * 2 + 1]}`)
  return { unitCounts, losses, signatures }
}

/** Adds a member to the 64-bit signature of a set. */
function toss(bits: Int32Array, id: number, member: number): void {
  bits[id * 2]! ^= mixBits(member)
  bits[id * 2 + 1]! ^= mixBits(member ^ 0x5bd1e995)
}

/** A growing list of 32-bit integers: millions of them in a quarter of an array's memory. */
class IntegerList {
  length = 0
  private numbers = new Int32Array(1024)

  push(number: number): void {
    if (this.length === this.numbers.length) {
      const grown = new Int32Array(this.length * 2)
      grown.set(this.numbers)
      this.numbers = grown
    }
    this.numbers[this.length] = number
    this.length += 1
  }

  toArray(): Int32Array {
    return this.numbers.slice(0, this.length)
  }
}
