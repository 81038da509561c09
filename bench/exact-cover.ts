// How far the covers with tags are from the best there is: the same instances through an exact solver of integer programs. Prints counts and
// gaps; some minutes.
//   npx tsx bench/exact-cover.ts [candidates] [random instances]      120 and 60 by default

import fc from 'fast-check'
import { findCandidates } from '../src/plan/cover/object-candidates.ts'
import { searchCovers } from '../src/plan/cover/object-cover.ts'
import { makeProblem } from '../src/plan/cover/object-problem.ts'
import type { CachedObject } from '../src/plan/cover/universe.ts'
import { loadExactSolver, type SolveExactly } from './replay/exact-milp.ts'
import { HISTORY_NAMES, readHistory } from './replay/history.ts'
import { randomSites, randomUniverses } from './replay/random-universe.ts'
import { replayDeploys } from './replay/tagged-site.ts'

const TIME_LIMIT_SECONDS = 15
const HISTORY_COUNTS = [1, 2, 3, 4, 5, 7, 10, 15]
const RANDOM_COUNTS = [1, 2, 4, 7]
const MAX_PREFIXES = 10
const SEED = 7

interface Gaps {
  instances: number
  /** Neither evicts anything. */
  lossless: number
  optimal: number
  unsolved: number
  /** Sum of (ours − best) / best over those where the best evicts something. */
  gap: number
  worst: number
  ours: number
  best: number
}

function compare(objects: readonly CachedObject[], counts: readonly number[], solve: SolveExactly, gaps: Gaps): void {
  const search = searchCovers(objects, { maxItems: Math.max(...counts), maxPrefixes: MAX_PREFIXES })
  for (const count of counts) {
    const { lostWeight } = search.find(count)
    gaps.instances += 1
    // Nothing is better than nothing.
    if (lostWeight === 0) {
      gaps.lossless += 1
      gaps.optimal += 1
      continue
    }
    const best = solve(objects, count, MAX_PREFIXES)
    if (best === undefined) {
      gaps.unsolved += 1
      continue
    }
    if (lostWeight < best - 1e-6)
      throw new Error(`A cover with ${count} items evicts ${lostWeight}, less than the best, ${best}.`)
    const gap = best > 1e-6 ? (lostWeight - best) / best : 1
    if (lostWeight <= best + 1e-6) gaps.optimal += 1
    else gaps.gap += gap
    gaps.worst = Math.max(gaps.worst, gap)
    gaps.ours += lostWeight
    gaps.best += best
  }
}

function printGaps(name: string, { instances, lossless, optimal, unsolved, gap, worst, ours, best }: Gaps): void {
  const solved = instances - unsolved
  const lossy = Math.max(1, solved - lossless)
  console.log(
    `${name}: ${instances} covers, ${lossless} evict nothing; of the other ${solved - lossless} that the solver finished (${unsolved} not), ` +
      `${optimal - lossless} are optimal; mean gap ${((100 * gap) / lossy).toFixed(3)} %, worst ${(100 * worst).toFixed(1)} %; ` +
      `evicted in all ${ours.toFixed(0)}, at best ${best.toFixed(0)}`,
  )
}

function noGaps(): Gaps {
  return { instances: 0, lossless: 0, optimal: 0, unsolved: 0, gap: 0, worst: 0, ours: 0, best: 0 }
}

const [maxCandidates = 120, randomInstances = 60] = process.argv.slice(2).map(Number)
const solve = await loadExactSolver(TIME_LIMIT_SECONDS)
for (const name of HISTORY_NAMES) {
  const gaps = noGaps()
  for (const { universe } of replayDeploys(readHistory(name))) {
    const candidates = findCandidates(universe)
    if (candidates === undefined || makeProblem(candidates).items.length > maxCandidates) continue
    compare(universe, HISTORY_COUNTS, solve, gaps)
  }
  printGaps(name, gaps)
}
for (const [name, arbitrary] of [
  ['Odd universes', randomUniverses(24)],
  ['Random sites', randomSites(50)],
] as const) {
  const gaps = noGaps()
  for (const universe of fc.sample(arbitrary, { numRuns: randomInstances, seed: SEED }))
    compare(universe, RANDOM_COUNTS, solve, gaps)
  printGaps(name, gaps)
}
