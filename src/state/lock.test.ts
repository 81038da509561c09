import { describe, expect, it } from 'vitest'
import { fakeClock } from '../../test/fakes/fake-clock.ts'
import { memoryBucket, type MemoryBucket } from '../../test/fakes/memory-bucket.ts'
import type { Commit, DeployEvent, Lock } from '../model.ts'
import type { Bucket, Processes } from '../ports.ts'
import { acquireLock, type LockOptions } from './lock.ts'

const KEY = '.freshfront/lock.json'
const START_MS = Date.UTC(2026, 10, 23, 5, 14, 49)
const older: Commit = { id: 'a1', committedAt: '2026-11-01T00:00:00.000Z' }
const newer: Commit = { id: 'b2', committedAt: '2026-11-02T00:00:00.000Z' }

interface WorldOptions {
  readonly bucket?: Bucket & Pick<MemoryBucket, 'stored'>
  readonly process?: 'alive' | 'gone' | 'unknown'
}

function world({ bucket = memoryBucket(), process = 'unknown' }: WorldOptions = {}) {
  const clock = fakeClock(START_MS)
  const events: DeployEvent[] = []
  const processes: Processes = {
    describeOwn: async () => ({ host: 'ci-7', pid: 42 }),
    stateOf: async () => process,
  }
  const seconds = (): number => (clock.nowMs() - START_MS) / 1000
  return {
    bucket,
    clock,
    seconds,
    reasons: () => events.flatMap((event) => (event.kind === 'waiting' ? [event.reason] : [])),
    stored: (): Lock | undefined => {
      const body = bucket.stored.get(KEY)?.body
      return body && (JSON.parse(Buffer.from(body).toString()) as Lock)
    },
    acquire: (options: Partial<LockOptions> = {}) =>
      acquireLock(
        { bucket, clock, processes },
        {
          prefix: '',
          release: 'r2',
          waitSeconds: 0,
          refusesOlder: true,
          onEvent: (event) => void events.push(event),
          ...options,
        },
      ),
    /** What another run has left, or still renews until it is told to stop. */
    holdByOther: async (changes: Partial<Lock> = {}, renewsEveryMs?: number) => {
      const stop = new AbortController()
      const write = async (): Promise<void> => {
        const leaseEndsAt = new Date(clock.nowMs() + 30_000).toISOString()
        const owner = { id: 'other', host: 'laptop', pid: 7 }
        const lock: Lock = {
          formatVersion: 1,
          owner,
          release: 'r1',
          startedAt: '2026-11-23T05:14:00.000Z',
          leaseEndsAt,
        }
        await bucket.putDocument(KEY, Buffer.from(JSON.stringify({ ...lock, ...changes })), 'application/json')
      }
      await write()
      if (renewsEveryMs !== undefined) clock.every(renewsEveryMs, write, stop.signal)
      return {
        release: () => {
          stop.abort()
          bucket.stored.delete(KEY)
        },
      }
    },
  }
}

describe('a lock that is free', () => {
  it('is taken without waiting, says who holds it, and is gone when it is released', async () => {
    const { acquire, stored, seconds } = world()
    const lock = await acquire({ commit: newer })
    expect(stored()).toMatchObject({
      formatVersion: 1,
      owner: { host: 'ci-7', pid: 42 },
      release: 'r2',
      commit: newer,
      startedAt: '2026-11-23T05:14:49.000Z',
      leaseEndsAt: '2026-11-23T05:15:19.000Z',
    })
    expect(await lock.findWarnings()).toEqual([])
    await lock.release()
    expect([stored(), seconds()]).toEqual([undefined, 0])
  })

  it('is renewed every 10 seconds for 30, until it is released', async () => {
    const { acquire, clock, stored } = world()
    const lock = await acquire()
    await clock.sleep(25_000)
    expect(stored()?.leaseEndsAt).toBe('2026-11-23T05:15:39.000Z')
    await lock.confirm()
    await lock.release()
    await clock.sleep(60_000)
    expect(stored()).toBeUndefined()
  })

  it('is ours when only the answer to taking it was lost', async () => {
    const bucket = memoryBucket()
    let isFirst = true
    const { acquire, stored } = world({
      bucket: {
        ...bucket,
        async putDocument(key, body, contentType, condition) {
          if (isFirst) await bucket.putDocument(key, body, contentType)
          isFirst = false
          return bucket.putDocument(key, body, contentType, condition)
        },
      },
    })
    const lock = await acquire()
    await lock.confirm()
    await lock.release()
    expect(stored()).toBeUndefined()
  })
})

describe('a lock that a dead run has left', () => {
  it('is taken over at once where its process is seen to be gone', async () => {
    const { acquire, holdByOther, seconds, stored, reasons } = world({ process: 'gone' })
    await holdByOther()
    await acquire()
    expect([stored()?.release, seconds()]).toEqual(['r2', 0])
    expect(reasons()[0]).toMatch(
      /^taking over the lock of release "r1" on "laptop" \(process 7\), since .*: its process is gone$/,
    )
  })

  it('is waited out for as long as its lease lasts, with a line that says so', async () => {
    const { acquire, holdByOther, seconds, reasons } = world()
    await holdByOther()
    await acquire()
    expect(seconds()).toBe(30)
    expect(reasons()[0]).toMatch(/may be left by a dead run/)
    expect(reasons().at(-1)).toMatch(/its lease has ended$/)
  })

  it.each([
    ['long ago by its clock, which may be wrong, and gives no sign of life', '2026-11-01T00:00:00.000Z', 12],
    ['far in the future by its clock', '2027-01-01T00:00:00.000Z', 30],
    ['at no time that can be read', 'soon', 30],
  ])('ends %s', async (_, leaseEndsAt, waitedSeconds) => {
    const { acquire, holdByOther, seconds } = world()
    await holdByOther({ leaseEndsAt })
    await acquire()
    expect(seconds()).toBe(waitedSeconds)
  })
})

describe('a lock whose owner lives', () => {
  it('is refused with who and since when, at once where the process is seen to live', async () => {
    const { acquire, holdByOther, seconds } = world({ process: 'alive' })
    await holdByOther()
    await expect(acquire()).rejects.toMatchObject({
      code: 'LOCKED',
      errorClass: 'conflict',
      message: 'Another deploy is under way: release "r1" on "laptop" (process 7), since 2026-11-23T05:14:00.000Z.',
    })
    expect(seconds()).toBe(0)
  })

  it('is refused at its first renewal where it is on another machine, whatever its clock says', async () => {
    const { acquire, holdByOther, seconds } = world()
    await holdByOther({}, 10_000)
    await expect(acquire()).rejects.toMatchObject({ code: 'LOCKED' })
    expect(seconds()).toBe(10)
  })

  it('is waited for with --lock-wait, and taken when it is released', async () => {
    const { acquire, clock, holdByOther, stored, seconds } = world()
    const { release } = await holdByOther({}, 10_000)
    clock.every(25_000, async () => release(), AbortSignal.timeout(60_000))
    await acquire({ waitSeconds: 60 })
    expect([stored()?.release, seconds()]).toEqual(['r2', 26])
  })

  it('is waited for no longer than --lock-wait', async () => {
    const { acquire, holdByOther, seconds } = world()
    await holdByOther({}, 10_000)
    await expect(acquire({ waitSeconds: 45 })).rejects.toMatchObject({ code: 'LOCKED' })
    expect(seconds()).toBe(46)
  })

  it('is not waited for by an older commit, unless it is to go back on purpose', async () => {
    const { acquire, holdByOther } = world({ process: 'alive' })
    await holdByOther({ commit: newer })
    await expect(acquire({ commit: older, waitSeconds: 60 })).rejects.toMatchObject({ code: 'OLDER_THAN_LIVE' })
    await expect(acquire({ commit: older, refusesOlder: false })).rejects.toMatchObject({ code: 'LOCKED' })
  })

  it('leaves a run that is stopped while it waits without a lock', async () => {
    const { acquire, holdByOther, stored } = world()
    await holdByOther({}, 10_000)
    const signal = AbortSignal.abort(new Error('stopped'))
    await expect(acquire({ waitSeconds: 60, signal })).rejects.toThrow('stopped')
    expect(stored()?.release).toBe('r1')
  })
})

describe('a lock that is lost', () => {
  it.each([
    ['removed', (bucket: MemoryBucket) => void bucket.stored.delete(KEY), 'somebody has removed it'],
    [
      'taken',
      (bucket: MemoryBucket) => {
        const [[key, object] = ['', undefined]] = bucket.stored
        const body = Buffer.from(
          Buffer.from(object?.body ?? [])
            .toString()
            .replace(/"id":"[^"]*"/, '"id":"other"'),
        )
        bucket.stored.set(key, { body, etag: '"other"', metadata: { contentType: 'application/json' } })
      },
      'it was taken by release',
    ],
  ])('because it was %s aborts the run at the next renewal', async (_, disturb, why) => {
    const bucket = memoryBucket()
    const { acquire, clock } = world({ bucket })
    const lock = await acquire()
    disturb(bucket)
    const before = bucket.stored.size
    await clock.sleep(10_000)
    expect(lock.lost.reason).toMatchObject({ code: 'LOCK_LOST', message: expect.stringContaining(why) as string })
    await expect(lock.confirm()).rejects.toMatchObject({ code: 'LOCK_LOST' })
    await lock.release()
    expect(bucket.stored.size).toBe(before)
  })

  it('because the store did not answer for a whole lease aborts the run, and one failure does not', async () => {
    const bucket = memoryBucket()
    let isDown = false
    const { acquire, clock } = world({
      bucket: {
        ...bucket,
        putDocument: async (...put) => {
          if (isDown) throw new Error('503')
          return bucket.putDocument(...put)
        },
      },
    })
    const lock = await acquire()
    isDown = true
    await clock.sleep(15_000)
    expect(lock.lost.aborted).toBe(false)
    await clock.sleep(15_000)
    expect(lock.lost.reason).toMatchObject({ code: 'LOCK_LOST' })
  })
})

describe('a lock that was taken, and given back, before its owner asked', () => {
  it('is lost, and not taken anew without saying so', async () => {
    const { acquire, bucket, stored } = world()
    const lock = await acquire()
    bucket.stored.delete(KEY)
    await expect(lock.findWarnings()).rejects.toMatchObject({ code: 'LOCK_LOST' })
    expect(stored()).toBeUndefined()
  })
})

describe('a store without conditional writes', () => {
  it.each(['ignores conditions', 'refuses conditions'])(
    'that %s is warned of, and the deploy goes on',
    async (kind) => {
      const bucket = memoryBucket()
      const { conditionsNotSupported } = await import('../errors.ts')
      const { acquire, clock, stored } = world({
        bucket: {
          ...bucket,
          async putDocument(key, body, contentType, condition) {
            if (condition !== undefined && kind === 'refuses conditions') throw conditionsNotSupported(key)
            return bucket.putDocument(key, body, contentType)
          },
        },
      })
      const lock = await acquire()
      expect((await lock.findWarnings()).map(({ code }) => code)).toEqual(['LOCK_NOT_EXCLUSIVE'])
      await clock.sleep(20_000)
      await lock.confirm()
      await lock.release()
      expect(stored()).toBeUndefined()
    },
  )
})

describe('a lock that this program did not write', () => {
  it.each([
    ['{"formatVersion":2}', 'STATE_TOO_NEW'],
    ['{}', 'STATE_NOT_READABLE'],
    ['', 'STATE_NOT_READABLE'],
  ])('%j is refused', async (body, code) => {
    const { acquire, bucket } = world()
    await bucket.putDocument(KEY, Buffer.from(body), 'application/json')
    await expect(acquire()).rejects.toMatchObject({ code })
  })
})

describe('a lock that shards of a release share', () => {
  const shard = (release: string, name: string): Partial<LockOptions> => ({ release, shard: name })

  it('is joined and renewed by each, and free when the last has left it', async () => {
    const { acquire, clock, stored } = world()
    const locks = await Promise.all(['1/3', '2/3', '3/3'].map((name) => acquire(shard('run-7', name))))
    expect(
      stored()
        ?.sharers?.map(({ shard: name }) => name)
        .toSorted(),
    ).toEqual(['1/3', '2/3', '3/3'])
    await clock.sleep(60_000)
    for (const lock of locks) {
      await lock.confirmNow()
      await lock.release()
    }
    expect(stored()).toMatchObject({ release: 'run-7', sharers: [] })
    const plain = await acquire()
    expect(stored()?.sharers).toBeUndefined()
    await plain.release()
    expect(stored()).toBeUndefined()
  })

  it('keeps everybody else out for as long as one shard lives, also when the first has ended', async () => {
    const { acquire, bucket } = world({ process: 'gone' })
    const first = await acquire(shard('run-7', '1/2'))
    const second = await acquire(shard('run-7', '2/2'))
    await first.release()
    const message = 'Another deploy is under way: sharded release "run-7" (shard 2/2), since 2026-11-23T05:14:49.000Z.'
    await expect(acquire()).rejects.toMatchObject({ code: 'LOCKED', message })
    await expect(acquire(shard('run-8', '1/2'))).rejects.toMatchObject({ code: 'LOCKED' })
    expect(second.lost.aborted).toBe(false)
    await second.release()
    expect(JSON.parse(Buffer.from(bucket.stored.get(KEY)?.body ?? '').toString())).toMatchObject({ sharers: [] })
  })

  it('of shards that died is taken over when the lease has ended, and a late shard then sees that it is lost', async () => {
    const { acquire, holdByOther, seconds } = world()
    await holdByOther({ release: 'run-7', sharers: [{ id: 'other', shard: '1/2' }] })
    await acquire()
    expect(seconds()).toBeGreaterThanOrEqual(30)
    const late = world()
    const lost = await late.acquire(shard('run-7', '1/2'))
    await late.holdByOther()
    await expect(lost.confirmNow()).rejects.toMatchObject({ code: 'LOCK_LOST' })
  })
})
