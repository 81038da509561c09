import { describe, expect, it } from 'vitest'
import { behavior, origin, type SpaceOptions, urlSpace, WEBSITE_HOST } from '../../test/fakes/url-space.ts'
import type { CustomErrorResponse } from '../model.ts'
import type { StaleKey } from './diff.ts'
import { findStaleness } from './staleness.ts'

const changed: StaleKey = { key: 'index.html', kind: 'changed', reason: 'bytes changed', wasRecorded: true }
const added: StaleKey = { key: 'new.html', kind: 'added', reason: 'new', wasRecorded: true }
const errorPage: StaleKey = { key: '404.html', kind: 'changed', reason: 'bytes changed', wasRecorded: true }

const records = new Map(
  ['new.html/index.html', 'oops.html'].map((key) => {
    const metadata = { contentType: 'text/html', cacheControl: 's-maxage=31536000' }
    return [key, { etag: '"1"', sizeBytes: 1, sha256: '1', metadata, changedIn: 'r1' }]
  }),
)

function findIn(stale: readonly StaleKey[], options: SpaceOptions, isKnown = true): ReturnType<typeof findStaleness> {
  return findStaleness({
    stale,
    prefix: '',
    space: urlSpace(options),
    isKnown,
    recorded: (key) => records.get(key),
    isBound: (key) => key.startsWith('bound'),
  })
}

function find(
  stale: readonly StaleKey[],
  errorResponses: readonly CustomErrorResponse[] = [],
): ReturnType<typeof findStaleness> {
  return findIn(stale, { distribution: { errorResponses } })
}

describe('findStaleness of what needs no purge', () => {
  const metadata = { contentType: 'text/html', cacheControl: 'no-store' }
  const noStore: StaleKey = { key: 'live.html', kind: 'changed', reason: 'bytes changed', wasRecorded: true }
  const find = (stale: readonly StaleKey[], minTtlSeconds: number): [number, number] => {
    const { purge, settleSeconds } = findStaleness({
      stale,
      prefix: '',
      space: urlSpace({ distribution: { behaviors: [behavior({ minTtlSeconds })] } }),
      isKnown: true,
      recorded: () => ({ etag: '"1"', sizeBytes: 1, sha256: '1', metadata, changedIn: 'r1' }),
      isBound: (key) => key.startsWith('bound'),
    })
    return [purge.length, settleSeconds]
  }

  it('leaves alone what said no-store, where the minimum TTL is 0', () => {
    expect(find([noStore], 0)).toEqual([0, 0])
    expect(find([{ ...noStore, kind: 'removed' }], 0)).toEqual([0, 0])
  })

  it('waits out a short minimum TTL, which overrules no-store, and purges under a long one', () => {
    expect(find([noStore], 1)).toEqual([0, 1])
    expect(find([noStore], 3600)).toEqual([1, 0])
  })

  it('purges what somebody else may have written with other headers, and what is owed', () => {
    expect(find([{ ...noStore, wasRecorded: false }], 0)).toEqual([1, 0])
    expect(find([{ ...noStore, kind: 'owed', wasRecorded: false }], 0)).toEqual([1, 0])
  })

  it('neither waits for nor purges an asset whose name is bound to its bytes, when it comes or goes', () => {
    const asset: StaleKey = { key: 'bound.3f2a91c0.css', kind: 'added', reason: 'new', wasRecorded: true }
    expect(find([asset, { ...asset, kind: 'removed' }], 3600)).toEqual([0, 0])
    expect(find([{ ...asset, kind: 'changed' }], 3600)).toEqual([1, 0])
  })
})

describe('findStaleness', () => {
  it('purges changed keys and waits for nothing', () => {
    expect(find([changed])).toEqual({
      purge: [changed],
      everything: undefined,
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
    expect(purge).toEqual([{ ...added, reason: 'new, and edges keep "not found" for 300 s' }])
    expect(settleSeconds).toBe(0)
  })

  it('waits for the old error page, which is cached under URLs that nobody can list', () => {
    const page = { errorCode: 404, responsePagePath: '/404.html', responseCode: 404 }
    const waited = find([errorPage], [{ ...page, errorCachingMinTtlSeconds: 20 }])
    expect(waited.purge).toEqual([errorPage])
    expect(waited.settleSeconds).toBe(20)
    const purged = find([errorPage], [{ ...page, errorCachingMinTtlSeconds: 86_400 }])
    expect(purged.everything?.because).toBe('the error page 404.html changed and edges keep errors for 86400 s')
  })

  it('purges everything once where the caches may hold anything', () => {
    expect(findIn([], {}, false).everything?.because).toMatch(/^the first deploy to it/u)
  })

  it('counts the TTL of the status that a changed error page is shown for', () => {
    const shown = { errorCode: 500, responsePagePath: '/404.html', responseCode: 500, errorCachingMinTtlSeconds: 3600 }
    expect(find([errorPage], [shown]).everything?.because).toBe(
      'the error page 404.html changed and edges keep errors for 3600 s',
    )
  })

  it('purges beyond the prefix when an error page of the site changed, or may have: it shows under any URL', () => {
    const errorResponses = [{ errorCode: 404, responsePagePath: '/404.html', errorCachingMinTtlSeconds: 3600 }]
    expect(find([errorPage], errorResponses).everything?.scope).toBe('distribution')
    expect(findIn([], { distribution: { errorResponses } }, false).everything?.scope).toBe('distribution')
    expect(findIn([], {}, false).everything?.scope).toBe('site')
  })

  it('knows that errors of a website live as long as its error document says', () => {
    const website = { indexDocument: 'index.html', errorDocument: 'oops.html', redirectsMissingKeys: false }
    const { purge, settleSeconds } = findIn([{ ...added, key: 'a.html' }], {
      website,
      distribution: { origins: [origin('', WEBSITE_HOST)] },
    })
    expect([purge.map(({ key }) => key), settleSeconds]).toEqual([['a.html'], 0])
  })

  it('purges new files that something else than an error may be cached for, however short errors last', () => {
    const website = { indexDocument: 'index.html', redirectsMissingKeys: false }
    const { purge, settleSeconds } = findIn([added], { website, distribution: { origins: [origin('', WEBSITE_HOST)] } })
    expect(purge.map(({ reason }) => reason)).toEqual(['new, and it was a redirect to /new.html/ before'])
    expect(settleSeconds).toBe(0)
  })

  it('purges everything where the URLs of a key are not known', () => {
    const behaviors = [behavior({ originRequest: { kind: 'lambda', name: 'rewrite' } })]
    expect(findIn([changed, added], { distribution: { behaviors } }).everything?.because).toBe(
      'index.html: bytes changed, and 1 more, and the behavior * runs the Lambda function rewrite, which only AWS can run, so their URLs are not known one by one',
    )
  })
})
