// One share of a large site: scan the names, plan the share (plan-share.ts), upload what changed there, record it. What leads visitors in waits
// for finish-shards.ts, and so do removals, purges and the record of the release. See docs/decisions/021-shards.md.

import { mayWrite, uploadInWaves } from './apply/upload.ts'
import { releaseId } from './deploy.ts'
import type {
  Commit,
  Config,
  Debt,
  FoundSecret,
  Key,
  OnEvent,
  PlannedUpload,
  Shard,
  ShardFile,
  ShardOutcome,
  ShardRecord,
  SiteSnapshot,
} from './model.ts'
import { refuseSecrets } from './plan/guards.ts'
import { touchedBy } from './plan/plan-shard.ts'
import { baseOf, digestSettings } from './plan/shard-settings.ts'
import { sha256 } from './plan-release.ts'
import { planShare, readRange, refuseLate, type Share, type ShardRun } from './plan-share.ts'
import type { Ports } from './ports.ts'
import { openSiteFolder } from './site/scan.ts'
import { isInRange, rangeOfShard } from './site/shard-range.ts'
import { isOlderThanLive } from './state/commit-order.ts'
import { acquireLock, type HeldLock } from './state/lock.ts'
import { openRecords } from './state/records.ts'
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

interface LockedRun extends ShardRun {
  readonly options: ShardOptions & { readonly onEvent: OnEvent }
  readonly lock: HeldLock
  readonly startMs: number
}

/** What is known before the lock is held. */
type FoundShard = Omit<LockedRun, 'lock' | 'records' | 'signal'>

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

async function uploadShare(run: LockedRun, scanned: SiteSnapshot): Promise<ShardOutcome> {
  const { config, ports, options, lock, records, signal, range, folder } = run
  const { shard, name, commit, onEvent } = options
  const warnings = await lock.findWarnings()
  const [debt, earlier] = await Promise.all([records.readOwnDebt(), records.readShard(name, shard)])
  const world = await readRange(run, scanned)
  const check = (there: Debt | undefined): void => refuseLate(there, world.state, run)
  check(debt)
  const share = await planShare(run, world, debt)
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
