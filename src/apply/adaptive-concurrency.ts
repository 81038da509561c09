// How many requests may be under way at once: found out by trying more while more is faster, and halved when the store asks for less; from then
// on they also begin no faster than the store has taken them.

import { adaptiveRate } from './adaptive-rate.ts'

/** Below this gain in speed, more at once is only more at once. */
const WORTHWHILE_GAIN = 1.1
const GROWTH = 1.5
const FIRST_LIMIT = 8
/** Each limit is tried on so many requests for every one that it allows at once, or the chance of a moment would be measured. */
const REQUESTS_PER_SLOT = 6
/** What one request costs a store however small its body is, as bytes. */
const BYTES_PER_REQUEST = 100_000
/** Refusals of one moment are one refusal. */
const SAME_MOMENT_MS = 1000
/** After a refusal the limit stays so long, then grows by one at a time. */
const CALM_MS = 2000

export interface AdaptiveConcurrency {
  /** How many may be under way now, 1 at least. */
  limit(): number
  /** @returns milliseconds until the next may begin, if the limit allows it; 0: now */
  delayMs(nowMs: number): number
  began(nowMs: number): void
  finished(sizeBytes: number, nowMs: number): void
  /** The store has answered 503 SlowDown. */
  refused(nowMs: number): void
}

/**
 * Starts at 8 and climbs by half as long as each step is a tenth faster than the one before; then stays. A refusal halves the limit at once,
 * and from then on it grows by one only after two quiet seconds.
 *
 * @param most never more than this many
 */
export function adaptiveConcurrency(most: number, nowMs: number): AdaptiveConcurrency {
  let limit = Math.min(FIRST_LIMIT, most)
  let phase: 'climbing' | 'settled' | 'careful' = 'climbing'
  let best = { limit, workPerMs: 0 }
  let refusedAtMs = Number.NEGATIVE_INFINITY
  let trial = startTrial(nowMs)
  const rate = adaptiveRate(nowMs)

  function startTrial(startMs: number): { startMs: number; requests: number; work: number } {
    return { startMs, requests: 0, work: 0 }
  }

  function judge(endMs: number): void {
    const workPerMs = trial.work / Math.max(1, endMs - trial.startMs)
    trial = startTrial(endMs)
    if (phase === 'careful') {
      if (endMs - refusedAtMs >= CALM_MS) limit = Math.min(most, limit + 1)
    } else if (phase === 'climbing') {
      if (workPerMs >= best.workPerMs * WORTHWHILE_GAIN) {
        best = { limit, workPerMs }
        limit = Math.min(most, Math.ceil(limit * GROWTH))
        if (limit === best.limit) phase = 'settled'
      } else {
        limit = best.limit
        phase = 'settled'
      }
    }
  }

  return {
    limit: () => limit,
    delayMs: (atMs) => rate.delayMs(atMs),
    began: (atMs) => rate.began(atMs),
    finished(sizeBytes, atMs) {
      rate.finished(atMs)
      trial.requests += 1
      trial.work += BYTES_PER_REQUEST + sizeBytes
      if (trial.requests >= limit * REQUESTS_PER_SLOT) judge(atMs)
    },
    refused(atMs) {
      const isNew = atMs - refusedAtMs >= SAME_MOMENT_MS
      refusedAtMs = isNew ? atMs : refusedAtMs
      phase = 'careful'
      if (!isNew) return
      const isTooFast = rate.isBinding(atMs)
      rate.refused(atMs)
      // What was too fast was not too much at once.
      if (!isTooFast) limit = Math.max(1, Math.floor(limit / 2))
      trial = startTrial(atMs)
    },
  }
}
