// What one shard of a release uploads: the same decisions as of a whole deploy, for a part of the files. Pure.

import type { Key, LiveObject, PlannedUpload, RecordedObject, SiteFile, SiteState, TouchedKey } from '../model.ts'
import type { Hash } from './batches.ts'
import { diffSite } from './diff.ts'
import { lacksTags, recordUploads } from './record-uploads.ts'
import { makeTagHash } from './tags/cache-tag-list.ts'

export interface ShardInput {
  readonly files: readonly SiteFile[]
  /** As they lie in the bucket, where there are objects of these files. */
  readonly objects: readonly LiveObject[]
  /** It may hold these files' records alone. */
  readonly state: SiteState | undefined
  readonly force: boolean
  readonly tagNames: readonly string[]
  readonly tagSalt: string
  readonly hash: Hash
}

export function planShard(input: ShardInput): Omit<PlannedUpload, 'wave'>[] {
  const { files, objects, state, force, tagNames } = input
  const toTag = makeTagHash(input.hash, input.tagSalt)
  const recorded: ReadonlyMap<Key, RecordedObject> = new Map(Object.entries(state?.objects ?? {}))
  const { uploads } = diffSite({
    files,
    objects,
    state,
    debt: undefined,
    isExcluded: () => true,
    force,
    deleteForeign: false,
    isKept: () => false,
    isKeptByRule: () => false,
    tagNames,
    lacksTags: (file, record) => lacksTags(file, record, tagNames, toTag),
  })
  return recordUploads(uploads, { recorded, state, tagNames, toTag, isSharded: true }).uploads
}

/** What the shard owes from its first upload on. */
export function touchedBy(
  uploads: readonly Omit<PlannedUpload, 'wave'>[],
  objects: readonly LiveObject[],
): TouchedKey[] {
  const live = new Map(objects.map((object) => [object.key, object]))
  return uploads.map(({ key, file }) => {
    const object = live.get(key)
    return {
      key,
      etags: [file.etag],
      ...(object !== undefined && { before: { etag: object.etag, sizeBytes: object.sizeBytes } }),
    }
  })
}

/** @returns the state with the records of these keys alone */
export function stateOf(keys: Iterable<Key>, state: SiteState | undefined): SiteState | undefined {
  if (state === undefined) return undefined
  const { objects } = state
  const records: [Key, RecordedObject][] = []
  for (const key of keys) {
    const record = Object.hasOwn(objects, key) ? objects[key] : undefined
    if (record !== undefined) records.push([key, record])
  }
  return { ...state, objects: Object.fromEntries(records) }
}
