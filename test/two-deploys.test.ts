// Promise P2: two deploys at once never leave a mix. Their requests are interleaved at every step; FRESHFRONT_FAULTS=all runs all
// schedules, else a part of them is drawn by FRESHFRONT_SEED.

import { expect, it } from 'vitest'
import { type Race, type RaceResult, type Rules, startRaceLane } from './race/race-lane.ts'
import { breakInAt, breakInAtRandom, breakInOnce, breakInTwice, RULES, WRITES } from './race/schedules.ts'

const runsAll = process.env['FRESHFRONT_FAULTS'] === 'all'
const seed = Number(process.env['FRESHFRONT_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
/** No deploy of these sites has more steps: it has ended before, and the other one only comes after it. */
const MOST_STEPS = { withoutFilm: 22, withFilm: 32 }
const RANDOM_RACES = { all: 500, drawn: 3, withFilm: 60 }

it(
  `leaves one of two builds, whole, however two deploys are interleaved: seed ${seed}`,
  { timeout: runsAll ? 3_600_000 : 120_000 },
  async () => {
    const violations = [...(await runRaces(runsAll ? everyRace() : drawnRaces(), false))]
    if (runsAll) violations.push(...(await runRaces(racesWithFilm(), true)))
    expect(violations).toEqual([])
  },
)

function everyRace(): Race[] {
  const grid = (first: number): number[] => numbers(MOST_STEPS.withoutFilm).filter((step) => step % 3 === first)
  return [
    ...RULES.flatMap((rules) => numbers(MOST_STEPS.withoutFilm).map((steps) => breakInOnce(rules, steps))),
    ...RULES.flatMap((rules) => WRITES.map((write) => breakInAt(rules, write))),
    ...RULES.flatMap((rules) => grid(0).flatMap((ofA) => grid(1).map((ofB) => breakInTwice(rules, ofA, ofB)))),
    ...numbers(RANDOM_RACES.all).map((index) => breakInAtRandom(seed + index)),
  ]
}

/** Each kind of write that must not come late, two other places at which a run can stand still, one race for each other rule, a few at random. */
function drawnRaces(): Race[] {
  const standingStill = RULES.filter(({ freezes }) => freezes)
  const stillRules = (index: number): Rules => standingStill[(seed + index) % standingStill.length] ?? RULES[0]
  return [
    ...WRITES.map((write, index) => breakInAt(stillRules(index), write)),
    ...numbers(2).map((index) => breakInOnce(stillRules(index), (seed + 7 * index) % MOST_STEPS.withoutFilm)),
    ...RULES.filter(({ freezes }) => !freezes).map((rules, index) => breakInTwice(rules, 1 + ((seed + index) % 16), 3)),
    ...numbers(RANDOM_RACES.drawn).map((index) => breakInAtRandom(seed + index)),
  ]
}

function racesWithFilm(): Race[] {
  return [
    ...RULES.filter(({ freezes }) => freezes).flatMap((rules) =>
      numbers(MOST_STEPS.withFilm).map((steps) => breakInOnce(rules, steps)),
    ),
    ...numbers(RANDOM_RACES.withFilm).map((index) => breakInAtRandom(seed + index)),
  ]
}

async function runRaces(races: readonly Race[], hasFilm: boolean): Promise<string[]> {
  const startedMs = performance.now()
  const results: RaceResult[] = []
  let lane = await startRaceLane(hasFilm)
  for (const [index, race] of races.entries()) {
    const result = await lane.run(race)
    results.push({
      ...result,
      violations: result.violations.map((violation) => `race ${index}, seed ${seed}: ${violation}`),
    })
    if (result.violations.length === 0) continue
    // Now, since all of them take minutes.
    process.stderr.write(`two-deploys: ${results.at(-1)?.violations.join('\n')}\n`)
    // What went wrong once must not go on into the next race.
    await lane.close()
    lane = await startRaceLane(hasFilm)
  }
  await lane.close()
  const violations = results.flatMap((result) => result.violations)
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
  process.stderr.write(
    `two-deploys: ${hasFilm ? 'with' : 'without'} a film, seed ${seed}, ${countKinds(results)}, ${violations.length} violations, ${seconds} s\n`,
  )
  return violations
}

function countKinds(results: readonly RaceResult[]): string {
  const count = (isOne: (result: RaceResult) => boolean): number => results.filter(isOne).length
  const endsAs = (...endings: readonly string[]): number =>
    count((result) => Object.values(result.endings).some((ending) => endings.includes(ending)))
  return [
    `${results.length} races of ${results.reduce((sum, { requests }) => sum + requests, 0)} requests`,
    `both live in turn ${count(({ endings }) => Object.values(endings).every((ending) => ending === 'fresh'))}`,
    `one refused ${endsAs('LOCKED', 'OLDER_THAN_LIVE', 'superseded')}`,
    `one lost its lock ${endsAs('LOCK_LOST')}`,
    `of these repaired by the next run ${count(({ strays }) => strays.length > 0)}`,
  ].join(', ')
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index)
}
