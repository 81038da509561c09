// What may go wrong in the embedded CloudFront when it is told so: races of purge and refill, eviction; staging; restarts.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateInvalidationCommand, ListDistributionsCommand } from '@aws-sdk/client-cloudfront'
import { afterEach, describe, expect, it } from 'vitest'
import type { CloudFrontOptions } from '../src/emulator/cloudfront/index.ts'
import type { World } from './emulator-cloudfront-world.ts'
import { startWorld } from './emulator-cloudfront-world.ts'

const running: World[] = []
const folders: string[] = []

async function start(options: Partial<CloudFrontOptions> = {}): Promise<World> {
  const world = await startWorld(options)
  running.push(world)
  return world
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((world) => world.close()))
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

async function invalidate(world: World, id: string, items: string[]): Promise<void> {
  const InvalidationBatch = { CallerReference: items.join(), Paths: { Quantity: items.length, Items: items } }
  await world.client.send(new CreateInvalidationCommand({ DistributionId: id, InvalidationBatch }))
}

describe('a fetch that began before the upload and ends after the purge', () => {
  it.each([
    [false, 'two'],
    [true, 'one'],
  ])('with raceInFlight %s leaves "%s" in the caches', async (raceInFlight, left) => {
    const world = await start({ raceInFlight })
    const { id } = world.cloudFront.createDistribution({ bucket: 'site' })
    world.bucket.put('a', 'one')
    const release = world.bucket.hold()
    const early = world.view('/a')
    await expect.poll(() => world.bucket.requests.length).toBe(1)
    world.bucket.put('a', 'two')
    await invalidate(world, id, ['/a'])
    world.clock.advance(1000)
    release()
    expect((await early).text).toBe('one')
    expect((await world.view('/a')).text).toBe(left)
    expect((await world.view('/a', { edge: 1 })).text).toBe(left)
  })
})

describe('an edge location that is purged before the regional cache', () => {
  it('is filled again with the old copy', async () => {
    const world = await start({ purgeDelaysMs: { regional: 500, edges: [100] } })
    const { id } = world.cloudFront.createDistribution({ bucket: 'site' })
    world.bucket.put('a', 'one')
    await world.view('/a')
    world.bucket.put('a', 'two')
    await invalidate(world, id, ['/a'])
    world.clock.advance(200)
    expect((await world.view('/a')).text).toBe('one')
    world.clock.advance(1000)
    expect((await world.view('/a')).text).toBe('one')
    expect((await world.view('/a', { edge: 1 })).text).toBe('two')
  })
})

describe('random eviction', () => {
  async function survivors(seed: number, fraction: number): Promise<string[]> {
    const world = await start({ seed })
    world.cloudFront.createDistribution({ bucket: 'site' })
    for (let i = 0; i < 40; i++) {
      world.bucket.put(`${i}`, 'x')
      await world.view(`/${i}`)
    }
    const before = world.cloudFront.edges[0]?.entries().length ?? 0
    const evicted = world.cloudFront.evictRandomly(fraction)
    const left = [world.cloudFront.regionalCache, ...world.cloudFront.edges].flatMap((cache) => cache.entries())
    expect(evicted + left.length).toBe(2 * before)
    return world.cloudFront.edges[0]?.entries().map(({ url }) => url) ?? []
  }

  it('forgets about the fraction that is asked for, the same for the same seed', async () => {
    const half = await survivors(7, 0.5)
    expect(half.length).toBeGreaterThan(8)
    expect(half.length).toBeLessThan(32)
    expect(await survivors(7, 0.5)).toEqual(half)
    expect(await survivors(8, 0.5)).not.toEqual(half)
  })

  it('forgets nothing at 0 and everything at 1', async () => {
    expect((await survivors(1, 0)).length).toBe(40)
    expect(await survivors(1, 1)).toEqual([])
  })
})

describe('a staging distribution', () => {
  it('is listed and marked, and does not answer for the primary', async () => {
    const world = await start()
    const staging = world.cloudFront.createDistribution({ bucket: 'next', staging: true })
    const primary = world.cloudFront.createDistribution({ bucket: 'site' })
    const { DistributionList } = await world.client.send(new ListDistributionsCommand({}))
    expect(DistributionList?.Items?.map(({ Id, Staging }) => [Id, Staging])).toEqual([
      [staging.id, true],
      [primary.id, false],
    ])
    world.bucket.putIn('site', 'a', 'of the primary')
    expect((await world.view('/a')).text).toBe('of the primary')
  })
})

describe('a restart', () => {
  it('finds functions, cache policies and tenants again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'emulator-'))
    folders.push(folder)
    const before = await start({ folder })
    const viewerRequest = `function handler(event) { event.request.uri = '/rewritten'; return event.request }`
    const { id } = before.cloudFront.createDistribution({
      bucket: 'sites',
      originPath: '/{{customer}}',
      tenantOnly: true,
      parameters: ['customer'],
      defaultBehavior: {
        functions: { viewerRequest },
        cachePolicy: { queryStrings: { behavior: 'whitelist', names: ['v'] } },
      },
    })
    const tenant = { distributionId: id, name: 'red', domains: ['red.example.com'], parameters: { customer: 'red' } }
    before.cloudFront.createTenant(tenant)

    const after = await start({ folder })
    after.bucket.put('red/rewritten', 'red')
    const response = await after.view('/a?v=1&w=2', { headers: { Host: 'red.example.com' } })
    expect(response.text).toBe('red')
    expect(after.cloudFront.edges[0]?.entries().map(({ url }) => url)).toEqual(['/rewritten?v=1'])
  })
})
