// lock.json: how it is read and written.

import * as z from 'zod'
import { quote } from '../errors.ts'
import type { Lock } from '../model.ts'
import type { Bucket } from '../ports.ts'
import { commitSchema, parseStored } from './site-state.ts'
import { lockKey } from './state-keys.ts'

const lockSchema = z.object({
  formatVersion: z.literal(1),
  owner: z.object({
    id: z.string(),
    host: z.string(),
    pid: z.number(),
    machine: z.string().exactOptional(),
    startedAt: z.string().exactOptional(),
  }),
  release: z.string(),
  commit: commitSchema.exactOptional(),
  startedAt: z.string(),
  leaseEndsAt: z.string(),
  sharers: z.array(z.object({ id: z.string(), shard: z.string() })).exactOptional(),
})

export interface StoredLock {
  readonly etag: string
  readonly lock: Lock
}

/**
 * @returns undefined when nobody holds it
 * @throws {FreshfrontError} `STATE_NOT_READABLE`, `STATE_TOO_NEW`
 */
export async function readLock(bucket: Bucket, prefix: string): Promise<StoredLock | undefined> {
  const key = lockKey(prefix)
  const document = await bucket.getDocument(key)
  if (document === undefined) return undefined
  const lock = parseStored(key, () => Buffer.from(document.body).toString('utf8'), lockSchema)
  return { etag: document.etag, lock }
}

/** Takes the lock away from whoever holds it, readable or not. */
export async function removeLock(bucket: Bucket, prefix: string): Promise<void> {
  const document = await bucket.getDocument(lockKey(prefix))
  if (document !== undefined) await bucket.deleteDocument(lockKey(prefix), { ifMatch: document.etag })
}

/** `release 2026-… on "ci-7" (process 4242), since 2026-11-23T05:14:49.000Z` */
export function describeLock({ owner, release, startedAt, sharers }: Lock): string {
  if (sharers !== undefined) {
    const shards = sharers.map(({ shard }) => shard).toSorted()
    return `sharded release ${quote(release)} (shard ${shards.join(', ')}), since ${startedAt}`
  }
  return `release ${quote(release)} on ${quote(owner.host)} (process ${owner.pid}), since ${startedAt}`
}
