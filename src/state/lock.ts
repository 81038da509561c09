// One deploy at a time: a lock in the bucket with a lease that is renewed for as long as its owner lives. See docs/decisions/009-lock.md.

import { randomUUID } from 'node:crypto'
import { FreshfrontError, locked, lockLost } from '../errors.ts'
import type { Commit, Finding, Lock, OnEvent, ReleaseId } from '../model.ts'
import type { Ports, WriteCondition } from '../ports.ts'
import { findOlder } from './commit-order.ts'
import { describeLock, readLock, type StoredLock } from './lock-document.ts'
import { lockKey } from './state-keys.ts'

const LEASE_MS = 30_000
const RENEW_EVERY_MS = 10_000
/** An owner that lives has renewed its lock once within this time. */
const SIGN_OF_LIFE_MS = 12_000
const LOOK_EVERY_MS = 2_000
/** Shards that write their lock at the same moment try again after up to this long, so often. */
const JOIN_AGAIN_MS = 200
const MAX_JOINS = 50

export interface LockOptions {
  readonly prefix: string
  readonly release: ReleaseId
  readonly commit?: Commit | undefined
  /** How long to wait for an owner that lives. */
  readonly waitSeconds: number
  /** `3/16`: hold the lock together with other shards of the same release; undefined: alone. */
  readonly shard?: string
  /** Whether to refuse when what is being deployed is newer than this. */
  readonly refusesOlder: boolean
  readonly onEvent: OnEvent
  readonly signal?: AbortSignal | undefined
}

export interface HeldLock {
  /** Aborted with `LOCK_LOST` when somebody else has taken the lock. */
  readonly lost: AbortSignal
  /**
   * Rejects with `LOCK_LOST` unless the lock is held and will be for a while yet: to be asked before a write that counts on it. It sends
   * a request only where the last renewal is so long ago that somebody else may take the lock soon, or has.
   */
  confirm(): Promise<void>
  /** As `confirm`, by a request that begins now: what was read before was not written by a later owner of the lock. */
  confirmNow(): Promise<void>
  /** Says whether the store keeps two deploys apart at all. One request. */
  findWarnings(): Promise<readonly Finding[]>
  /** Once is enough, twice does no harm. Never rejects: a lock that could not be removed ends with its lease. */
  release(): Promise<void>
}

type LockPorts = Pick<Ports, 'bucket' | 'clock' | 'processes'>

/**
 * Takes the lock. One that a dead run has left is taken over: at once where this machine can see that the process is gone, else when its
 * lease has ended and it gave no sign of life meanwhile, for which this waits, with an event that says so.
 *
 * @throws {FreshfrontError} `LOCKED` when its owner lives for longer than `waitSeconds`, `OLDER_THAN_LIVE`
 */
export async function acquireLock(ports: LockPorts, options: LockOptions): Promise<HeldLock> {
  const { clock, processes, bucket } = ports
  const { prefix, signal, commit, onEvent } = options
  const startedMs = clock.nowMs()
  const ownId = randomUUID()
  const sharer = options.shard === undefined ? undefined : { id: ownId, shard: options.shard }
  const mine: Omit<Lock, 'leaseEndsAt'> = {
    formatVersion: 1,
    owner: { id: ownId, ...(await processes.describeOwn()) },
    release: options.release,
    ...(commit !== undefined && { commit }),
    startedAt: new Date(startedMs).toISOString(),
    ...(sharer !== undefined && { sharers: [sharer] }),
  }
  let joins = 0
  let heard: { readonly etag: string; readonly quietUntilMs: number } | undefined
  let livesOn = false
  let held = await tryToWrite(ports, prefix, mine, { ifNoneMatch: true })
  while (held === undefined) {
    signal?.throwIfAborted()
    const other = await readLock(bucket, prefix)
    if (other === undefined) held = await tryToWrite(ports, prefix, mine, { ifNoneMatch: true })
    else if (isHeldBy(other.lock, ownId)) held = other
    else if (sharer !== undefined && other.lock.sharers !== undefined && other.lock.release === mine.release) {
      const { leaseEndsAt: _, ...theirs } = other.lock
      const joined = { ...theirs, sharers: [...other.lock.sharers, sharer] }
      held = await tryToWrite(ports, prefix, joined, { ifMatch: other.etag })
      // Others join or renew at the same time; each time one of them succeeds.
      if (held === undefined && ++joins < MAX_JOINS) await clock.sleep(JOIN_AGAIN_MS * Math.random(), signal)
      if (held === undefined && joins < MAX_JOINS) continue
    } else if (other.lock.sharers?.length === 0) {
      held = await tryToWrite(ports, prefix, mine, { ifMatch: other.etag })
    } else {
      const nowMs = clock.nowMs()
      if (heard?.etag !== other.etag) {
        livesOn = heard !== undefined
        heard = { etag: other.etag, quietUntilMs: nowMs + quietTime(other.lock, nowMs) }
      }
      // Of a lock that shards share the owner is only the first of them, who may have ended long ago.
      const process = other.lock.sharers === undefined ? await processes.stateOf(other.lock.owner) : 'unknown'
      if (process === 'gone' || nowMs >= heard.quietUntilMs) {
        const reason = process === 'gone' ? 'its process is gone' : 'its lease has ended'
        onEvent({
          kind: 'waiting',
          seconds: 0,
          reason: `taking over the lock of ${describeLock(other.lock)}: ${reason}`,
        })
        held = await tryToWrite(ports, prefix, mine, { ifMatch: other.etag })
      } else {
        livesOn ||= process === 'alive' && Date.parse(other.lock.leaseEndsAt) > nowMs
        if (livesOn) {
          const older = options.refusesOlder ? findOlder(commit, other.lock.commit, 'being deployed') : undefined
          if (older !== undefined) throw older
          if (nowMs - startedMs >= options.waitSeconds * 1000) throw locked(describeLock(other.lock))
        }
        const until = livesOn ? startedMs + options.waitSeconds * 1000 : heard.quietUntilMs
        onEvent({
          kind: 'waiting',
          seconds: Math.ceil((until - nowMs) / 1000),
          reason: describeWait(other.lock, livesOn),
        })
      }
    }
    if (held === undefined) await clock.sleep(LOOK_EVERY_MS, signal)
  }
  return holdLock(ports, prefix, held, ownId)
}

function isHeldBy({ owner, sharers }: Lock, id: string): boolean {
  return sharers === undefined ? owner.id === id : sharers.some((sharer) => sharer.id === id)
}

/** Counted by this machine's clock from when the lock was first seen, so that clocks that differ do no harm. */
function quietTime(lock: Lock, nowMs: number): number {
  const leftMs = Date.parse(lock.leaseEndsAt) - nowMs
  return Math.min(LEASE_MS, Math.max(SIGN_OF_LIFE_MS, Number.isNaN(leftMs) ? LEASE_MS : leftMs))
}

function describeWait(lock: Lock, livesOn: boolean): string {
  return livesOn
    ? `another deploy is under way, ${describeLock(lock)}`
    : `the lock of ${describeLock(lock)} may be left by a dead run; it is taken over unless there is a sign of life`
}

/** @returns undefined when the condition does not hold */
async function tryToWrite(
  { bucket, clock }: LockPorts,
  prefix: string,
  mine: Omit<Lock, 'leaseEndsAt'>,
  condition: WriteCondition,
): Promise<StoredLock | undefined> {
  const lock: Lock = { ...mine, leaseEndsAt: new Date(clock.nowMs() + LEASE_MS).toISOString() }
  const write = (under?: WriteCondition): Promise<string> =>
    bucket.putDocument(lockKey(prefix), Buffer.from(JSON.stringify(lock)), 'application/json', under)
  try {
    return { lock, etag: await write(condition) }
  } catch (error) {
    if (isCode(error, 'PRECONDITION_FAILED')) return undefined
    if (isCode(error, 'CONDITIONS_NOT_SUPPORTED')) return { lock, etag: await write() }
    throw error
  }
}

function holdLock(ports: LockPorts, prefix: string, first: StoredLock, ownId: string): HeldLock {
  const { bucket, clock } = ports
  const lost = new AbortController()
  const stopped = new AbortController()
  let held = first
  let renewing: Promise<unknown> | undefined
  let isReleased = false

  function lose(why: string, cause?: unknown): void {
    if (!lost.signal.aborted) lost.abort(lockLost(why, cause === undefined ? {} : { cause }))
    stopped.abort()
  }
  /** @returns why it could not be renewed, where that is not to say that it is lost */
  async function renewOnce(): Promise<unknown> {
    const endsMs = Date.parse(held.lock.leaseEndsAt)
    try {
      for (let attempt = 1; ; attempt += 1) {
        const { leaseEndsAt, ...mine } = held.lock
        const renewed = await tryToWrite(ports, prefix, mine, { ifMatch: held.etag })
        const now = renewed ?? (await readLock(bucket, prefix))
        if (now === undefined) lose('somebody has removed it')
        else if (!isHeldBy(now.lock, ownId)) lose(`it was taken by ${describeLock(now.lock)}`)
        // Of a lock that is shared the own lease counts, by the own clock, from the own last renewal.
        else held = renewed ?? (mine.sharers === undefined ? now : { ...now, lock: { ...now.lock, leaseEndsAt } })
        if (renewed !== undefined || mine.sharers === undefined || lost.signal.aborted) return undefined
        if (attempt === MAX_JOINS) throw locked(describeLock(held.lock))
        await clock.sleep(JOIN_AGAIN_MS * Math.random())
      }
    } catch (error) {
      // A failed renewal may be followed by one that works, for as long as the lease lasts.
      if (clock.nowMs() >= endsMs) lose('it could not be renewed before its lease ended', error)
      return error
    }
  }
  /** Leaves the lock to the other shards. The last one leaves it free, but there: another may be joining it just now. */
  async function leave(): Promise<void> {
    try {
      for (let attempt = 1; attempt <= MAX_JOINS; attempt += 1) {
        const now = attempt === 1 ? held : await readLock(bucket, prefix)
        if (now === undefined || !isHeldBy(now.lock, ownId)) return
        const left = { ...now.lock, sharers: (now.lock.sharers ?? []).filter(({ id }) => id !== ownId) }
        try {
          await bucket.putDocument(lockKey(prefix), Buffer.from(JSON.stringify(left)), 'application/json', {
            ifMatch: now.etag,
          })
          return
        } catch (error) {
          if (!isCode(error, 'PRECONDITION_FAILED')) throw error
        }
        await clock.sleep(JOIN_AGAIN_MS * Math.random())
      }
    } catch (error) {
      lose('it could not be given back, and ends with its lease', error)
    }
  }
  /** One at a time: a renewal and a question about the lock would otherwise fail because of each other. */
  function renew(): Promise<unknown> {
    renewing ??= renewOnce().finally(() => (renewing = undefined))
    return renewing
  }
  const leftMs = (): number => Date.parse(held.lock.leaseEndsAt) - clock.nowMs()
  const write = (condition: WriteCondition): Promise<string> =>
    bucket.putDocument(lockKey(prefix), Buffer.from(JSON.stringify(held.lock)), 'application/json', condition)
  clock.every(RENEW_EVERY_MS, async () => void (await renew()), stopped.signal)

  return {
    lost: lost.signal,
    async confirm() {
      // After a sleep of the machine the timer comes late.
      if (leftMs() < LEASE_MS - RENEW_EVERY_MS) await renew()
      lost.signal.throwIfAborted()
      if (leftMs() <= 0) {
        lose('it could not be renewed before its lease ended')
        lost.signal.throwIfAborted()
      }
    },
    async confirmNow() {
      await renewing
      const failure = await renew()
      lost.signal.throwIfAborted()
      if (failure !== undefined) throw failure
    },
    async findWarnings() {
      let etag: string | undefined
      try {
        etag = await write({ ifNoneMatch: true })
        held = { ...held, etag: await write({ ifNoneMatch: true }) }
      } catch (error) {
        if (isCode(error, 'PRECONDITION_FAILED')) {
          if (etag === undefined) return []
          // The store keeps to conditions, so that there was no lock at the first attempt: whoever took it has ended meanwhile.
          lose('somebody has removed it')
          await renewing
          const own = await readLock(bucket, prefix)
          if (own !== undefined && own.lock.owner.id === held.lock.owner.id && own.lock.sharers === undefined) {
            await bucket.deleteDocument(lockKey(prefix), { ifMatch: own.etag })
          }
          lost.signal.throwIfAborted()
        }
        if (!isCode(error, 'CONDITIONS_NOT_SUPPORTED')) throw error
      }
      return [NOT_EXCLUSIVE]
    },
    async release() {
      if (isReleased) return
      isReleased = true
      stopped.abort()
      await renewing
      // While the lease lasts nobody else writes the lock, so that this is safe even where deletes take no condition.
      if (!lost.signal.aborted && leftMs() < SIGN_OF_LIFE_MS) await renew()
      if (lost.signal.aborted) return
      if (held.lock.sharers !== undefined) return leave()
      try {
        await bucket.deleteDocument(lockKey(prefix), { ifMatch: held.etag })
      } catch (error) {
        lose('it could not be removed, and ends with its lease', error)
      }
    },
  }
}

const NOT_EXCLUSIVE: Finding = {
  code: 'LOCK_NOT_EXCLUSIVE',
  message:
    'This store has no conditional writes, so that the lock cannot keep two deploys apart: run one deploy at a time.',
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof FreshfrontError && error.code === code
}
