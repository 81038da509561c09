// The cache tags of an object as S3 stores and CloudFront reads them: hashed, and no more than there is room for. Pure: the hash
// function is handed in.

import type { Key } from '../../model.ts'
import type { Hash } from '../batches.ts'
import { type TagText, tagTexts } from './tag-texts.ts'
import type { UploadHistory } from './upload-history.ts'

/** @see CloudFront Developer Guide, "Invalidate files by cache tag": more than 50 on an object are ignored (read 2026-11-23) */
const MAX_TAGS = 50
/** @see Amazon S3 User Guide, "Working with object metadata": 2 KB of names and values */
const MAX_USER_METADATA_BYTES = 2048
/** Of 50,000 objects' own tags two are the same once in three million sites. */
const OWN_TAG_DIGITS = 10
/** When two group tags are the same, a purge by them evicts more, and the planner counts it. */
const GROUP_TAG_DIGITS = 7

/** A tag in words → the tag. Lower-case letters and digits: CloudFront compares without case. */
export type TagHash = (text: TagText) => string

/**
 * @param salt of the site, so that tags, which every reader sees, tell nothing of names or rhythm that could be looked up
 * @returns remembers the tags of groups, so that each is hashed once and equal tags share their memory
 */
export function makeTagHash(hash: Hash, salt: string): TagHash {
  const groups = new Map<string, Map<string, string>>()
  return ({ kind, text, rank }) => {
    if (rank === 0) return hashTag(hash, salt, kind, text, OWN_TAG_DIGITS)
    let ofKind = groups.get(kind)
    if (ofKind === undefined) groups.set(kind, (ofKind = new Map()))
    let tag = ofKind.get(text)
    if (tag === undefined) ofKind.set(text, (tag = hashTag(hash, salt, kind, text, GROUP_TAG_DIGITS)))
    return tag
  }
}

/** For objects that stay, whose own tags no purge names: they are not hashed, and something else as long stands in their place. */
export function withoutOwnTags(toTag: TagHash): TagHash {
  return (text) => (text.rank === 0 ? `${text.kind}${NO_TAG}` : toTag(text))
}

/** No tag has a hyphen in it. */
const NO_TAG = '-'.repeat(OWN_TAG_DIGITS)

function hashTag(hash: Hash, salt: string, kind: string, text: string, digits: number): string {
  // Base 36 of 64 bits has 12 digits and a bit: the last ten are as good as random.
  const base36 = BigInt(`0x${hash(`${salt}|${kind}|${text}`).slice(0, 16)}`).toString(36)
  return `${kind}${base36.padStart(digits, '0').slice(-digits)}`
}

/**
 * The object's tags, its own first.
 *
 * @param freeBytes what S3's 2 KB of user metadata have left for the tags and the name under which they stand
 * @returns empty where not even its own tag fits
 */
export function cacheTagList(
  key: Key,
  history: UploadHistory,
  toTag: TagHash,
  freeBytes: number = MAX_USER_METADATA_BYTES,
): string[] {
  const tags = new Set<string>()
  let leftBytes = freeBytes
  for (const text of tagTexts(key, history)) {
    const tag = toTag(text)
    if (tags.has(tag)) continue
    leftBytes -= tag.length + (tags.size > 0 ? 1 : 0)
    if (leftBytes < 0 || tags.size === MAX_TAGS) break
    tags.add(tag)
  }
  return [...tags]
}

/** What is left for tags under the name, beside the object's other user metadata. */
export function freeMetadataBytes(user: Readonly<Record<string, string>>, name: string): number {
  const used = Object.entries(user).reduce((sum, [other, value]) => sum + utf8Bytes(other) + utf8Bytes(value), 0)
  return MAX_USER_METADATA_BYTES - used - utf8Bytes(name)
}

/** Reads tags back from the header or the state. */
export function splitCacheTags(value: string): string[] {
  return value
    .split(',')
    .map((tag) => tag.trim().toLowerCase())
    .filter((tag) => tag !== '')
}

export function joinCacheTags(tags: readonly string[]): string {
  return tags.join(',')
}

const UTF8 = new TextEncoder()

function utf8Bytes(text: string): number {
  return UTF8.encode(text).length
}
