// How long may an edge location keep an object? Cache-Control and Expires of the origin, held between a cache policy's
// three TTLs. Facts: CloudFront Developer Guide, "Manage how long content stays in the cache (expiration)".

/** Header names in lower case. */
export type Headers = Readonly<Record<string, string>>

export interface Ttl {
  readonly minTtlSeconds: number
  readonly defaultTtlSeconds: number
  readonly maxTtlSeconds: number
}

/** A hundred years: the largest `max-age` that CloudFront takes. */
const LONGEST_SECONDS = 3_153_600_000

/** All three TTLs 0, as in the managed policy CachingDisabled: nothing is kept, errors neither. */
export function isCachingDisabled(ttl: Ttl): boolean {
  return ttl.maxTtlSeconds === 0
}

/**
 * The lifetime of a cacheable answer below 400.
 *
 * @returns seconds, 0 for "kept, but validated at every request"; undefined when it must not be kept at all
 */
export function objectLifetimeSeconds(headers: Headers, ttl: Ttl, nowMs: number): number | undefined {
  if (isCachingDisabled(ttl)) return undefined
  // A minimum TTL above 0 wins over no-store: CachingOptimized keeps such objects for a second.
  if (forbidsStoring(headers)) return ttl.minTtlSeconds > 0 ? ttl.minTtlSeconds : undefined
  const seconds = statedLifetimeSeconds(headers, nowMs) ?? ttl.defaultTtlSeconds
  return Math.min(Math.max(seconds, ttl.minTtlSeconds), ttl.maxTtlSeconds)
}

/** `no-store`, `no-cache` or `private`. */
export function forbidsStoring(headers: Headers): boolean {
  const directives = readCacheControl(headers)
  return directives.has('no-store') || directives.has('no-cache') || directives.has('private')
}

/** What the origin asks for: s-maxage before max-age before Expires; undefined when it says nothing. */
export function statedLifetimeSeconds(headers: Headers, nowMs: number): number | undefined {
  const maxAge = directiveSeconds(headers, 's-maxage') ?? directiveSeconds(headers, 'max-age')
  if (maxAge !== undefined) return maxAge
  const expires = headers['expires']
  if (expires === undefined) return undefined
  const expiresMs = Date.parse(expires)
  return Number.isNaN(expiresMs) ? 0 : Math.max(0, Math.floor((expiresMs - nowMs) / 1000))
}

/** A directive's seconds, as in `stale-if-error=600`; undefined when it is absent or not a whole number. */
export function directiveSeconds(headers: Headers, name: string): number | undefined {
  const text = readCacheControl(headers).get(name)
  return text !== undefined && /^\d+$/.test(text) ? Math.min(Number(text), LONGEST_SECONDS) : undefined
}

function readCacheControl(headers: Headers): Map<string, string> {
  const directives = new Map<string, string>()
  for (const part of (headers['cache-control'] ?? '').split(',')) {
    const [name = '', ...value] = part.split('=')
    if (name.trim() !== '') directives.set(name.trim().toLowerCase(), value.join('=').trim().replaceAll('"', ''))
  }
  return directives
}
