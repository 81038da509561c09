// Own cache policies of the embedded CloudFront: their API through the official SDK, and the cache keys they make.

import type { CachePolicyConfig } from '@aws-sdk/client-cloudfront'
import {
  CreateCachePolicyCommand,
  DeleteCachePolicyCommand,
  GetCachePolicyCommand,
  GetCachePolicyConfigCommand,
  ListCachePoliciesCommand,
} from '@aws-sdk/client-cloudfront'
import { afterEach, describe, expect, it } from 'vitest'
import type { NewCachePolicy } from '../src/emulator/cloudfront/index.ts'
import type { World } from './emulator-cloudfront-world.ts'
import { startWorld } from './emulator-cloudfront-world.ts'

const running: World[] = []

async function start(): Promise<World> {
  const world = await startWorld()
  running.push(world)
  return world
}

afterEach(() => Promise.all(running.splice(0).map((world) => world.close())))

const IN_KEY: CachePolicyConfig['ParametersInCacheKeyAndForwardedToOrigin'] = {
  EnableAcceptEncodingGzip: true,
  EnableAcceptEncodingBrotli: false,
  HeadersConfig: { HeaderBehavior: 'whitelist', Headers: { Quantity: 1, Items: ['X-Lang'] } },
  CookiesConfig: { CookieBehavior: 'none' },
  QueryStringsConfig: { QueryStringBehavior: 'allExcept', QueryStrings: { Quantity: 1, Items: ['utm'] } },
}
const SMALL: CachePolicyConfig = {
  Name: 'own',
  Comment: 'for the blog',
  MinTTL: 5,
  DefaultTTL: 60,
  MaxTTL: 600,
  ParametersInCacheKeyAndForwardedToOrigin: IN_KEY,
}

const create = (world: World, changes: Partial<CachePolicyConfig> = {}) =>
  world.client.send(new CreateCachePolicyCommand({ CachePolicyConfig: { ...SMALL, ...changes } }))

describe('the cache policies API', () => {
  it('makes, shows, lists and deletes', async () => {
    const world = await start()
    const { CachePolicy, ETag } = await create(world)
    const Id = CachePolicy?.Id
    const read = await world.client.send(new GetCachePolicyConfigCommand({ Id }))
    expect(read.CachePolicyConfig).toEqual({
      ...SMALL,
      ParametersInCacheKeyAndForwardedToOrigin: {
        ...IN_KEY,
        HeadersConfig: { HeaderBehavior: 'whitelist', Headers: { Quantity: 1, Items: ['x-lang'] } },
      },
    })
    expect(read.ETag).toBe(ETag)

    const list = async (Type?: 'managed' | 'custom') =>
      (await world.client.send(new ListCachePoliciesCommand({ Type }))).CachePolicyList
    expect(await list('custom')).toMatchObject({ Quantity: 1, Items: [{ Type: 'custom', CachePolicy: { Id } }] })
    expect((await list('managed'))?.Items?.[0]?.CachePolicy?.CachePolicyConfig?.Name).toBe('Managed-CachingOptimized')
    expect((await list())?.Quantity).toBe(8)

    await world.client.send(new DeleteCachePolicyCommand({ Id, IfMatch: ETag }))
    await expect(world.client.send(new GetCachePolicyCommand({ Id }))).rejects.toMatchObject({
      name: 'NoSuchCachePolicy',
    })
  })

  it('keeps a policy that is in use, and the managed ones', async () => {
    const world = await start()
    const { CachePolicy, ETag } = await create(world)
    world.cloudFront.createDistribution({ bucket: 'site', defaultBehavior: { cachePolicy: CachePolicy?.Id ?? '' } })
    const remove = (Id: string | undefined) => world.client.send(new DeleteCachePolicyCommand({ Id, IfMatch: ETag }))
    await expect(remove(CachePolicy?.Id)).rejects.toMatchObject({ name: 'CachePolicyInUse' })
    await expect(remove('658327ea-f89d-4fab-a63d-7e88639e58f6')).rejects.toMatchObject({ name: 'IllegalDelete' })
  })

  it.each([
    ['InvalidArgument', { MinTTL: 61 }],
    ['InvalidArgument', { MinTTL: 0, DefaultTTL: 0, MaxTTL: 0 }],
    ['InvalidArgument', { Name: 'has space' }],
    ['CachePolicyAlreadyExists', { Name: 'Managed-CachingOptimized' }],
    [
      'TooManyQueryStringsInCachePolicy',
      {
        ParametersInCacheKeyAndForwardedToOrigin: {
          ...IN_KEY,
          QueryStringsConfig: {
            QueryStringBehavior: 'whitelist',
            QueryStrings: { Quantity: 11, Items: 'abcdefghijk'.split('') },
          },
        },
      },
    ],
  ] satisfies [string, Partial<CachePolicyConfig>][])('refuses with %s: %j', async (name, changes) => {
    await expect(create(await start(), changes)).rejects.toMatchObject({ name })
  })

  it('fills in the TTLs that are left out', async () => {
    const { CachePolicy } = await create(await start(), { MinTTL: 100_000, DefaultTTL: undefined, MaxTTL: undefined })
    expect(CachePolicy?.CachePolicyConfig).toMatchObject({ MinTTL: 100_000, DefaultTTL: 100_000, MaxTTL: 31_536_000 })
  })

  it('has room for 20', async () => {
    const world = await start()
    for (let i = 0; i < 20; i++) await create(world, { Name: `own-${i}` })
    await expect(create(world)).rejects.toMatchObject({ name: 'TooManyCachePolicies' })
  })
})

describe('an own cache policy', () => {
  it.each<[string, NewCachePolicy, string[]]>([
    ['no query string', {}, ['/a']],
    ['all of them', { queryStrings: { behavior: 'all', names: [] } }, ['/a?b=2&a=1', '/a?a=1&b=2', '/a?b=2']],
    ['some', { queryStrings: { behavior: 'whitelist', names: ['a'] } }, ['/a?a=1', '/a']],
    ['all but some', { queryStrings: { behavior: 'allExcept', names: ['a'] } }, ['/a?b=2']],
  ])('puts %s into the key', async (_, cachePolicy, urls) => {
    const world = await start()
    world.cloudFront.createDistribution({ bucket: 'site', defaultBehavior: { cachePolicy } })
    world.bucket.put('a', 'a')
    for (const target of ['/a?b=2&a=1', '/a?a=1&b=2', '/a?b=2']) await world.view(target)
    expect(world.cloudFront.edges[0]?.entries().map(({ url }) => url)).toEqual(urls)
  })

  it('tells apart what the headers it names say, and purges all of it by one path', async () => {
    const world = await start()
    world.cloudFront.createDistribution({
      bucket: 'site',
      defaultBehavior: { cachePolicy: { headers: ['X-Lang'], cookies: { behavior: 'all', names: [] } } },
    })
    world.bucket.put('a', 'a')
    for (const lang of ['de', 'en', 'de']) {
      await world.view('/a', { headers: { 'X-Lang': lang, 'X-Other': Math.random().toString(), Cookie: `id=${lang}` } })
    }
    expect(world.cloudFront.edges[0]?.entries().map(({ url }) => url)).toEqual(['/a', '/a'])
  })

  it('leaves cookies out of the key for an S3 origin, whatever it says', async () => {
    const world = await start()
    const cookies = { behavior: 'all', names: [] } as const
    world.cloudFront.createDistribution({ bucket: 'site', defaultBehavior: { cachePolicy: { cookies } } })
    world.bucket.put('a', 'a')
    for (const Cookie of ['id=1', 'id=2']) await world.view('/a', { headers: { Cookie } })
    expect(world.cloudFront.edges[0]?.entries().length).toBe(1)
  })

  it('sets the TTLs', async () => {
    const world = await start()
    const cachePolicy = { ttl: { min: 5, default: 30, max: 60 } }
    world.cloudFront.createDistribution({ bucket: 'site', defaultBehavior: { cachePolicy } })
    world.bucket.put('a', 'a')
    await world.view('/a')
    world.clock.advance(29_000)
    expect((await world.view('/a')).headers['x-cache']).toBe('Hit from cloudfront')
    world.clock.advance(1_000)
    expect((await world.view('/a')).headers['x-cache']).toBe('RefreshHit from cloudfront')
  })
})
