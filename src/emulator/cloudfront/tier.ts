// One level of caching: answers from its store, or asks the level behind it. The edge locations ask the regional edge
// cache, and that one asks the origin, by the same rules.
// Facts: CloudFront Developer Guide, "Manage how long content stays in the cache" (stale directives) and HTTPStatusCodes.

import type { EmulatorClock } from '../clock.ts'
import type { CacheEntry, CacheStore, StoredResponse } from './cache-store.ts'
import { isFresh } from './cache-store.ts'
import type { Lookup } from './lookup.ts'
import { directiveSeconds } from './ttl.ts'

/** `stale`: expired, and served because the origin fails or stale-while-revalidate allows it. */
export type CacheResult = 'hit' | 'stale' | 'refresh' | 'miss'

export type Answer =
  | {
      readonly kind: 'full'
      readonly response: StoredResponse
      readonly result: CacheResult
      /** The origin was asked with HEAD. */
      readonly isBodyless: boolean
    }
  /** `known` still stands, with this new lifetime; `servedStaleUntilMs` when nobody could confirm it. */
  | {
      readonly kind: 'validated'
      readonly storedAtMs: number
      readonly expiresAtMs: number | undefined
      readonly servedStaleUntilMs?: number | undefined
    }

/** @param known what the caller has kept and would like confirmed */
export type Ask = (lookup: Lookup, known?: StoredResponse) => Promise<Answer>

export interface TierOptions {
  readonly store: CacheStore
  readonly clock: EmulatorClock
  readonly upstream: Ask
  /** Answers from an expired copy where stale-while-revalidate allows it. The regional cache does not: it is asked to revalidate. */
  readonly servesWhileRevalidating: boolean
  /** Replaces an error before it is kept: where custom error pages come in. */
  readonly replaceError?: (lookup: Lookup, error: StoredResponse) => Promise<StoredResponse>
}

export function createTier(options: TierOptions): Ask {
  const { store, clock, upstream, replaceError } = options
  return async (lookup, known) => {
    const own = store.find(lookup.key)
    const startMs = clock.nowMs()
    if (own !== undefined && isFresh(own, startMs)) {
      store.noteViewerUrl(lookup)
      return answerFrom(own, known, 'hit')
    }

    const fill = store.beginFill(lookup)
    try {
      const validating = own !== undefined && isValidatable(own) ? own : undefined
      // A HEAD that finds an expired copy refreshes it: only a GET brings the body that may have changed.
      const asked = own === undefined ? lookup : ({ ...lookup, method: 'GET' } as const)
      const answer = await upstream(asked, validating ?? known)

      if (answer.kind === 'validated') {
        if (validating === undefined) return answer
        const { storedAtMs, expiresAtMs, servedStaleUntilMs } = answer
        const confirmed = { ...validating, storedAtMs, expiresAtMs, servedStaleUntilMs }
        fill.finish(confirmed)
        return answerFrom(confirmed, known, servedStaleUntilMs === undefined ? 'refresh' : 'stale')
      }

      const { response } = answer
      if (own !== undefined && response.status >= 500 && mayServeOnFailure(own, lookup, startMs)) {
        const retried = { ...own, servedStaleUntilMs: response.expiresAtMs ?? startMs }
        fill.finish(retried)
        return answerFrom(retried, known, 'stale')
      }
      const kept = response.isError && replaceError !== undefined ? await replaceError(lookup, response) : response
      if (!answer.isBodyless) fill.finish(kept)
      // The refresh that CloudFront does in the background is done first here; the viewer cannot tell.
      if (options.servesWhileRevalidating && own !== undefined && mayServeWhileRevalidating(own, lookup, startMs)) {
        return answerFrom(own, known, 'stale')
      }
      return { kind: 'full', response: kept, result: 'miss', isBodyless: answer.isBodyless }
    } finally {
      fill.abandon()
    }
  }
}

/** To a caller with the same bytes it is enough to confirm them: its headers stay as they are. */
function answerFrom(own: StoredResponse, known: StoredResponse | undefined, result: CacheResult): Answer {
  const isSame =
    known?.originEtag !== undefined &&
    known.originEtag === own.originEtag &&
    known.status === own.status &&
    !own.isError
  const { storedAtMs, expiresAtMs, servedStaleUntilMs } = own
  if (isSame) return { kind: 'validated', storedAtMs, expiresAtMs, servedStaleUntilMs }
  return { kind: 'full', response: own, result, isBodyless: false }
}

function isValidatable(entry: CacheEntry): boolean {
  return !entry.isError && (entry.originEtag !== undefined || entry.headers['last-modified'] !== undefined)
}

/** On 5xx and unreachable origins: always, unless stale-if-error sets a limit; `stale-if-error=0` forbids it. */
function mayServeOnFailure(own: CacheEntry, lookup: Lookup, nowMs: number): boolean {
  if (own.isError) return false
  const limitSeconds = directiveSeconds(own.headers, 'stale-if-error')
  return limitSeconds === undefined || isStaleWithin(own, limitSeconds, lookup, nowMs)
}

function mayServeWhileRevalidating(own: CacheEntry, lookup: Lookup, nowMs: number): boolean {
  const limitSeconds = directiveSeconds(own.headers, 'stale-while-revalidate')
  return !own.isError && limitSeconds !== undefined && isStaleWithin(own, limitSeconds, lookup, nowMs)
}

function isStaleWithin(own: CacheEntry, limitSeconds: number, lookup: Lookup, nowMs: number): boolean {
  const seconds = Math.min(limitSeconds, lookup.behavior.cachePolicy.ttl.maxTtlSeconds)
  return nowMs < own.expiresAtMs + seconds * 1000
}
