// How many paths this deploy may use, by whose word, and what more of them would cost. Pure.

import type { Config, Debt, PlannedCost, Spending } from '../model.ts'
import { allowedPaths } from './budget.ts'
import { FREE_PATHS_PER_MONTH } from './limits.ts'

/** @see CloudFront pricing, "Invalidation requests": $0.005 for each path beyond the first 1,000 of a month (read 2026-11-23) */
const PRICE_PER_PATH_USD = 0.005

export type Allowance = Pick<PlannedCost, 'freeLeft' | 'allowed' | 'allowedBy'>

export interface AllowanceInput {
  readonly state: { readonly spending: Spending } | undefined
  readonly debt: Debt | undefined
  readonly config: Pick<Config, 'invalidation'>
  readonly nowMs: number
  readonly accountPaths: number | undefined
}

/** At least one path is allowed to every deploy: what has changed has to be refreshed. */
export function allowanceOf({ state, debt, config, nowMs, accountPaths }: AllowanceInput): Allowance {
  const { maxPaths, maxCostUsd = 0, pathsPerMonth = FREE_PATHS_PER_MONTH } = config.invalidation ?? {}
  const spending = state?.spending
  const counted = (spending?.month === monthOf(nowMs) ? spending.paths : 0) + (debt?.paths ?? 0)
  const usedPaths = Math.max(counted, accountPaths ?? 0)
  const freeLeft = Math.max(0, pathsPerMonth - usedPaths)
  if (maxPaths !== undefined) return { freeLeft, allowed: Math.max(1, maxPaths), allowedBy: 'maxPaths' }
  const deployTimesMs = (spending?.purgedAt ?? []).map((time) => Date.parse(time))
  const share = allowedPaths({ nowMs, deployTimesMs, usedPaths, pathsPerMonth })
  const bought = Math.floor(maxCostUsd / PRICE_PER_PATH_USD + 1e-9)
  return {
    freeLeft,
    allowed: Math.max(1, share + bought),
    allowedBy: bought > 0 ? 'maxCost' : 'the month',
  }
}

/** @param paths beyond the free ones; fewer than none cost nothing */
export function priceOfPathsUsd(paths: number): number {
  return Math.round(Math.max(0, paths) * PRICE_PER_PATH_USD * 1000) / 1000
}

/** `2026-11`, of UTC. */
function monthOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 7)
}
