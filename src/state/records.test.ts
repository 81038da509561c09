import { describe, expect, it } from 'vitest'
import { memoryBucket } from '../../test/fakes/memory-bucket.ts'
import { siteState } from '../../test/fakes/nouns.ts'
import { lockLost, preconditionFailed } from '../errors.ts'
import type { Debt } from '../model.ts'
import type { Bucket } from '../ports.ts'
import { openRecords } from './records.ts'

const PENDING = '.freshfront/pending.json'
const debt: Debt = { formatVersion: 1, release: 'r1', keys: ['index.html'] }
const state = siteState([])

/** A run that has read what there is; its lock is held until it is lost. */
async function startRun(bucket: Bucket) {
  const lost = new AbortController()
  const confirm = async (): Promise<void> => lost.signal.throwIfAborted()
  const lock = {
    lost: lost.signal,
    confirm,
    confirmNow: confirm,
    findWarnings: async () => [],
    release: async () => undefined,
  }
  const records = openRecords(bucket, '', lock)
  await records.readState()
  await records.readDebt()
  return { ...records, lose: () => lost.abort(lockLost('it was taken')) }
}

describe('records', () => {
  it('stay from being written to being cleared', async () => {
    const bucket = memoryBucket()
    const run = await startRun(bucket)
    await run.writeDebt(debt)
    await run.writeDebt({ ...debt, keys: ['a'] })
    await run.writeState(state)
    expect(await run.readDebt()).toEqual({ ...debt, keys: ['a'] })
    expect(await run.readState()).toEqual(state)
    await run.clearDebt()
    expect([...bucket.stored.keys()]).toEqual(['.freshfront/state.json.gz'])
  })

  it('of a successor are not written over by a run that has lost its lock', async () => {
    const bucket = memoryBucket()
    const [late, next] = [await startRun(bucket), await startRun(bucket)]
    await next.writeState({ ...state, release: 'next' })
    await next.writeDebt({ ...debt, release: 'next' })
    late.lose()
    await expect(late.writeState(state)).rejects.toMatchObject({ code: 'LOCK_LOST' })
    await expect(late.writeDebt(debt)).rejects.toMatchObject({ code: 'LOCK_LOST' })
    await expect(late.clearDebt()).rejects.toMatchObject({ code: 'LOCK_LOST' })
    expect(await next.readDebt()).toMatchObject({ release: 'next' })
    expect(await next.readState()).toMatchObject({ release: 'next' })
  })

  it('of the run that holds the lock go over those that come late, and lose no debt', async () => {
    const bucket = memoryBucket()
    const [late, next] = [await startRun(bucket), await startRun(bucket)]
    await late.writeState({ ...state, release: 'late' })
    await late.writeDebt({ ...debt, keys: ['late.html'] })
    await next.writeState(state)
    await next.writeDebt(debt)
    expect(await next.readState()).toEqual(state)
    expect(await next.readDebt()).toMatchObject({ keys: ['index.html', 'late.html'] })
  })

  it('are cleared only as they were written', async () => {
    const bucket = memoryBucket()
    const [late, next] = [await startRun(bucket), await startRun(bucket)]
    await late.writeDebt(debt)
    await next.readDebt()
    await next.writeDebt({ ...debt, release: 'next' })
    late.lose()
    await late.oweAgainIfLost('late again')
    await next.clearDebt()
    expect(await next.readDebt()).toMatchObject({ release: 'late again', keys: ['index.html'] })
  })

  it('owe nothing again while the lock is held, or when nothing was written', async () => {
    const bucket = memoryBucket()
    const run = await startRun(bucket)
    run.lose()
    await run.oweAgainIfLost('again')
    const other = await startRun(bucket)
    await other.writeDebt(debt)
    await other.clearDebt()
    await other.oweAgainIfLost('again')
    expect(bucket.stored.has(PENDING)).toBe(false)
  })

  it('are not taken for cleared when the object cannot be deleted', async () => {
    const deleteDocument = async (): Promise<never> => {
      throw new Error('Access Denied')
    }
    const run = await startRun({ ...memoryBucket(), deleteDocument })
    await run.writeDebt(debt)
    await expect(run.clearDebt()).rejects.toThrow('Access Denied')
  })

  it('are removed a thousand at a time, for as long as the lock is held', async () => {
    const bucket = memoryBucket()
    const keys = Array.from({ length: 1200 }, (_, at) => `.freshfront/shards/r1/staged/${String(at).padStart(4, '0')}`)
    for (const key of keys) await bucket.putDocument(key, Buffer.from('x'), 'text/plain')
    const run = await startRun({
      ...bucket,
      deleteObjects: (some, { confirm } = {}) =>
        bucket.deleteObjects(some, {
          confirm: async () => {
            await confirm?.()
            run.lose()
          },
        }),
    })
    await expect(run.clearShards('r1')).rejects.toMatchObject({ code: 'LOCK_LOST' })
    expect([...bucket.stored.keys()]).toEqual(keys.slice(1000))
  })

  it('owe nothing of a shard’s own record whose answer was lost', async () => {
    const memory = memoryBucket()
    let isLost = false
    const bucket: Bucket = {
      ...memory,
      async putDocument(...args) {
        const etag = await memory.putDocument(...args)
        if (isLost) return etag
        isLost = true
        // The request was carried out and sent again, and its condition no longer holds.
        throw preconditionFailed(args[0])
      },
    }
    const run = await startRun(bucket)
    const shard = { index: 1, count: 2 }
    const touched = [{ key: 'a.html', etags: ['"a"'] }]
    await run.writeShard({
      formatVersion: 1,
      name: 'r1',
      shard,
      startedAt: '2026-11-23T05:14:49Z',
      range: { after: '' },
      site: 's',
      settings: 't',
      base: '',
      isComplete: false,
      touched,
      files: [],
      ignored: [],
    })
    expect((await run.readShard('r1', shard))?.touched).toEqual(touched)
  })
})
