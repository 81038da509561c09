// One path as people write it → what they mean by it: a path, a prefix or a tag, on any host or on one; or why it can be none of them. Pure.

import { keyToViewerPath } from '../http/paths.ts'

export type TypedPath =
  | {
      readonly kind: 'path'
      /** In lower case; there when a whole URL was typed. */
      readonly host?: string
      /** Starts with `/`, as it was typed: encoded or not. */
      readonly path: string
      /** What follows the first `?`, as it was typed. */
      readonly query?: string
      /** It ended in `*`. */
      readonly isPrefix: boolean
      /** What follows `#`, where somebody may take it for a part of the path. */
      readonly fragment?: string
    }
  | { readonly kind: 'tag'; readonly tag: string }
  /** The sentence has no subject: `is empty.` */
  | { readonly kind: 'problem'; readonly why: string }

/** @see CloudFront Developer Guide, "Invalidate files by cache tag": printable ASCII without a comma, up to 256 characters */
const TAG = /^[!-+\--~]{1,256}$/u
const SCHEME = /^([a-z][a-z0-9+.-]*):\/\//iu

/** @param hosts of the distributions, in lower case: `www.example.com/blog/` is a URL without its scheme where it is one of them */
export function parseTypedPath(typed: string, hosts: ReadonlySet<string>): TypedPath {
  const text = typed.trim()
  if (text === '') return problem('is empty.')
  if (text.startsWith('#')) return parseTag(text.slice(1))
  if (/^[a-z]:[\\/]/iu.test(text))
    return problem(
      'is a path of Windows: Git Bash makes it of what begins with a slash. Set MSYS_NO_PATHCONV=1, or leave the first slash out.',
    )
  const scheme = SCHEME.exec(text)?.[1]?.toLowerCase()
  if (scheme === 's3') return problem('is an object. Give the path under which the distribution serves it.')
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https')
    return problem('is no address of a website. Give a path such as /blog/.')
  const [start = ''] = text.split(/[/?#]/u, 1)
  if (scheme === undefined && !hosts.has(start.toLowerCase())) return parsePath(text, undefined)
  const [, authority = '', rest = ''] = /^([^/?#]*)(.*)$/su.exec(text.replace(SCHEME, '')) ?? []
  const host = authority.replace(/^.*@/u, '').replace(/:\d*$/u, '').toLowerCase()
  return host === '' ? problem('is a URL without a host.') : parsePath(rest, host)
}

function parseTag(tag: string): TypedPath {
  if (tag.endsWith('*')) return problem('is a tag with a wildcard, which CloudFront does not know: name each tag.')
  if (!TAG.test(tag))
    return problem('is no cache tag: those have up to 256 visible ASCII characters, and no comma among them.')
  return { kind: 'tag', tag }
}

function parsePath(text: string, host: string | undefined): TypedPath {
  const [, sent = '', fragment] = /^([^#]*)(?:#(.*))?$/su.exec(text) ?? []
  const isPrefix = sent.endsWith('*') && fragment === undefined
  const known = isPrefix ? sent.slice(0, -1) : sent
  if (known.includes('*')) {
    return problem(
      `has a * that is not at its end, which CloudFront takes for the character itself. End it there (${known.slice(0, known.indexOf('*'))}*); a * that belongs to a name is written %2A.`,
    )
  }
  const [, before = '', query] = /^([^?]*)(?:\?(.*))?$/su.exec(known) ?? []
  const path = before.startsWith('/') ? before : `/${before}`
  if (/\/\.{1,2}(?:\/|$)/u.test(path))
    return problem('has . or .. for a folder, which browsers resolve before they ask. Give the path that they ask for.')
  return {
    kind: 'path',
    path,
    isPrefix,
    ...(host !== undefined && { host }),
    ...(query !== undefined && { query }),
    // A whole URL is copied from a browser, where everybody knows what it means.
    ...(fragment !== undefined && host === undefined && { fragment }),
  }
}

function problem(why: string): TypedPath {
  return { kind: 'problem', why }
}

/**
 * A typed path, decoded, up to where it is sure in which spelling caches know it: an escape of a character that is not escaped by
 * itself (`%2F`, `%41`) makes a cache entry of its own, and CloudFront takes no such escape.
 *
 * @returns `isWhole`: nothing was cut off
 */
export function decodeTypedPath(path: string): { readonly text: string; readonly isWhole: boolean } {
  let text = ''
  for (const [part] of path.matchAll(/(?:%[0-9a-f]{2})+|%|[^%]+/giu)) {
    if (!part.startsWith('%') || part === '%') {
      text += part
      continue
    }
    const decoded = decodeEscapes(part)
    // Bytes that are no UTF-8 stand for themselves, and end the sure part at their first %.
    if (decoded === undefined) text += part
    for (const character of decoded ?? '') {
      if (isSentRaw(character)) return { text, isWhole: false }
      text += character
    }
  }
  return { text, isWhole: true }
}

/**
 * A typed query string as an item has it: its escapes are the viewer's own and stay, as far as CloudFront takes them.
 *
 * @returns `isWhole`: nothing was cut off
 */
export function writeQuery(query: string): { readonly text: string; readonly isWhole: boolean } {
  let text = ''
  for (const [part] of query.matchAll(/(?:%[0-9a-f]{2})+|[^]/giu)) {
    if (part.startsWith('%') && part.length > 1) {
      const decoded = decodeEscapes(part)
      if (decoded === undefined || Array.from(decoded).some(isSentRaw)) return { text, isWhole: false }
      text += part.toUpperCase()
    } else if (UNSURE_IN_QUERY.test(part)) {
      return { text, isWhole: false }
    } else {
      text += part === '?' ? part : encode(part)
    }
  }
  return { text, isWhole: true }
}

/** Browsers send some of these raw and some encoded, and CloudFront refuses some in either form. */
const UNSURE_IN_QUERY = /[~' [\]^|\\%*]/u

function decodeEscapes(escapes: string): string | undefined {
  try {
    return decodeURIComponent(escapes)
  } catch {
    // Not UTF-8: the caller knows what to make of it.
    return undefined
  }
}

/** Whether an item has the character as it is. */
function isSentRaw(character: string): boolean {
  return character !== '?' && encode(character) === character
}

function encode(character: string): string {
  return keyToViewerPath(character).slice(1)
}
