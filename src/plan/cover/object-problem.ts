// The search for a cover as numbers: which candidates purge which groups of units and evict which groups of objects. Pure.
//
// Units that the same candidates purge are one group, and so are objects that the same candidates evict. Candidates that cannot be part of
// a better cover than one single item are left out, and of those that do the same only one is kept: tags before prefixes.

import type { Candidates } from './object-candidates.ts'
import type { CoverItem } from './object-measure.ts'
import { mixBits } from './object-random.ts'

/** Rows of numbers in one array: row i is `values[starts[i] … starts[i + 1]]`. */
export interface Rows {
  readonly starts: Int32Array
  readonly values: Int32Array
}

export interface CoverProblem {
  readonly items: readonly CoverItem[]
  readonly isPrefix: Uint8Array
  /** Weight evicted by each candidate alone. */
  readonly losses: Float64Array
  readonly unitCounts: Int32Array
  /** Of each candidate: groups of units that it purges, groups of objects that it evicts. */
  readonly purges: Rows
  readonly evicts: Rows
  readonly groups: {
    readonly units: Int32Array
    /** 1: its units have no items of their own, so that some candidate has to purge them. */
    readonly isHard: Uint8Array
    readonly purgedBy: Rows
    /** Of each unit, in the order of the stems; -1: no candidate purges it. */
    readonly ofUnits: Int32Array
  }
  readonly kept: { readonly weights: Float64Array; readonly evictedBy: Rows }
  /** Units in all. */
  readonly unitTotal: number
  /** Each candidate of `findCandidates` as one of these; -1 where it was left out. */
  readonly numbers: Int32Array
}

/** More are not searched: the ones that purge many units for what they evict are kept. */
const MAX_CANDIDATES = 12_000

export function makeProblem(candidates: Candidates): CoverProblem {
  const { chosen, numbers } = chooseCandidates(candidates)
  const { units, ofUnits, keepWeights, starts, evictedBy } = candidates
  const groups = groupMembers(
    units.length,
    (unit) => ofUnits[unit]!,
    numbers,
    (unit) => (units[unit]!.single === undefined ? 1 : 0),
  )
  const kept = groupMembers(
    keepWeights.length,
    (object) => evictedBy.subarray(starts[object], starts[object + 1]),
    numbers,
  )
  const groupUnits = new Int32Array(groups.lists.length)
  for (const group of groups.ofMembers) if (group >= 0) groupUnits[group]! += 1
  const keptWeights = new Float64Array(kept.lists.length)
  for (const [object, group] of kept.ofMembers.entries()) if (group >= 0) keptWeights[group]! += keepWeights[object]!
  return {
    items: chosen.map((id) => candidates.items[id]!),
    isPrefix: Uint8Array.from(chosen, (id) => (id >= candidates.firstPrefix && id < candidates.firstPath ? 1 : 0)),
    losses: Float64Array.from(chosen, (id) => candidates.losses[id]!),
    unitCounts: Int32Array.from(chosen, (id) => candidates.unitCounts[id]!),
    purges: transpose(groups.lists, chosen.length),
    evicts: transpose(kept.lists, chosen.length),
    groups: {
      units: groupUnits,
      isHard: Uint8Array.from(groups.marks),
      purgedBy: toRows(groups.lists),
      ofUnits: groups.ofMembers,
    },
    kept: { weights: keptWeights, evictedBy: toRows(kept.lists) },
    unitTotal: units.length,
    numbers,
  }
}

function chooseCandidates(candidates: Candidates): { chosen: number[]; numbers: Int32Array } {
  const { items, units, unitCounts, losses, signatures, ofUnits } = candidates
  const isNeeded = new Uint8Array(items.length)
  for (const [unit, { single }] of units.entries())
    if (single === undefined) for (const id of ofUnits[unit]!) isNeeded[id] = 1
  const leastForAll = losses.reduce(
    (least, loss, id) => (unitCounts[id] === units.length ? Math.min(least, loss) : least),
    Infinity,
  )
  const firstOf = new Map<string, number>()
  for (let id = 0; id < items.length; id += 1) {
    const isForAll = unitCounts[id] === units.length && losses[id] === leastForAll
    const isWorth = isForAll || (losses[id]! < leastForAll && (unitCounts[id]! > 1 || isNeeded[id] === 1))
    if (isWorth && isPreferred(candidates, id, firstOf.get(signatures[id]!))) firstOf.set(signatures[id]!, id)
  }
  let chosen = [...firstOf.values()].toSorted((a, b) => a - b)
  if (chosen.length > MAX_CANDIDATES) {
    const worthOf = (id: number): number =>
      isNeeded[id] === 1 || unitCounts[id] === units.length ? Infinity : (unitCounts[id]! - 1) / (1 + losses[id]!)
    const best = chosen.toSorted((a, b) => (worthOf(a) === worthOf(b) ? a - b : worthOf(b) - worthOf(a)))
    chosen = best.slice(0, MAX_CANDIDATES).toSorted((a, b) => a - b)
  }
  const positions = new Map(chosen.map((id, position) => [id, position]))
  const numbers = Int32Array.from(
    { length: items.length },
    (_, id) => positions.get(firstOf.get(signatures[id]!) ?? -1) ?? -1,
  )
  return { chosen, numbers }
}

/** Of two that do the same: a tag before a path before a prefix, and of prefixes the longer, which reaches less of what nobody knows of. */
function isPreferred({ items, firstPrefix, firstPath }: Candidates, id: number, held: number | undefined): boolean {
  if (held === undefined) return true
  if (held < firstPrefix || held >= firstPath) return false
  return id >= firstPath || items[id]!.length > items[held]!.length
}

interface Grouping {
  readonly lists: Int32Array[]
  readonly marks: number[]
  readonly ofMembers: Int32Array
}

/** Puts the members together that have the same chosen candidates; those without any are in no group. */
function groupMembers(
  count: number,
  idsOf: (member: number) => Int32Array,
  numbers: Int32Array,
  markOf: (member: number) => number = () => 0,
): Grouping {
  const lists: Int32Array[] = []
  const marks: number[] = []
  const ofMembers = new Int32Array(count).fill(-1)
  const known = new Map<number, number>()
  let list: number[] = []
  for (let member = 0; member < count; member += 1) {
    list = []
    const mark = markOf(member)
    let high = mark
    let low = mark
    for (const id of idsOf(member)) {
      const number = numbers[id]!
      // Two candidates that do the same are one.
      if (number < 0 || list.includes(number)) continue
      list.push(number)
      high ^= mixBits(number * 2 + 1)
      low ^= mixBits(number * 2 + 2)
    }
    if (list.length === 0) continue
    list.sort((a, b) => a - b)
    let key = (high >>> 11) * 2 ** 32 + (low >>> 0)
    let group = known.get(key)
    while (group !== undefined && !(marks[group] === mark && isSame(lists[group]!, list))) group = known.get((key += 1))
    if (group === undefined) {
      group = lists.length
      known.set(key, group)
      lists.push(Int32Array.from(list))
      marks.push(mark)
    }
    ofMembers[member] = group
  }
  return { lists, marks, ofMembers }
}

function isSame(a: Int32Array, b: readonly number[]): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false
  return true
}

function toRows(lists: readonly Int32Array[]): Rows {
  const starts = new Int32Array(lists.length + 1)
  for (const [i, list] of lists.entries()) starts[i + 1] = starts[i]! + list.length
  const values = new Int32Array(starts[lists.length]!)
  for (const [i, list] of lists.entries()) values.set(list, starts[i])
  return { starts, values }
}

/** From the candidates of each group to the groups of each candidate. */
function transpose(lists: readonly Int32Array[], count: number): Rows {
  const starts = new Int32Array(count + 1)
  for (const list of lists) for (const id of list) starts[id + 1]! += 1
  for (let id = 0; id < count; id += 1) starts[id + 1]! += starts[id]!
  const next = starts.slice()
  const values = new Int32Array(starts[count]!)
  for (const [group, list] of lists.entries()) for (const id of list) values[next[id]!++] = group
  return { starts, values }
}
