// How many invalidation paths may this deploy use, so that the month stays within the free ones? Pure.

import { FREE_PATHS_PER_MONTH } from './limits.ts'

/** A site that deploys less often is expected to deploy as often as this. */
const LEAST_DEPLOYS_PER_WINDOW = 10
const WINDOW_DAYS = 30
/** A deploy may always have this share of what is left: the rhythm of the past says little of the next big change. */
const LEAST_SHARE = 1 / 4
const DAY_MS = 24 * 60 * 60 * 1000

export interface MonthSoFar {
  /** Of this deploy, in milliseconds since 1970, UTC. */
  readonly nowMs: number
  /** When earlier deploys invalidated something; order does not matter, older ones than 30 days are of no interest. */
  readonly deployTimesMs: readonly number[]
  /** Paths that were invalidated since the month began, in the whole account as far as is known. */
  readonly usedPaths: number
  /** 1,000 by default. */
  readonly pathsPerMonth?: number
}

/**
 * What is left of the month's paths, spread over the deploys that are to be expected until its end, but at least a quarter of it.
 * Months are those of UTC, as CloudFront's bills are.
 *
 * @returns a whole number; 0 only where nothing is left
 * @see CloudFront Developer Guide, "Pay for file invalidation": the first 1,000 paths a month are free, for all distributions together
 */
export function allowedPaths({
  nowMs,
  deployTimesMs,
  usedPaths,
  pathsPerMonth = FREE_PATHS_PER_MONTH,
}: MonthSoFar): number {
  const left = Math.max(0, Math.floor(pathsPerMonth - usedPaths))
  if (left === 0) return 0
  const recent = deployTimesMs.filter((time) => time <= nowMs && time > nowMs - WINDOW_DAYS * DAY_MS).length
  const daysLeft = (startOfNextMonth(nowMs) - nowMs) / DAY_MS
  // This one is among them.
  const expected = Math.max(1, (Math.max(LEAST_DEPLOYS_PER_WINDOW, recent) * daysLeft) / WINDOW_DAYS)
  return Math.max(1, Math.floor(left * Math.max(1 / expected, LEAST_SHARE)))
}

/** Whether both are in the same month of the bill. */
export function isSameMonth(aMs: number, bMs: number): boolean {
  return startOfNextMonth(aMs) === startOfNextMonth(bMs)
}

function startOfNextMonth(timeMs: number): number {
  const time = new Date(timeMs)
  return Date.UTC(time.getUTCFullYear(), time.getUTCMonth() + 1, 1)
}
