import { describe, expect, it } from 'vitest'
import { distribution } from '../../test/fakes/nouns.ts'
import { keyToServedPaths, unmappedBecause, wholeScope } from './viewer-paths.ts'

const host = 'site.s3.eu-west-1.amazonaws.com'
const website = 'site.s3-website-eu-west-1.amazonaws.com'
const behavior = { pathPattern: '*', targetOriginId: 'bucket', queryStringsInCacheKey: false, requestFunctions: [] }

describe('keyToServedPaths', () => {
  const paths = (key: string, changes = {}): string[] =>
    keyToServedPaths(key, 'site', distribution(changes)).map((path) => `/${path.relativeKey}`)

  it('serves a key under its own path', () => {
    expect(paths('blog/index.html')).toEqual(['/blog/index.html'])
  })

  it('serves the default root object under both of its URLs', () => {
    expect(paths('index.html')).toEqual(['/index.html', '/'])
    expect(paths('site/home.html', { defaultRootObject: 'site/home.html' })).toEqual(['/site/home.html', '/'])
  })

  it('leaves the origin path out of the URL, and does not reach keys beside it', () => {
    const origins = [{ id: 'bucket', domainName: host, originPath: '/site' }]
    expect(paths('site/index.html', { origins })).toEqual(['/index.html', '/'])
    expect(paths('site-old/index.html', { origins })).toEqual([])
  })

  it('takes every origin of the bucket into account', () => {
    const origins = [
      { id: 'a', domainName: host, originPath: '' },
      { id: 'b', domainName: host, originPath: '/b' },
      { id: 'api', domainName: 'api.example.com', originPath: '' },
    ]
    expect(paths('b/x.css', { origins })).toEqual(['/b/x.css', '/x.css'])
  })
})

describe('unmappedBecause', () => {
  it.each([
    ['a plain REST origin', {}, undefined],
    [
      'a website endpoint',
      { origins: [{ id: 'bucket', domainName: website, originPath: '' }] },
      `its origin ${website} is a website endpoint`,
    ],
    [
      'a function on requests',
      { behaviors: [{ ...behavior, requestFunctions: ['the function index-rewrite'] }] },
      'the behavior * runs the function index-rewrite on requests',
    ],
    [
      'query strings in the cache key',
      { behaviors: [{ ...behavior, queryStringsInCacheKey: true }] },
      'the behavior * has query strings in its cache key',
    ],
    [
      'a function in front of another origin',
      { behaviors: [{ ...behavior, targetOriginId: 'api', requestFunctions: ['the function auth'] }, behavior] },
      undefined,
    ],
    [
      'a function in front of an origin group with the bucket',
      {
        originGroups: [{ id: 'group', originIds: ['bucket', 'backup'] }],
        behaviors: [{ ...behavior, targetOriginId: 'group', requestFunctions: ['the function f'] }],
      },
      'the behavior * runs the function f on requests',
    ],
  ])('%s', (_, changes, because) => {
    expect(unmappedBecause('site', distribution(changes))).toBe(because)
  })
})

describe('wholeScope', () => {
  const withOriginPath = (originPath: string): ReturnType<typeof distribution> =>
    distribution({ origins: [{ id: 'bucket', domainName: host, originPath }] })

  it.each([
    ['', '', ['/*']],
    ['blog/', '', ['/blog*']],
    ['blog/', '/blog', ['/*']],
    ['blog/', '/blog/en', ['/*']],
    ['blog/en/', '/blog', ['/en*']],
    ['blog/', '/shop', []],
    ['my blog/', '', ['/my*']],
  ])('prefix "%s" at origin path "%s" is %j', (prefix, originPath, items) => {
    expect(wholeScope('site', prefix, withOriginPath(originPath))).toEqual(items)
  })
})
