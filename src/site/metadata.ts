// With which Content-Type a file is stored, by its name.

import mime from 'mime'
import type { Key, ObjectMetadata } from '../model.ts'

/** Where the web's use differs from the registry that `mime` follows. By file name extension. */
const TYPES_BY_EXTENSION: ReadonlyMap<string, string> = new Map([
  // A script for browsers as soon as it is on a site; they run it only under a JavaScript type.
  ['cjs', 'text/javascript'],
  // mime knows the endings of neither.
  ['tgz', 'application/gzip'],
  ['jsonc', 'application/json'],
])

/** Files without an extension that sites have, by name in lower case; everything else without one is `application/octet-stream`. */
const TYPES_BY_NAME: ReadonlyMap<string, string> = new Map([
  ['apple-app-site-association', 'application/json'],
  ...[
    'authors',
    'changelog',
    'cname',
    'contributing',
    'copying',
    'humans',
    'licence',
    'license',
    'notice',
    'readme',
    'robots',
    'security',
    'version',
    '_headers',
    '_redirects',
    '.htaccess',
    '.nojekyll',
  ].map((name) => [name, 'text/plain'] as const),
])

/** Documents below `.well-known/` whose specifications give them a name without an extension and a type. */
const WELL_KNOWN_TYPES: ReadonlyMap<string, string> = new Map([
  // RFC 9727, RFC 6415, RFC 7033; OpenID Connect Discovery; RFC 8414; RFC 9728; Matrix; NodeInfo; Digital Asset Links.
  ['api-catalog', 'application/linkset+json'],
  ['host-meta', 'application/xrd+xml'],
  ['webfinger', 'application/jrd+json'],
  ['openid-configuration', 'application/json'],
  ['oauth-authorization-server', 'application/json'],
  ['oauth-protected-resource', 'application/json'],
  ['matrix/client', 'application/json'],
  ['matrix/server', 'application/json'],
  ['nodeinfo', 'application/json'],
])

const DEFAULT_TYPE = 'application/octet-stream'

/** Types outside `text/*` that are text all the same. */
const TEXT_TYPES: ReadonlySet<string> = new Set([
  'application/javascript',
  'application/json',
  'application/json5',
  'application/ld+json',
  'application/manifest+json',
  'application/toml',
  'application/xml',
  'application/x-javascript',
  'application/x-sh',
  'application/xml-dtd',
])

/**
 * What a file's name says about its bytes.
 *
 * Text is declared UTF-8: `text/*`, scripts, JSON and XML of every kind, SVG. A feed named `feed.xml`, `rss.xml` or
 * `atom.xml` stays `application/xml`, which CloudFront compresses, while it does not compress `application/atom+xml`
 * ("Serving compressed files" in its developer guide); readers go by the content. A `.gz` or `.br` is a file of its own.
 *
 * @param key only its name and, below `.well-known/`, its folder count; nothing is read
 */
export function describeObject(key: Key): Pick<ObjectMetadata, 'contentType'> {
  return { contentType: withCharset(findType(key)) }
}

/** `app.js.br` → brotli of `app.js`; undefined for every other name. */
export function findPrecompressed(key: Key): { readonly of: Key; readonly encoding: string } | undefined {
  if (key.endsWith('.br')) return { of: key.slice(0, -'.br'.length), encoding: 'br' }
  return key.endsWith('.gz') ? { of: key.slice(0, -'.gz'.length), encoding: 'gzip' } : undefined
}

/** Whether the name says nothing about the bytes; `.bin` says that they are bytes. */
export function isUnknownType(key: Key): boolean {
  const name = key.slice(key.lastIndexOf('/') + 1).toLowerCase()
  return findType(key) === DEFAULT_TYPE && mime.getType(name.slice(name.lastIndexOf('.'))) === null
}

function findType(key: Key): string {
  const name = key.slice(key.lastIndexOf('/') + 1).toLowerCase()
  const dot = name.lastIndexOf('.')
  if (dot > 0) {
    return typeOfExtension(name.slice(dot + 1))
  }
  return TYPES_BY_NAME.get(name) ?? findWellKnownType(key) ?? DEFAULT_TYPE
}

/** What was asked before, by extension; of names that are all different only so many. */
const asked = new Map<string, string>()
const MAX_ASKED = 1000

function typeOfExtension(extension: string): string {
  const before = asked.get(extension)
  if (before !== undefined) return before
  // Asked for a bare word, mime takes it for an extension; the dot keeps `a.` from being asked as the empty one.
  const type = TYPES_BY_EXTENSION.get(extension) ?? mime.getType(`.${extension}`) ?? DEFAULT_TYPE
  if (asked.size < MAX_ASKED) asked.set(extension, type)
  return type
}

function findWellKnownType(key: Key): string | undefined {
  const path = /(?:^|\/)\.well-known\/(.+)$/.exec(key)?.[1]
  if (path === undefined || path.startsWith('openpgpkey/')) return undefined
  // What is left there are proofs of ownership: a word or two of text, such as an ACME challenge.
  return WELL_KNOWN_TYPES.get(path) ?? 'text/plain'
}

function withCharset(type: string): string {
  const isText = type.startsWith('text/') || type.endsWith('+xml') || type.endsWith('+json') || TEXT_TYPES.has(type)
  return isText ? `${type}; charset=utf-8` : type
}
