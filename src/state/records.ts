// What is remembered of a site, written only by the run that holds its lock: every write is under the condition that the object is still
// the one that was read. A run that has lost the lock cannot undo what its successor has recorded, however late its requests arrive.

import { FreshfrontError } from '../errors.ts'
import type { Debt, Key, ReleaseId, SiteState } from '../model.ts'
import type { Bucket } from '../ports.ts'
import { encodeDebt, joinDebts, readDebt } from './debt.ts'
import type { HeldLock } from './lock.ts'
import { encodeSiteState, readStoredState, type StoredState } from './site-state.ts'
import { debtKey, stateKey } from './state-keys.ts'

export interface Records {
  /** The state as it was before the lock was taken. */
  readonly earlier: SiteState | undefined
  /** Asks whether what was read earlier still holds, and reads only what does not. @throws {FreshfrontError} `STATE_NOT_READABLE`, `STATE_TOO_NEW` */
  readState(): Promise<SiteState | undefined>
  /** @throws {FreshfrontError} `STATE_NOT_READABLE`, `STATE_TOO_NEW` */
  readDebt(): Promise<Debt | undefined>
  /** The writes reject with `LOCK_LOST` when somebody else has written meanwhile, and holds the lock or has held it. */
  writeState(state: SiteState): Promise<void>
  writeDebt(debt: Debt): Promise<void>
  clearDebt(): Promise<void>
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

  return {
    earlier: earlier?.state,
    async readState() {
      const stored = await readStoredState(bucket, prefix, earlier)
      if (stored === undefined) etags.delete(stateKey(prefix))
      else etags.set(stateKey(prefix), stored.etag)
      return stored?.state
    },
    readDebt: () => readDebt(noting, prefix),
    async writeState(state) {
      const document = encodeSiteState(state)
      await overLatecomers(
        () => noting.getDocument(stateKey(prefix)),
        () => put(stateKey(prefix), document, 'application/gzip'),
      )
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
