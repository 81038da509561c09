// How many invalidations may be made: the rates of 2026, the limits in progress of before, or none.
// Facts: CloudFront Developer Guide, "Quotas" (150 paths or tags and 1 wildcard a second since 2026), "Quotas on
// invalidations" (older: 3,000 paths and 15 wildcards in progress per distribution); error codes as users report them.

import { ApiError } from './api-error.ts'
import { isWildcard } from './invalidation-paths.ts'

/**
 * `rate-2026`: 150 items and 1 wildcard a second, over all distributions. The bursts are not documented; here 3,000 items
 * and 15 wildcards, the limits of before, are allowed at once. `rate-2026-no-burst`: no more at once than in a second.
 * `in-progress-legacy`: the limits of before as numbers in progress per distribution. `none`: no limit.
 */
export type QuotaModel = 'rate-2026' | 'rate-2026-no-burst' | 'in-progress-legacy' | 'none'

export interface Quota {
  /**
   * Takes the items of one batch, or none of them.
   *
   * @param inProgress the items of the distribution's invalidations in progress
   * @throws {ApiError} `Throttling`, `BatchTooLarge`, `TooManyInvalidationsInProgress`
   */
  take(items: readonly string[], inProgress: readonly string[]): void
}

const ITEMS_PER_SECOND = 150
const WILDCARDS_PER_SECOND = 1
const ROUNDING = 1e-6
const MAX_ITEMS_AT_ONCE = 3000
const MAX_WILDCARDS_AT_ONCE = 15

export function createQuota(model: QuotaModel, nowMs: () => number): Quota {
  switch (model) {
    case 'rate-2026':
      return createRateQuota(MAX_ITEMS_AT_ONCE, MAX_WILDCARDS_AT_ONCE, nowMs)
    case 'rate-2026-no-burst':
      return createRateQuota(ITEMS_PER_SECOND, WILDCARDS_PER_SECOND, nowMs)
    case 'in-progress-legacy':
      return { take: takeInProgress }
    case 'none':
      return { take: () => {} }
  }
}

function createRateQuota(itemsAtOnce: number, wildcardsAtOnce: number, nowMs: () => number): Quota {
  const items = createTokenBucket(itemsAtOnce, ITEMS_PER_SECOND, nowMs)
  const wildcards = createTokenBucket(wildcardsAtOnce, WILDCARDS_PER_SECOND, nowMs)
  return {
    take(batch) {
      const wildcardCount = batch.filter(isWildcard).length
      // A batch that no waiting would let through is too large, rather than too early.
      if (batch.length > itemsAtOnce || wildcardCount > wildcardsAtOnce) throw batchTooLarge()
      if (items.available() < batch.length || wildcards.available() < wildcardCount) {
        throw new ApiError('Throttling', 400, 'Rate exceeded')
      }
      items.take(batch.length)
      wildcards.take(wildcardCount)
    },
  }
}

function takeInProgress(items: readonly string[], inProgress: readonly string[]): void {
  if (items.length > MAX_ITEMS_AT_ONCE) throw batchTooLarge()
  const all = [...inProgress, ...items]
  const wildcardCount = all.filter(isWildcard).length
  if (wildcardCount > MAX_WILDCARDS_AT_ONCE || all.length - wildcardCount > MAX_ITEMS_AT_ONCE) {
    throw new ApiError(
      'TooManyInvalidationsInProgress',
      400,
      'Your request would exceed the number of invalidation paths that can be in progress for this distribution.',
    )
  }
}

function createTokenBucket(capacity: number, perSecond: number, nowMs: () => number) {
  let tokens = capacity
  let countedAtMs = nowMs()
  function available(): number {
    const now = nowMs()
    tokens = Math.min(capacity, tokens + ((now - countedAtMs) / 1000) * perSecond)
    countedAtMs = now
    // A whole token made of fractions may fall short of it by what rounding takes.
    return tokens + ROUNDING
  }
  return {
    available,
    take(count: number): void {
      tokens = available() - ROUNDING - count
    },
  }
}

function batchTooLarge(): ApiError {
  return new ApiError('BatchTooLarge', 413, 'The number of items in the invalidation batch is too large.')
}
