// Some of the candidates, and what they do together, kept up to date as candidates come and go. Pure.

import type { CoverProblem } from './object-problem.ts'

/** A cover: the candidates chosen; every unit that they leave has an item of its own. */
export interface Solution {
  readonly chosen: readonly number[]
  /** Items: the candidates and one for each unit left. */
  readonly count: number
  readonly prefixes: number
  readonly loss: number
}

export class Selection {
  readonly chosen: number[] = []
  loss = 0
  prefixes = 0
  /** Entries looked at so far: the work done, the same on every machine. */
  looks = 0
  /** Units that no chosen candidate purges; the hard ones are among them. */
  uncovered: number
  hardUncovered: number
  /** Units that each candidate would purge besides. */
  readonly newUnits: Int32Array
  /** How many chosen candidates purge each group of units. */
  readonly purged: Int32Array
  readonly problem: CoverProblem
  readonly #evicted: Int32Array

  constructor(problem: CoverProblem, chosen: readonly number[] = []) {
    this.problem = problem
    this.purged = new Int32Array(problem.groups.units.length)
    this.#evicted = new Int32Array(problem.kept.weights.length)
    this.newUnits = problem.unitCounts.slice()
    this.uncovered = problem.unitTotal
    this.hardUncovered = problem.groups.units.reduce(
      (sum, units, i) => sum + (problem.groups.isHard[i] === 1 ? units : 0),
      0,
    )
    for (const id of chosen) this.add(id)
  }

  /** Items of the cover that it stands for, if nothing hard is left. */
  get count(): number {
    return this.chosen.length + this.uncovered
  }

  add(id: number): void {
    const { purges, evicts, kept, isPrefix } = this.problem
    this.chosen.push(id)
    this.prefixes += isPrefix[id]!
    this.#countLooks(id)
    for (let i = purges.starts[id]!; i < purges.starts[id + 1]!; i += 1) {
      const group = purges.values[i]!
      this.purged[group]! += 1
      if (this.purged[group] === 1) this.#shift(group, -1)
    }
    for (let i = evicts.starts[id]!; i < evicts.starts[id + 1]!; i += 1) {
      const group = evicts.values[i]!
      this.#evicted[group]! += 1
      if (this.#evicted[group] === 1) this.loss += kept.weights[group]!
    }
  }

  remove(id: number): void {
    const { purges, evicts, kept, isPrefix } = this.problem
    this.chosen.splice(this.chosen.lastIndexOf(id), 1)
    this.prefixes -= isPrefix[id]!
    this.#countLooks(id)
    for (let i = purges.starts[id]!; i < purges.starts[id + 1]!; i += 1) {
      const group = purges.values[i]!
      this.purged[group]! -= 1
      if (this.purged[group] === 0) this.#shift(group, 1)
    }
    for (let i = evicts.starts[id]!; i < evicts.starts[id + 1]!; i += 1) {
      const group = evicts.values[i]!
      this.#evicted[group]! -= 1
      if (this.#evicted[group] === 0) this.loss -= kept.weights[group]!
    }
    if (this.chosen.length === 0) this.loss = 0
  }

  /** Weight that the candidate would evict besides; anything over `limit` where it is more. */
  newLoss(id: number, limit: number = Infinity): number {
    const { evicts, kept } = this.problem
    const evicted = this.#evicted
    let loss = 0
    let i = evicts.starts[id]!
    for (const end = evicts.starts[id + 1]!; i < end && loss <= limit; i += 1) {
      const group = evicts.values[i]!
      if (evicted[group] === 0) loss += kept.weights[group]!
    }
    this.looks += i - evicts.starts[id]!
    return loss
  }

  /** Units that only this one of the chosen purges; Infinity where a hard one is among them. */
  ownUnits(id: number): number {
    const { purges, groups } = this.problem
    let units = 0
    for (let i = purges.starts[id]!; i < purges.starts[id + 1]!; i += 1) {
      const group = purges.values[i]!
      if (this.purged[group] !== 1) continue
      if (groups.isHard[group] === 1) return Infinity
      units += groups.units[group]!
    }
    return units
  }

  /** Weight that only this one of the chosen evicts. */
  ownLoss(id: number): number {
    const { evicts, kept } = this.problem
    let loss = 0
    for (let i = evicts.starts[id]!; i < evicts.starts[id + 1]!; i += 1) {
      const group = evicts.values[i]!
      if (this.#evicted[group] === 1) loss += kept.weights[group]!
    }
    return loss
  }

  /** Takes out what pays for itself no more: one unit, which has an item of its own; what evicts most goes first. */
  prune(): void {
    for (;;) {
      let worst = -1
      let worstLoss = -1
      for (const id of this.chosen) {
        if (this.ownUnits(id) > 1) continue
        const loss = this.ownLoss(id)
        if (loss > worstLoss) [worst, worstLoss] = [id, loss]
      }
      if (worst < 0) return
      this.remove(worst)
    }
  }

  toSolution(): Solution {
    return { chosen: [...this.chosen], count: this.count, prefixes: this.prefixes, loss: this.loss }
  }

  #countLooks(id: number): void {
    const { purges, evicts } = this.problem
    this.looks += evicts.starts[id + 1]! - evicts.starts[id]! + purges.starts[id + 1]! - purges.starts[id]!
  }

  #shift(group: number, direction: 1 | -1): void {
    const { units, isHard, purgedBy } = this.problem.groups
    const change = units[group]! * direction
    this.uncovered += change
    this.looks += purgedBy.starts[group + 1]! - purgedBy.starts[group]!
    if (isHard[group] === 1) this.hardUncovered += change
    for (let i = purgedBy.starts[group]!; i < purgedBy.starts[group + 1]!; i += 1)
      this.newUnits[purgedBy.values[i]!]! += change
  }
}

/** Less evicted; then fewer items; then fewer prefixes, which CloudFront takes one a second. */
export function isBetter(a: Solution, b: Solution): boolean {
  const slack = 1e-9 * (1 + Math.abs(b.loss))
  if (a.loss < b.loss - slack) return true
  if (a.loss > b.loss + slack) return false
  return a.count < b.count || (a.count === b.count && a.prefixes < b.prefixes)
}
