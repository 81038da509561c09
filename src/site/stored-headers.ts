// Which headers each file is stored with: its type by its name, then the Cache-Control of the settings, then the site's rules in order.

import { looksFingerprinted } from '../fingerprint.ts'
import type { HeaderRule, Key, ObjectMetadata } from '../model.ts'
import { isStoredHeader } from '../site-rules/header-rules.ts'
import { compilePathPattern, pathsOfFile } from '../site-rules/path-pattern.ts'
import { compilePatterns } from './filters.ts'
import { describeObject } from './metadata.ts'

/** In place of a Cache-Control: one for each kind of file. */
const RECOMMENDED = 'recommended'
/** The name stands for these bytes alone. */
const FOR_EVER = 'public, max-age=31536000, immutable'
/** Browsers always ask; edges answer them until they are purged, which a deploy does. */
const UNTIL_PURGED = 'max-age=0, s-maxage=31536000, must-revalidate'

/**
 * @param rules in the order in which they apply
 * @returns takes a path relative to the folder, and its key; and its type, where the name says nothing and the bytes do. Files with the
 *   same headers are given the same object, of which there may be a million
 */
export function compileStoredHeaders(
  rules: readonly HeaderRule[],
  cacheControl: string | undefined,
): (path: string, key: Key, typeByBytes?: string) => ObjectMetadata {
  const compiled = rules.map((rule, index) => ({ ...rule, index, matches: compileMatch(rule.pattern) }))
  const made = new Map<string, ObjectMetadata>()
  return (path, key, typeByBytes) => {
    const contentType = typeByBytes ?? describeObject(key).contentType
    const cached = withCacheControl(cacheControl, path, contentType)
    const matching = compiled.filter(({ matches }) => matches(path))
    const kind = `${contentType}\n${cached.cacheControl ?? ''}\n${matching.map(({ index }) => index).join()}`
    const before = made.get(kind)
    if (before !== undefined) return before
    const base = { contentType, ...cached }
    const metadata = Object.freeze(matching.length === 0 ? base : applyRules(matching, base, contentType))
    made.set(kind, metadata)
    return metadata
  }
}

/** Rules of which S3 cannot send everything, with what it cannot send and what takes that away. */
export function keepUnstored(rules: readonly HeaderRule[]): HeaderRule[] {
  return rules
    .map((rule) => ({
      ...rule,
      set: Object.fromEntries(Object.entries(rule.set).filter(([name]) => !isStoredHeader(name))),
      detach: rule.detach.filter((name) => !isStoredHeader(name)),
    }))
    .filter(({ set, detach }) => Object.keys(set).length + detach.length > 0)
}

function withCacheControl(
  cacheControl: string | undefined,
  path: string,
  contentType: string,
): Pick<ObjectMetadata, 'cacheControl'> {
  if (cacheControl === undefined) return {}
  if (cacheControl !== RECOMMENDED) return { cacheControl }
  const isPage = /^(?:text\/html|application\/xhtml\+xml)\b/u.test(contentType)
  return { cacheControl: !isPage && looksFingerprinted(path) ? FOR_EVER : UNTIL_PURGED }
}

function compileMatch(pattern: string): (path: string) => boolean {
  if (!pattern.startsWith('/')) return compilePatterns([pattern])
  const matches = compilePathPattern(pattern.normalize('NFC'))
  return (path) => pathsOfFile(path.normalize('NFC')).some(matches)
}

function applyRules(
  rules: readonly Pick<HeaderRule, 'set' | 'detach'>[],
  base: ObjectMetadata,
  typeByName: string,
): ObjectMetadata {
  const headers = new Map<string, string>([['content-type', base.contentType]])
  if (base.cacheControl !== undefined) headers.set('cache-control', base.cacheControl)
  for (const { set, detach } of rules) {
    for (const name of detach) headers.delete(name.toLowerCase())
    for (const [name, value] of Object.entries(set)) headers.set(name.toLowerCase(), value.trim())
  }
  const expires = headers.get('expires')
  const user = [...headers]
    .filter(([name]) => name.startsWith('x-amz-meta-'))
    .map(([name, value]) => [name.slice('x-amz-meta-'.length), value] as const)
  const metadata = {
    cacheControl: headers.get('cache-control'),
    contentDisposition: headers.get('content-disposition'),
    contentEncoding: headers.get('content-encoding'),
    contentLanguage: headers.get('content-language'),
    // S3 stores a date, and writes it in this form.
    expires: expires === undefined ? undefined : new Date(expires).toUTCString(),
    websiteRedirectLocation: headers.get('x-amz-website-redirect-location'),
    user: user.length === 0 ? undefined : Object.fromEntries(user),
  }
  const said = Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== undefined))
  return { contentType: headers.get('content-type') ?? typeByName, ...said }
}
