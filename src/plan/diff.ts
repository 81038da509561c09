// Per key: what to upload, what to remove, what to leave, and which keys' URLs may be stale. Pure.
//
// What is uploaded is decided by disk against listing: someone else's write is a change. What is purged is decided by disk against
// state, joined with the debt of runs that did not finish: the state says what edges may have cached.

import { etagsMatchWeakly } from '../http/etag.ts'
import { sameMetadata } from '../http/metadata.ts'
import type {
  CopySource,
  Debt,
  Key,
  LiveObject,
  ObjectMetadata,
  ProtectedObject,
  RecordedObject,
  RemovalReason,
  SiteFile,
  SiteState,
  UploadReason,
} from '../model.ts'
import { liveByKey, recordedByKey } from './index-by-key.ts'
import { MAX_COPY_BYTES } from './limits.ts'

export interface DiffInput {
  readonly files: readonly SiteFile[]
  readonly objects: readonly LiveObject[]
  /** undefined: Freshfront has never completed a release here. */
  readonly state: SiteState | undefined
  readonly debt: Debt | undefined
  /** Keys that the user's filters leave alone, on disk and in the bucket alike. */
  readonly isExcluded: (key: Key) => boolean
  readonly force: boolean
  readonly deleteForeign: boolean
  /** Whether an object of ours that is no longer in the site stays all the same: see kept-assets.ts. */
  readonly isKept: (key: Key, record: RecordedObject) => boolean
  /** Whether the user protects the key from every removal. */
  readonly isKeptByRule: (key: Key) => boolean
  /** Names of user metadata that hold cache tags: a difference there is no change, tags alone upload nothing. */
  readonly tagNames: readonly string[]
  /** Whether the object lies in the bucket without cache tags that it should carry. */
  readonly lacksTags: (file: SiteFile, record: RecordedObject | undefined) => boolean
}

/** Why the URLs of a key may be answered with something else than what is deployed. */
export interface StaleKey {
  readonly key: Key
  /** `added`: only errors can be cached, and only until their TTL ends. The others need a purge. */
  readonly kind: 'added' | 'changed' | 'removed' | 'owed'
  readonly reason: string
  /** Whether all that edges can have cached is what the last release recorded: nobody else has written there since. */
  readonly wasRecorded: boolean
}

export interface NeededUpload {
  readonly file: SiteFile
  readonly reason: UploadReason
  /** The bytes are there already. */
  readonly copyOf?: CopySource
}

export interface Diff {
  readonly uploads: readonly NeededUpload[]
  readonly removals: readonly { readonly key: Key; readonly reason: RemovalReason }[]
  /** Ours, no longer in the site, and left where they are. */
  readonly kept: readonly Key[]
  readonly keptByRule: readonly ProtectedObject[]
  readonly unchanged: number
  readonly stale: readonly StaleKey[]
  readonly foreign: readonly Key[]
}

export function diffSite(input: DiffInput): Diff {
  const recorded = recordedByKey(input.state)
  const live = liveByKey(input.objects)
  const ownPuts = new Map<Key, string[]>()
  for (const { key, etag } of input.debt?.puts ?? []) ownPuts.set(key, [...(ownPuts.get(key) ?? []), etag])
  const uploads: NeededUpload[] = []
  const stale = new Map<Key, StaleKey>()

  for (const key of input.debt?.keys ?? []) {
    stale.set(key, {
      key,
      kind: 'owed',
      reason: `owed since ${input.debt?.release}, whose purge was not confirmed`,
      wasRecorded: false,
    })
  }
  for (const file of input.files) {
    const object = live.get(file.key)
    const record = recorded.get(file.key)
    const reason = uploadReason(file, object, record, input)
    if (reason !== undefined) {
      const copies = (reason === 'headers changed' || reason === 'cache tags') && file.sizeBytes <= MAX_COPY_BYTES
      const copyOf = copies && object !== undefined ? { key: object.key, etag: object.etag } : undefined
      uploads.push({ file, reason, ...(copyOf !== undefined && { copyOf }) })
    }
    const staleness =
      fileStaleness(file, object, record, input.state !== undefined) ??
      (reason === 'cache tags'
        ? { key: file.key, kind: 'changed' as const, reason: 'was cached without tags', wasRecorded: true }
        : undefined) ??
      (input.force ? { key: file.key, kind: 'changed' as const, reason: 'forced', wasRecorded: false } : undefined)
    if (staleness !== undefined && !stale.has(file.key)) stale.set(file.key, staleness)
  }

  const isOwnPut = ({ key, etag }: LiveObject): boolean =>
    ownPuts.get(key)?.some((put) => etagsMatchWeakly(put, etag)) ?? false
  const onDisk = new Set(input.files.map((file) => file.key))
  const removals: { key: Key; reason: RemovalReason }[] = []
  const foreign: Key[] = []
  const kept = new Set<Key>()
  const keptByRule: ProtectedObject[] = []
  for (const object of input.objects) {
    const { key } = object
    if (onDisk.has(key) || input.isExcluded(key)) continue
    const record = recorded.get(key)
    const isOwn = isOurs(object, record)
    if (isOwn && input.isKept(key, record)) kept.add(key)
    else if (!isOwn && !isOwnPut(object) && !input.deleteForeign) foreign.push(key)
    else if (input.isKeptByRule(key)) keptByRule.push({ key, isOwn })
    else if (isOwn || isOwnPut(object)) removals.push({ key, reason: 'no longer in the site' })
    else removals.push({ key, reason: 'not in the site (--delete)' })
  }
  const untouched = new Set([...kept, ...keptByRule.flatMap(({ key, isOwn }) => (isOwn ? [key] : []))])
  const removedKeys = new Set(removals.map((removal) => removal.key))
  const findStale = (key: Key): void => {
    if (onDisk.has(key) || input.isExcluded(key) || stale.has(key) || untouched.has(key)) return
    const isGone = removedKeys.has(key) || !live.has(key)
    // No live page has named it for a while, and its name stands for these bytes alone.
    if (isGone && recorded.get(key)?.left !== undefined) return
    const object = live.get(key)
    const wasRecorded = object !== undefined && isOurs(object, recorded.get(key))
    if (isGone) stale.set(key, { key, kind: 'removed', reason: 'removed', wasRecorded })
    else stale.set(key, { key, kind: 'changed', reason: 'changed by someone else', wasRecorded: false })
  }
  for (const key of recorded.keys()) findStale(key)
  for (const key of removedKeys) findStale(key)

  return {
    uploads,
    removals,
    kept: [...kept],
    keptByRule,
    unchanged: input.files.length - uploads.length,
    stale: [...stale.values()],
    foreign,
  }
}

/**
 * Keys whose bytes are known to be right but whose headers are not: a listing carries none, and no state vouches for them. Each costs
 * one HEAD, so they are asked for only when it matters.
 */
export function keysWithUnknownHeaders(
  files: readonly SiteFile[],
  objects: readonly LiveObject[],
  state: SiteState | undefined,
): Key[] {
  const live = liveByKey(objects)
  const recorded = recordedByKey(state)
  return files
    .filter((file) => {
      const object = live.get(file.key)
      return object !== undefined && !isOurs(object, recorded.get(file.key)) && hasBytesOf(object, file)
    })
    .map((file) => file.key)
}

/** An object is ours when it still has the ETag and size that our own upload was given. */
export function isOurs(object: LiveObject, record: RecordedObject | undefined): record is RecordedObject {
  return record !== undefined && etagsMatchWeakly(record.etag, object.etag) && record.sizeBytes === object.sizeBytes
}

/** As far as an ETag tells: under KMS it does not. */
export function hasBytesOf(object: LiveObject, file: SiteFile): boolean {
  if (object.sizeBytes !== file.sizeBytes) return false
  // Another tool may have put a large file in one piece, or a small one in parts of our size.
  return etagsMatchWeakly(object.etag, file.etag) || etagsMatchWeakly(object.etag, `"${file.md5}"`)
}

function uploadReason(
  file: SiteFile,
  object: LiveObject | undefined,
  record: RecordedObject | undefined,
  { force, tagNames, lacksTags }: Pick<DiffInput, 'force' | 'tagNames' | 'lacksTags'>,
): UploadReason | undefined {
  if (object === undefined) return 'new'
  const ours = isOurs(object, record)
  const sameBytes = ours ? record.sha256 === file.sha256 : hasBytesOf(object, file)
  if (!sameBytes) return !ours && record !== undefined ? 'changed by someone else' : 'bytes changed'
  const metadata = ours ? record.metadata : object.metadata && withoutTags(object.metadata, tagNames)
  if (metadata === undefined || !sameMetadata(metadata, file.metadata)) return 'headers changed'
  if (force) return 'forced'
  return lacksTags(file, ours ? record : undefined) ? 'cache tags' : undefined
}

function withoutTags(metadata: ObjectMetadata, tagNames: readonly string[]): ObjectMetadata {
  const user = Object.entries(metadata.user ?? {}).filter(([name]) => !tagNames.includes(name))
  return { ...metadata, user: Object.fromEntries(user) }
}

function fileStaleness(
  file: SiteFile,
  object: LiveObject | undefined,
  record: RecordedObject | undefined,
  hasState: boolean,
): StaleKey | undefined {
  const { key } = file
  if (record !== undefined) {
    const wasRecorded = object !== undefined && isOurs(object, record)
    if (record.sha256 !== file.sha256) return { key, kind: 'changed', reason: 'bytes changed', wasRecorded }
    if (!sameMetadata(record.metadata, file.metadata))
      return { key, kind: 'changed', reason: 'headers changed', wasRecorded }
    if (object === undefined) return { key, kind: 'added', reason: 'put back', wasRecorded }
    // Edges may have cached what someone else put there meanwhile.
    return wasRecorded ? undefined : { key, kind: 'changed', reason: 'changed by someone else', wasRecorded }
  }
  if (object === undefined) return { key, kind: 'added', reason: 'new', wasRecorded: true }
  // Without any state all caches are unknown, and the whole site is purged once: see staleness.ts.
  return hasState ? { key, kind: 'changed', reason: 'was put by someone else', wasRecorded: false } : undefined
}
