// The smallest purge of a distribution whose copies carry cache tags: which tags, paths and prefixes refresh all that changed and evict
// the least of what did not. Pure, the same on every run.
//
// A set-cover problem, which nobody solves exactly in general. Searched as: greedy covers at many prices of an item, the exact cover by
// prefixes and single items, and from the better of the two branch and bound on small parts. bench/exact-cover.ts measures how far that
// is from the best there is.

import { type Candidates, findCandidates } from './object-candidates.ts'
import { bestByCount, greedyCovers } from './object-greedy.ts'
import { improveCover } from './object-improve.ts'
import { shrinkLossless } from './object-lossless.ts'
import { type CoverItem, isPrefixItem, measureCover } from './object-measure.ts'
import { type CoverProblem, makeProblem } from './object-problem.ts'
import { isBetter, Selection, type Solution } from './object-selection.ts'
import { readTree, solveTree, type TreeFrontier } from './object-tree.ts'
import type { CachedObject } from './universe.ts'

/** CloudFront takes one prefix a second: ten are a wait of ten seconds. */
const DEFAULT_MAX_PREFIXES = 10
/** The tree is solved for no more items: beyond it, prefixes save little that the greedy covers do not. */
const MAX_TREE_ITEMS = 300

export interface CoverOptions {
  /** The most items that a cover may be asked for; at least 1. */
  readonly maxItems: number
  /** The most prefixes in a cover; at least 1, so that `/*` is always left. 10 by default. */
  readonly maxPrefixes?: number
  /** The best cover by paths and prefixes alone with so many items, where the caller has one: no cover found is worse. */
  readonly pathCover?: (maxItems: number) => readonly CoverItem[] | undefined
}

export interface ObjectCover {
  /** Sorted: tags, then paths, then prefixes; no more than were asked for. */
  readonly items: readonly CoverItem[]
  /** Weight of what is evicted and need not be. */
  readonly lostWeight: number
}

export interface CoverSearch {
  /** The fewest items found that evict nothing needlessly; undefined where no such items were found. */
  readonly losslessCount: number | undefined
  /** What the covers that are known without a long search evict, with 1, 2 … `maxItems` items; `find` may do better. */
  readonly lostWeights: readonly number[]
  /** @param maxItems 1 or more; what is over the `maxItems` of the search counts as that */
  find(maxItems: number): ObjectCover
}

/** Prepares the search, which takes most of its time, so that a budget can be split between distributions before the covers are found. */
export function searchCovers(objects: readonly CachedObject[], options: CoverOptions): CoverSearch {
  const maxItems = Math.max(1, Math.floor(options.maxItems))
  const maxPrefixes = Math.max(1, Math.floor(options.maxPrefixes ?? DEFAULT_MAX_PREFIXES))
  const candidates = findCandidates(objects)
  if (candidates === undefined)
    return {
      losslessCount: 0,
      lostWeights: Array.from({ length: maxItems }, () => 0),
      find: () => ({ items: [], lostWeight: 0 }),
    }
  const problem = makeProblem(candidates)
  const greedy = greedyCovers(problem, maxPrefixes)
  const shrunk = shrinkLossless(problem, greedy, maxPrefixes)
  const known = shrunk === undefined ? greedy : [...greedy, shrunk]
  const tree = solveTree(candidates, Math.min(maxItems, MAX_TREE_ITEMS))
  const treeCover = (count: number): Solution | undefined => toSolution(problem, candidates, tree, count, maxPrefixes)
  const best = bestByCount([...known, ...treeCovers(treeCover, Math.min(maxItems, MAX_TREE_ITEMS))], maxItems)
  return {
    losslessCount: shrunk?.count,
    lostWeights: best.map(({ loss }) => loss),
    find: (count) => {
      const limits = { maxItems: Math.min(maxItems, Math.max(1, Math.floor(count))), maxPrefixes }
      const found = improveCover(problem, betterOf(best[limits.maxItems - 1]!, treeCover(limits.maxItems)), limits)
      const cover = { items: itemsOf(problem, candidates, found), lostWeight: found.loss }
      return betterOfPaths(objects, cover, options.pathCover?.(limits.maxItems), limits)
    },
  }
}

/** One cover at once. */
export function coverObjects(objects: readonly CachedObject[], options: CoverOptions): ObjectCover {
  return searchCovers(objects, options).find(options.maxItems)
}

function toSolution(
  problem: CoverProblem,
  { firstPrefix }: Candidates,
  tree: TreeFrontier,
  count: number,
  maxPrefixes: number,
): Solution | undefined {
  const chosen = readTree(tree, count).map((node) => problem.numbers[firstPrefix + node]!)
  // A prefix that was left out is no better than the best single item, which is among the greedy covers.
  if (chosen.includes(-1)) return undefined
  const selection = new Selection(problem, [...new Set(chosen)])
  selection.prune()
  const isCover = selection.hardUncovered === 0 && selection.count <= count && selection.prefixes <= maxPrefixes
  return isCover ? selection.toSolution() : undefined
}

/** For every count up to thirty, then for ever fewer: the others are read when a cover is asked for. */
function treeCovers(treeCover: (count: number) => Solution | undefined, maxItems: number): Solution[] {
  const covers: Solution[] = []
  for (let count = 1; count <= maxItems; count = count < 30 ? count + 1 : Math.ceil(count * 1.25)) {
    const cover = treeCover(count)
    if (cover !== undefined) covers.push(cover)
    if (cover?.loss === 0) break
  }
  return covers
}

function betterOf(a: Solution, b: Solution | undefined): Solution {
  return b !== undefined && isBetter(b, a) ? b : a
}

function itemsOf(problem: CoverProblem, { units }: Candidates, solution: Solution): CoverItem[] {
  const { purged } = new Selection(problem, solution.chosen)
  const items = new Set(solution.chosen.map((id) => problem.items[id]!))
  for (const [unit, { single }] of units.entries()) {
    const group = problem.groups.ofUnits[unit]!
    if ((group < 0 || purged[group] === 0) && single !== undefined) items.add(single)
  }
  return sortItems(items)
}

function betterOfPaths(
  objects: readonly CachedObject[],
  cover: ObjectCover,
  paths: readonly CoverItem[] | undefined,
  { maxItems, maxPrefixes }: { readonly maxItems: number; readonly maxPrefixes: number },
): ObjectCover {
  if (paths === undefined || cover.lostWeight === 0 || paths.length > maxItems) return cover
  if (paths.filter(isPrefixItem).length > maxPrefixes) return cover
  const { missed, lostWeight } = measureCover(objects, paths)
  return missed.length === 0 && lostWeight < cover.lostWeight ? { items: sortItems(paths), lostWeight } : cover
}

function sortItems(items: Iterable<CoverItem>): CoverItem[] {
  const rankOf = (item: CoverItem): number => (isPrefixItem(item) ? 2 : item.startsWith('#') ? 0 : 1)
  return [...items].sort((a, b) => rankOf(a) - rankOf(b) || (a < b ? -1 : a > b ? 1 : 0))
}
