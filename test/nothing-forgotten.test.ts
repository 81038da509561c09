// Promise P2: killed at any instant, failed at any request, the next run knows what is still owed to the caches and pays it. Every request
// of a deploy has every fault; FRESHFRONT_FAULTS=all runs all cases, =most those that leave the most behind, else a part of these is
// drawn by FRESHFRONT_SEED.

import { expect, it } from 'vitest'
import { type Fault, FAULTS } from './faults/fault.ts'
import { type FaultCase, type FaultLane, SECOND_BUILDS, startFaultLane, type Start } from './faults/fault-lane.ts'

const wanted = process.env['FRESHFRONT_FAULTS'] ?? 'some'
const runsAll = wanted === 'all'
const seed = Number(process.env['FRESHFRONT_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
/** Side by side, since a run with a fault mostly waits. */
const LANES = 3
/** A lane takes as long to set up as a few cases. */
const CASES_PER_LANE = 8
/** Those that leave the most behind; of them `some` is one at every other request. */
const ALWAYS: readonly Fault[] = ['dies before', 'dies after', 'reset after']
/** Of the cases that are not always run: other errors, other second builds, first deploys over what another tool has put. */
const DRAWN = 6

it(
  `leaves nothing stale, owed or open, whatever happens at any request: seed ${seed}`,
  { timeout: runsAll ? 3_600_000 : 240_000 },
  async () => {
    const violations: string[] = []
    for (const hasFilm of [false, true]) {
      const startedMs = performance.now()
      const lane = await startFaultLane(hasFilm)
      const requests = { release: await lane.measure('release'), adoption: await lane.measure('adoption') }
      const every = (['release', 'adoption'] as const).flatMap((start) => casesOf(hasFilm, start, requests[start]))
      const cases = runsAll ? every : choose(every, requests.release)
      const found = await runAll(cases, hasFilm, lane)
      violations.push(...found)
      const site = `deploys of ${requests.release.length} and ${requests.adoption.length} requests, ${hasFilm ? 'with' : 'without'} a film`
      const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
      process.stderr.write(
        `nothing-forgotten: ${site}: ${cases.length} of ${every.length} cases, seed ${seed}, ${found.length} violations, ${seconds} s\n`,
      )
    }
    expect(violations).toEqual([])
  },
)

function casesOf(hasFilm: boolean, start: Start, requests: readonly string[]): FaultCase[] {
  return requests.flatMap((_, index) =>
    FAULTS.flatMap((fault) =>
      SECOND_BUILDS.map((second): FaultCase => ({ hasFilm, start, request: index + 1, fault, second })),
    ),
  )
}

/** Faults of `ALWAYS` at every request of a small site, and at each that a film adds, followed by one of the three builds; a few of all others. */
function choose(every: readonly FaultCase[], requests: readonly string[]): FaultCase[] {
  const isAlways = ({ hasFilm, start, request, fault, second }: FaultCase): boolean => {
    const secondBuild = SECOND_BUILDS[(seed + request + ALWAYS.indexOf(fault)) % SECOND_BUILDS.length]
    const isChosen =
      wanted === 'most'
        ? ALWAYS.includes(fault)
        : request % 2 === seed % 2 && fault === ALWAYS[(seed + request) % ALWAYS.length]
    const isWanted = isChosen && (!hasFilm || (requests[request - 1] ?? '').includes('film.mp4'))
    return start === 'release' && isWanted && second === secondBuild
  }
  const others = every.filter((one) => !isAlways(one))
  // A linear congruential generator: Numerical Recipes' constants.
  let state = seed
  const drawn = Array.from({ length: every[0]?.hasFilm === true ? 2 : DRAWN }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return others[Math.floor((state / 2 ** 32) * others.length)] as FaultCase
  })
  return [...every.filter(isAlways), ...drawn]
}

async function runAll(cases: readonly FaultCase[], hasFilm: boolean, first: FaultLane): Promise<string[]> {
  const waiting = [...cases]
  const violations: string[] = []
  const work = async (started: FaultLane | undefined): Promise<void> => {
    let lane = started
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      lane ??= await startFaultLane(hasFilm)
      const found = await lane.run(next)
      violations.push(...found)
      if (found.length === 0) continue
      // What went wrong once must not go on into the next case.
      await lane.close()
      lane = undefined
    }
    await lane?.close()
  }
  const lanes = Math.min(LANES, Math.ceil(cases.length / CASES_PER_LANE))
  await Promise.all(Array.from({ length: lanes }, (_, index) => work(index === 0 ? first : undefined)))
  return violations
}
