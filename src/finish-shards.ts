// The end of a sharded release: what its shards have recorded stands for the folder, and all that is left is planned and carried out as
// the end of one deploy. See docs/decisions/021-shards.md.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { noShards, shardedReleaseOver, shardsDiffer, shardsNotAsRecorded, type FreshfrontError } from './errors.ts'
import type { Commit, Config, Debt, Key, ShardRecord, SiteSnapshot, SiteState } from './model.ts'
import { checkShards, mergeShards } from './plan/merge-shards.ts'
import { isInRange } from './site/shard-range.ts'
import { baseOf, digestSettings } from './plan/shard-settings.ts'
import { sha256 } from './plan-release.ts'
import type { Bucket } from './ports.ts'
import type { World } from './read-world.ts'
import { findOlder } from './state/commit-order.ts'
import type { Records } from './state/records.ts'

/** A sharded release that can be finished, as far as its records say. */
export interface Finishing {
  /** Of all files, in order. */
  readonly keys: readonly Key[]
  readonly commit: Commit | undefined
  /** For reading the world: the debt document alone, without what the shards owe, which merge() weighs. */
  readonly records: Records
  /** Once: the records are then let go. @throws {FreshfrontError} `SHARDS_DIFFER`, `SHARDS_NOT_AS_RECORDED` */
  merge(config: Config, world: World): FinishedWorld
  /** Removes the local copies of what is still to be uploaded. */
  dispose(): Promise<void>
}

export interface FinishedWorld {
  readonly site: SiteSnapshot
  readonly ignored: readonly Key[]
  /** As it was before the first shard. */
  readonly world: World
  readonly sharded: { readonly name: string; readonly isDone: (key: Key) => boolean }
  readonly uploaded: readonly { readonly key: Key; readonly etag: string }[]
}

/**
 * @param debt the debt document alone
 * @param options.commit what the release was built from: where a newer one is the reason that it is over, that is said
 * @throws {FreshfrontError} `OLDER_THAN_LIVE`, `NO_SHARDS`, `SHARDED_RELEASE_OVER`, `SHARDS_MISSING`, `SHARDS_DIFFER`, `SHARDS_NOT_AS_RECORDED`
 */
export async function openFinish(
  name: string,
  debt: Debt | undefined,
  records: Records,
  bucket: Pick<Bucket, 'getDocument'>,
  { commit }: { readonly commit: Commit | undefined },
): Promise<Finishing> {
  const sharded = debt?.sharded
  const isOvertaken = sharded?.overtaken === true || sharded?.overtook?.includes(name) === true
  if (debt === undefined || sharded?.name !== name || isOvertaken) {
    const state = await records.readState()
    const over = findOver(name, debt, state)
    if (over === undefined) return finishNothing(name, records)
    const other = sharded?.name === name ? undefined : sharded
    throw findOlder(commit, state?.commit, 'live') ?? findOlder(commit, other?.commit, 'being deployed') ?? over
  }
  let shards = await records.readShards(name)
  checkShards(shards, sharded)
  const dir = await mkdtemp(join(tmpdir(), 'freshfront-finish-'))
  const dispose = (): Promise<void> => rm(dir, { recursive: true, force: true })
  try {
    const staged = await fetchStaged(shards, bucket, dir, name)
    return {
      keys: shards.flatMap(({ range, files }) =>
        files.map(({ file }) => file.key).filter((key) => isInRange(key, range)),
      ),
      commit: sharded.commit,
      records: { ...records, readDebt: () => Promise.resolve(debt) },
      merge: (config, world) => {
        const merged = mergeInto(world, config, { name, shards, debt, staged })
        // Of a site of millions they take as much memory as what was made of them.
        shards = []
        return merged
      },
      dispose,
    }
  } catch (error) {
    await dispose()
    throw error
  }
}

/**
 * No shard of it is there any more, or none ever was: the state remembers which.
 *
 * @returns undefined: it is finished, and nothing newer is live
 */
function findOver(name: string, debt: Debt | undefined, state: SiteState | undefined): FreshfrontError | undefined {
  const { name: underWay, overtaken = false, overtook = [] } = debt?.sharded ?? {}
  if ((underWay === name && overtaken) || overtook.includes(name)) return shardedReleaseOver(name, 'overtaken')
  const ended = state?.endedShards?.find((one) => one.name === name)
  if (ended === undefined) return noShards(name, underWay)
  const isOver = ended.end === 'overtaken' || ended.release !== state?.release
  return isOver ? shardedReleaseOver(name, ended.end) : undefined
}

/** A release of which nothing is left to do: it is finished already, or will never be, since something newer has taken its place. */
export function finishNothing(name: string, records: Records): Finishing {
  return {
    keys: [],
    commit: undefined,
    records,
    merge: (_config, world) => asRecorded(name, world),
    dispose: () => Promise.resolve(),
  }
}

/** The site as it is live. */
function asRecorded(name: string, world: World): FinishedWorld {
  const recorded = Object.entries(world.state?.objects ?? {})
  const objects = recorded.map(([key, { etag, sizeBytes }]) => ({ key, etag, sizeBytes, lastModifiedMs: 0 }))
  const files = recorded
    .filter(([, { left }]) => left === undefined)
    .map(([key, { etag, sizeBytes, sha256: digest, metadata }]) => {
      return { key, filePath: '', sizeBytes, md5: '', sha256: digest, etag, metadata }
    })
  return {
    site: { ...NO_FOLDER, files },
    ignored: [],
    world: { ...world, live: { ...world.live, objects } },
    sharded: { name, isDone: () => false },
    uploaded: [],
  }
}

const NO_FOLDER = { dir: '', skipped: [], secrets: [] }

function mergeInto(
  world: World,
  config: Config,
  {
    name,
    shards,
    debt,
    staged,
  }: {
    readonly name: string
    readonly shards: readonly ShardRecord[]
    readonly debt: Debt
    readonly staged: ReadonlyMap<Key, string>
  },
): FinishedWorld {
  const { live, state } = world
  const isRecorded =
    state?.endedShards?.some((ended) => ended.name === name && ended.release === state.release) === true
  const first = shards[0]
  if (first?.settings !== digestSettings({ ...live, config, name, hash: sha256 }))
    throw shardsDiffer(name, 'settings', [shards.map(nameOf)])
  if (!isRecorded && first.base !== baseOf(state)) throw shardedReleaseOver(name, 'overtaken')
  const {
    files,
    ignored,
    objects,
    uploaded,
    debt: owed,
  } = mergeShards({
    name,
    records: shards,
    objects: live.objects,
    state,
    debt,
    filePathOf: (key) => staged.get(key) ?? '',
    isRecorded,
  })
  const done = new Set(uploaded.map(({ key }) => key))
  return {
    site: { ...NO_FOLDER, files },
    ignored,
    world: { ...world, live: { ...live, objects }, debt: owed },
    sharded: { name, isDone: (key) => done.has(key) },
    uploaded,
  }
}

/** The files that go live last, as files on this disk, which an upload takes. */
async function fetchStaged(
  shards: readonly ShardRecord[],
  bucket: Pick<Bucket, 'getDocument'>,
  dir: string,
  name: string,
): Promise<ReadonlyMap<Key, string>> {
  const filePaths = new Map<Key, string>()
  const lost = new Map<string, Key[]>()
  for (const shard of shards) {
    for (const { file, stagedAs } of shard.files) {
      if (stagedAs === undefined) continue
      const document = await bucket.getDocument(stagedAs)
      if (document === undefined) {
        lost.set(nameOf(shard), [...(lost.get(nameOf(shard)) ?? []), file.key])
        continue
      }
      const filePath = join(dir, String(filePaths.size))
      await writeFile(filePath, document.body)
      filePaths.set(file.key, filePath)
    }
  }
  if (lost.size > 0) throw shardsNotAsRecorded(name, lost)
  return filePaths
}

function nameOf({ shard }: ShardRecord): string {
  return `${shard.index}/${shard.count}`
}
