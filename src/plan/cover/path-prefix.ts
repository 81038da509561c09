// Where a prefix item may end: at the longest text that CloudFront takes, and never within a character. Pure.

import { MAX_ITEM_CHARACTERS } from '../../http/paths.ts'

/** A prefix item is written with a `*` at its end, which counts. */
const MAX_PREFIX_CHARACTERS = MAX_ITEM_CHARACTERS - 1

/**
 * The longest beginning that decodes. Every alternative is one character of UTF-8, so that a beginning can end neither inside a `%XX`
 * nor between the `%XX`s of one character; beyond an escape that means nothing (`100%`, `%FF`) no prefix ends at all.
 * @see RFC 3629 §4 (the ranges of each byte), RFC 3986 §2.1
 */
const WHOLE_CHARACTERS = new RegExp(
  [
    '^(?:[^%]+',
    '%[0-7][0-9A-F]',
    '%(?:C[2-9A-F]|D[0-9A-F])T',
    '%(?:E0%[AB][0-9A-F]|(?:E[1-9A-CEF])T|ED%[89][0-9A-F])T',
    '%(?:F0%[9AB][0-9A-F]|(?:F[1-3])T|F4%8[0-9A-F])TT',
  ]
    .join('|')
    .replaceAll('T', '%[89AB][0-9A-F]') + ')*',
  'i',
)

/**
 * How many characters of a path the longest allowed prefix item has.
 *
 * @param after the prefix has to be longer than this
 * @param limit the prefix may be as long as this
 * @returns 0 where none may end in between
 */
export function findPrefixEnd(path: string, after: number, limit: number): number {
  const text = path.slice(0, Math.min(limit, MAX_PREFIX_CHARACTERS))
  const end = text.includes('%') ? (WHOLE_CHARACTERS.exec(text)?.[0].length ?? 0) : text.length
  return end > after ? end : 0
}
