// Which K invalidation paths purge everything that changed, and evict the least that did not? Pure.
//
// CloudFront takes two kinds of paths: `/blog/a.html` purges that URL alone, `/blog/*` every URL that begins with `/blog/`, and the star may
// stand after any character (`/blog/2024-*`). Each costs one of the month's free paths. With a path for every changed URL nothing is evicted
// needlessly, at the highest price; `/*` costs one and empties the cache. In between somebody has to say which URLs to lump together.
//
// In general, covering a set by the cheapest of given sets is hard, and tools fold by rules of thumb: two directories up, everything above 50
// paths. But string prefixes nest: of two, either one lies within the other or they share no URL. A cover without superfluous items therefore
// splits the changed URLs into groups that nobody shares, so losses add up; and how best to spend j items on one branch does not depend
// on what happens in the others. So it is enough to know, for every branch and every j, the least loss there, and to combine branches from the leaves
// to the root: dynamic programming over a tree, exact, in time O(n + m·K) for n URLs of which m must go.
//
// And few prefixes have to be looked at. As long as a prefix grows without leaving out a URL that must go, it only gets better. So those
// that end where two URLs part are all, fewer than m, however long the URLs: the branches of the trie of the URLs that must go.
// path-tree.ts builds it, path-losses.ts weighs what else each prefix hits, path-frontier.ts spends the items.

import type { InvalidationItem } from '../../model.ts'
import { findFrontier, type PathFrontier } from './path-frontier.ts'
import { buildPathTree, type PathTree } from './path-tree.ts'
import type { WeightedUrl } from './path-url.ts'

export interface PathCover {
  /** Sorted; none covers what another was chosen for. */
  readonly items: readonly InvalidationItem[]
  /** Weight of all `keep` URLs that the items evict. */
  readonly loss: number
}

export interface PathCovers {
  /** By number of items, from 0 to the one asked for: the least loss that so many items, or fewer, can do; Infinity where none suffice. */
  readonly leastLoss: readonly number[]
  /** The best cover of at most so many items; undefined where none suffice. Reads it off in O(its items), or of all URLs that must go. */
  readonly coverWithin: (budget: number) => PathCover | undefined
}

/**
 * The items that purge every `must` URL and evict the least weight of `keep` URLs. Of several such sets it is the one with the fewest items,
 * then with the fewest prefixes; each prefix is as long as it can be; and what is still equal is settled by the first URL, in sorted order, that is
 * purged by different items: the wider one is taken. So the order of the URLs does not matter.
 *
 * @param urls each path once
 * @param budget most items, 0 or more
 * @returns undefined where the budget is 0 and something must go; one item, at worst `/*`, always suffices
 */
export function coverPaths(urls: readonly WeightedUrl[], budget: number): PathCover | undefined {
  const tree = buildPathTree(urls)
  if (tree === undefined) return { items: [], loss: 0 }
  const lossless = coverAtLeastLoss(tree)
  // Where there are items enough, nothing has to be weighed up.
  return lossless.items.length <= budget ? lossless : coverStep(tree, findFrontier(tree, budget), budget)
}

/** The best covers for every budget up to `maxItems`, for little more than the last alone. See {@link coverPaths} for what is best. */
export function coverPathsWithin(urls: readonly WeightedUrl[], maxItems: number): PathCovers {
  const tree = buildPathTree(urls)
  const frontier = tree !== undefined && maxItems >= 1 ? findFrontier(tree, maxItems) : undefined
  const leastLoss = Array.from({ length: maxItems + 1 }, () => (tree === undefined ? 0 : Infinity))
  frontier?.itemCounts.forEach((count, step) => leastLoss.fill(frontier.losses[step]!, count))
  return {
    leastLoss,
    coverWithin: (budget) => {
      if (tree === undefined) return { items: [], loss: 0 }
      return frontier === undefined ? undefined : coverStep(tree, frontier, budget)
    },
  }
}

/**
 * The other way round: the fewest items that evict nothing needlessly, whatever their number. Where a URL can only be purged together with
 * one that should stay (`/a b` and `/a-c`, since a space cannot be sent exactly), the fewest at the least loss there is.
 *
 * @param urls each path once
 */
export function fewestLosslessItems(urls: readonly WeightedUrl[]): PathCover {
  const tree = buildPathTree(urls)
  return tree === undefined ? { items: [], loss: 0 } : coverAtLeastLoss(tree)
}

function coverStep(tree: PathTree, frontier: PathFrontier, budget: number): PathCover | undefined {
  const step = frontier.itemCounts.findLastIndex((count) => count <= budget)
  return step === -1 ? undefined : writeCover(tree, frontier.chooseNodes(step), frontier.losses[step]!)
}

/** With items enough each node can decide alone: one prefix, if it costs no more than what its children do. */
function coverAtLeastLoss(tree: PathTree): PathCover {
  const nodeCount = tree.leafUrl.length
  const least = new Float64Array(nodeCount)
  for (let node = 0; node < nodeCount; node += 1) {
    const url = tree.urls[tree.leafUrl[node]!]
    const below = url === undefined ? least[tree.left[node]!]! + least[node - 1]! : url.isExactItem ? 0 : Infinity
    least[node] = tree.prefixEnd[node]! > 0 ? Math.min(tree.loss[node]!, below) : below
  }
  const chosen: number[] = []
  const open = [nodeCount - 1]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const takesPrefix = tree.prefixEnd[node]! > 0 && tree.loss[node] === least[node]
    if (takesPrefix || tree.leafUrl[node] !== -1) chosen.push(node)
    else open.push(node - 1, tree.left[node]!)
  }
  return writeCover(tree, chosen, least[nodeCount - 1]!)
}

function writeCover(tree: PathTree, nodes: readonly number[], loss: number): PathCover {
  const items = nodes.map((node) => {
    const { path } = tree.urls[tree.textUrl[node]!]!
    return tree.prefixEnd[node]! > 0 ? `${path.slice(0, tree.prefixEnd[node])}*` : path
  })
  return { items: items.toSorted(), loss }
}
