// The sites, the distributions in front of them, and the edits: what each row of the table is about.

import type { NewDistribution } from '../../src/emulator/index.ts'

/** Name below the prefix → body. */
export type Site = Readonly<Record<string, string>>

export interface Edit {
  readonly name: string
  /** Default `""`. */
  readonly prefix?: string
  readonly isWebsite?: boolean
  /** The main one first. */
  readonly distributions: readonly Omit<NewDistribution, 'bucket'>[]
  /** With which URL CloudFront compares a path where a function rewrote it. Default `rewritten-uri`. */
  readonly purgeMatches?: 'rewritten-uri' | 'viewer-uri'
  readonly before: Site
  readonly after: Site
  /** Of every object, before and after. Default: a day. */
  readonly cacheControl?: readonly [string, string]
  /** Each URL is asked for with this too. */
  readonly query?: string
  /** Asked for besides those of the files. */
  readonly otherUrls?: readonly string[]
  /** Asked for instead of all of those. */
  readonly onlyUrls?: readonly string[]
  /** The first run ends after its uploads, before it has invalidated anything; a second one follows. */
  readonly firstRunDies?: boolean
}

/** Names without an extension, and with a slash at the end, stand for their index.html. */
const APPEND_INDEX = `function handler(event) {
  var request = event.request
  if (request.uri.endsWith('/')) request.uri += 'index.html'
  else if (!request.uri.split('/').pop().includes('.')) request.uri += '/index.html'
  return request
}`

const rest: Omit<NewDistribution, 'bucket'> = { defaultRootObject: 'index.html' }
const rewriting: Omit<NewDistribution, 'bucket'> = {
  ...rest,
  defaultBehavior: { functions: { viewerRequest: APPEND_INDEX } },
}
const withErrorPage: Omit<NewDistribution, 'bucket'> = {
  ...rest,
  errorResponses: [
    { errorCode: 404, responsePagePath: '/404.html', responseCode: 404, errorCachingMinTtlSeconds: 86_400 },
  ],
}

const site = pages(
  'index.html',
  'about.html',
  'blog/index.html',
  'blog/first.html',
  'blog/second.html',
  'css/site.css',
  'img/logo@2x.png',
  '404.html',
)
const twoPages = revise(site, 'index.html', 'blog/index.html')

/** Feeds, lists and pages that a new post about art changes. */
const aroundPosts = [
  'index.html',
  'index.xml',
  'sitemap.xml',
  'posts/index.html',
  'posts/index.xml',
  'tags/index.html',
  'tags/art/index.html',
  'tags/art/index.xml',
]
const posts = pages(
  ...aroundPosts,
  'css/site.css',
  'tags/food/index.html',
  'tags/food/index.xml',
  ...Array.from({ length: 12 }, (_, index) => `posts/post-${index + 1}/index.html`),
)
const newPost = { ...revise(posts, ...aroundPosts), ...pages('posts/post-13/index.html') }

export const edits: readonly Edit[] = [
  { name: 'REST origin, default root object: two index pages', distributions: [rest], before: site, after: twoPages },
  {
    name: 'Function that appends index.html: two index pages (CloudFront compares paths with the rewritten URL)',
    distributions: [rewriting],
    before: site,
    after: twoPages,
  },
  {
    name: 'The same (paths compared with the reader’s URL, and nobody asks for index.html)',
    distributions: [rewriting],
    purgeMatches: 'viewer-uri',
    onlyUrls: ['/', '/about.html', '/blog/', '/blog', '/blog/first.html', '/blog/second.html', '/css/site.css'],
    before: site,
    after: twoPages,
  },
  {
    name: 'Website endpoint: two index pages',
    isWebsite: true,
    distributions: [{ website: true }],
    before: site,
    after: twoPages,
  },
  {
    name: 'Query strings in the cache key: two pages',
    distributions: [{ ...rest, defaultBehavior: { cachePolicy: { queryStrings: { behavior: 'all', names: [] } } } }],
    query: '?utm_source=mail',
    before: site,
    after: revise(site, 'about.html', 'blog/first.html'),
  },
  {
    name: 'Origin path: two pages',
    prefix: 'site/',
    distributions: [{ ...rest, originPath: '/site' }],
    before: site,
    after: revise(site, 'about.html', 'blog/first.html'),
  },
  oddName('a space', 'our team.html'),
  oddName('`+`', 'c++.html'),
  oddName('`~`', 'runtime~main.js'),
  oddName('`é`', 'café.html'),
  oddName('`@`', 'img/logo@2x.png'),
  {
    name: 'Headers only: Cache-Control of every object',
    distributions: [rest],
    cacheControl: ['public, max-age=86400', 'public, max-age=86400, must-revalidate'],
    before: site,
    after: site,
  },
  {
    name: 'Same size: two pages',
    distributions: [rest],
    before: site,
    after: revise(site, 'about.html', 'blog/first.html'),
  },
  {
    name: 'Removed page',
    distributions: [rest],
    before: site,
    after: without(site, 'blog/first.html'),
  },
  {
    name: 'New page, errors cached for a day',
    distributions: [{ ...rest, errorResponses: [{ errorCode: 404, errorCachingMinTtlSeconds: 86_400 }] }],
    before: without(site, 'blog/second.html'),
    after: site,
  },
  {
    name: 'Changed 404 page, cached for a day',
    distributions: [withErrorPage],
    before: site,
    after: revise(site, '404.html'),
  },
  {
    name: 'Two distributions on one bucket, the second with an origin path: two pages',
    distributions: [rest, { ...rest, originPath: '/blog' }],
    otherUrls: ['/first.html', '/second.html'],
    before: site,
    after: revise(site, 'about.html', 'blog/first.html'),
  },
  {
    name: 'First run dies between upload and invalidation: two pages',
    distributions: [rest],
    before: site,
    after: revise(site, 'about.html', 'blog/first.html'),
    firstRunDies: true,
  },
  {
    name: 'New post on a blog with the same function: eight pages change too',
    distributions: [rewriting],
    before: posts,
    after: newPost,
  },
]

function oddName(what: string, name: string): Edit {
  const before = { ...site, ...pages(name) }
  return {
    name: `Name with ${what}, and a plain one`,
    distributions: [rest],
    before,
    after: revise(before, name, 'about.html'),
  }
}

function pages(...names: readonly string[]): Site {
  return Object.fromEntries(names.map((name) => [name, `${name}, version 1`]))
}

/** Same size, other bytes. */
function revise(before: Site, ...names: readonly string[]): Site {
  return { ...before, ...Object.fromEntries(names.map((name) => [name, `${name}, version 2`])) }
}

function without(before: Site, gone: string): Site {
  return Object.fromEntries(Object.entries(before).filter(([name]) => name !== gone))
}
