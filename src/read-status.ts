// freshfront status: what is live, what is owed, who holds the lock, what somebody else changed. Writes nothing.

import { listLiveObjects } from './live/objects.ts'
import type { Config, SiteStatus } from './model.ts'
import type { Ports } from './ports.ts'
import { readDebt } from './state/debt.ts'
import { readLock } from './state/lock-document.ts'
import { openRecords } from './state/records.ts'
import { readSiteState } from './state/site-state.ts'
import { STATE_FOLDER } from './state/state-keys.ts'

/** @throws {FreshfrontError} `STATE_NOT_READABLE`, `STATE_TOO_NEW`, and what reading the bucket throws */
export async function readStatus(
  { bucket, prefix }: Pick<Config, 'bucket' | 'prefix'>,
  ports: Pick<Ports, 'bucket'>,
): Promise<SiteStatus> {
  const state = await readSiteState(ports.bucket, prefix)
  const debt = await readDebt(ports.bucket, prefix)
  const held = await readLock(ports.bucket, prefix)
  const sharded = debt?.sharded
  const shards =
    sharded === undefined ? [] : await openRecords(ports.bucket, prefix, undefined).readShards(sharded.name)
  const namesOf = (isComplete: boolean): string[] =>
    shards.filter((one) => one.isComplete === isComplete).map(({ shard }) => `${shard.index}/${shard.count}`)
  const { objects } = await listLiveObjects(ports.bucket, {
    prefix,
    ownFolder: STATE_FOLDER,
    onEvent: () => undefined,
  })
  const recorded = new Map(Object.entries(state?.objects ?? {}))
  const listed = new Set(objects.map(({ key }) => key))
  const isRecorded = ({ key }: { readonly key: string }): boolean => recorded.has(key)
  return {
    bucket,
    prefix,
    ...(state !== undefined && { release: state.release, completedAt: state.completedAt }),
    ...(state?.commit !== undefined && { commit: state.commit }),
    objects: recorded.size,
    owed: [...new Set([...(debt?.keys ?? []), ...shards.flatMap(({ touched }) => touched.map(({ key }) => key))])],
    // Shards leave it free, but there.
    ...(held !== undefined && held.lock.sharers?.length !== 0 && { lock: held.lock }),
    ...(sharded !== undefined && { sharded: { ...sharded, complete: namesOf(true), begun: namesOf(false) } }),
    drift: {
      changed: objects
        .filter((object) => isRecorded(object) && recorded.get(object.key)?.etag !== object.etag)
        .map(({ key }) => key),
      missing: [...recorded.keys()].filter((key) => !listed.has(key)),
    },
    foreign: objects.filter((object) => !isRecorded(object)).map(({ key }) => key),
  }
}
