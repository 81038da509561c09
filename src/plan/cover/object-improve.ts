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

/** Entries looked at for one cover: half a second. */
const MAX_LOOKS = 100_000_000
const MAX_LOOKS_OF_REPAIR = 12_000_000

type Limits = Pick<BranchLimits, 'maxItems' | 'maxPrefixes'>

export function improveCover(problem: CoverProblem, start: Solution, limits: Limits): Solution {
  if (start.loss === 0) return start
  let best = start
  if (limits.maxItems <= MAX_ITEMS_FROM_NOTHING) {
    const nothing = new Selection(problem)
    const search = { ...limits, maxSteps: STEPS_FROM_NOTHING, maxLooks: MAX_LOOKS / 2 }
    const { best: found, isProven } = completeSelection(nothing, search, best)
    best = found ?? best
    if (isProven) return best
  }
  const random = makeRandom(limits.maxItems)
  const selection = new Selection(problem, best.chosen)
  best = swapItems(selection, best, limits)
  for (let round = 0; round < ROUNDS && best.loss > 0 && best.chosen.length > 1; round += 1) {
    if (selection.looks > MAX_LOOKS) break
    const better = repair(selection, best, takeOut(best.chosen, random), limits)
    if (better !== undefined) best = swapItems(selection, better, limits)
  }
  return best
}

/** One item out, others in, until that helps no more. */
function swapItems(selection: Selection, start: Solution, limits: Limits): Solution {
  let best = start
  for (let i = 0; i < best.chosen.length && best.loss > 0 && selection.looks <= MAX_LOOKS; i += 1) {
    const better = repair(selection, best, new Set([best.chosen[i]!]), limits)
    if (better === undefined) continue
    best = better
    i = -1
  }
  return best
}

/** @param selection is the cover before, and the better one, if there is one, afterwards */
function repair(selection: Selection, cover: Solution, out: ReadonlySet<number>, limits: Limits): Solution | undefined {
  for (const id of out) selection.remove(id)
  const search = { ...limits, maxSteps: STEPS_OF_REPAIR, maxLooks: MAX_LOOKS_OF_REPAIR }
  const { best } = completeSelection(selection, search, cover)
  const better = best !== undefined && isBetter(best, cover) ? best : undefined
  const held = new Set(selection.chosen)
  for (const id of (better ?? cover).chosen) if (!held.has(id)) selection.add(id)
  return better
}

function takeOut(chosen: readonly number[], random: NextInteger): Set<number> {
  const out = new Set<number>()
  const count = Math.min(chosen.length, 2 + random(MOST_TAKEN_OUT - 1))
  while (out.size < count) out.add(chosen[random(chosen.length)]!)
  return out
}
