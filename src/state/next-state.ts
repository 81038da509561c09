// What the next run must know of this release.

import { sameMetadata } from '../http/metadata.ts'
import type {
  Commit,
  EndedShards,
  Key,
  LiveObject,
  Plan,
  PlannedUpload,
  RecordedObject,
  SiteFile,
  SiteState,
  Spending,
} from '../model.ts'
import { recordMd5 } from './known-files.ts'

export interface NextStateInput {
  readonly plan: Pick<
    Plan,
    'release' | 'uploads' | 'kept' | 'keptByRule' | 'distributions' | 'deploys' | 'tagSalt' | 'cost' | 'debt'
  >
  readonly completedAtMs: number
  readonly commit?: Commit | undefined
  readonly files: readonly SiteFile[]
  readonly uploaded: readonly { readonly key: Key; readonly etag: string }[]
  /** As listed before the uploads. */
  readonly objects: readonly LiveObject[]
  readonly before: SiteState | undefined
  /** Keys that the user's filters left alone: they stay recorded as they were. */
  readonly isExcluded: (key: Key) => boolean
  /** Removed by this release. */
  readonly removed: readonly Key[]
  /** The store, where it was seen to keep to conditional writes. */
  readonly conditionsKeptBy?: string | undefined
}

/** The rhythm of deploys is that of the last 30 days; a site that deploys more often than hourly is told by its last thousand. */
const RHYTHM_MS = 30 * 24 * 60 * 60 * 1000
const MAX_PURGE_TIMES = 1000
/** Longer than any edge keeps an error: CloudFront's own limit for anything is a year. */
const GONE_FOR_MS = 366 * 24 * 60 * 60 * 1000
/** Beyond it the state would grow; the oldest are then forgotten. Ours. */
const MAX_GONE = 20_000
/** A workflow's late jobs belong to one of its last runs. Ours. */
const MAX_ENDED_SHARDS = 20

/** The state after a completed release: every file of the site as it now lies in the bucket, and what was kept or left alone on purpose. */
export function nextState(input: NextStateInput): SiteState {
  const { release, uploads, distributions } = input.plan
  const plannedUploads = new Map(uploads.map((upload) => [upload.key, upload]))
  const uploadedEtags = new Map(input.uploaded.map(({ key, etag }) => [key, etag]))
  const listed = new Map(input.objects.map((object) => [object.key, object]))
  const before = new Map(Object.entries(input.before?.objects ?? {}))
  // Keys are hostile input: entries become properties by fromEntries, so that even "__proto__" is only a key.
  const objects: [Key, RecordedObject][] = []
  for (const [key, record] of before) {
    // Also when it is gone from the bucket: edges may still have what was there.
    if (input.isExcluded(key)) objects.push([key, record])
  }
  for (const { key, ...left } of input.plan.kept) {
    const record = before.get(key)
    if (record !== undefined) objects.push([key, { ...record, left }])
  }
  for (const { key, isOwn } of input.plan.keptByRule) {
    const record = before.get(key)
    if (isOwn && record !== undefined) objects.push([key, record])
  }
  for (const file of input.files) {
    const { key, sizeBytes, sha256, stableSha256, metadata } = file
    const uploadedEtag = uploadedEtags.get(key)
    const etag = uploadedEtag ?? listed.get(key)?.etag
    if (etag === undefined) continue
    const record = before.get(key)
    if (uploadedEtag === undefined && record !== undefined && isAsRecorded(file, etag, record)) {
      objects.push([key, record])
      continue
    }
    const written = uploadedEtag === undefined ? undefined : plannedUploads.get(key)
    const { changedIn = release, ...tagged } = written === undefined ? asBefore(record) : asWritten(written)
    const stable = stableSha256 === undefined ? {} : { stableSha256 }
    const hasSameBytes = record?.etag === etag && record.sha256 === sha256
    const bodyMd5 = (hasSameBytes ? record.bodyMd5 : undefined) ?? recordMd5(file, etag)
    const md5s = bodyMd5 === undefined ? {} : { bodyMd5 }
    objects.push([key, { etag, sizeBytes, sha256, ...md5s, ...stable, metadata, changedIn, ...tagged }])
  }
  const gone =
    input.removed.length === 0 && input.before?.gone === undefined
      ? []
      : goneKeys(input, new Set(objects.map(([key]) => key)))
  return {
    formatVersion: 2,
    release,
    completedAt: new Date(input.completedAtMs).toISOString(),
    deploys: input.plan.deploys,
    tagSalt: input.plan.tagSalt,
    spending: nextSpending(input),
    objects: Object.fromEntries(objects),
    distributions,
    ...(gone.length > 0 && { gone: Object.fromEntries(gone) }),
    ...(input.commit !== undefined && { commit: input.commit }),
    ...(input.conditionsKeptBy !== undefined && { conditionsKeptBy: input.conditionsKeptBy }),
    ...nextEndedShards(input),
  }
}

/** Most of them are, and no new record is made for these. */
function isAsRecorded(file: SiteFile, etag: string, record: RecordedObject): boolean {
  const { sizeBytes, sha256, stableSha256, metadata } = file
  return (
    (record.bodyMd5 !== undefined || recordMd5(file, etag) === undefined) &&
    record.etag === etag &&
    record.sizeBytes === sizeBytes &&
    record.sha256 === sha256 &&
    record.stableSha256 === stableSha256 &&
    record.left === undefined &&
    sameMetadata(record.metadata, metadata)
  )
}

/** Which sharded releases are over: what a late shard of them would write is not wanted any more. */
function nextEndedShards({ before, plan }: NextStateInput): Pick<SiteState, 'endedShards'> {
  const { release, debt } = plan
  const sharded = debt?.sharded
  const end = sharded?.overtaken === true ? ('overtaken' as const) : ('finished' as const)
  const now: EndedShards[] = [
    ...(sharded?.overtook ?? []).map((name) => ({ name, end: 'overtaken' as const, release })),
    ...(sharded === undefined ? [] : [{ name: sharded.name, end, release }]),
  ]
  const names = new Set(now.map(({ name }) => name))
  const earlier = (before?.endedShards ?? []).filter(({ name }) => !names.has(name))
  const ended = [...earlier, ...now].slice(-MAX_ENDED_SHARDS)
  return ended.length === 0 ? {} : { endedShards: ended }
}

type Written = Partial<Pick<RecordedObject, 'changedIn' | 'history' | 'tagNames'>>

function asBefore(record: RecordedObject | undefined): Written {
  if (record === undefined) return {}
  const { changedIn, history, tagNames } = record
  return { changedIn, ...(history !== undefined && { history }), ...(tagNames !== undefined && { tagNames }) }
}

function asWritten({ history, cacheTags }: PlannedUpload): Written {
  const tagNames = Object.keys(cacheTags)
  return { history, ...(tagNames.length > 0 && { tagNames }) }
}

/** What was sent counts where it may have been billed: also what runs that died may have sent. */
function nextSpending({ before, plan, completedAtMs }: NextStateInput): Spending {
  const now = new Date(completedAtMs).toISOString()
  const month = now.slice(0, 7)
  const paths = plan.debt?.paths ?? plan.cost.paths
  const earlier = before?.spending
  const recent = (earlier?.purgedAt ?? []).filter((time) => completedAtMs - Date.parse(time) < RHYTHM_MS)
  return {
    month,
    paths: (earlier?.month === month ? earlier.paths : 0) + paths,
    purgedAt: (paths > 0 ? [...recent, now] : recent).slice(-MAX_PURGE_TIMES),
  }
}

/** Keys that were removed, now or earlier, while an edge may remember that they are missing; the newest first. */
function goneKeys({ before, removed, completedAtMs }: NextStateInput, present: ReadonlySet<Key>): [Key, string][] {
  const at = new Date(completedAtMs).toISOString()
  const removedNow = new Set(removed)
  const now = removed.map((key): [Key, string] => [key, at])
  const earlier = Object.entries(before?.gone ?? {}).filter(([key]) => !removedNow.has(key))
  return [...now, ...earlier]
    .filter(([key, goneAt]) => !present.has(key) && completedAtMs - Date.parse(goneAt) < GONE_FOR_MS)
    .slice(0, MAX_GONE)
}
