import { describe, expect, it } from 'vitest'
import type { Ttl } from './ttl.ts'
import { objectLifetimeSeconds } from './ttl.ts'

const NOW_MS = Date.UTC(2026, 0, 1)
const OPTIMIZED: Ttl = { minTtlSeconds: 1, defaultTtlSeconds: 86_400, maxTtlSeconds: 31_536_000 }
const ORIGIN_DECIDES: Ttl = { minTtlSeconds: 0, defaultTtlSeconds: 0, maxTtlSeconds: 31_536_000 }
const USUAL: Ttl = { minTtlSeconds: 0, defaultTtlSeconds: 86_400, maxTtlSeconds: 31_536_000 }
const MINUTE: Ttl = { minTtlSeconds: 60, defaultTtlSeconds: 60, maxTtlSeconds: 60 }
const DISABLED: Ttl = { minTtlSeconds: 0, defaultTtlSeconds: 0, maxTtlSeconds: 0 }

describe('objectLifetimeSeconds', () => {
  it.each([
    ['CachingOptimized', OPTIMIZED, undefined, 86_400],
    ['CachingOptimized', OPTIMIZED, 'max-age=0, must-revalidate', 1],
    ['CachingOptimized', OPTIMIZED, 'no-store', 1],
    ['CachingOptimized', OPTIMIZED, 'public, max-age=31536000, immutable', 31_536_000],
    ['CachingOptimized', OPTIMIZED, 'max-age=60, s-maxage=600', 600],
    ['CachingOptimized', OPTIMIZED, 'max-age=99999999', 31_536_000],
    ['0/0/31536000', ORIGIN_DECIDES, undefined, 0],
    ['0/0/31536000', ORIGIN_DECIDES, 'max-age=0', 0],
    ['0/86400/31536000', USUAL, 'private', undefined],
    ['0/86400/31536000', USUAL, 'No-Cache', undefined],
    ['0/86400/31536000', USUAL, 'max-age="30"', 30],
    ['60/60/60', MINUTE, undefined, 60],
    ['60/60/60', MINUTE, 'max-age=5', 60],
    ['60/60/60', MINUTE, 'max-age=500', 60],
    ['60/60/60', MINUTE, 'no-store', 60],
    ['CachingDisabled', DISABLED, 'max-age=600', undefined],
  ])('under %s %o, Cache-Control %s lives %s seconds', (_name, ttl, cacheControl, expected) => {
    const headers: Record<string, string> = cacheControl === undefined ? {} : { 'cache-control': cacheControl }
    expect(objectLifetimeSeconds(headers, ttl, NOW_MS)).toBe(expected)
  })

  it('counts Expires from now, and lets max-age win over it', () => {
    const expires = 'Thu, 01 Jan 2026 00:02:00 GMT'
    expect(objectLifetimeSeconds({ expires }, USUAL, NOW_MS)).toBe(120)
    expect(objectLifetimeSeconds({ expires, 'cache-control': 'max-age=7' }, USUAL, NOW_MS)).toBe(7)
    expect(objectLifetimeSeconds({ expires: 'Thu, 01 Jan 2020 00:00:00 GMT' }, USUAL, NOW_MS)).toBe(0)
  })
})
