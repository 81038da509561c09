import { describe, expect, it } from 'vitest'
import type { CachePolicy } from './cache-policies.ts'
import { makeCacheKey, normalizeAcceptEncoding } from './cache-key.ts'

const POLICY: CachePolicy = {
  name: 'test',
  ttl: { minTtlSeconds: 0, defaultTtlSeconds: 0, maxTtlSeconds: 1 },
  gzip: true,
  brotli: true,
  headers: [],
  cookies: { behavior: 'none', names: [] },
  queryStrings: { behavior: 'none', names: [] },
}

function urlOf(query: string, queryStrings: CachePolicy['queryStrings']): string {
  const policy = { ...POLICY, queryStrings }
  return makeCacheKey({ siteId: 'E1', path: '/a', query, headers: {}, policy, areCookiesInKey: false }).url
}

describe('makeCacheKey', () => {
  it('leaves the query string out unless the policy names it', () => {
    expect(urlOf('v=1', { behavior: 'none', names: [] })).toBe('/a')
    expect(urlOf('b=2&a=1', { behavior: 'all', names: [] })).toBe('/a?b=2&a=1')
    expect(urlOf('b=2&a=1&c=3', { behavior: 'whitelist', names: ['a', 'c'] })).toBe('/a?a=1&c=3')
    expect(urlOf('b=2&a=1', { behavior: 'allExcept', names: ['b'] })).toBe('/a?a=1')
    expect(urlOf('b=2', { behavior: 'whitelist', names: ['a'] })).toBe('/a')
  })

  it('tells +, %2B and %20 apart', () => {
    const keys = ['/a+b', '/a%2Bb', '/a%20b'].map(
      (path) =>
        makeCacheKey({ siteId: 'E1', path, query: '', headers: {}, policy: POLICY, areCookiesInKey: false }).text,
    )
    expect(new Set(keys).size).toBe(3)
  })

  it('tells viewers apart by the headers in the policy only', () => {
    const keyFor = (headers: Record<string, string>) =>
      makeCacheKey({
        siteId: 'E1',
        path: '/',
        query: '',
        headers,
        policy: { ...POLICY, headers: ['host'] },
        areCookiesInKey: false,
      }).text
    expect(keyFor({ host: 'a.example' })).not.toBe(keyFor({ host: 'b.example' }))
    expect(keyFor({ host: 'a.example', cookie: 'x=1' })).toBe(keyFor({ host: 'a.example', cookie: 'x=2' }))
  })
})

describe('normalizeAcceptEncoding', () => {
  it.each([
    ['gzip, deflate, br', true, 'br,gzip'],
    ['br;q=0.5,gzip;q=1.0', true, 'br,gzip'],
    ['gzip', true, 'gzip'],
    ['br', true, 'br'],
    ['gzip, br', false, 'gzip'],
    ['gzip;q=0', true, ''],
    ['identity', true, ''],
    [undefined, true, ''],
  ])('%s with brotli %s becomes "%s"', (header, brotli, expected) => {
    expect(normalizeAcceptEncoding(header, { gzip: true, brotli })).toBe(expected)
  })
})
