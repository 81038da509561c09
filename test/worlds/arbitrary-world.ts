// A random site, a random distribution in front of it, random readers and random edits, as plain data: what fast-check makes, shrinks and
// prints.

import fc from 'fast-check'
import type { NewBehavior, NewDistribution } from '../../src/emulator/index.ts'

/** Key below the prefix → body. A body says who it is, so that a wrong answer is seen. */
export type SiteBodies = Readonly<Record<string, string>>

export interface World {
  /** In the bucket, before every key. */
  readonly prefix: string
  readonly distributions: readonly WorldDistribution[]
  readonly isWebsite: boolean
  /** Whether CloudFront may list the bucket: then missing keys are 404, else 403. */
  readonly isListable: boolean
  readonly emulator: {
    readonly negativeCaching403: 'cached' | 'not-cached'
    readonly purgeMatches: 'rewritten-uri' | 'viewer-uri' | 'either'
    readonly functionSeesRoot: 'slash' | 'root-object'
    readonly rootIsCachedAs: 'slash' | 'root-object'
    readonly seed: number
  }
  readonly releases: readonly Release[]
}

export interface WorldDistribution extends Omit<NewDistribution, 'bucket'> {
  /** Before which release it begins to read cache tags; one that never comes: never. */
  readonly tagsFromRelease: number
}

/** A second bucket with old copies of some pages, in an origin group with the site's: it answers for keys that the site lacks. */
export const BACKUP_BUCKET = 'backup'
export const BACKUP_KEYS: readonly string[] = ['about.html', 'blog/post.html', 'docs/index.html', 'v1/about.html']

const BACKUP: Pick<NewDistribution, 'origins' | 'originGroups'> = {
  origins: [{ id: 'backup', bucket: BACKUP_BUCKET }],
  originGroups: [{ id: 'group', primary: 'bucket', secondary: 'backup', statusCodes: [403, 404] }],
}

export interface Release {
  readonly site: SiteBodies
  /** One for all: a change here changes headers alone. */
  readonly cacheControl: string | undefined
  /** How long readers come before the next release, and how much of the caches is forgotten then. */
  readonly idleMs: number
  readonly evictedFraction: number
}

const PLAIN_NAMES = [
  'index.html',
  'about.html',
  'blog/index.html',
  'blog/post.html',
  'blog/deep/index.html',
  'blog',
  'docs',
  'docs/index.html',
  'docs/a.html',
  '404.html',
  'style.css',
  'data.json',
  'café/index.html',
  '日本.html',
  'Blog/index.html',
  'a,b;c=d@e$f!g(h).html',
]

/** With several spellings, or none that CloudFront takes: each widens the purge, so that a world has them seldom. */
const ODD_NAMES = [
  'a b.html',
  'a+b.html',
  "docs/it's.html",
  'blog/~user.html',
  'docs/100%.html',
  'x#y.html',
  'docs/[slug].js',
]

/** Folders, and names without an extension, stand for their index.html. */
const APPEND_INDEX = `function handler(event) {
  var request = event.request
  if (request.uri.endsWith('/')) request.uri += 'index.html'
  else if (!request.uri.split('/').pop().includes('.')) request.uri += '/index.html'
  return request
}`

/** /about → about.html; a folder's slash is answered with a redirect. */
const CLEAN_URLS = `async function handler(event) {
  const { request } = event
  if (request.uri !== '/' && request.uri.endsWith('/')) {
    return { statusCode: 301, headers: { location: { value: request.uri.slice(0, -1) } } }
  }
  if (request.uri !== '/' && !request.uri.split('/').pop().includes('.')) request.uri += '.html'
  return request
}`

const names: fc.Arbitrary<string[]> = fc.oneof(
  { weight: 3, arbitrary: fc.uniqueArray(fc.constantFrom(...PLAIN_NAMES), { minLength: 1, maxLength: 9 }) },
  {
    weight: 1,
    arbitrary: fc.uniqueArray(fc.constantFrom(...PLAIN_NAMES, ...ODD_NAMES), { minLength: 1, maxLength: 9 }),
  },
)

const site: fc.Arbitrary<SiteBodies> = names.chain((chosen) => {
  // On disk a name is a file or a folder, not both.
  const files = chosen.filter((name) => !chosen.some((other) => other.startsWith(`${name}/`)))
  return fc.tuple(...files.map(() => fc.integer({ min: 0, max: 2 }))).map((versions) => {
    return Object.fromEntries(files.map((name, index) => [name, `${name} version ${versions[index]}`]))
  })
})

/** The next release is mostly the last one with some names taken from another site. */
function editOf(before: SiteBodies): fc.Arbitrary<SiteBodies> {
  return fc.tuple(site, fc.integer({ min: 0, max: 4 })).map(([other, kept]) => {
    const names = Object.keys(before)
    const removed = new Set(names.slice(kept + 3))
    const merged = { ...Object.fromEntries(Object.entries(before).filter(([name]) => !removed.has(name))), ...other }
    const all = Object.keys(merged)
    const files = all.filter((name) => !all.some((longer) => longer.startsWith(`${name}/`)))
    return Object.fromEntries(files.map((name) => [name, merged[name] ?? '']))
  })
}

function release(bodies: SiteBodies): fc.Arbitrary<Release> {
  return fc.record({
    site: fc.constant(bodies),
    cacheControl: fc.constantFrom(
      undefined,
      undefined,
      'max-age=60',
      'public, max-age=31536000',
      'max-age=0, s-maxage=31536000',
    ),
    idleMs: fc.constantFrom(0, 1500, 20_000, 90_000_000),
    evictedFraction: fc.constantFrom(0, 0, 0.3),
  })
}

const releases: fc.Arbitrary<Release[]> = site.chain((first) =>
  editOf(first).chain((second) =>
    fc
      .oneof(
        fc.constant([first, second]),
        editOf(second).map((third) => [first, second, third]),
      )
      .chain((sites) => fc.tuple(...sites.map((bodies) => release(bodies)))),
  ),
)

const errorResponses = fc.constantFrom<NonNullable<NewDistribution['errorResponses']>>(
  [],
  [{ errorCode: 404, responsePagePath: '/404.html', responseCode: 404, errorCachingMinTtlSeconds: 5 }],
  [
    { errorCode: 403, responsePagePath: '/404.html', responseCode: 404, errorCachingMinTtlSeconds: 30 },
    { errorCode: 404, responsePagePath: '/404.html', responseCode: 404, errorCachingMinTtlSeconds: 300 },
  ],
  [
    { errorCode: 403, responsePagePath: '/index.html', responseCode: 200, errorCachingMinTtlSeconds: 0 },
    { errorCode: 404, responsePagePath: '/index.html', responseCode: 200, errorCachingMinTtlSeconds: 600 },
  ],
  [{ errorCode: 404, errorCachingMinTtlSeconds: 3600 }],
)

const behavior: fc.Arbitrary<NewBehavior> = fc.record(
  {
    cachePolicy: fc.constantFrom('CachingOptimized', 'UseOriginCacheControlHeaders-QueryStrings', {
      queryStrings: { behavior: 'all' as const, names: [] },
    }),
    functions: fc.constantFrom<NonNullable<NewBehavior['functions']>>(
      {},
      { viewerRequest: APPEND_INDEX },
      { viewerRequest: CLEAN_URLS },
    ),
  },
  { requiredKeys: [] },
)

function distribution(prefix: string, isWebsite: boolean): fc.Arbitrary<WorldDistribution> {
  const originPath = prefix === '' ? fc.constant('') : fc.constantFrom('', `/${prefix.slice(0, -1)}`)
  return fc
    .record({
      originPath,
      website: fc.constant(isWebsite),
      defaultRootObject: fc.constantFrom('', 'index.html', 'about.html'),
      errorResponses,
      defaultBehavior: behavior,
      behaviors: fc.oneof(
        fc.constant([]),
        behavior.map((inner) => [{ ...inner, pathPattern: 'blog/*' }]),
        behavior.map((inner) => [{ ...inner, pathPattern: '*.css' }]),
      ),
      tagsFromRelease: fc.constantFrom(0, 1, 2, 99),
      hasBackup: fc.constantFrom(false, false, !isWebsite),
    })
    .map(({ hasBackup, ...made }) => {
      return hasBackup ? { ...made, ...BACKUP, defaultBehavior: { ...made.defaultBehavior, origin: 'group' } } : made
    })
}

export function worldsOf({ isWebsite }: Pick<World, 'isWebsite'>): fc.Arbitrary<World> {
  return fc.constantFrom('', '', 'v1/').chain((prefix) =>
    fc.record({
      prefix: fc.constant(prefix),
      isWebsite: fc.constant(isWebsite),
      isListable: fc.boolean(),
      distributions: fc.array(distribution(prefix, isWebsite), { minLength: 1, maxLength: 2 }),
      emulator: fc.record({
        negativeCaching403: fc.constantFrom('cached' as const, 'not-cached' as const),
        purgeMatches: fc.constantFrom('rewritten-uri' as const, 'viewer-uri' as const, 'either' as const),
        functionSeesRoot: fc.constantFrom('slash' as const, 'root-object' as const),
        rootIsCachedAs: fc.constantFrom('slash' as const, 'root-object' as const),
        seed: fc.nat(1_000_000),
      }),
      releases,
    }),
  )
}
