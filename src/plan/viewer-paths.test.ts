import { describe, expect, it } from 'vitest'
import { appendIndex, behavior, origin, type SpaceOptions, urlSpace, WEBSITE_HOST } from '../../test/fakes/url-space.ts'
import { keyToServedPaths } from './viewer-paths.ts'

const paths = (key: string, options: SpaceOptions = {}): string[] =>
  keyToServedPaths(key, urlSpace(options)).map(({ path }) => path)

describe('keyToServedPaths at a REST origin', () => {
  it('serves a key under its own path', () => {
    expect(paths('blog/index.html')).toEqual(['/blog/index.html'])
  })

  it('serves the default root object under both of its URLs', () => {
    expect(paths('index.html')).toEqual(['/index.html', '/'])
    expect(paths('site/home.html', { distribution: { defaultRootObject: 'site/home.html' } })).toEqual([
      '/site/home.html',
      '/',
    ])
  })

  it('leaves the origin path out of the URL, and does not reach keys beside it', () => {
    const options = { distribution: { origins: [origin('/site')] } }
    expect(paths('site/index.html', options)).toEqual(['/index.html', '/'])
    expect(paths('site-old/index.html', options)).toEqual([])
  })

  it('takes every origin of the bucket that a behavior leads to', () => {
    const origins = [origin('', undefined, 'a'), origin('/b', undefined, 'b'), origin('', 'api.example.com', 'api')]
    const behaviors = [behavior({ pathPattern: '/b/*', targetOriginId: 'a' }), behavior({ targetOriginId: 'b' })]
    expect(paths('b/x.css', { distribution: { origins, behaviors } })).toEqual(['/b/x.css', '/x.css'])
  })

  it('does not invent a URL that another behavior takes', () => {
    const behaviors = [behavior({ pathPattern: '/api/*', targetOriginId: 'elsewhere' }), behavior()]
    expect(paths('api/index.html', { distribution: { behaviors } })).toEqual([])
    expect(paths('apis/index.html', { distribution: { behaviors } })).toEqual(['/apis/index.html'])
  })

  it('reaches the bucket through an origin group', () => {
    const originGroups = [{ id: 'group', originIds: ['bucket', 'backup'], failoverStatusCodes: [500] }]
    expect(
      paths('a.html', { distribution: { originGroups, behaviors: [behavior({ targetOriginId: 'group' })] } }),
    ).toEqual(['/a.html'])
  })

  it('says where query strings make entries of their own', () => {
    const behaviors = [behavior({ pathPattern: '/q/*', queryStringsInCacheKey: true }), behavior()]
    const varies = (key: string): unknown =>
      keyToServedPaths(key, urlSpace({ distribution: { behaviors } }))[0]?.variesByQueryString
    expect([varies('q/a.html'), varies('a.html')]).toEqual([true, false])
  })
})

describe('keyToServedPaths behind a function', () => {
  it('adds what viewers type and the function turns into the key, besides the path that caches store', () => {
    expect(paths('blog/index.html', { rewrite: appendIndex })).toEqual(['/blog/index.html', '/blog/', '/blog'])
    expect(paths('style.css', { rewrite: appendIndex })).toEqual(['/style.css'])
  })

  it('understands clean URLs', () => {
    const rewrite = (uri: string): string => (uri.includes('.') ? uri : `${uri.replace(/\/$/u, '')}.html`)
    expect(paths('about.html', { rewrite })).toEqual(['/about.html', '/about', '/about/'])
  })

  it('understands a folder that the function puts in front, also by host', () => {
    const rewrite = (uri: string, host: string): string => (host === 'de.example.com' ? `/de${uri}` : uri)
    expect(paths('de/about.html', { rewrite, distribution: { aliases: ['de.example.com'] } })).toEqual([
      '/de/about.html',
      '/about.html',
    ])
  })

  it('works with names outside ASCII, which the function sees encoded', () => {
    expect(paths('café/index.html', { rewrite: appendIndex })).toEqual(['/café/index.html', '/café/', '/café'])
  })

  it('leaves out what the function redirects, since no cache keeps that', () => {
    const rewrite = (uri: string) =>
      uri.endsWith('/') ? appendIndex(uri) : uri.includes('.') ? uri : ({ kind: 'response' } as const)
    expect(paths('blog/index.html', { rewrite })).toEqual(['/blog/index.html', '/blog/'])
  })

  it('takes every candidate where the function fails here, and says why', () => {
    const rewrite = () => ({ kind: 'failed', why: 'a key value store is not available here' }) as const
    const served = keyToServedPaths('blog/index.html', urlSpace({ rewrite }))
    expect(served.map(({ path }) => path)).toEqual([
      '/blog/index.html',
      '/blog/',
      '/blog',
      '/blog/index',
      '/blog/index/',
      '/index.html',
      '/',
      '/index',
      '/index/',
    ])
    expect(served[1]?.because).toBe('the function rewrite fails on it here (a key value store is not available here)')
  })

  it('still finds the path that caches store when a function answers everything by itself, as one for passwords does', () => {
    expect(paths('blog/index.html', { rewrite: () => ({ kind: 'response' }) })).toEqual(['/blog/index.html'])
  })
})

describe('keyToServedPaths at a website endpoint', () => {
  const website = { indexDocument: 'index.html', redirectsMissingKeys: false }
  const options = { website, distribution: { defaultRootObject: '', origins: [origin('', WEBSITE_HOST)] } }

  it('knows the three cache entries of an index document', () => {
    const served = keyToServedPaths('blog/index.html', urlSpace(options))
    expect(served.map(({ path, isRedirect }) => [path, isRedirect])).toEqual([
      ['/blog/index.html', false],
      ['/blog/', false],
      ['/blog', true],
    ])
  })

  it('knows the root by its index document', () => {
    expect(paths('index.html', options)).toEqual(['/index.html', '/'])
  })

  it('goes by the index document that the bucket names', () => {
    expect(paths('blog/home.htm', { ...options, website: { ...website, indexDocument: 'home.htm' } })).toEqual([
      '/blog/home.htm',
      '/blog/',
      '/blog',
    ])
    expect(paths('blog/my-index.html', options)).toEqual(['/blog/my-index.html'])
  })
})

describe('keyToServedPaths with "urls"', () => {
  it("takes the user's word besides what it knows", () => {
    const urls = [{ key: '*/index.html', paths: ['/$1/', '/$1'] }]
    expect(paths('a/b/index.html', { urls })).toEqual(['/a/b/index.html', '/a/b/', '/a/b'])
    expect(paths('a.html', { urls })).toEqual(['/a.html'])
  })

  it('reads the rule as text, not as a regular expression', () => {
    const urls = [{ key: 'a+(b).*', paths: ['/$1'] }]
    expect(paths('a+(b).html', { urls })).toContain('/html')
    expect(paths('aab.html', { urls })).not.toContain('/html')
  })
})
