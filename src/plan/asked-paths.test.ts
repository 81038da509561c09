import { describe, expect, it } from 'vitest'
import { appendIndex, behavior, type SpaceOptions, urlSpace } from '../../test/fakes/url-space.ts'
import { readTypedPaths } from './asked-paths.ts'
import { itemsAskedFor } from './fold-asked.ts'

/** What is sent to the one distribution, and the codes of what is said. */
function send(typed: readonly string[], options: SpaceOptions = {}): { items: string[]; said: string[] } {
  const changes = { aliases: ['www.example.com', '*.example.org'], defaultRootObject: '', ...options.distribution }
  const { asked, warnings, problems } = readTypedPaths(typed, [urlSpace({ ...options, distribution: changes })])
  const [one] = asked
  const items = [...(one?.tags ?? []).map((tag) => `#${tag}`), ...itemsAskedFor(one?.urls ?? [])]
  return { items, said: [...warnings.map(({ code }) => code), ...problems] }
}

const queryStringsInKey: SpaceOptions = { distribution: { behaviors: [behavior({ queryStringsInCacheKey: true })] } }
const WIDENED = 'PATH_WIDENED'

describe('typed paths', () => {
  it.each<[string, string[], string[]]>([
    ['/blog/', ['/blog/'], []],
    ['blog/', ['/blog/'], []],
    ['  /blog/\r', ['/blog/'], []],
    ['https://www.example.com/blog/', ['/blog/'], []],
    ['HTTPS://WWW.Example.com:443/blog/#top', ['/blog/'], []],
    ['https://docs.example.org', ['/'], []],
    ['www.example.com/blog/', ['/blog/'], []],
    ['/*', ['/*'], []],
    ['*', ['/*'], []],
    ['/blog/2024-*', ['/blog/2024-*'], []],
    ['/café.html', ['/caf%C3%A9.html'], []],
    ['/caf%c3%a9.html', ['/caf%C3%A9.html'], []],
    ['/a,b;c=d@e:f$g!h(i).html', ['/a,b;c=d@e:f$g!h(i).html'], []],
    ['/docs/my page.html', ['/docs/my*'], [WIDENED]],
    ['/docs/my%20page.html', ['/docs/my*'], [WIDENED]],
    ['/a+b.html', ['/a*'], [WIDENED]],
    ['/a%2Fb.html', ['/a*'], [WIDENED]],
    ['/docs/~me/*', ['/docs/*'], [WIDENED]],
    ['/100%.html', ['/100*'], [WIDENED]],
    ['/caf%C3*', ['/caf*'], [WIDENED]],
    ['/a%2A', ['/a*'], [WIDENED]],
    ['/a.html?x=1', ['/a.html'], ['QUERY_STRING_LEFT_OUT']],
    ['/docs/#intro', ['/docs/'], ['FRAGMENT_LEFT_OUT']],
    ['/a%23b', ['/a*'], [WIDENED]],
  ])('%j is sent as %j', (typed, items, said) => {
    expect(send([typed])).toEqual({ items, said })
  })

  it.each([
    [
      '/a*b/*',
      'has a * that is not at its end, which CloudFront takes for the character itself. End it there (/a*); a * that belongs to a name is written %2A.',
    ],
    ['', 'is empty.'],
    ['s3://site/a.html', 'is an object. Give the path under which the distribution serves it.'],
    ['ftp://www.example.com/a', 'is no address of a website. Give a path such as /blog/.'],
    ['./blog', 'has . or .. for a folder, which browsers resolve before they ask. Give the path that they ask for.'],
    [
      'C:/Program Files/Git/blog/',
      'is a path of Windows: Git Bash makes it of what begins with a slash. Set MSYS_NO_PATHCONV=1, or leave the first slash out.',
    ],
    [
      'https://other.example.net/',
      'is a URL of none of the distributions; they answer to www.example.com, *.example.org, d1.cloudfront.net.',
    ],
    ['#news', 'is a cache tag, and E1 reads no cache tags. A path that begins with # is written /%23.'],
  ])('%j is refused: it %s', (typed, why) => {
    expect(send([typed])).toEqual({ items: [], said: [`${JSON.stringify(typed)} ${why}`] })
  })

  it('refreshes what it is asked for once, and leaves out what a prefix covers', () => {
    expect(send(['/blog/*', 'blog/', '/blog/a', 'blog/a', '/blog', '/blog-old']).items).toEqual([
      '/blog',
      '/blog-old',
      '/blog/*',
    ])
  })
})

describe('query strings in the cache key', () => {
  it.each<[string, string[], string[]]>([
    ['/a.html', ['/a.html*'], [WIDENED]],
    ['/a.html?x=1&y=%C3%A9', ['/a.html?x=1&y=%C3%A9'], []],
    ['/a.html?x=é', ['/a.html?x=%C3%A9'], []],
    ['/a.html?x=1*', ['/a.html?x=1*'], []],
    ['/a.html?q=%2Fb', ['/a.html?q=*'], [WIDENED]],
  ])('%j is sent as %j', (typed, items, said) => {
    expect(send([typed], queryStringsInKey)).toEqual({ items, said })
  })
})

describe('cache tags', () => {
  it('are sent as they are, each once whatever its case, and know no wildcard', () => {
    const reads = { distribution: { cacheTagHeader: 'x-amz-meta-cache-tag' } }
    expect(send(['#news', '#News', '#a:b', '/x'], reads).items).toEqual(['#news', '#a:b', '/x'])
    expect(send(['#news*'], reads).said).toEqual([
      '"#news*" is a tag with a wildcard, which CloudFront does not know: name each tag.',
    ])
  })
})

describe('what else caches keep a path under', () => {
  it('is the root object for the root, and the other way round', () => {
    const root = { distribution: { defaultRootObject: 'index.html' } }
    expect(send(['/'], root).items).toEqual(['/', '/index.html'])
    expect(send(['/index.html'], root).items).toEqual(['/', '/index.html'])
  })

  it('is what a function rewrites it to', () => {
    expect(send(['/blog/'], { rewrite: appendIndex }).items).toEqual(['/blog/', '/blog/index.html'])
  })

  it('is the folder that a function leads a whole prefix into', () => {
    expect(send(['/blog/*'], { rewrite: (uri) => `/live${uri}` }).items).toEqual(['/blog/*', '/live/blog/*'])
  })

  it('is said to be unknown behind Lambda@Edge and functions that fail here', () => {
    const lambda = { kind: 'lambda' as const, name: 'router' }
    const behaviors = [behavior({ viewerRequest: lambda })]
    expect(send(['/blog/'], { distribution: { behaviors } })).toEqual({
      items: ['/blog/'],
      said: ['FUNCTION_NOT_KNOWN'],
    })
    const fails = { rewrite: () => ({ kind: 'failed' as const, why: 'no key value store' }) }
    expect(send(['/blog/'], fails).said).toEqual(['FUNCTION_NOT_KNOWN'])
  })
})

it('sends a URL to the distributions that answer to its host, and a tag to those that read any', () => {
  const spaces = [
    urlSpace({ distribution: { id: 'E1', aliases: ['a.example.com'], defaultRootObject: '' } }),
    urlSpace({ distribution: { id: 'E2', aliases: ['b.example.com'], cacheTagHeader: 'cache-tag' } }),
  ]
  const { asked, warnings } = readTypedPaths(['https://a.example.com/x', '/y', '#t'], spaces)
  expect(asked.map(({ urls, tags }) => [itemsAskedFor(urls), tags])).toEqual([
    [['/x', '/y'], []],
    [['/y'], ['t']],
  ])
  expect(warnings.map(({ message }) => message)).toEqual(['"#t" is not sent to all: E1 reads no cache tags.'])
})
