// What is remembered of a site, written only by the run that holds its lock: every write is under the condition that the object is still
// the one that was read. A run that has lost the lock cannot undo what its successor has recorded, however late its requests arrive.

import pMap from 'p-map'
import { FreshfrontError } from '../errors.ts'
import type {
  Debt,
  Key,
  ShardRange,
  ReleaseId,
  Shard,
  ShardedRelease,
  ShardRecord,
  SiteState,
  TouchedKey,
} from '../model.ts'
import type { Bucket } from '../ports.ts'
import { debtOfShard, encodeDebt, joinDebts, readDebt } from './debt.ts'
import type { HeldLock } from './lock.ts'
import { encodeStateParts, readStoredState, type StoredState } from './site-state.ts'
import { encodeShardRecord, joinTouched, parseShardRecord } from './shard-record.ts'
import { debtKey, shardKey, shardsFolder, STATE_FOLDER, stateKey, statePartsFolder } from './state-keys.ts'

export interface Records {
  /** The state as it was before the lock was taken. */
  readonly earlier: SiteState | undefined
  /** Asks whether what was read earlier still holds, and reads only what does not. @throws {FreshfrontError} `STATE_NOT_READABLE`, `STATE_TOO_NEW` */
  readState(): Promise<SiteState | undefined>
  /**
   * Under the lock: whether the state is the one that was read earlier and nothing is owed, so that no run has written to the site since, and
   * what was listed since is what is there. One request, which tells more than reading both.
   */
  earlierHolds(): Promise<boolean>
  /** Of a large site only the objects in the ranges that are wanted, and perhaps others. */
  readStateFor(wants: (range: ShardRange) => boolean): Promise<SiteState | undefined>
  /** With all that shards of a release under way owe. @throws {FreshfrontError} `STATE_NOT_READABLE`, `STATE_TOO_NEW` */
  readDebt(): Promise<Debt | undefined>
  /** The writes reject with `LOCK_LOST` when somebody else has written meanwhile, and holds the lock or has held it. */
  writeState(state: SiteState): Promise<void>
  writeDebt(debt: Debt): Promise<void>
  clearDebt(): Promise<void>
  /** The debt document alone, without what shards owe. */
  readOwnDebt(): Promise<Debt | undefined>
  /**
   * Says in the debt that the sharded release is under way; where another one was, owes what that one owed. Shards that begin together
   * agree on the first one's word.
   *
   * @param check looks at the debt that is there, and throws where the release must not begin, or go on
   */
  beginShards(sharded: ShardedRelease, release: ReleaseId, check: (debt: Debt | undefined) => void): Promise<void>
  /** One shard's. */
  readShard(name: string, shard: Shard): Promise<ShardRecord | undefined>
  /** All that a sharded release has recorded so far. */
  readShards(name: string): Promise<readonly ShardRecord[]>
  /** As `writeDebt`: it owes the keys that it touches. */
  writeShard(record: ShardRecord): Promise<void>
  /** Removes the records of all shards, and what they have staged; what they owed must have been paid, or be owed by the debt. */
  clearShards(name?: string): Promise<void>
  /**
   * A run that has lost its lock may have written to the site when its successor had looked already. What it owed is owed again, also where
   * the successor has paid it. Needs no lock: a debt that is added to does no harm. Never rejects: it is tried by a run that has failed.
   *
   * @param release a new name: the purges of the old one may have been sent before the last write was carried out
   */
  oweAgainIfLost(release: ReleaseId): Promise<void>
}

/** Somebody who writes as well is waited out so often. */
const MAX_ATTEMPTS = 5
/** Each shard that begins at the same time is waited out once. */
const MAX_BEGINNINGS = 300
/** Records of shards in memory as they come, compressed. */
const READS_AT_ONCE = 8

/**
 * @param lock undefined: nothing will be written
 * @param earlier the state as it was before the lock was taken
 */
export function openRecords(
  bucket: Bucket,
  prefix: string,
  lock: HeldLock | undefined,
  earlier?: StoredState,
): Records {
  /** As last read or written; not in it: there was no such object. */
  const etags = new Map<Key, string>()
  let written: Debt | undefined
  const noting: Pick<Bucket, 'getDocument'> = {
    async getDocument(key) {
      const document = await bucket.getDocument(key)
      if (document === undefined) etags.delete(key)
      else etags.set(key, document.etag)
      return document
    },
  }

  async function put(key: Key, body: Uint8Array, contentType: string): Promise<void> {
    const etag = etags.get(key)
    const condition = etag === undefined ? ({ ifNoneMatch: true } as const) : { ifMatch: etag }
    try {
      etags.set(key, await bucket.putDocument(key, body, contentType, condition))
    } catch (error) {
      if (!isCode(error, 'CONDITIONS_NOT_SUPPORTED')) throw error
      etags.set(key, await bucket.putDocument(key, body, contentType))
    }
  }

  /**
   * Runs the write again over what somebody else has written. First that is read, then the lock is asked for: if it still is ours, the
   * other one had lost it, and what the write leaves out is nobody's.
   */
  async function overLatecomers(look: () => Promise<unknown>, write: () => Promise<void>): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      lock?.lost.throwIfAborted()
      try {
        await write()
        return
      } catch (error) {
        if (attempt === MAX_ATTEMPTS || !isCode(error, 'PRECONDITION_FAILED')) throw error
      }
      await look()
      await lock?.confirmNow()
    }
  }

  /** What shards read again and again, where it is one document. */
  let known: StoredState | undefined
  async function readParts(
    wants?: (range: ShardRange) => boolean,
    before?: StoredState,
  ): Promise<StoredState | undefined> {
    known = await readStoredState(bucket, prefix, before, wants)
    if (known === undefined) etags.delete(stateKey(prefix))
    else etags.set(stateKey(prefix), known.etag)
    return known
  }

  const clearShards = (name?: string): Promise<void> => removeAll(shardsFolder(prefix, name))

  async function removeAll(folder: Key, but: ReadonlySet<Key> = new Set()): Promise<void> {
    const keys: Key[] = []
    for await (const page of bucket.listObjects(folder))
      keys.push(...page.map(({ key }) => key).filter((key) => !but.has(key)))
    if (keys.length === 0) return
    await bucket.deleteObjects(keys, { confirm: () => lock?.confirm() ?? Promise.resolve() })
  }

  async function readShards(name: string): Promise<ShardRecord[]> {
    const keys: Key[] = []
    for await (const page of bucket.listObjects(shardsFolder(prefix, name))) keys.push(...page.map(({ key }) => key))
    const recordKeys = keys.filter((key) =>
      /^\d+-of-\d+\.json\.gz$/u.test(key.slice(shardsFolder(prefix, name).length)),
    )
    const records = await pMap(
      recordKeys,
      async (key) => {
        const document = await bucket.getDocument(key)
        return document && parseShardRecord(key, document.body)
      },
      { concurrency: READS_AT_ONCE },
    )
    return records.filter((record) => record !== undefined).toSorted((a, b) => a.shard.index - b.shard.index)
  }

  return {
    earlier: earlier?.state,
    readState: async () => (await readParts(undefined, earlier))?.state,
    async earlierHolds() {
      if (earlier === undefined) return false
      // Whoever writes to the site owes first, and has no debt again when the state is another one. Shards owe as long as they have records
      // here, so that one page is enough.
      for await (const page of bucket.listObjects(`${prefix}${STATE_FOLDER}`)) {
        const state = page.find(({ key }) => key === stateKey(prefix))
        if (state?.etag !== earlier.etag || page.some(({ key }) => key === debtKey(prefix))) return false
        etags.set(stateKey(prefix), earlier.etag)
        known = earlier
        return true
      }
      return false
    },
    async readStateFor(wants) {
      if (known !== undefined && known.parts === undefined) return known.state
      return (await readParts(wants))?.state
    },
    async readDebt() {
      const debt = await readDebt(noting, prefix)
      if (debt?.sharded === undefined) return debt
      return (await readShards(debt.sharded.name)).map(debtOfShard).reduce(joinDebts, debt)
    },
    async beginShards(sharded, release, check) {
      for (let attempt = 1; ; attempt += 1) {
        const there = await readDebt(noting, prefix)
        check(there)
        if (there?.sharded?.name === sharded.name) return
        const other = there?.sharded
        const owed = (other === undefined ? [] : await readShards(other.name)).map(debtOfShard)
        const before = owed.reduce(joinDebts, there ?? { formatVersion: 1, release, keys: [] })
        const overtook = other === undefined ? [] : [...(other.overtook ?? []), other.name]
        const debt = { ...before, release, sharded: { ...sharded, ...(overtook.length > 0 && { overtook }) } }
        lock?.lost.throwIfAborted()
        try {
          await put(debtKey(prefix), encodeDebt(debt), 'application/json')
        } catch (error) {
          if (attempt === MAX_BEGINNINGS || !isCode(error, 'PRECONDITION_FAILED')) throw error
          continue
        }
        if (other !== undefined) await clearShards(other.name)
        return
      }
    },
    readOwnDebt: () => readDebt(noting, prefix),
    async readShard(name, shard) {
      const key = shardKey(prefix, name, shard)
      const document = await noting.getDocument(key)
      return document && parseShardRecord(key, document.body)
    },
    readShards,
    async writeShard(record) {
      const key = shardKey(prefix, record.name, record.shard)
      let latecomer: readonly TouchedKey[] = []
      let sent: Uint8Array | undefined
      let isThere = false
      await overLatecomers(
        async () => {
          const document = await noting.getDocument(key)
          // Our own write, whose answer was lost: its keys are not owed to anybody.
          isThere = document !== undefined && sent !== undefined && Buffer.compare(document.body, sent) === 0
          latecomer = document === undefined ? [] : parseShardRecord(key, document.body).touched
        },
        async () => {
          if (isThere) return
          sent = encodeShardRecord({ ...record, touched: joinTouched(latecomer, record.touched, false) })
          await put(key, sent, 'application/gzip')
        },
      )
      written = joinDebts(debtOfShard(record), written)
    },
    clearShards,
    async writeState(state) {
      const { document, parts } = encodeStateParts(state, prefix)
      for (const { key, body } of parts) await bucket.putDocument(key, body, 'application/gzip')
      await overLatecomers(
        () => noting.getDocument(stateKey(prefix)),
        () => put(stateKey(prefix), document, 'application/gzip'),
      )
      if (parts.length > 0 || known?.parts !== undefined) {
        await removeAll(statePartsFolder(prefix), new Set(parts.map(({ key }) => key)))
      }
      known = undefined
    },
    async writeDebt(debt) {
      let latecomers: Debt | undefined
      await overLatecomers(
        async () => (latecomers = await readDebt(noting, prefix)),
        () => put(debtKey(prefix), encodeDebt(joinDebts(debt, latecomers)), 'application/json'),
      )
      written = debt
    },
    async clearDebt() {
      const ours = etags.get(debtKey(prefix))
      await overLatecomers(
        () => noting.getDocument(debtKey(prefix)),
        async () => {
          const etag = etags.get(debtKey(prefix))
          // What a run that has lost its lock has added is for the next one to pay.
          if (etag !== undefined && etag === ours) await bucket.deleteDocument(debtKey(prefix), { ifMatch: etag })
        },
      )
      written = undefined
    },
    async oweAgainIfLost(release) {
      if (lock?.lost.aborted !== true || written === undefined) return
      const debt = { ...written, release }
      for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
        try {
          await put(debtKey(prefix), encodeDebt(joinDebts(debt, await readDebt(noting, prefix))), 'application/json')
          return
        } catch (error) {
          // The run ends with LOCK_LOST, which says more; what cannot be left here the next run sees in the listing.
          if (!isCode(error, 'PRECONDITION_FAILED')) return
        }
      }
    },
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof FreshfrontError && error.code === code
}
