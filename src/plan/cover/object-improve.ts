// Makes a cover better by taking some of its items out and completing what is left in the best way. Pure, the same on every run.

import { type BranchLimits, completeSelection } from './object-branch.ts'
import type { CoverProblem } from './object-problem.ts'
import { makeRandom, type NextInteger } from './object-random.ts'
import { isBetter, Selection, type Solution } from './object-selection.ts'

/** With so few items the whole search is tried from nothing. */
const MAX_ITEMS_FROM_NOTHING = 10
const STEPS_FROM_NOTHING = 2500
const STEPS_OF_REPAIR = 200
const ROUNDS = 60
const MOST_TAKEN_OUT = 5

export function improveCover(problem: CoverProblem, start: Solution, limits: Omit<BranchLimits, 'maxSteps'>): Solution {
  if (start.loss === 0) return start
  let best = start
  if (limits.maxItems <= MAX_ITEMS_FROM_NOTHING) {
    const { best: found, isProven } = completeSelection(
      new Selection(problem),
      { ...limits, maxSteps: STEPS_FROM_NOTHING },
      best,
    )
    best = found ?? best
    if (isProven) return best
  }
  const random = makeRandom(limits.maxItems)
  best = swapItems(problem, best, limits)
  for (let round = 0; round < ROUNDS && best.loss > 0 && best.chosen.length > 1; round += 1) {
    const better = repair(problem, best, takeOut(best.chosen, random), limits)
    if (better !== undefined) best = swapItems(problem, better, limits)
  }
  return best
}

/** One item out, others in, until that helps no more. */
function swapItems(problem: CoverProblem, start: Solution, limits: Omit<BranchLimits, 'maxSteps'>): Solution {
  let best = start
  for (let i = 0; i < best.chosen.length && best.loss > 0; i += 1) {
    const better = repair(problem, best, new Set([best.chosen[i]!]), limits)
    if (better === undefined) continue
    best = better
    i = -1
  }
  return best
}

function repair(
  problem: CoverProblem,
  cover: Solution,
  out: ReadonlySet<number>,
  limits: Omit<BranchLimits, 'maxSteps'>,
): Solution | undefined {
  const selection = new Selection(
    problem,
    cover.chosen.filter((id) => !out.has(id)),
  )
  const { best } = completeSelection(selection, { ...limits, maxSteps: STEPS_OF_REPAIR }, cover)
  return best !== undefined && isBetter(best, cover) ? best : undefined
}

function takeOut(chosen: readonly number[], random: NextInteger): Set<number> {
  const out = new Set<number>()
  const count = Math.min(chosen.length, 2 + random(MOST_TAKEN_OUT - 1))
  while (out.size < count) out.add(chosen[random(chosen.length)]!)
  return out
}
