// How long can an edge keep what a key holds, where that is not long at all? Pure.

import { forbidsStoring } from '../http/freshness.ts'
import type { CacheBehavior, ObjectMetadata } from '../model.ts'

/**
 * The longest that any edge keeps a response with these headers under any of the behaviors; undefined: too long to wait for.
 *
 * A behavior whose maximum TTL is 0 keeps nothing. `no-store` is kept for the minimum TTL, which wins over the response's own word, and so
 * not at all where that is 0.
 *
 * @see CloudFront Developer Guide, "Manage how long content stays in the cache": the table of Cache-Control headers (read 2026-11-23)
 */
export function shortLifetimeSeconds(
  metadata: Pick<ObjectMetadata, 'cacheControl'>,
  behaviors: readonly CacheBehavior[],
): number | undefined {
  let longest = 0
  for (const { minTtlSeconds, maxTtlSeconds, changesResponses } of behaviors) {
    if (maxTtlSeconds === 0) continue
    // Code at the edge may have put another Cache-Control there.
    if (changesResponses === 'anything' || !forbidsStoring(metadata)) return undefined
    longest = Math.max(longest, minTtlSeconds)
  }
  return longest
}
