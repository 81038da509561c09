// Several deploys of one site on the embedded cloud: one at a time, and never an older one over a newer one by accident.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Commit, Lock, Outcome } from '../src/model.ts'
import { readStatus } from '../src/read-status.ts'
import { type Cloud, startCloud } from './cloud.ts'

const LOCK_KEY = '.freshfront/lock.json'
const PLACE = { bucket: 'site', prefix: '' }
const older: Commit = { id: 'a1', committedAt: '2026-11-01T00:00:00.000Z' }
const newer: Commit = { id: 'b2', committedAt: '2026-11-02T00:00:00.000Z' }

let cloud: Cloud
let otherDir: string
beforeEach(async () => {
  cloud = await startCloud()
  otherDir = await mkdtemp(join(tmpdir(), 'freshfront-other-'))
  await cloud.write({ 'index.html': 'one', 'a.html': 'one' })
  for (const name of ['index.html', 'b.html']) await writeFile(join(otherDir, name), 'two')
})
afterEach(async () => {
  expect(cloud.emulator.faults).toEqual([])
  await cloud.close()
  await rm(otherDir, { recursive: true })
})

/** What every edge answers for the three pages: one answer when they agree. */
async function live(): Promise<string[]> {
  const answers = await Promise.all(['/index.html', '/a.html', '/b.html'].map((path) => cloud.ask(path)))
  const seen = answers[0]?.map((_, edge) =>
    answers.map((each) => (each[edge]?.status === 200 ? each[edge].body : '-')).join(' '),
  )
  return [...new Set(seen)]
}

describe('two deploys at once', () => {
  it('without --lock-wait one of them is refused and names the other, and the site is that of the one', async () => {
    const both = await Promise.allSettled([cloud.deploy(), cloud.deploy({ dir: otherDir })])
    const winner = both.findIndex(({ status }) => status === 'fulfilled')
    expect(both[1 - winner]).toMatchObject({ status: 'rejected', reason: { code: 'LOCKED', errorClass: 'conflict' } })
    expect(await live()).toEqual([['one one -', 'two - two'][winner]])
    expect(await readStatus(PLACE, cloud.ports)).not.toHaveProperty('lock')
  })

  it('with --lock-wait one waits for the other, and the site is that of the later one', async () => {
    const order: number[] = []
    const run = async (index: number, dir: string): Promise<Outcome> => {
      const outcome = await cloud.deploy({ dir, lockWaitSeconds: 600 })
      order.push(index)
      return outcome
    }
    const both = await Promise.all([run(0, cloud.dir), run(1, otherDir)])
    expect(both.map(({ result }) => result)).toEqual(['fresh', 'fresh'])
    expect(await live()).toEqual([['one one -', 'two - two'][order[1] ?? 0]])
  })
})

describe('a lock in the bucket', () => {
  it('that a dead process has left holds nobody up', async () => {
    const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' })
    await once(child, 'exit')
    const own = await cloud.ports.processes.describeOwn()
    const lock: Lock = {
      formatVersion: 1,
      owner: { ...own, id: 'dead', pid: child.pid ?? 0 },
      release: 'r1',
      startedAt: '2026-11-23T00:00:00.000Z',
      leaseEndsAt: '2099-01-01T00:00:00.000Z',
    }
    await cloud.ports.bucket.putDocument(LOCK_KEY, Buffer.from(JSON.stringify(lock)), 'application/json')
    expect(await cloud.deploy()).toMatchObject({ result: 'fresh', failures: [] })
    expect(await cloud.ports.bucket.getDocument(LOCK_KEY)).toBeUndefined()
  })

  it('of a newer Freshfront stops an older one before it writes anything', async () => {
    await cloud.ports.bucket.putDocument(LOCK_KEY, Buffer.from('{"formatVersion":2}'), 'application/json')
    await expect(cloud.deploy()).rejects.toMatchObject({ code: 'STATE_TOO_NEW' })
    expect(
      (await readStatus(PLACE, { bucket: { ...cloud.ports.bucket, getDocument: async () => undefined } })).foreign,
    ).toEqual([])
  })

  it('that is taken away while a deploy waits for its purge ends it unrecorded, and the next one pays what is owed', async () => {
    await cloud.close()
    cloud = await startCloud({ emulator: { cloudFront: { purgeDelaysMs: { regional: 0, edges: [60_000] } } } })
    await cloud.write({ 'index.html': 'one', 'a.html': 'one' })
    const { bucket } = cloud.ports
    let removed: Promise<unknown> | undefined
    const stopped = await cloud.deploy(
      {},
      { onEvent: ({ kind }) => void (kind === 'invalidating' && (removed = bucket.deleteObjects([LOCK_KEY]))) },
    )
    await removed
    expect([stopped.result, [...new Set(stopped.failures.map(({ code }) => code))]]).toEqual(['failed', ['LOCK_LOST']])
    const status = await readStatus(PLACE, cloud.ports)
    expect([status.release, status.owed]).toEqual([undefined, ['a.html', 'index.html']])
    expect(await cloud.deploy()).toMatchObject({ result: 'fresh' })
    expect(await readStatus(PLACE, cloud.ports)).toMatchObject({ owed: [], objects: 2 })
  })

  it('is given back by a deploy that fails and by one that is stopped', async () => {
    const onEvent = ({ kind }: { kind: string }): void => {
      if (kind === 'planned') throw new Error('failed')
    }
    await expect(cloud.deploy({}, { onEvent })).rejects.toThrow('failed')
    expect(await readStatus(PLACE, cloud.ports)).not.toHaveProperty('lock')
    const stop = new AbortController()
    const stopped = await cloud.deploy(
      {},
      { signal: stop.signal, onEvent: ({ kind }) => void (kind === 'uploaded' && stop.abort()) },
    )
    expect(stopped.result).toBe('failed')
    expect(await readStatus(PLACE, cloud.ports)).not.toHaveProperty('lock')
  })
})

describe('a commit that is older than what is live', () => {
  beforeEach(async () => {
    await cloud.deploy({ dir: otherDir }, { commit: newer })
  })

  it('is refused, and --force goes back on purpose', async () => {
    const refused = cloud.deploy({}, { commit: older })
    await expect(refused).rejects.toMatchObject({
      code: 'OLDER_THAN_LIVE',
      errorClass: 'conflict',
      message:
        'This is commit a1 of 2026-11-01T00:00:00.000Z, and what is live is newer: commit b2 of 2026-11-02T00:00:00.000Z.',
    })
    expect(await live()).toEqual(['two - two'])
    expect(await cloud.deploy({ force: true }, { commit: older })).toMatchObject({ result: 'fresh' })
    expect(await live()).toEqual(['one one -'])
    expect(await readStatus(PLACE, cloud.ports)).toMatchObject({ commit: older })
  })

  it('ends quietly with --newest-wins, and says why', async () => {
    const outcome = await cloud.deploy({ newestWins: true }, { commit: older })
    expect(outcome).toMatchObject({ result: 'superseded', plan: { uploads: [], removals: [], invalidations: [] } })
    expect(outcome.plan.warnings).toMatchObject([
      { code: 'SUPERSEDED', message: expect.stringContaining('a1') as string },
    ])
    expect(await live()).toEqual(['two - two'])
  })

  it('is warned of by a plan', async () => {
    const { plan, result } = await cloud.deploy({}, { mode: 'plan', commit: older })
    expect([result, plan.warnings.map(({ code }) => code)]).toEqual(['planned', ['OLDER_THAN_LIVE']])
  })

  it('is known even when the newer one changed nothing', async () => {
    const newest = { id: 'c3', committedAt: '2026-11-03T00:00:00.000Z' }
    expect(await cloud.deploy({ dir: otherDir }, { commit: newest })).toMatchObject({ result: 'nothing to do' })
    const between = { id: 'b3', committedAt: '2026-11-02T12:00:00.000Z' }
    await expect(cloud.deploy({}, { commit: between })).rejects.toMatchObject({ code: 'OLDER_THAN_LIVE' })
  })

  it('may be the same commit, one of unknown age, or none', async () => {
    for (const commit of [newer, { id: 'v1' }]) await cloud.deploy({}, { commit })
    expect(await cloud.deploy()).toMatchObject({ result: 'nothing to do' })
  })
})

it('status counts what somebody else changed, removed and added', async () => {
  await cloud.deploy()
  const { bucket } = cloud.ports
  await bucket.putDocument('index.html', Buffer.from('changed'), 'text/html')
  await bucket.putDocument('extra.html', Buffer.from('extra'), 'text/html')
  await bucket.deleteObjects(['a.html'])
  expect(await readStatus(PLACE, cloud.ports)).toMatchObject({
    objects: 2,
    drift: { changed: ['index.html'], missing: ['a.html'] },
    foreign: ['extra.html'],
  })
})
