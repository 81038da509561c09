// CloudFront's rhythm: how many items and wildcards a second may be sent, and how long to leave it alone when it takes no more.

import { createHash } from 'node:crypto'
import type { Clock } from '../ports.ts'
import { createTokenBucket } from './token-bucket.ts'

/** @see CloudFront Developer Guide, "Quotas": 150 paths or tags and 1 wildcard invalidation per second (read 2026-11-23) */
const ITEMS_PER_SECOND = 150
const WILDCARDS_PER_SECOND = 1
const FIRST_BACK_OFF_MS = 1000
const MAX_BACK_OFF_MS = 300_000

/** Resolves when a request with these items may be sent. Sleeps only when it must. */
export type Pace = (items: readonly string[], signal: AbortSignal | undefined) => Promise<void>

/**
 * One for all distributions of a run: whether the quota is the account's or a distribution's is not documented, nor what may go at once,
 * so that it is taken as the account's, and as no more than one second's worth. A wildcard counts as an item too.
 */
export function createPace(clock: Clock): Pace {
  const nowMs = (): number => clock.nowMs()
  const allItems = createTokenBucket({ tokensPerSecond: ITEMS_PER_SECOND, capacity: ITEMS_PER_SECOND, nowMs })
  const wildcards = createTokenBucket({ tokensPerSecond: WILDCARDS_PER_SECOND, capacity: WILDCARDS_PER_SECOND, nowMs })
  return async (items, signal) => {
    const wildcardCount = items.filter((item) => item.startsWith('/') && item.endsWith('*')).length
    const delayMs = Math.max(allItems.book(items.length), wildcards.book(wildcardCount))
    if (delayMs > 0) await clock.sleep(delayMs, signal)
  }
}

/**
 * 1 s, 2 s, 4 s … 5 minutes, each shortened by up to half. By how much is drawn from the request's own reference instead of by chance:
 * that spreads runs and distributions just as well, whose references differ, and makes each wait the same whenever it is replayed.
 *
 * @param refusals how often CloudFront has refused the request before this time: 0 at the first
 */
export function backOffMs(callerReference: string, refusals: number): number {
  const longestMs = Math.min(MAX_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** refusals)
  const drawn = createHash('sha256').update(`${callerReference} ${refusals}`).digest().readUInt32BE(0) / 2 ** 32
  return Math.round(longestMs * (1 - drawn / 2))
}
