// Which cache tag an object is stored with, and whether a purge by it reaches every cached copy. Pure.
//
// A tag belongs to the object, not to a URL: one purges every path, query string and encoding under which the key is cached. It says
// nothing of error pages and redirects, which S3 answers without metadata.

import type {
  CacheTags,
  Distribution,
  Key,
  ObjectMetadata,
  RecordedDistribution,
  RecordedObject,
  ReleaseId,
} from '../model.ts'
import type { Hash } from './batches.ts'

/** @see Amazon S3 User Guide, "Working with object metadata": 2 KB of names and values */
const MAX_USER_METADATA_BYTES = 2048
const METADATA_HEADER = /^x-amz-meta-(.+)$/iu
const TAG_DIGITS = 20

/** `cache-tag` for `x-amz-meta-cache-tag`; undefined where the distribution reads no tags, or from a header that S3 cannot send. */
export function tagMetadataName(distribution: Distribution): string | undefined {
  return METADATA_HEADER.exec(distribution.cacheTagHeader ?? '')?.[1]?.toLowerCase()
}

/** The names of user metadata that hold tags for any of the distributions. */
export function tagMetadataNames(distributions: readonly Distribution[]): string[] {
  return [...new Set(distributions.flatMap((distribution) => tagMetadataName(distribution) ?? []))].toSorted()
}

/** One tag for the key under each name; fewer names, or none, where they would not fit beside the object's other metadata. */
export function tagsOf(key: Key, metadata: ObjectMetadata, names: readonly string[], hash: Hash): CacheTags {
  const tag = tagOfKey(key, hash)
  let usedBytes = Object.entries(metadata.user ?? {}).reduce(
    (sum, [name, value]) => sum + utf8Bytes(name) + utf8Bytes(value),
    0,
  )
  const tags: [string, string][] = []
  for (const name of names) {
    usedBytes += utf8Bytes(name) + tag.length
    if (usedBytes <= MAX_USER_METADATA_BYTES && metadata.user?.[name] === undefined) tags.push([name, tag])
  }
  return Object.fromEntries(tags)
}

/**
 * The tag that every copy of the object in the distribution's caches carries; undefined where a copy may be without: uploaded or
 * cached before tags were read.
 */
export function reliableTag(
  record: RecordedObject | undefined,
  distribution: Distribution,
  recorded: RecordedDistribution | undefined,
): string | undefined {
  const name = tagMetadataName(distribution)
  if (record === undefined || name === undefined) return undefined
  const { tags } = recorded ?? {}
  const isSameHeader = tags?.header.toLowerCase() === distribution.cacheTagHeader?.toLowerCase()
  return isSameHeader && tags !== undefined && record.changedIn >= tags.since ? record.cacheTags?.[name] : undefined
}

/** What is to be remembered of the distribution when the release is complete. */
export function recordDistribution(
  distribution: Distribution,
  before: RecordedDistribution | undefined,
  release: ReleaseId,
): RecordedDistribution {
  const header = distribution.cacheTagHeader
  if (header === undefined || tagMetadataName(distribution) === undefined) return {}
  const isSameHeader = before?.tags?.header.toLowerCase() === header.toLowerCase()
  return { tags: { header, since: isSameHeader ? (before?.tags?.since ?? release) : release } }
}

function tagOfKey(key: Key, hash: Hash): string {
  return `ff-${hash(key).slice(0, TAG_DIGITS)}`
}

function utf8Bytes(text: string): number {
  return new TextEncoder().encode(text).length
}
