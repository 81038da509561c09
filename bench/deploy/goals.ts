// How fast a deploy is meant to be, and whether it is: ratios to the best peer of the same run, and bounds.

import type { Scenario } from './options.ts'
import { findBestPeer, findSeries, median, medianOf, type Metric, type Results } from './results.ts'

export interface GoalResult {
  readonly name: string
  /** As it is written: `0.5 × hugo deploy (1.10 s)`. */
  readonly limit: string
  readonly measured: string
  readonly isMet: boolean
}

/** Where nothing is left of the last deploy, and where its record of files is. */
const PLACES = { freshfront: 'in CI', 'freshfront-again': 'same folder' } as const
type Ours = keyof typeof PLACES
const OURS = Object.keys(PLACES) as Ours[]
/** The site that the ratios are about; the largest one measured where it was not. */
const GOAL_FILE_COUNT = 10_000
const PEAK_BYTES_MAX = 150e6
/** S3 answers a listing with up to 1,000 keys. */
const KEYS_PER_LISTING = 1000
const CONSTANT_REQUESTS_MAX = 11
const HELP_SECONDS_MAX = 0.08
const SMALL_FILE_COUNT = 10
const SMALL_NO_OP_SECONDS_MAX = 0.4
const PUT_LOOP_RATIO_MAX = 1.25

const RATIOS: readonly (readonly [Scenario, 'wallSeconds' | 'cpuSeconds', ratioMax: number])[] = [
  ['no-op', 'wallSeconds', 0.5],
  ['no-op', 'cpuSeconds', 0.5],
  ['touched', 'wallSeconds', 0.5],
  ['touched', 'cpuSeconds', 0.5],
  ['changed', 'wallSeconds', 0.5],
  ['changed', 'cpuSeconds', 0.5],
  ['first', 'wallSeconds', 0.75],
  ['first', 'cpuSeconds', 0.5],
]

/** @returns the goals for which there is something measured on both sides */
export function judge(results: Results): { readonly fileCount: number; readonly goals: readonly GoalResult[] } {
  const counts = results.sites.map(({ fileCount }) => fileCount)
  const fileCount = counts.includes(GOAL_FILE_COUNT) ? GOAL_FILE_COUNT : Math.max(...counts)
  const goals = [
    ...RATIOS.flatMap((ratio) => OURS.map((id) => judgeRatio(results, fileCount, id, ...ratio))),
    ...OURS.map((id) => judgePutLoop(results, fileCount, id)),
    judgeMemory(results, fileCount),
    ...judgeRequests(results, fileCount),
    judgeSeconds('`freshfront --help`', median(results.helpSeconds), HELP_SECONDS_MAX),
    ...OURS.map((id) =>
      judgeSeconds(
        `no-op of ${SMALL_FILE_COUNT} files, ${PLACES[id]}`,
        medianOf(findSeries(results, id, SMALL_FILE_COUNT, 'no-op'), 'wallSeconds'),
        SMALL_NO_OP_SECONDS_MAX,
      ),
    ),
  ]
  return { fileCount, goals: goals.filter((goal) => goal !== undefined) }
}

function judgeRatio(
  results: Results,
  fileCount: number,
  id: Ours,
  scenario: Scenario,
  metric: Metric,
  ratioMax: number,
): GoalResult | undefined {
  const ours = medianOf(findSeries(results, id, fileCount, scenario), metric)
  const best = findBestPeer(results, fileCount, scenario, metric)
  if (ours === undefined || best === undefined) return undefined
  return {
    name: `${scenario}, ${PLACES[id]}, ${metric === 'wallSeconds' ? 'wall' : 'CPU'}`,
    limit: `${ratioMax} × ${best.name} (${best.value.toFixed(2)} s)`,
    measured: `${(ours / best.value).toFixed(2)} × (${ours.toFixed(2)} s)`,
    isMet: ours <= ratioMax * best.value,
  }
}

function judgePutLoop(results: Results, fileCount: number, id: Ours): GoalResult | undefined {
  const ours = medianOf(findSeries(results, id, fileCount, 'first'), 'wallSeconds')
  const floor = medianOf(findSeries(results, 'put-loop', fileCount, 'first'), 'wallSeconds')
  if (ours === undefined || floor === undefined) return undefined
  return {
    name: `first, ${PLACES[id]}, wall`,
    limit: `${PUT_LOOP_RATIO_MAX} × the PUT loop (${floor.toFixed(2)} s)`,
    measured: `${(ours / floor).toFixed(2)} × (${ours.toFixed(2)} s)`,
    isMet: ours <= PUT_LOOP_RATIO_MAX * floor,
  }
}

function judgeMemory({ series }: Results, fileCount: number): GoalResult | undefined {
  const peaks = series
    .filter((each) => OURS.some((id) => id === each.tool.id) && each.fileCount === fileCount)
    .map((each) => medianOf(each, 'peakBytes') ?? 0)
  if (peaks.length === 0) return undefined
  const peak = Math.max(...peaks)
  return {
    name: 'memory, in any scenario',
    limit: `${PEAK_BYTES_MAX / 1e6} MB`,
    measured: `${Math.round(peak / 1e6)} MB`,
    isMet: peak <= PEAK_BYTES_MAX,
  }
}

function judgeRequests(results: Results, fileCount: number): GoalResult[] {
  const site = results.sites.find((each) => each.fileCount === fileCount)
  return [...(site?.changedFiles ?? [])].flatMap(([scenario, changedFiles]) => {
    const both = OURS.map((id) => medianOf(findSeries(results, id, fileCount, scenario), 'requests') ?? 0)
    const requests = Math.max(...both)
    if (requests === 0) return []
    const listings = scenario === 'first' ? 1 : Math.ceil(fileCount / KEYS_PER_LISTING)
    const constant = Math.ceil(requests) - changedFiles - listings
    return [
      {
        name: `${scenario}, requests`,
        limit: `${changedFiles} files + ${listings} to list + ${CONSTANT_REQUESTS_MAX}`,
        measured: `${changedFiles} + ${listings} ${constant < 0 ? '−' : '+'} ${Math.abs(constant)}`,
        isMet: constant <= CONSTANT_REQUESTS_MAX,
      },
    ]
  })
}

function judgeSeconds(name: string, seconds: number | undefined, secondsMax: number): GoalResult | undefined {
  if (seconds === undefined) return undefined
  return {
    name,
    limit: `${secondsMax * 1000} ms`,
    measured: `${Math.round(seconds * 1000)} ms`,
    isMet: seconds < secondsMax,
  }
}
