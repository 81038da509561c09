// The best cover by prefixes and items for single units alone, as the starting point of the search: exact where an object's paths begin
// with one another, as /x, /x/ and /x/index.html do. Pure.

import type { Candidates } from './object-candidates.ts'

/** The least evicted below each node of the trie, by the number of items: `least[node][items]`. */
export interface TreeFrontier {
  readonly least: readonly Float64Array[]
  readonly losses: Float64Array
  readonly childrenOf: readonly (readonly number[])[]
  readonly own: Int32Array
  readonly hardOwn: Uint8Array
}

/** @param maxItems of a cover, 1 or more: memory grows with it and with the number of units */
export function solveTree({ units, trie, keepNodes }: Candidates, maxItems: number): TreeFrontier {
  const count = trie.prefixes.length
  const losses = new Float64Array(count)
  for (const [node, weight] of keepNodes) losses[node]! += weight
  const childrenOf: number[][] = Array.from({ length: count }, () => [])
  const own = new Int32Array(count)
  const hardOwn = new Uint8Array(count)
  for (let node = 0; node < count; node += 1) own[node]! += trie.end[node]! - trie.first[node]!
  for (let node = count - 1; node > 0; node -= 1) {
    const parent = trie.parents[node]!
    losses[parent]! += losses[node]!
    childrenOf[parent]!.push(node)
    own[parent]! -= trie.end[node]! - trie.first[node]!
  }
  // A unit without an item of its own is its node's last: the trie has a node for each of them.
  for (let node = 0; node < count; node += 1)
    for (let unit = trie.first[node]!; unit < trie.end[node]! && units[unit]!.stem === trie.prefixes[node]; unit += 1)
      if (units[unit]!.single === undefined) hardOwn[node] = 1
  const least: Float64Array[] = Array.from({ length: count })
  for (let node = count - 1; node >= 0; node -= 1) {
    let sum = singles(own[node]!, hardOwn[node] === 1, maxItems)
    for (const child of childrenOf[node]!) sum = addFrontiers(sum, least[child]!, maxItems)
    const size = Math.min(maxItems, trie.end[node]! - trie.first[node]!)
    const row = new Float64Array(size + 1).fill(losses[node]!)
    row[0] = Infinity
    for (let items = 1; items <= size; items += 1)
      row[items] = Math.min(row[items]!, sum[Math.min(items, sum.length - 1)]!)
    least[node] = row
  }
  return { least, losses, childrenOf, own, hardOwn }
}

/** The trie nodes whose prefixes are the best cover with so many items; every unit outside them has its own. */
export function readTree({ least, losses, childrenOf, own, hardOwn }: TreeFrontier, items: number): number[] {
  const nodes: number[] = []
  const open: [number, number][] = [[0, items]]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [node, count] = next
    const row = least[node]!
    if (row[Math.min(count, row.length - 1)]! >= losses[node]!) {
      nodes.push(node)
      continue
    }
    // The sums as they grew, child by child, undone from the last.
    const sums = [singles(own[node]!, hardOwn[node] === 1, count)]
    for (const child of childrenOf[node]!) sums.push(addFrontiers(sums.at(-1)!, least[child]!, count))
    let left = count
    for (let i = childrenOf[node]!.length - 1; i >= 0; i -= 1) {
      const child = childrenOf[node]![i]!
      const share = bestShare(sums[i]!, least[child]!, left)
      open.push([child, share])
      left -= share
    }
  }
  return nodes
}

/** Units with items of their own: nothing is evicted once there is one for each. */
function singles(units: number, isHard: boolean, maxItems: number): Float64Array {
  if (isHard || units > maxItems) return Float64Array.of(Infinity)
  const row = new Float64Array(units + 1).fill(Infinity)
  row[units] = 0
  return row
}

function addFrontiers(a: Float64Array, b: Float64Array, maxItems: number): Float64Array {
  const sum = new Float64Array(Math.min(maxItems, a.length + b.length - 2) + 1).fill(Infinity)
  for (let i = 0; i < a.length && i < sum.length; i += 1) {
    const first = a[i]!
    if (first === Infinity) continue
    for (let j = 0; j < b.length && i + j < sum.length; j += 1) {
      const both = first + b[j]!
      if (both < sum[i + j]!) sum[i + j] = both
    }
  }
  // More items never evict more.
  for (let i = 1; i < sum.length; i += 1) if (sum[i - 1]! < sum[i]!) sum[i] = sum[i - 1]!
  return sum
}

/** How many of the items the second of the two gets. */
function bestShare(a: Float64Array, b: Float64Array, items: number): number {
  let best = Infinity
  let share = 0
  for (let j = 0; j < b.length && j <= items; j += 1) {
    const rest = a[Math.min(items - j, a.length - 1)]!
    if (rest + b[j]! < best) [best, share] = [rest + b[j]!, j]
  }
  return share
}
