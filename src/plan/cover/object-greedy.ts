// Covers of every size, each by taking again and again the item that purges most for what it evicts. Pure.
//
// `price` says what one item more is worth in evicted weight. At a small price nothing is evicted and many items are used; the higher it
// is, the fewer. Between two prices whose covers differ in size the middle is tried, so that most sizes are met.

import type { CoverProblem } from './object-problem.ts'
import { isBetter, Selection, type Solution } from './object-selection.ts'

const FIRST_PRICE = 0.4
const PRICE_STEP = 1.6
const FREE_PRICE = 1e-6
const MAX_HALVINGS = 40
/** Looks at a candidate, over all prices: about a second. */
const MAX_LOOKS = 200_000_000

/** @param maxPrefixes at most so many prefixes in a cover, but one may always be used */
export function greedyCovers(problem: CoverProblem, maxPrefixes: number): Solution[] {
  const totalWeight = problem.kept.weights.reduce((sum, weight) => sum + weight, 0)
  const unit = totalWeight > 0 ? totalWeight / Math.max(1, countPositive(problem.kept.weights)) : 1
  const free = greedyCover(problem, FREE_PRICE * unit, maxPrefixes)
  const found = [{ price: FREE_PRICE * unit, cover: free.cover }]
  let looksLeft = MAX_LOOKS - free.looks
  const tryPrice = (price: number): Solution | undefined => {
    if (looksLeft < free.looks) return undefined
    const { cover, looks } = greedyCover(problem, price, maxPrefixes)
    looksLeft -= looks
    found.push({ price, cover })
    return cover
  }
  const least = Math.min(leastPositive(problem.kept.weights), unit)
  for (let price = FIRST_PRICE * least; price < 4 * totalWeight; price *= PRICE_STEP) {
    const cover = tryPrice(price)
    if (cover === undefined || cover.count === 1) break
  }
  for (let halvings = 0; halvings < MAX_HALVINGS; halvings += 1) {
    found.sort((a, b) => a.price - b.price)
    const price = widestGap(found)
    if (price === undefined || tryPrice(price) === undefined) break
  }
  return [bestSingle(problem), ...found.map(({ cover }) => cover)]
}

/** One item for everything: there is always one, `/*` if no other. */
function bestSingle(problem: CoverProblem): Solution {
  const all = [...problem.items.keys()].filter((id) => problem.unitCounts[id] === problem.unitTotal)
  const best = all.reduce((least, id) => (problem.losses[id]! < problem.losses[least]! ? id : least))
  return new Selection(problem, [best]).toSolution()
}

/** The price between two covers of which one has far more items, and evicts less. */
function widestGap(found: readonly { readonly price: number; readonly cover: Solution }[]): number | undefined {
  let widest = 1.35
  let middle: number | undefined
  for (const [i, { price, cover }] of found.entries()) {
    const next = found[i + 1]
    if (next === undefined || next.price / price < 1.02 || next.cover.loss === cover.loss) continue
    const ratio = cover.count / Math.max(1, next.cover.count)
    if (cover.count - next.cover.count > 1 && ratio > widest) [widest, middle] = [ratio, Math.sqrt(price * next.price)]
  }
  return middle
}

function greedyCover(problem: CoverProblem, price: number, maxPrefixes: number): { cover: Solution; looks: number } {
  const selection = new Selection(problem)
  const newLosses = problem.losses.slice()
  const isEvicted = new Uint8Array(problem.kept.weights.length)
  let looks = 0
  for (;;) {
    looks += problem.items.length
    const id = nextCandidate(selection, newLosses, price, maxPrefixes)
    if (id === undefined) break
    selection.add(id)
    looks += noteEvicted(problem, id, isEvicted, newLosses)
  }
  selection.prune()
  return { cover: selection.toSolution(), looks }
}

/** A unit's own item purges one for one item: what is dearer is taken only while units are left that have none. */
function nextCandidate(
  selection: Selection,
  newLosses: Float64Array,
  price: number,
  maxPrefixes: number,
): number | undefined {
  const { newUnits, hardUncovered, uncovered, prefixes, problem } = selection
  const mayUsePrefix = prefixes < maxPrefixes
  let best: number | undefined
  let bestScore = hardUncovered > 0 ? Infinity : 1
  for (let id = 0; id < newUnits.length; id += 1) {
    if (newUnits[id] === 0) continue
    // The last prefix has to be one that leaves nothing hard.
    if (problem.isPrefix[id] === 1 && !(mayUsePrefix && mayBeLast(selection, id, maxPrefixes))) continue
    const score = (1 + newLosses[id]! / price) / newUnits[id]!
    if (score >= bestScore || (hardUncovered > 0 && newUnits[id] !== uncovered && !purgesHard(selection, id))) continue
    best = id
    bestScore = score
  }
  return best
}

function mayBeLast(
  { prefixes, hardUncovered, newUnits, uncovered }: Selection,
  id: number,
  maxPrefixes: number,
): boolean {
  return hardUncovered === 0 || prefixes + 1 < maxPrefixes || newUnits[id] === uncovered
}

function purgesHard({ problem, purged }: Selection, id: number): boolean {
  const { purges, groups } = problem
  for (let i = purges.starts[id]!; i < purges.starts[id + 1]!; i += 1) {
    const group = purges.values[i]!
    if (groups.isHard[group] === 1 && purged[group] === 0) return true
  }
  return false
}

/** Whoever else would evict what the candidate evicts, need not be blamed for it any more. */
function noteEvicted(
  { evicts, kept }: CoverProblem,
  id: number,
  isEvicted: Uint8Array,
  newLosses: Float64Array,
): number {
  let looks = 0
  for (let i = evicts.starts[id]!; i < evicts.starts[id + 1]!; i += 1) {
    const group = evicts.values[i]!
    if (isEvicted[group] === 1) continue
    isEvicted[group] = 1
    const { starts, values } = kept.evictedBy
    for (let j = starts[group]!; j < starts[group + 1]!; j += 1) newLosses[values[j]!]! -= kept.weights[group]!
    looks += starts[group + 1]! - starts[group]!
  }
  return looks
}

/** The least evicted at each number of items, up to `maxCount`; index 0 is one item. */
export function bestByCount(solutions: readonly Solution[], maxCount: number): Solution[] {
  const best: Solution[] = []
  const bySize = solutions.toSorted((a, b) => a.count - b.count)
  let next = 0
  for (let count = 1; count <= maxCount; count += 1) {
    let held = best.at(-1)
    for (; next < bySize.length && bySize[next]!.count <= count; next += 1)
      if (held === undefined || isBetter(bySize[next]!, held)) held = bySize[next]
    // A single item is always among them.
    best.push(held!)
  }
  return best
}

function countPositive(weights: Float64Array): number {
  return weights.reduce((count, weight) => count + (weight > 0 ? 1 : 0), 0)
}

function leastPositive(weights: Float64Array): number {
  return weights.reduce((least, weight) => (weight > 0 && weight < least ? weight : least), Infinity)
}
