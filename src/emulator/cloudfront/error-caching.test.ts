import { describe, expect, it } from 'vitest'
import type { ErrorCachingRule } from './error-caching.ts'
import { errorLifetimeSeconds } from './error-caching.ts'

const RULE: ErrorCachingRule = {
  errorCachingMinTtlSeconds: undefined,
  isS3Origin: true,
  ttl: { minTtlSeconds: 1, defaultTtlSeconds: 86_400, maxTtlSeconds: 31_536_000 },
  negativeCaching403: 'cached',
  nowMs: Date.UTC(2026, 0, 1),
}

describe('errorLifetimeSeconds', () => {
  // status, Cache-Control, ErrorCachingMinTTL, by custom-error-pages-expiration, by HTTPStatusCodes
  it.each([
    [404, undefined, undefined, 10, 10],
    [404, 'no-store', undefined, undefined, undefined],
    [403, undefined, undefined, 10, undefined],
    [403, 'max-age=60', undefined, 60, 60],
    [403, undefined, 300, 300, undefined],
    [404, undefined, 0, 1, 1],
    [404, 'max-age=5', 300, 300, 300],
    [404, 'max-age=99999999', undefined, 31_536_000, 31_536_000],
    [503, undefined, undefined, 10, 10],
    [503, 'no-store', undefined, 10, 10],
    [501, 'no-store', undefined, undefined, undefined],
    [416, undefined, 300, undefined, undefined],
    [429, undefined, undefined, undefined, undefined],
  ])('keeps %i with Cache-Control %s and a minimum of %s for %s or %s seconds', (status, cacheControl, min, a, b) => {
    const headers: Record<string, string> = cacheControl === undefined ? {} : { 'cache-control': cacheControl }
    const rule = { ...RULE, errorCachingMinTtlSeconds: min }
    expect(errorLifetimeSeconds(status, headers, rule)).toBe(a)
    expect(errorLifetimeSeconds(status, headers, { ...rule, negativeCaching403: 'not-cached' })).toBe(b)
  })

  it('keeps no error where caching is disabled', () => {
    const ttl = { minTtlSeconds: 0, defaultTtlSeconds: 0, maxTtlSeconds: 0 }
    expect(errorLifetimeSeconds(404, {}, { ...RULE, ttl })).toBeUndefined()
  })
})
