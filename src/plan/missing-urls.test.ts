import { describe, expect, it } from 'vitest'
import { origin, urlSpace, WEBSITE_HOST } from '../../test/fakes/url-space.ts'
import { errorPageTtls, longCachedBefore } from './missing-urls.ts'

const website = { indexDocument: 'index.html', errorDocument: 'oops.html', redirectsMissingKeys: false }
const websiteOrigins = { origins: [origin('', WEBSITE_HOST)] }
const never = (): boolean => false

describe('errorPageTtls', () => {
  it('knows the error pages of the distribution by key, below the origin path', () => {
    const errorResponses = [{ errorCode: 404, responsePagePath: '/seiten/n%C3%B6.html', errorCachingMinTtlSeconds: 10 }]
    const space = urlSpace({ distribution: { errorResponses, origins: [origin('/v1')] } })
    expect([...errorPageTtls(space)]).toEqual([['v1/seiten/nö.html', 10]])
  })

  it('knows the error document of the website, only where the website endpoint is used', () => {
    expect([...errorPageTtls(urlSpace({ website, distribution: websiteOrigins })).keys()]).toEqual(['oops.html'])
    expect([...errorPageTtls(urlSpace({ website }))]).toEqual([])
  })
})

describe('longCachedBefore', () => {
  it('nothing but an error can be cached for a missing key of a plain origin', () => {
    expect(longCachedBefore('new.html', urlSpace(), never)).toBeUndefined()
  })

  it.each([
    [404, 'the origin group group may have answered from its other origin'],
    [500, undefined],
  ])('an origin group that fails over on %i: %s', (status, because) => {
    const originGroups = [{ id: 'group', originIds: ['bucket', 'backup'], failoverStatusCodes: [status] }]
    expect(longCachedBefore('new.html', urlSpace({ distribution: { originGroups } }), never)).toBe(because)
  })

  it('a routing rule for missing keys may have redirected it', () => {
    const space = urlSpace({ website: { ...website, redirectsMissingKeys: true }, distribution: websiteOrigins })
    expect(longCachedBefore('new.html', space, never)).toBe('a routing rule of the website may have redirected it')
  })

  it('a folder that was there was redirected to with a slash, and that is cached like any page', () => {
    const space = urlSpace({ website, distribution: websiteOrigins })
    expect(longCachedBefore('blog', space, (key) => key === 'blog/index.html')).toBe(
      'it was a redirect to /blog/ before',
    )
  })
})
