// Shards and their finish that come after something newer, on the embedded cloud: a CI run that was overtaken by a later push.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deployShard } from '../src/deploy-shard.ts'
import type { Commit, Config, Outcome, ShardOutcome } from '../src/model.ts'
import { type Cloud, settingsOf, startCloud } from './cloud.ts'

const older: Commit = { id: 'a1', committedAt: '2026-11-01T00:00:00.000Z' }
const newer: Commit = { id: 'b2', committedAt: '2026-11-02T00:00:00.000Z' }
const LIVE =
  'This is commit a1 of 2026-11-01T00:00:00.000Z, and what is live is newer: commit b2 of 2026-11-02T00:00:00.000Z.'
const BEING_DEPLOYED = LIVE.replace('live', 'being deployed')

describe('a sharded release that something newer has overtaken', () => {
  let cloud: Cloud
  beforeEach(async () => {
    cloud = await startCloud()
    await cloud.write({ 'index.html': 'old', 'a.html': 'old', 'b.html': 'old' })
  })
  afterEach(() => cloud.close())

  function shard(index: number, name: string, commit?: Commit, settings: Partial<Config> = {}): Promise<ShardOutcome> {
    const config: Config = { ...settingsOf(cloud.dir), concurrency: 4, ...settings }
    return deployShard(config, cloud.ports, { shard: { index, count: 2 }, name, ...(commit && { commit }) })
  }
  function finish(name: string, commit?: Commit, settings: Partial<Config> = {}): Promise<Outcome> {
    return cloud.deploy(settings, { finish: name, ...(commit && { commit }) })
  }
  /** But for the lock, which shards leave free instead of removing it. */
  async function stored(): Promise<string[]> {
    const lines: string[] = []
    for await (const page of cloud.ports.bucket.listObjects('')) lines.push(...page.map(({ key, etag }) => key + etag))
    return lines.filter((line) => !line.includes('lock.json'))
  }

  it('is refused where the newer one is live, and ends quietly with newestWins, its finish too', async () => {
    await shard(1, 'r1', older)
    await cloud.write({ 'a.html': 'new' })
    expect(await cloud.deploy({}, { commit: newer })).toMatchObject({ result: 'fresh' })
    const before = await stored()
    for (const index of [1, 2]) {
      await expect(shard(index, 'r1', older)).rejects.toMatchObject({ code: 'OLDER_THAN_LIVE', message: LIVE })
      const quiet = await shard(index, 'r1', older, { newestWins: true })
      expect(quiet).toMatchObject({ result: 'superseded', uploads: [], staged: [], failures: [], refusals: [] })
      expect(quiet.warnings).toEqual([{ code: 'SUPERSEDED', message: LIVE }])
    }
    await expect(finish('r1', older)).rejects.toMatchObject({ code: 'OLDER_THAN_LIVE', message: LIVE })
    const ended = await finish('r1', older, { newestWins: true })
    expect(ended).toMatchObject({ result: 'superseded', plan: { uploads: [], removals: [], invalidations: [] } })
    expect(ended.plan.warnings).toEqual([{ code: 'SUPERSEDED', message: LIVE }])
    expect(await stored()).toEqual(before)
  })

  it('ends quietly too where no shard of it ever began', async () => {
    await cloud.deploy({}, { commit: newer })
    expect(await shard(2, 'r1', older, { newestWins: true })).toMatchObject({ result: 'superseded' })
    await expect(finish('r1', older)).rejects.toMatchObject({ code: 'OLDER_THAN_LIVE', message: LIVE })
    expect(await finish('r1', older, { newestWins: true })).toMatchObject({ result: 'superseded' })
  })

  it('ends quietly while the shards of the newer one are still coming', async () => {
    await shard(1, 'r1', older)
    await cloud.write({ 'a.html': 'new' })
    await shard(1, 'r2', newer)
    const before = await stored()
    await expect(shard(2, 'r1', older)).rejects.toMatchObject({ code: 'OLDER_THAN_LIVE', message: BEING_DEPLOYED })
    const quiet = await shard(2, 'r1', older, { newestWins: true })
    expect([quiet.result, quiet.warnings]).toEqual(['superseded', [{ code: 'SUPERSEDED', message: BEING_DEPLOYED }]])
    expect(await finish('r1', older, { newestWins: true })).toMatchObject({ result: 'superseded' })
    expect(await stored()).toEqual(before)
    await shard(2, 'r2', newer)
    expect(await finish('r2', newer, { newestWins: true })).toMatchObject({ result: 'fresh' })
  })

  it('ends with an error all the same where nobody can say which of the two is newer', async () => {
    await shard(1, 'r1')
    await cloud.write({ 'a.html': 'new' })
    await cloud.deploy({}, { commit: { id: 'v1' } })
    await expect(shard(2, 'r1', undefined, { newestWins: true })).rejects.toMatchObject({
      code: 'SHARDED_RELEASE_OVER',
    })
    await expect(finish('r1', older, { newestWins: true })).rejects.toMatchObject({ code: 'SHARDED_RELEASE_OVER' })
  })

  it('goes back on purpose with force, under another name', async () => {
    await cloud.write({ 'a.html': 'new' })
    await cloud.deploy({}, { commit: newer })
    await cloud.write({ 'a.html': 'old' })
    for (const index of [1, 2]) {
      expect(await shard(index, 'back', older, { force: true, newestWins: true })).toMatchObject({ result: 'uploaded' })
    }
    expect(await finish('back', older, { force: true, newestWins: true })).toMatchObject({ result: 'fresh' })
  })

  it('is still finished where the newer one has written nothing', async () => {
    await shard(1, 'r1', older, { newestWins: true })
    await shard(2, 'r1', older, { newestWins: true })
    expect(await finish('r1', older, { newestWins: true })).toMatchObject({ result: 'fresh' })
  })
})
