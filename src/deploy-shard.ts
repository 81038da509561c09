// One share of a large site: scan the names, digest and list a range of keys, upload what changed there, record it. What leads visitors in
// waits for finish-shards.ts, and so do removals, purges and the record of the release. See docs/decisions/021-shards.md.

import pMap from 'p-map'
import { mayWrite, uploadInWaves } from './apply/upload.ts'
import { releaseId } from './deploy.ts'
import { shardCountDiffers, shardedReleaseOver } from './errors.ts'
import { withMetadata } from './live/objects.ts'
import { readDistributions } from './live/distributions.ts'
import type {
  Commit,
  Config,
  Debt,
  Distribution,
  FoundSecret,
  Key,
  ShardRange,
  LiveObject,
  OnEvent,
  PlannedUpload,
  Shard,
  ShardFile,
  ShardOutcome,
  ShardRecord,
  SiteFile,
  SiteSnapshot,
  SiteState,
} from './model.ts'
import { tagMetadataNames } from './plan/cache-tags.ts'
import { keysWithUnknownHeaders } from './plan/diff.ts'
import { refuseSecrets } from './plan/guards.ts'
import { leaveIgnored } from './plan/ignored.ts'
import { saltTags } from './plan/make-plan.ts'
import { baseOf, digestSettings } from './plan/shard-settings.ts'
import { planShard, stateOf, touchedBy } from './plan/plan-shard.ts'
import { placeRedirects } from './plan/redirect-objects.ts'
import { leadsIn, orderUploads } from './plan/waves.ts'
import { hostsOf, sha256 } from './plan-release.ts'
import type { Bucket, Ports } from './ports.ts'
import { readReferences } from './site/references.ts'
import { openSiteFolder, type SiteFolder } from './site/scan.ts'
import { compareKeys } from './key-order.ts'
import { includesKey, isInRange, overlaps, rangeOfShard } from './site/shard-range.ts'
import { findOlder, isOlderThanLive } from './state/commit-order.ts'
import { acquireLock, type HeldLock } from './state/lock.ts'
import { openRecords, type Records } from './state/records.ts'
import { joinTouched } from './state/shard-record.ts'
import { STATE_FOLDER, stagedKey } from './state/state-keys.ts'

export interface ShardOptions {
  readonly shard: Shard
  /** The same for all shards of a release. */
  readonly name: string
  readonly commit?: Commit
  readonly onEvent?: OnEvent
  readonly signal?: AbortSignal
}

/**
 * Uploads one share of the site and records it. Run again, it goes on where it was stopped; run twice, the second does nothing.
 *
 * @returns with `newestWins`, `superseded` where a newer commit is live or being deployed; nothing was written then
 * @throws {FreshfrontError} as `deploy`; `SHARD_COUNT_DIFFERS`, `SHARDED_RELEASE_OVER`
 */
export async function deployShard(config: Config, ports: Ports, options: ShardOptions): Promise<ShardOutcome> {
  const startMs = ports.clock.nowMs()
  const { shard, signal } = options
  const onEvent = options.onEvent ?? ((): void => undefined)
  const folder = await openSiteFolder(config.dir, { ...config, onEvent, ...(signal && { signal }) })
  const range = rangeOfShard(folder.keys, shard)
  const scanned = await folder.scan((key) => isInRange(key, range))
  const found = { config, ports, options: { ...options, onEvent }, folder, range, startMs }
  try {
    return await uploadLocked(found, scanned)
  } catch (error) {
    if (config.newestWins !== true || !isOlderThanLive(error)) throw error
    const warnings = [{ code: 'SUPERSEDED', message: error.message }]
    return { ...beginOutcome(found, scanned.files.length), result: 'superseded', warnings }
  }
}

/** What is known before the lock is held. */
interface FoundShard {
  readonly config: Config
  readonly ports: Ports
  readonly options: ShardOptions & { readonly onEvent: OnEvent }
  readonly folder: SiteFolder
  readonly range: ShardRange
  readonly startMs: number
}

async function uploadLocked(found: FoundShard, scanned: SiteSnapshot): Promise<ShardOutcome> {
  const { config, ports, options } = found
  const { shard, name, commit, onEvent, signal } = options
  const { prefix, force, lockWaitSeconds: waitSeconds = 0 } = config
  const lock = await acquireLock(ports, {
    prefix,
    release: name,
    commit,
    waitSeconds,
    refusesOlder: !force,
    onEvent,
    signal,
    shard: nameShard(shard),
  })
  const untilLost = AbortSignal.any([lock.lost, ...(signal === undefined ? [] : [signal])])
  const records = openRecords(ports.bucket, prefix, lock)
  try {
    const outcome = await uploadShare({ ...found, lock, records, signal: untilLost }, scanned)
    await lock.release()
    return { ...outcome, requests: ports.meter.counts() }
  } finally {
    await records.oweAgainIfLost(releaseId(ports))
    await lock.release()
  }
}

/** Of a share of which nothing is done yet. */
function beginOutcome({ config, ports, options, startMs }: FoundShard, files: number): ShardOutcome {
  return {
    bucket: ports.bucket.name,
    prefix: config.prefix,
    name: options.name,
    shard: options.shard,
    result: 'refused',
    files,
    unchanged: files,
    uploads: [],
    parts: 0,
    staged: [],
    uploaded: [],
    warnings: [],
    refusals: [],
    failures: [],
    requests: ports.meter.counts(),
    seconds: (ports.clock.nowMs() - startMs) / 1000,
  }
}

/** `3/16` */
function nameShard({ index, count }: Shard): string {
  return `${index}/${count}`
}

interface ShardRun extends FoundShard {
  readonly lock: HeldLock
  readonly records: Records
  readonly signal: AbortSignal
}

/** What is read once the lock is held. */
interface ShardWorld {
  readonly state: SiteState | undefined
  readonly distributions: readonly Distribution[]
  readonly site: SiteSnapshot
  readonly ignored: readonly Key[]
  readonly objects: readonly LiveObject[]
}

async function uploadShare(run: ShardRun, scanned: SiteSnapshot): Promise<ShardOutcome> {
  const { config, ports, options, lock, records, signal, range, folder } = run
  const { shard, name, commit, onEvent } = options
  const warnings = await lock.findWarnings()
  const [debt, earlier] = await Promise.all([records.readOwnDebt(), records.readShard(name, shard)])
  const world = await readRange(run, scanned)
  const check = (there: Debt | undefined): void => refuseLate(there, world.state, run)
  check(debt)
  const share = await planShare(run, world, isSettled(debt, name))
  const { uploads, staged } = share
  const files = world.site.files.length
  const begun: ShardOutcome = {
    ...beginOutcome(run, files),
    unchanged: files - [...uploads, ...staged].filter(({ key }) => isInRange(key, range)).length,
    uploads,
    parts: uploads.filter(({ key }) => !isInRange(key, range)).length,
    staged: staged.map(({ key }) => key),
    warnings,
    refusals: refuseSecrets(joinSecrets(world.site.secrets, share.secrets)),
  }
  if (begun.refusals.length > 0) return begun

  const settings = digestSettings({ ...world, config, name, hash: sha256 })
  const touched = joinTouched(
    earlier?.touched ?? [],
    touchedBy(uploads, [...world.objects, ...share.objects]),
    earlier === undefined || (earlier.settings === settings && earlier.base === baseOf(world.state)),
  )
  const record: ShardRecord = {
    formatVersion: 1,
    name,
    shard,
    startedAt: new Date(run.startMs).toISOString(),
    range,
    site: digestKeys(folder.keys),
    settings,
    base: baseOf(world.state),
    ...(commit !== undefined && { commit }),
    isComplete: false,
    touched,
    files: [],
    ignored: world.ignored,
  }
  await lock.confirm()
  await records.beginShards(
    { name, count: shard.count, ...(commit !== undefined && { commit }) },
    releaseId(ports),
    check,
  )
  if (uploads.length > 0) await records.writeShard(record)
  if (earlier !== undefined && !earlier.isComplete) {
    const mine = new Set(earlier.touched.map(({ key }) => key))
    await ports.bucket.endUnfinishedUploads(config.prefix, (key) => mine.has(key))
  }
  const applyOptions = { ...config, onEvent, signal, confirm: () => lock.confirm() }
  const toStage = staged.map((upload) => stage(upload, config.prefix, name, uploads))
  const applied = await uploadInWaves([...uploads, ...toStage], ports, applyOptions)
  const uploaded = applied.uploaded.filter(({ key }) => !key.startsWith(`${config.prefix}${STATE_FOLDER}`))
  const outcome = {
    ...begun,
    uploaded,
    failures: applied.failures,
    seconds: (ports.clock.nowMs() - run.startMs) / 1000,
  }
  if (applied.failures.length > 0) return { ...outcome, result: 'failed' }
  if (!(await mayWrite(applyOptions))) return { ...outcome, result: 'failed', failures: [stopped(signal)] }
  const rows = filesNow({
    ...share,
    site: world.site,
    objects: world.objects,
    uploaded,
    stagedKeyOf: (key) => stagedKey(config.prefix, name, key),
  })
  await records.writeShard({ ...record, isComplete: true, files: rows })
  onEvent({ kind: 'recorded', release: `${name}, shard ${nameShard(shard)}` })
  return { ...outcome, result: 'uploaded' }
}

async function readRange(
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
function refuseLate(debt: Debt | undefined, state: SiteState | undefined, { config, options }: ShardRun): void {
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

interface Share {
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
async function planShare(run: ShardRun, world: ShardWorld, trustsState: boolean): Promise<Share> {
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
      const found = await readOutside(run, outside, trustsState)
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

/** The same bytes and headers under a key of our own, in a last wave. */
function stage(
  upload: Omit<PlannedUpload, 'wave'>,
  prefix: string,
  name: string,
  before: readonly PlannedUpload[],
): PlannedUpload {
  const { copyOf: _copyOf, ...whole } = upload
  const key = stagedKey(prefix, name, upload.key)
  return { ...whole, key, file: { ...upload.file, key }, wave: (before.at(-1)?.wave ?? 0) + 1 }
}

function filesNow({
  site,
  uploads,
  staged,
  objects,
  uploaded,
  stagedKeyOf,
}: Share & {
  readonly site: SiteSnapshot
  readonly uploaded: ShardOutcome['uploaded']
  readonly stagedKeyOf: (key: Key) => Key
}): ShardFile[] {
  const etags = new Map(objects.map(({ key, etag }) => [key, etag]))
  for (const { key, etag } of uploaded) etags.set(key, etag)
  const waiting = new Set(staged.map(({ key }) => key))
  const own = new Set(site.files.map(({ key }) => key))
  const parts = uploads.filter(({ key }) => !own.has(key)).map(({ file }) => file)
  return [...site.files, ...parts].map((found) => {
    const { filePath: _filePath, ...file } = found
    const etag = etags.get(file.key)
    return waiting.has(file.key) || etag === undefined ? { file, stagedAs: stagedKeyOf(file.key) } : { file, etag }
  })
}

function digestKeys(keys: readonly Key[]): string {
  return sha256(keys.join('\0'))
}

function joinSecrets(own: readonly FoundSecret[], others: readonly FoundSecret[]): FoundSecret[] {
  return [...new Map([...own, ...others].map((secret) => [`${secret.path} ${secret.kind}`, secret])).values()]
}

function stopped(signal: AbortSignal): ShardOutcome['failures'][number] {
  const { reason } = signal as { readonly reason: unknown }
  return {
    what: 'shard',
    code: 'INTERRUPTED',
    message: reason instanceof Error ? reason.message : 'The run was interrupted before it was finished.',
    fix: 'Run the same shard again: it goes on where this one was stopped.',
  }
}
