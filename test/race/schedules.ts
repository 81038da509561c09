// Who goes when: every place at which one run can break into the other, two such places, and turns drawn by a seed.

import type { Race, Rules, Turn } from './race-lane.ts'
import type { Choose } from './turnstile.ts'

const TO_ITS_END = Number.POSITIVE_INFINITY

export const RULES: readonly [Rules, ...Rules[]] = [
  { name: 'without waiting', freezes: false, lockWaitSeconds: 0, commits: 'none', skewMs: 0 },
  { name: 'waiting', freezes: false, lockWaitSeconds: 60, commits: 'none', skewMs: 0 },
  { name: 'with commits', freezes: false, lockWaitSeconds: 60, commits: 'refused', skewMs: 0 },
  { name: 'newest wins', freezes: false, lockWaitSeconds: 60, commits: 'superseded', skewMs: 0 },
  { name: 'standing still', freezes: true, lockWaitSeconds: 60, commits: 'none', skewMs: 0 },
  { name: 'standing still, then gone', freezes: true, lockWaitSeconds: 60, commits: 'none', skewMs: 0, dies: true },
  { name: 'standing still, clock ahead', freezes: true, lockWaitSeconds: 60, commits: 'none', skewMs: 3_600_000 },
  { name: 'standing still, clock behind', freezes: true, lockWaitSeconds: 60, commits: 'none', skewMs: -3_600_000 },
]

/** Renewals of the lock come last, so that a run learns as late as it can that it has lost it. */
const lockLast: Choose = (labels) =>
  Math.max(
    0,
    labels.findIndex((label) => !label.includes('/.freshfront/lock.json')),
  )

/** A goes so many steps, then B to its end, then A. */
export function breakInOnce(rules: Rules, steps: number): Race {
  return {
    rules,
    turns: [
      { run: 'A', steps },
      { run: 'B', steps: TO_ITS_END },
      { run: 'A', steps: TO_ITS_END },
    ],
    choose: lockLast,
    next: (['A', 'B', 'before'] as const)[steps % 3] ?? 'B',
  }
}

/** What a run must not do late: owe, put, remove, record, clear. */
export const WRITES: readonly RegExp[] = [
  /^PUT .*pending/,
  /^PUT .*index\.html/,
  /^DELETE .*index\.html/,
  /^PUT .*state/,
  /^DELETE .*pending/,
]

/** A goes until it has sent that write, then B to its end, and only then A's write is carried out. */
export function breakInAt(rules: Rules, until: RegExp): Race {
  const race = breakInOnce(rules, 0)
  return { ...race, next: 'before', turns: [{ run: 'A', steps: TO_ITS_END, until }, ...[...race.turns].slice(1)] }
}

/** A goes so many steps, B so many, A to its end, then B. */
export function breakInTwice(rules: Rules, stepsOfA: number, stepsOfB: number): Race {
  return {
    rules,
    turns: [
      { run: 'A', steps: stepsOfA },
      { run: 'B', steps: stepsOfB },
      { run: 'A', steps: TO_ITS_END },
      { run: 'B', steps: TO_ITS_END },
    ],
    choose: lockLast,
    next: (['A', 'B', 'before'] as const)[(stepsOfA + stepsOfB) % 3] ?? 'B',
  }
}

/** Turns of 1 to 16 steps, in any order; the same seed gives the same turns. */
export function breakInAtRandom(seed: number): Race {
  // A linear congruential generator: Numerical Recipes' constants.
  let state = seed >>> 0
  const draw = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  draw(1)
  const rules = RULES[draw(RULES.length)] as Rules
  const turns = function* (): Generator<Turn> {
    for (;;) yield { run: draw(2) === 0 ? 'A' : 'B', steps: 1 + draw(2 ** draw(5)) }
  }
  return {
    rules,
    turns: turns(),
    choose: ({ length }) => draw(length),
    next: (['A', 'B', 'before'] as const)[draw(3)] ?? 'B',
  }
}
