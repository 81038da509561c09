// Which cache tags an object is stored with, and whether a purge by them reaches every cached copy. Pure. What the tags say is in tags/.
//
// Tags belong to the object, not to a URL: one purges every path, query string and encoding under which the key is cached. They say
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
import { cacheTagList, freeMetadataBytes, joinCacheTags, type TagHash } from './tags/cache-tag-list.ts'
import { unpackHistory, type UploadHistory } from './tags/upload-history.ts'

const METADATA_HEADER = /^x-amz-meta-(.+)$/iu

/** `cache-tag` for `x-amz-meta-cache-tag`; undefined where the distribution reads no tags, or from a header that S3 cannot send. */
export function tagMetadataName(distribution: Distribution): string | undefined {
  return METADATA_HEADER.exec(distribution.cacheTagHeader ?? '')?.[1]?.toLowerCase()
}

/** The names of user metadata that hold tags for any of the distributions. */
export function tagMetadataNames(distributions: readonly Distribution[]): string[] {
  return [...new Set(distributions.flatMap((distribution) => tagMetadataName(distribution) ?? []))].toSorted()
}

/** The same tags under each name; fewer, or none, where they would not fit beside the object's other metadata. */
export function tagsOf(
  key: Key,
  metadata: ObjectMetadata,
  names: readonly string[],
  history: UploadHistory,
  toTag: TagHash,
): CacheTags {
  let user: Readonly<Record<string, string>> = metadata.user ?? {}
  const tags: [string, string][] = []
  for (const name of names) {
    // What the user has put there stays.
    if (user[name] !== undefined) continue
    const list = cacheTagList(key, history, toTag, freeMetadataBytes(user, name))
    if (list.length === 0) continue
    const value = joinCacheTags(list)
    tags.push([name, value])
    user = { ...user, [name]: value }
  }
  return Object.fromEntries(tags)
}

/** The tags of the object as it was last written, for the distribution; empty where it has none that are known. */
export function tagsOfRecord(
  key: Key,
  record: RecordedObject | undefined,
  distribution: Distribution,
  toTag: TagHash,
  unpack: typeof unpackHistory = unpackHistory,
): string[] {
  const name = tagMetadataName(distribution)
  if (name === undefined) return []
  const history = record?.history && unpack(record.history)
  if (record?.tagNames === undefined || history === undefined) return []
  return tagsOf(key, record.metadata, record.tagNames, history, toTag)[name]?.split(',') ?? []
}

/**
 * Whether every copy in the distribution's caches carries the tags that its object is recorded with: the release that found the
 * distribution to read tags saw to it that every object had some, and then purged all that was cached without.
 */
export function areTagsReliable(distribution: Distribution, recorded: RecordedDistribution | undefined): boolean {
  return tagMetadataName(distribution) !== undefined && isSameHeader(distribution, recorded)
}

/** What is to be remembered of the distribution when the release is complete. */
export function recordDistribution(
  distribution: Distribution,
  before: RecordedDistribution | undefined,
  release: ReleaseId,
): RecordedDistribution {
  const header = distribution.cacheTagHeader
  if (header === undefined || tagMetadataName(distribution) === undefined) return {}
  return { tags: { header, since: isSameHeader(distribution, before) ? (before?.tags?.since ?? release) : release } }
}

/** Whether the distribution has begun to read tags since the last release: what it has cached until now has none. */
export function hasSwitchedTagsOn(distribution: Distribution, before: RecordedDistribution | undefined): boolean {
  return tagMetadataName(distribution) !== undefined && !isSameHeader(distribution, before)
}

function isSameHeader({ cacheTagHeader }: Distribution, before: RecordedDistribution | undefined): boolean {
  return before?.tags !== undefined && before.tags.header.toLowerCase() === cacheTagHeader?.toLowerCase()
}
