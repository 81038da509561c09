// Completes a selection in the best way, by branch and bound over at most so many steps. Pure.
//
// Some unit is left: either one of its candidates is chosen, or its whole group is given items of its own. A branch ends when the units
// left are no more than the items left, and is cut off when it evicts as much as the best cover known, or when even the candidates that
// purge most could not bring the rest down to the items left.

import { isBetter, type Selection, type Solution } from './object-selection.ts'

export interface BranchLimits {
  readonly maxItems: number
  readonly maxPrefixes: number
  readonly maxSteps: number
  /** The search also ends when the selection has looked at so many entries more. */
  readonly maxLooks: number
}

/**
 * @param selection is the same again afterwards
 * @param known a cover to beat
 * @returns the best cover found that has everything already selected, and whether none better exists
 */
export function completeSelection(
  selection: Selection,
  limits: BranchLimits,
  known: Solution | undefined,
): { readonly best: Solution | undefined; readonly isProven: boolean } {
  const search: Search = {
    selection,
    limits,
    isBanned: new Uint8Array(selection.problem.items.length),
    isLeft: new Uint8Array(selection.problem.groups.units.length),
    unitsLeft: 0,
    steps: 0,
    looksEnd: selection.looks + limits.maxLooks,
    best: known,
    price: Math.max(known?.loss ?? 0, 1e-9) / Math.max(1, limits.maxItems),
  }
  descend(search)
  return { best: search.best, isProven: search.steps <= limits.maxSteps }
}

interface Search {
  readonly selection: Selection
  readonly limits: BranchLimits
  /** Candidates that an earlier branch has tried. */
  readonly isBanned: Uint8Array
  /** Groups whose units have items of their own, and how many units those are. */
  readonly isLeft: Uint8Array
  unitsLeft: number
  steps: number
  readonly looksEnd: number
  best: Solution | undefined
  readonly price: number
}

interface Branch {
  /** -1: the group's units get their own items. */
  readonly id: number
  readonly score: number
}

function descend(search: Search): void {
  const { selection, limits } = search
  const itemsLeft = limits.maxItems - selection.chosen.length - search.unitsLeft
  const units = selection.uncovered - search.unitsLeft
  if (selection.hardUncovered === 0 && units <= itemsLeft) {
    const found = selection.toSolution()
    if (search.best === undefined || isBetter(found, search.best)) search.best = found
    if (units === 0 || selection.loss === 0) return
    // Fewer items may still do for the same loss, but are not worth the search.
    return
  }
  if (itemsLeft <= 0 || !canReach(search, units, itemsLeft)) return
  const group = pickGroup(search, itemsLeft)
  if (group < 0) return
  const tried: number[] = []
  for (const { id } of branchesOf(search, group, itemsLeft)) {
    search.steps += selection.looks > search.looksEnd ? limits.maxSteps : 1
    if (search.steps > limits.maxSteps) break
    if (id < 0) {
      leaveGroup(search, group, 1)
      descend(search)
      leaveGroup(search, group, -1)
      continue
    }
    // Since the branches were listed a better cover may have been found.
    if (search.best !== undefined && selection.loss + selection.newLoss(id) >= search.best.loss) continue
    selection.add(id)
    descend(search)
    selection.remove(id)
    search.isBanned[id] = 1
    tried.push(id)
  }
  for (const id of tried) search.isBanned[id] = 0
}

function leaveGroup(search: Search, group: number, direction: 1 | -1): void {
  search.isLeft[group] = direction === 1 ? 1 : 0
  search.unitsLeft += direction * (search.selection.problem.groups.units[group] ?? 0)
}

/** Whether the candidates that purge most could leave no more units than items. */
function canReach({ selection, isBanned }: Search, units: number, itemsLeft: number): boolean {
  const { newUnits } = selection
  // Each item brings the units down by what it purges, and the items left by one.
  const gains = new Int32Array(newUnits.length)
  let count = 0
  for (let id = 0; id < newUnits.length; id += 1)
    if (newUnits[id]! > 1 && isBanned[id] === 0) gains[count++] = newUnits[id]! - 1
  const sorted = gains.subarray(0, count).sort()
  let missing = units - itemsLeft
  for (let i = count - 1; i >= Math.max(0, count - itemsLeft) && missing > 0; i -= 1) missing -= sorted[i]!
  selection.looks += newUnits.length + 4 * count
  return missing <= 0
}

/** The group with the fewest ways to be purged; of those the largest. */
function pickGroup({ selection, isLeft }: Search, itemsLeft: number): number {
  const { groups } = selection.problem
  selection.looks += groups.units.length
  let best = -1
  let fewest = Infinity
  let most = 0
  for (let group = 0; group < groups.units.length; group += 1) {
    if (selection.purged[group]! > 0 || isLeft[group] === 1) continue
    const units = groups.units[group]!
    const canLeave = groups.isHard[group] === 0 && units <= itemsLeft
    const ways = groups.purgedBy.starts[group + 1]! - groups.purgedBy.starts[group]! + (canLeave ? 1 : 0)
    if (ways < fewest || (ways === fewest && units > most)) [best, fewest, most] = [group, ways, units]
  }
  return best
}

function branchesOf(search: Search, group: number, itemsLeft: number): Branch[] {
  const { selection, limits, isBanned, best, price } = search
  const { groups, isPrefix } = selection.problem
  const branches: Branch[] = []
  const spare = best === undefined ? Infinity : best.loss - selection.loss
  for (let i = groups.purgedBy.starts[group]!; i < groups.purgedBy.starts[group + 1]!; i += 1) {
    const id = groups.purgedBy.values[i]!
    if (isBanned[id] === 1 || (isPrefix[id] === 1 && selection.prefixes >= limits.maxPrefixes)) continue
    const loss = selection.newLoss(id, spare)
    if (loss < spare) branches.push({ id, score: (1 + loss / price) / selection.newUnits[id]! })
  }
  if (groups.isHard[group] === 0 && groups.units[group]! <= itemsLeft) branches.push({ id: -1, score: 1 })
  return branches.sort((a, b) => a.score - b.score || a.id - b.id)
}
