// Covers that evict nothing needlessly, with as few items as can be found. Pure.

import { completeSelection } from './object-branch.ts'
import type { CoverProblem } from './object-problem.ts'
import { makeRandom } from './object-random.ts'
import { isBetter, Selection, type Solution } from './object-selection.ts'

const MAX_STEPS = 400
const MAX_LOOKS = 2_000_000
const ROUNDS = 30
/** Larger covers are left as they are: an item less of many is not worth the search. */
const MAX_COUNT = 60

/** @returns the smallest lossless cover found, undefined where none of the covers given is lossless */
export function shrinkLossless(
  problem: CoverProblem,
  covers: readonly Solution[],
  maxPrefixes: number,
): Solution | undefined {
  let best: Solution | undefined
  for (const cover of covers) if (cover.loss === 0 && (best === undefined || isBetter(cover, best))) best = cover
  if (best === undefined || best.count > MAX_COUNT) return best
  const random = makeRandom(best.count)
  for (let round = 0; round < ROUNDS && best.count > 1; round += 1) {
    // The first round is from nothing, the others keep most of what there is.
    const kept: readonly number[] = round === 0 ? [] : best.chosen.filter(() => random(3) > 0)
    best = completeLossless(problem, kept, best, maxPrefixes) ?? best
  }
  return best
}

function completeLossless(
  problem: CoverProblem,
  kept: readonly number[],
  known: Solution,
  maxPrefixes: number,
): Solution | undefined {
  const limits = { maxItems: known.count - 1, maxPrefixes, maxSteps: MAX_STEPS, maxLooks: MAX_LOOKS }
  const nothing: Solution = { ...known, loss: Number.MIN_VALUE }
  const { best } = completeSelection(new Selection(problem, kept), limits, nothing)
  return best !== undefined && best.loss === 0 && best.count < known.count ? best : undefined
}
