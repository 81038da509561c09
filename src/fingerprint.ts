// Does a file's name hold a hash of its content, so that the name never means other bytes? By the look of the name alone. Pure.

import type { Key } from './model.ts'

/** Folders in which frameworks put only files whose names change with their content. */
const HASHED_FOLDERS = /(?:^|\/)(?:_next\/static|_app\/immutable|_astro)\//u
/** What Rollup, Vite and Astro (base64url), esbuild (base32) and Bun write: eight characters at the end of the name. */
const SHORT_HASH_LENGTH = 8
const HEX = /^(?:[0-9a-f]{8,}|[0-9A-F]{8,})$/u
/** Hugo's resized images: `sunset_hu15210517121918042184.jpg`, `sunset_hu_8a4d59d6a2b5e5d1.jpg`. */
const HUGO_IMAGE = /_hu_?[0-9a-f]{16,}(?:[._]|$)/u

/**
 * Whether the name looks fingerprinted: a part of it next to a separator is 8 or more hexadecimal digits, or 8 characters that no word
 * is made of. Dates, versions and words (`deadbeef`, `SemiBold`, `20260101`) are not taken for hashes; of random hashes one in thirty is
 * taken for a word, which costs no more than the asset's being treated as any other.
 */
export function looksFingerprinted(key: Key): boolean {
  if (HASHED_FOLDERS.test(key)) return true
  const name = key.slice(key.lastIndexOf('/') + 1)
  return HUGO_IMAGE.test(name) || name.split(/[.\-_~]/u).some(isHex) || stemsOf(name).some(endsInShortHash)
}

/** The parts of the file's name that look like hashes; empty where only the folder says that it is fingerprinted. */
export function findHashParts(key: Key): string[] {
  const name = key.slice(key.lastIndexOf('/') + 1)
  const image = /_hu_?([0-9a-f]{16,})(?=[._]|$)/u.exec(name)?.[1]
  const short = stemsOf(name)
    .filter(endsInShortHash)
    .map((stem) => stem.slice(-SHORT_HASH_LENGTH))
  return [...new Set([...(image === undefined ? [] : [image]), ...name.split(/[.\-_~]/u).filter(isHex), ...short])]
}

/** At least one letter and one digit: a date or a number is no hash, and neither is a word of the letters a to f. */
function isHex(part: string): boolean {
  return HEX.test(part) && /\d/u.test(part) && /[a-f]/iu.test(part)
}

/** `photo.CeVyVpqQ_Z1xyzab.webp` → `photo`, `photo.CeVyVpqQ`, `photo.CeVyVpqQ_Z1xyzab`: hashes are at the end of one of these. */
function stemsOf(name: string): string[] {
  return [...name.matchAll(/[._]/gu)].map(({ index }) => name.slice(0, index))
}

function endsInShortHash(stem: string): boolean {
  const before = stem.slice(0, -SHORT_HASH_LENGTH)
  if (!/[.\-_]$/u.test(before)) return false
  const tail = stem.slice(-SHORT_HASH_LENGTH)
  if (!/^[A-Za-z0-9_-]+$/u.test(tail)) return false
  // Written by esbuild; other names in capitals may be words.
  if (/^[A-Z2-7]+$/u.test(tail))
    return /\d/u.test(tail) ? /[A-Z]\d+[A-Z]/u.test(tail) : /(?:^|[.-])chunk-$/u.test(before)
  if (/^[a-z0-9]+$/u.test(tail)) return /\d[a-z]+\d|[a-z]\d[a-z]+\d|\d[a-z]+\d[a-z]/u.test(tail)
  return /[a-z]/u.test(tail) && /[A-Z]/u.test(tail) && !isWords(tail)
}

/** `SemiBold`, `JSONView`, `iPhone15`, `My-Page1`: runs of three letters or more, digits only after them. */
function isWords(text: string): boolean {
  return text
    .replace(/^[a-z](?=[A-Z])/u, '')
    .split(/[-_]/u)
    .every((part) => {
      const [letters = ''] = /^[A-Za-z]*/u.exec(part) ?? []
      const runs: readonly string[] = letters.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/gu) ?? []
      return /^\d*$/u.test(part.slice(letters.length)) && runs.every((run) => run.length >= 3)
    })
}
