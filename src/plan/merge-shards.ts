// What all shards of a release have recorded → the deploy that they make together: its site, the bucket as it was before them, and what
// they have put since. Planned from that, a finish decides as one deploy of the whole site would. Pure.

import { shardsDiffer, shardsMissing, shardsNotAsRecorded } from '../errors.ts'
import { etagsMatchWeakly } from '../http/etag.ts'
import { sameMetadata } from '../http/metadata.ts'
import { compareKeys } from '../key-order.ts'
import type { Debt, Key, LiveObject, RecordedObject, ShardFile, ShardRecord, SiteFile, SiteState } from '../model.ts'
import { isOurs } from './diff.ts'

/**
 * All shards are there, complete, and of one site.
 *
 * @throws {FreshfrontError} `SHARDS_MISSING`, `SHARDS_DIFFER`, each with the names of the shards
 */
export function checkShards(records: readonly ShardRecord[], { name, count }: { name: string; count: number }): void {
  const there = new Map(records.map((record) => [record.shard.index, record]))
  const indexes = Array.from({ length: count }, (_, at) => at + 1)
  const missing = indexes.filter((index) => !there.has(index)).map((index) => `${index}/${count}`)
  const incomplete = records.filter(({ isComplete }) => !isComplete).map(nameOf)
  if (missing.length + incomplete.length > 0) throw shardsMissing(name, missing, incomplete)
  refuseDifferent(name, 'files', records, ({ site }) => site)
  refuseDifferent(name, 'settings', records, ({ settings }) => settings)
  refuseDifferent(name, 'releases that were live', records, ({ base }) => base)
}

function refuseDifferent(
  name: string,
  what: string,
  records: readonly ShardRecord[],
  digestOf: (record: ShardRecord) => string,
): void {
  const groups = new Map<string, string[]>()
  for (const record of records) {
    const digest = digestOf(record)
    groups.set(digest, [...(groups.get(digest) ?? []), nameOf(record)])
  }
  if (groups.size > 1)
    throw shardsDiffer(
      name,
      what,
      [...groups.values()].toSorted((a, b) => b.length - a.length),
    )
}

function nameOf({ shard }: ShardRecord): string {
  return `${shard.index}/${shard.count}`
}

export interface MergeInput {
  readonly name: string
  readonly records: readonly ShardRecord[]
  /** As they are listed now. */
  readonly objects: readonly LiveObject[]
  readonly state: SiteState | undefined
  /** The debt document alone. */
  readonly debt: Debt
  /** Where the bytes of staged files are, on the local disk. */
  readonly filePathOf: (key: Key) => string
  /** Whether the release was recorded already, by a finish that died right after: what was there before no longer matters. */
  readonly isRecorded: boolean
}

export interface MergedShards {
  readonly files: readonly SiteFile[]
  readonly ignored: readonly Key[]
  /** As they were before the first shard; headers are there where a shard has vouched for them. */
  readonly objects: readonly LiveObject[]
  /** What the shards have put, as it lies there now. */
  readonly uploaded: readonly { readonly key: Key; readonly etag: string }[]
  readonly debt: Debt
}

/** @throws {FreshfrontError} `SHARDS_NOT_AS_RECORDED` with the shards to run again, `SHARDS_DIFFER` where two have put different files */
export function mergeShards(input: MergeInput): MergedShards {
  const { records, state, isRecorded } = input
  const live = new Map(input.objects.map((object) => [object.key, object]))
  const own = new Map<Key, ShardFile>()
  const parts = new Map<Key, ShardFile[]>()
  const touches = new Map<Key, Touches>()
  for (const record of records) {
    for (const row of record.files) {
      const { key } = row.file
      if (isOwnFile(record, key)) own.set(key, row)
      else parts.set(key, [...(parts.get(key) ?? []), row])
    }
    for (const { key, etags, before, owed } of record.touched) {
      const known = touches.get(key) ?? { etags: new Set<string>(), befores: [], owed: false }
      for (const etag of etags) known.etags.add(etag)
      known.befores.push(before)
      touches.set(key, { ...known, owed: known.owed || owed === true })
    }
  }
  refuseOtherBuilds(input, own, parts)
  refuseChanged(input, own, parts, live)

  const files: SiteFile[] = []
  const uploaded: { key: Key; etag: string }[] = []
  const owed: Key[] = []
  const puts: { key: Key; etag: string }[] = []
  const before = new Map<Key, LiveObject | undefined>()
  for (const [key, { file, stagedAs }] of own) {
    files.push({ ...file, filePath: stagedAs === undefined ? '' : input.filePathOf(key) })
    const object = live.get(key)
    if (object === undefined || touches.has(key)) continue
    // Whatever a shard has left as it was has the headers that it should have.
    if (stagedAs === undefined) before.set(key, { ...object, metadata: file.metadata })
  }
  for (const [key, { etags, befores, owed: isOwed }] of touches) {
    const row = own.get(key)
    const object = live.get(key)
    if (row?.stagedAs === undefined && row !== undefined && object !== undefined) {
      uploaded.push({ key, etag: object.etag })
    }
    if (row === undefined) for (const etag of etags) puts.push({ key, etag })
    if (isRecorded) {
      if (object !== undefined && row !== undefined) before.set(key, { ...object, metadata: row.file.metadata })
      continue
    }
    const first = firstOf(befores, recordOf(state, key), etags)
    if (row !== undefined) before.set(key, first.object && { ...first.object, key, lastModifiedMs: 0 })
    const isPlain = row !== undefined && [...etags].every((etag) => etag === row.file.etag)
    if (isOwed || !isPlain || !first.isSure) owed.push(key)
  }
  const objects = input.objects.flatMap((object) => (before.has(object.key) ? (before.get(object.key) ?? []) : object))
  const allKeys = [...new Set([...input.debt.keys, ...owed])]
  const allPuts = [...(input.debt.puts ?? []), ...puts]
  return {
    files,
    ignored: records.flatMap(({ ignored }) => ignored),
    objects,
    uploaded,
    debt: { ...input.debt, keys: allKeys, ...(allPuts.length > 0 && { puts: allPuts }) },
  }
}

interface Touches {
  readonly etags: Set<string>
  readonly befores: (Before | undefined)[]
  readonly owed: boolean
}

type Before = { readonly etag: string; readonly sizeBytes: number }

/** What lay under a key before any shard put it: one that came later has seen what another had put. */
function firstOf(
  befores: readonly (Before | undefined)[],
  record: RecordedObject | undefined,
  puts: ReadonlySet<string>,
): { readonly object: Before | undefined; readonly isSure: boolean } {
  const recorded = befores.find((before) => before !== undefined && isRecordOf(before, record))
  if (recorded !== undefined) return { object: recorded, isSure: true }
  const others = befores.filter((before) => before === undefined || !puts.has(before.etag))
  const different = new Set(others.map((before) => before?.etag))
  return { object: (others.length > 0 ? others : befores)[0], isSure: different.size === 1 }
}

function isRecordOf(before: Before, record: RecordedObject | undefined): boolean {
  return isOurs({ ...before, key: '', lastModifiedMs: 0 }, record)
}

function recordOf(state: SiteState | undefined, key: Key): RecordedObject | undefined {
  return state !== undefined && Object.hasOwn(state.objects, key) ? state.objects[key] : undefined
}

function isOwnFile({ range }: ShardRecord, key: Key): boolean {
  const isAfter = compareKeys(key, range.after) > 0
  return isAfter && (range.until === undefined || compareKeys(key, range.until) <= 0)
}

/** A part that another shard has put must be the file that its own shard has: else two builds were deployed as one. */
function refuseOtherBuilds(
  { name, records }: MergeInput,
  own: ReadonlyMap<Key, ShardFile>,
  parts: ReadonlyMap<Key, readonly ShardFile[]>,
): void {
  const wrong = new Set<Key>()
  for (const [key, rows] of parts) {
    const row = own.get(key)
    if (row === undefined || rows.some(({ file }) => !isSameFile(file, row.file))) wrong.add(key)
  }
  if (wrong.size === 0) return
  const namers = records.filter((record) => record.files.some(({ file }) => wrong.has(file.key))).map(nameOf)
  const others = records.map(nameOf).filter((shard) => !namers.includes(shard))
  throw shardsDiffer(name, 'files', [others, namers])
}

function refuseChanged(
  { name, records }: MergeInput,
  own: ReadonlyMap<Key, ShardFile>,
  parts: ReadonlyMap<Key, readonly ShardFile[]>,
  live: ReadonlyMap<Key, LiveObject>,
): void {
  const changed = new Set<Key>()
  for (const [key, { file, etag, stagedAs }] of own) {
    if (stagedAs !== undefined) continue
    const object = live.get(key)
    const etags = [etag, ...(parts.get(key) ?? []).map((part) => part.etag)]
    const isThere = etags.some((known) => known !== undefined && etagsMatchWeakly(known, object?.etag ?? ''))
    if (object?.sizeBytes !== file.sizeBytes || !isThere) changed.add(key)
  }
  if (changed.size === 0) return
  const byShard = new Map<string, Key[]>()
  for (const record of records) {
    const keys = record.files.flatMap(({ file }) =>
      changed.has(file.key) && isOwnFile(record, file.key) ? [file.key] : [],
    )
    if (keys.length > 0) byShard.set(nameOf(record), keys)
  }
  throw shardsNotAsRecorded(name, byShard)
}

function isSameFile(one: ShardFile['file'], other: ShardFile['file']): boolean {
  return one.sha256 === other.sha256 && sameMetadata(one.metadata, other.metadata)
}
