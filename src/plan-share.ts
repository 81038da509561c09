// What one shard of a release would do: the range read, a late shard refused, and what has to be put chosen. It reads, and writes nothing.

import pMap from 'p-map'
import { shardCountDiffers, shardedReleaseOver } from './errors.ts'
import { compareKeys } from './key-order.ts'
import { readDistributions } from './live/distributions.ts'
import { withMetadata } from './live/objects.ts'
import type {
  Commit,
  Config,
  Debt,
  Distribution,
  FoundSecret,
  Key,
  LiveObject,
  OnEvent,
  PlannedUpload,
  Shard,
  ShardRange,
  SiteFile,
  SiteSnapshot,
  SiteState,
} from './model.ts'
import { tagMetadataNames } from './plan/cache-tags.ts'
import { keysWithUnknownHeaders } from './plan/diff.ts'
import { leaveIgnored } from './plan/ignored.ts'
import { saltTags } from './plan/make-plan.ts'
import { planShard, stateOf } from './plan/plan-shard.ts'
import { placeRedirects } from './plan/redirect-objects.ts'
import { leadsIn, orderUploads } from './plan/waves.ts'
import { hostsOf, sha256 } from './plan-release.ts'
import type { Bucket, Ports } from './ports.ts'
import { readReferences } from './site/references.ts'
import type { SiteFolder } from './site/scan.ts'
import { includesKey, isInRange, overlaps } from './site/shard-range.ts'
import { findOlder } from './state/commit-order.ts'
import type { Records } from './state/records.ts'
import { STATE_FOLDER } from './state/state-keys.ts'

/** One shard while it holds the lock. */
export interface ShardRun {
  readonly config: Config
  readonly ports: Ports
  readonly options: {
    readonly shard: Shard
    readonly name: string
    readonly commit?: Commit
    readonly onEvent: OnEvent
  }
  readonly folder: SiteFolder
  readonly range: ShardRange
  readonly records: Records
  readonly signal: AbortSignal
}

/** What is read once the lock is held. */
export interface ShardWorld {
  readonly state: SiteState | undefined
  readonly distributions: readonly Distribution[]
  readonly site: SiteSnapshot
  readonly ignored: readonly Key[]
  readonly objects: readonly LiveObject[]
}

export async function readRange(
  { config, ports, options, records, range }: ShardRun,
  scanned: SiteSnapshot,
): Promise<ShardWorld> {
  const { bucket } = ports
  const [state, listing, distributions] = await Promise.all([
    records.readStateFor((part) => overlaps(part, range)),
    listRange(bucket, config.prefix, range, options.onEvent),
    readDistributions(ports.distributions, bucket.name, config.distributions),
  ])
  const older = config.force ? undefined : findOlder(options.commit, state?.commit, 'live')
  if (older !== undefined) throw older
  const placed = placeRedirects(scanned, { bucket: bucket.name, distributions })
  const ranged = { ...placed, files: placed.files.filter(({ key }) => isInRange(key, range)) }
  const own = stateOf(
    ranged.files.map(({ key }) => key),
    state,
  )
  const unknown = keysWithUnknownHeaders(ranged.files, listing, own)
  const objects = await withMetadata(bucket, listing, unknown, config.concurrency)
  const { site, ignored } = leaveIgnored(ranged, { live: { objects }, state: own, force: config.force })
  options.onEvent({ kind: 'listed', objects: objects.length, distributions: distributions.map(({ id }) => id) })
  return { state, distributions, site, ignored, objects }
}

async function listRange(
  bucket: Bucket,
  prefix: string,
  range: ShardRange,
  onEvent: OnEvent,
): Promise<readonly LiveObject[]> {
  const objects: LiveObject[] = []
  for await (const page of bucket.listObjects(prefix, range)) {
    objects.push(...page.filter(({ key }) => !`/${key}`.includes(`/${STATE_FOLDER}`)))
    onEvent({ kind: 'listing', done: objects.length })
  }
  return objects
}

/** A shard that comes late must not write the old site over the new one. */
export function refuseLate(debt: Debt | undefined, state: SiteState | undefined, { config, options }: ShardRun): void {
  const { name, shard, commit } = options
  const sharded = debt?.sharded
  if (sharded?.name === name && sharded.count !== shard.count) {
    throw shardCountDiffers(name, { there: sharded.count, here: shard.count })
  }
  if (config.force) return
  const older = sharded?.name === name ? undefined : findOlder(commit, sharded?.commit, 'being deployed')
  if (older !== undefined) throw older
  const isOvertaken =
    (sharded?.name === name && sharded.overtaken === true) || sharded?.overtook?.includes(name) === true
  if (isOvertaken) throw shardedReleaseOver(name, 'overtaken')
  const at = state?.endedShards?.findIndex((ended) => ended.name === name) ?? -1
  const ended = state?.endedShards?.[at]
  // The same jobs may all run again after their release is finished, for as long as nothing else was.
  const isStillLive = ended?.end === 'finished' && ended.release === state?.release
  if (ended !== undefined && sharded?.name !== name && !isStillLive) throw shardedReleaseOver(name, ended.end)
}

export interface Share {
  /** Of the range and of the parts that its pages name, in the order of their waves. */
  readonly uploads: readonly PlannedUpload[]
  /** Of the range: they go live last. */
  readonly staged: readonly Omit<PlannedUpload, 'wave'>[]
  /** What lies under the parts' keys. */
  readonly objects: readonly LiveObject[]
  readonly secrets: readonly FoundSecret[]
}

/**
 * What changed in the range, with everything that is new or changed and that these files name, directly or not, wherever it lies: another
 * shard may run much later, and no page is live before its parts.
 */
export async function planShare(run: ShardRun, world: ShardWorld, debt: Debt | undefined): Promise<Share> {
  const { config, folder, range, options, signal } = run
  const { prefix, force } = config
  const { state, distributions } = world
  const common = {
    force,
    tagNames: tagMetadataNames(distributions),
    tagSalt: state?.tagSalt ?? saltTags(sha256, { bucket: run.ports.bucket.name, prefix }, options.name),
    hash: sha256,
  }
  const own = planShard({
    ...common,
    files: world.site.files,
    objects: world.objects,
    state: stateOf(
      world.site.files.map(({ key }) => key),
      state,
    ),
  })
  const waiting = new Map(own.filter((upload) => leadsIn(upload, prefix)).map((upload) => [upload.key, upload]))
  const chosen = new Map(own.filter(({ key }) => !waiting.has(key)).map((upload) => [upload.key, upload]))
  const references = new Map<Key, readonly Key[]>()
  const objects: LiveObject[] = []
  const secrets: FoundSecret[] = []
  const seen = new Set<Key>()
  let files: readonly SiteFile[] = [...chosen.values()].map(({ file }) => file)
  while (files.length > 0 && !signal.aborted) {
    const named = await readReferences(files, {
      prefix,
      hosts: hostsOf(distributions, config),
      isPart: (key) => includesKey(folder.keys, key),
      signal,
    })
    const next: Omit<PlannedUpload, 'wave'>[] = []
    const outside = new Set<Key>()
    for (const [key, parts] of named) {
      references.set(key, parts)
      for (const part of parts) {
        if (seen.has(part) || chosen.has(part)) continue
        seen.add(part)
        const entry = waiting.get(part)
        if (entry !== undefined) next.push(entry)
        else if (!isInRange(part, range)) outside.add(part)
      }
    }
    if (outside.size > 0) {
      const found = await readOutside(run, outside, isSettled(debt, options.name))
      objects.push(...found.objects)
      secrets.push(...found.secrets)
      next.push(...planShard({ ...common, ...found }))
    }
    for (const upload of next) {
      waiting.delete(upload.key)
      chosen.set(upload.key, upload)
    }
    files = next.map(({ file }) => file)
  }
  return {
    uploads: orderUploads([...chosen.values()], references, prefix),
    staged: [...waiting.values()],
    objects,
    secrets,
  }
}

/** Whether what is live is what the state says, but for what shards of this release have put: they put what the files here are. */
function isSettled(debt: Debt | undefined, name: string): boolean {
  if (debt === undefined) return true
  const { keys, puts = [], sharded } = debt
  return keys.length === 0 && puts.length === 0 && sharded?.name === name && sharded.overtook === undefined
}

/**
 * Files of other shards, and what lies under their keys: what is as the state has it is taken for live, the rest is asked for; all of it where a
 * deploy has died since.
 */
async function readOutside(
  { config, folder, ports, records }: ShardRun,
  keys: ReadonlySet<Key>,
  trustsState: boolean,
): Promise<{
  files: readonly SiteFile[]
  objects: LiveObject[]
  secrets: readonly FoundSecret[]
  state: SiteState | undefined
}> {
  const sorted = [...keys].toSorted(compareKeys)
  const scanned = await folder.scan((key) => keys.has(key))
  const state = stateOf(keys, await records.readStateFor((part) => sorted.some((key) => isInRange(key, part))))
  const known = state?.objects ?? {}
  const objects = await pMap(
    scanned.files,
    async ({ key, sha256: digest }): Promise<LiveObject | undefined> => {
      const record = Object.hasOwn(known, key) ? known[key] : undefined
      if (!trustsState || record?.sha256 !== digest) return ports.bucket.headObject(key)
      return { key, etag: record.etag, sizeBytes: record.sizeBytes, lastModifiedMs: 0 }
    },
    { concurrency: config.concurrency },
  )
  const live = objects.filter((object) => object !== undefined)
  const { site } = leaveIgnored(scanned, { live: { objects: live }, state, force: config.force })
  return { files: site.files, objects: live, secrets: scanned.secrets, state }
}
