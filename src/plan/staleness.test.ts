import { describe, expect, it } from 'vitest'
import { distribution, siteState } from '../../test/fakes/nouns.ts'
import type { CustomErrorResponse } from '../model.ts'
import type { StaleKey } from './diff.ts'
import { findStaleness } from './staleness.ts'

const changed: StaleKey = { key: 'index.html', kind: 'changed', reason: 'bytes changed' }
const added: StaleKey = { key: 'new.html', kind: 'added', reason: 'new' }
const errorPage: StaleKey = { key: '404.html', kind: 'changed', reason: 'bytes changed' }

function find(
  stale: readonly StaleKey[],
  errorResponses: readonly CustomErrorResponse[] = [],
): ReturnType<typeof findStaleness> {
  return findStaleness(stale, 'site', siteState([]), distribution({ errorResponses }))
}

describe('findStaleness', () => {
  it('purges changed keys and waits for nothing', () => {
    expect(find([changed])).toEqual({
      purge: [changed],
      everythingBecause: undefined,
      settleSeconds: 0,
      settleReason: undefined,
    })
  })

  it('waits out the 10 seconds for which an edge may say that a new file is missing, instead of paying for its path', () => {
    const { purge, settleSeconds, settleReason } = find([changed, added])
    expect(purge).toEqual([changed])
    expect(settleSeconds).toBe(10)
    expect(settleReason).toBe('edges may have cached that new.html is missing')
  })

  it('counts a 403 as cached too: it is what a private bucket answers for a missing key', () => {
    expect(find([added], [{ errorCode: 403, errorCachingMinTtlSeconds: 30 }]).settleSeconds).toBe(30)
    expect(
      find(
        [added],
        [
          { errorCode: 404, errorCachingMinTtlSeconds: 0 },
          { errorCode: 403, errorCachingMinTtlSeconds: 0 },
        ],
      ).settleSeconds,
    ).toBe(1)
  })

  it('purges new files where errors are kept for long', () => {
    const { purge, settleSeconds } = find([added], [{ errorCode: 404, errorCachingMinTtlSeconds: 300 }])
    expect(purge).toEqual([added])
    expect(settleSeconds).toBe(0)
  })

  it('waits for the old error page, which is cached under URLs that nobody can list', () => {
    const page = { errorCode: 404, responsePagePath: '/404.html', responseCode: 404 }
    const waited = find([errorPage], [{ ...page, errorCachingMinTtlSeconds: 20 }])
    expect(waited.purge).toEqual([errorPage])
    expect(waited.settleSeconds).toBe(20)
    const purged = find([errorPage], [{ ...page, errorCachingMinTtlSeconds: 86_400 }])
    expect(purged.everythingBecause).toBe('the error page 404.html changed and edges keep errors for 86400 s')
  })

  it('purges everything once when there is no state', () => {
    expect(findStaleness([], 'site', undefined, distribution()).everythingBecause).toMatch(/^the first deploy/)
  })

  it('purges everything where the URLs of a key are not known', () => {
    const behaviors = [
      { pathPattern: '*', targetOriginId: 'bucket', queryStringsInCacheKey: true, requestFunctions: [] },
    ]
    const { everythingBecause } = findStaleness([changed, added], 'site', siteState([]), distribution({ behaviors }))
    expect(everythingBecause).toBe(
      'index.html: bytes changed, and 1 more, and the behavior * has query strings in its cache key, so their URLs are not known one by one',
    )
  })
})
