// What should be live under a key, and what a cache may hold of it from before. Pure.

import { etagsMatchWeakly } from '../http/etag.ts'
import type { Debt, Key, LiveObject, ObjectMetadata, RecordedObject, SiteFile, SiteState } from '../model.ts'
import { liveByKey, recordedByKey } from './index-by-key.ts'

export interface KeyTruth {
  /** undefined: nothing; `unknown`: somebody else's, of which only the ETag is known. */
  readonly now: LiveContent | 'unknown' | undefined
  /** What was there at the last completed release; `unknown` where something else may have been there since. */
  readonly before: Pick<LiveContent, 'sha256' | 'metadata'> | 'unknown' | undefined
}

export interface LiveContent {
  readonly sha256: string
  readonly sizeBytes: number
  readonly metadata: ObjectMetadata
  readonly etag?: string
}

export interface DeployedInput {
  readonly prefix: string
  readonly files: readonly SiteFile[]
  /** As listed before the uploads. */
  readonly objects: readonly LiveObject[]
  readonly state: SiteState | undefined
  readonly debt: Debt | undefined
  readonly uploads: readonly { readonly key: Key }[]
  readonly removals: readonly { readonly key: Key }[]
}

/** What will be true when the plan is applied. */
export function truthAfterDeploy(input: DeployedInput): (key: Key) => KeyTruth {
  // Most plans ask for few keys, or none.
  let filesByKey: ReadonlyMap<Key, SiteFile> | undefined
  const files = (): ReadonlyMap<Key, SiteFile> => (filesByKey ??= new Map(input.files.map((file) => [file.key, file])))
  const objects = liveByKey(input.objects)
  const recorded = recordedByKey(input.state)
  const owed = new Set(input.debt?.keys)
  const uploaded = new Set(input.uploads.map(({ key }) => key))
  const removed = new Set(input.removals.map(({ key }) => key))
  return (key) => {
    if (!key.startsWith(input.prefix)) return { now: 'unknown', before: 'unknown' }
    const object = objects.get(key)
    const record = recorded.get(key)
    const file = files().get(key)
    const isOurs = object === undefined || (record !== undefined && etagsMatchWeakly(record.etag, object.etag))
    const before = input.state === undefined || owed.has(key) || !isOurs ? 'unknown' : record
    if (file !== undefined) {
      const { sha256, sizeBytes, metadata } = file
      const etag = uploaded.has(key) ? undefined : object?.etag
      return { now: { sha256, sizeBytes, metadata, ...(etag !== undefined && { etag }) }, before }
    }
    if (object === undefined || removed.has(key)) return { now: undefined, before }
    return { now: isOurs && record !== undefined ? toContent(record) : 'unknown', before }
  }
}

/** What the last completed release says. */
export function truthOfState(state: SiteState, prefix: string): (key: Key) => KeyTruth {
  const recorded = recordedByKey(state)
  return (key) => {
    const record = recorded.get(key)
    if (record === undefined) return { now: key.startsWith(prefix) ? undefined : 'unknown', before: undefined }
    return { now: toContent(record), before: 'unknown' }
  }
}

function toContent({ sha256, sizeBytes, metadata, etag }: RecordedObject): LiveContent {
  return { sha256, sizeBytes, metadata, etag }
}
