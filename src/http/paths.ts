// From S3 key to viewer path to invalidation path: which characters are encoded, which must not be, and which cannot be
// written exactly at all. Pure.

import type { InvalidationItem, Key, ViewerPath } from '../model.ts'

/**
 * Longest invalidation path, in characters.
 * @see CloudFront Developer Guide, "Invalidate files": what to know before you invalidate (read 2026-11-23)
 */
export const MAX_ITEM_CHARACTERS = 4000

/** Escaped in viewer paths and invalidation paths alike: control bytes, RFC 1738's "unsafe" characters, and all beyond ASCII. */
const MUST_BE_ENCODED = /[^A-Za-z0-9$\-_.+!(),/:;@=&*'~?]/u

/**
 * Characters whose spelling in the cache cannot be told from the key. `~` and, by reports, `'` are refused or match nothing;
 * `+`, `%2B`, `%20` and a space are different cache keys for the same object; browsers leave `[ ] ^ |` raw where the API wants them
 * encoded; `? # %` and a literal `*` mean something else in a path; `\` becomes `/` in browsers.
 */
const RISKY = /[~'+ [\]^|\\?#%*]/u

/** Neither is encoded nor risky: most keys consist of nothing else. */
const PLAIN_KEY = /^[A-Za-z0-9$\-_.!(),/:;@=&]*$/u

export interface WrittenPath {
  readonly item: InvalidationItem
  /** False where the item is a prefix because the exact path cannot be written; it then covers other paths too. */
  readonly exact: boolean
}

/**
 * The path under which a browser asks for a key, as it is sent over the wire: `/caf%C3%A9.html`.
 *
 * @param key relative to the origin path, not encoded
 */
export function keyToViewerPath(key: Key): ViewerPath {
  return '/' + encodeCharacters(key, (character) => MUST_BE_ENCODED.test(character) || character === '?')
}

/**
 * The invalidation item that covers every spelling of a key's viewer path: the exact path where there is one spelling, else the
 * prefix before the first character whose spelling is uncertain.
 *
 * @param key relative to the origin path, not encoded; `""` stands for the root, `/`
 * @see CloudFront Developer Guide, "Invalidate files"; RFC 1738 §2.2
 */
export function keyToInvalidationItem(key: Key): WrittenPath {
  if (key.length < MAX_ITEM_CHARACTERS - 1 && PLAIN_KEY.test(key)) return { item: `/${key}`, exact: true }
  const cut = firstUncertainIndex(key)
  const certain = cut === -1 ? key : key.slice(0, cut)
  const path = '/' + encodeCharacters(certain, (character) => MUST_BE_ENCODED.test(character))
  if (path.length > MAX_ITEM_CHARACTERS - 1) return { item: shorten(path), exact: false }
  return cut === -1 ? { item: path, exact: true } : { item: `${path}*`, exact: false }
}

/** Whether an invalidation item covers a cached path: a trailing `*` is a string prefix, any other item matches itself alone. */
export function itemCovers(item: InvalidationItem, path: string): boolean {
  return item.endsWith('*') ? path.startsWith(item.slice(0, -1)) : item === path
}

/** Browsers send names as they are written in the page; only NFC names have one spelling there and in the key. */
function firstUncertainIndex(key: string): number {
  const risky = key.search(RISKY)
  if (key.normalize('NFC') === key) return risky
  const nonAscii = key.search(/[^\u0000-\u007f]/u)
  // A combining mark changes the letter before it, so that letter is uncertain too.
  const uncertain = Math.max(0, nonAscii - 1)
  return risky === -1 ? uncertain : Math.min(risky, uncertain)
}

function encodeCharacters(text: string, isEncoded: (character: string) => boolean): string {
  let encoded = ''
  for (const character of text) encoded += isEncoded(character) ? percentEncode(character) : character
  return encoded
}

function percentEncode(character: string): string {
  let encoded = ''
  // A lone surrogate has no UTF-8 form; it is sent as the replacement character, as browsers do.
  for (const byte of new TextEncoder().encode(character))
    encoded += '%' + byte.toString(16).toUpperCase().padStart(2, '0')
  return encoded
}

/** Cuts a path to the length limit, never within a `%XX`. */
function shorten(path: string): InvalidationItem {
  const cut = path.slice(0, MAX_ITEM_CHARACTERS - 1).replace(/%[0-9A-F]?$/u, '')
  return `${cut}*`
}
