// The order of S3 keys: that of their UTF-8 bytes, in which a bucket listing comes too.

import type { Key } from './model.ts'

/**
 * Compares two keys for sorting as S3 sorts them. JavaScript's own order is that of UTF-16 units, which puts the characters
 * above U+FFFF (written as surrogates, from U+D800 on) before U+E000 to U+FFFF; in UTF-8 they come after.
 *
 * @see Amazon S3 API Reference, ListObjectsV2
 */
export function compareKeys(one: Key, other: Key): number {
  const length = Math.min(one.length, other.length)
  for (let at = 0; at < length; at++) {
    const a = one.charCodeAt(at)
    const b = other.charCodeAt(at)
    if (a !== b) return rank(a) - rank(b)
  }
  return one.length - other.length
}

/** Where a key has none of the units that the two orders rank differently, JavaScript's own comparison does, which is faster. */
const RANKED_UNITS = /[\ud800-\uffff]/

/** Sorts in place, as compareKeys does. */
export function sortByKey<Item extends { readonly key: Key }>(items: Item[]): Item[] {
  if (items.some(({ key }) => RANKED_UNITS.test(key)))
    return items.sort((one, other) => compareKeys(one.key, other.key))
  return items.sort((one, other) => (one.key < other.key ? -1 : one.key === other.key ? 0 : 1))
}

/** Moves surrogates behind all other units, the order among each kept. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}
