// How long does an edge location remember an error? Two pages of the CloudFront Developer Guide answer, "How CloudFront
// processes and caches HTTP 4xx and 5xx status codes from your origin" (HTTPStatusCodes) and "Control how long CloudFront
// caches errors" (custom-error-pages-expiration), and about 403 they disagree: hence the switch.

import type { Headers, Ttl } from './ttl.ts'
import { forbidsStoring, isCachingDisabled, statedLifetimeSeconds } from './ttl.ts'

/**
 * Is a 403 (also 400, 405, 412, 415) without `max-age` remembered? `cached`, the default, follows
 * custom-error-pages-expiration and is the worse case for who deploys; `not-cached` follows HTTPStatusCodes.
 */
export type NegativeCaching403 = 'cached' | 'not-cached'

export interface ErrorCachingRule {
  /** ErrorCachingMinTTL of the distribution's entry for this status; undefined when it has none. */
  readonly errorCachingMinTtlSeconds: number | undefined
  readonly isS3Origin: boolean
  readonly ttl: Ttl
  readonly negativeCaching403: NegativeCaching403
  readonly nowMs: number
}

const DEFAULT_ERROR_CACHING_MIN_TTL_SECONDS = 10

/** The two pages agree on these. */
const ALWAYS_CACHED = new Set([404, 410, 414, 500, 501, 502, 503, 504])
/** On these, `no-store`, `no-cache` and `private` are heeded. */
const HEEDS_CACHE_CONTROL = new Set([404, 410, 414, 501])
/** Cached with an explicit max-age by one page, always by the other. */
const DISPUTED = new Set([400, 403, 405, 412, 415])

/** @returns whole seconds, or undefined when the error must not be kept */
export function errorLifetimeSeconds(status: number, headers: Headers, rule: ErrorCachingRule): number | undefined {
  if (isCachingDisabled(rule.ttl)) return undefined
  if (HEEDS_CACHE_CONTROL.has(status) && forbidsStoring(headers)) return undefined
  const stated = statedLifetimeSeconds(headers, rule.nowMs)
  if (DISPUTED.has(status)) {
    const saysMaxAge = /\b(s-maxage|max-age)\s*=/i.test(headers['cache-control'] ?? '')
    if (rule.negativeCaching403 === 'not-cached' && !saysMaxAge) return undefined
  } else if (!ALWAYS_CACHED.has(status)) return undefined

  const configured = rule.errorCachingMinTtlSeconds ?? DEFAULT_ERROR_CACHING_MIN_TTL_SECONDS
  const minimum = rule.isS3Origin ? Math.max(1, configured) : configured
  return Math.min(Math.max(minimum, stated ?? 0), rule.ttl.maxTtlSeconds)
}
