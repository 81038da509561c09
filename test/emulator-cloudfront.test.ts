// The embedded CloudFront from outside: its API through the official SDK, its edge locations over HTTP.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import type { DistributionConfig } from '@aws-sdk/client-cloudfront'
import {
  CreateDistributionCommand,
  CreateInvalidationCommand,
  DeleteDistributionCommand,
  GetCachePolicyCommand,
  GetCachePolicyConfigCommand,
  GetDistributionCommand,
  GetDistributionConfigCommand,
  GetInvalidationCommand,
  ListDistributionsCommand,
  ListInvalidationsCommand,
  ListKeyGroupsCommand,
  ListTagsForResourceCommand,
  UpdateDistributionCommand,
} from '@aws-sdk/client-cloudfront'
import { afterEach, describe, expect, it } from 'vitest'
import type { CloudFrontOptions } from '../src/emulator/cloudfront/index.ts'
import { createCloudFront } from '../src/emulator/cloudfront/index.ts'
import { turnableClock } from '../src/emulator/clock.ts'
import type { World } from './emulator-cloudfront-world.ts'
import { CREDENTIALS, startWorld } from './emulator-cloudfront-world.ts'

const CACHING_OPTIMIZED = '658327ea-f89d-4fab-a63d-7e88639e58f6'
const BEHAVIOR = {
  TargetOriginId: 'o',
  ViewerProtocolPolicy: 'allow-all' as const,
  CachePolicyId: CACHING_OPTIMIZED,
}
const running: World[] = []
const folders: string[] = []

async function start(options: Partial<CloudFrontOptions> = {}): Promise<World> {
  const world = await startWorld(options)
  running.push(world)
  return world
}

afterEach(async () => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
  await Promise.all(running.splice(0).map((world) => world.close()))
})

function smallConfig(changes: Partial<DistributionConfig> = {}): DistributionConfig {
  return {
    CallerReference: 'ref-1',
    Comment: 'a <small> & simple site',
    Enabled: true,
    Origins: {
      Quantity: 1,
      Items: [{ Id: 'o', DomainName: 'site.s3.amazonaws.com', S3OriginConfig: { OriginAccessIdentity: '' } }],
    },
    DefaultCacheBehavior: BEHAVIOR,
    ...changes,
  }
}

function invalidate(world: World, id: string, items: string[], callerReference = items.join()) {
  return world.client.send(
    new CreateInvalidationCommand({
      DistributionId: id,
      InvalidationBatch: { CallerReference: callerReference, Paths: { Quantity: items.length, Items: items } },
    }),
  )
}

/** Longer than the slowest purge, shorter than the shortest error TTL. */
const PURGED_MS = 1000

describe('the distributions API', () => {
  it('answers CreateDistribution with the complete config', async () => {
    const { client } = await start()
    const created = await client.send(new CreateDistributionCommand({ DistributionConfig: smallConfig() }))

    expect(created.Distribution?.Id).toMatch(/^E[A-Z0-9]{13}$/)
    expect(created.Distribution?.DomainName).toMatch(/^d[a-z0-9]{13}\.cloudfront\.net$/)
    expect(created.Location).toContain(created.Distribution?.Id)
    expect(created.Distribution).toMatchObject({ Status: 'Deployed', InProgressInvalidationBatches: 0 })
    expect(created.Distribution?.DistributionConfig).toMatchObject({
      Comment: 'a <small> & simple site',
      Enabled: true,
      DefaultRootObject: '',
      Aliases: { Quantity: 0 },
      CustomErrorResponses: { Quantity: 0 },
      PriceClass: 'PriceClass_All',
      IsIPV6Enabled: true,
      DefaultCacheBehavior: {
        Compress: false,
        AllowedMethods: { Quantity: 2, Items: ['HEAD', 'GET'], CachedMethods: { Quantity: 2, Items: ['HEAD', 'GET'] } },
        FunctionAssociations: { Quantity: 0 },
      },
      Origins: { Quantity: 1, Items: [{ OriginPath: '', ConnectionAttempts: 3, CustomHeaders: { Quantity: 0 } }] },
    })
  })

  it('gives back the config that UpdateDistribution was sent, field for field', async () => {
    const { client } = await start()
    const created = await client.send(new CreateDistributionCommand({ DistributionConfig: smallConfig() }))
    const Id = created.Distribution?.Id
    const config: DistributionConfig = {
      ...(created.Distribution?.DistributionConfig as DistributionConfig),
      DefaultRootObject: 'index.html',
      Aliases: { Quantity: 2, Items: ['www.example.com', '*.example.org'] },
      CustomErrorResponses: {
        Quantity: 1,
        Items: [{ ErrorCode: 404, ResponsePagePath: '/404.html', ResponseCode: '404', ErrorCachingMinTTL: 300 }],
      },
      CacheTagConfig: { HeaderName: 'x-amz-meta-cache-tag' },
    }
    const updated = await client.send(
      new UpdateDistributionCommand({ Id, IfMatch: created.ETag, DistributionConfig: config }),
    )
    const read = await client.send(new GetDistributionConfigCommand({ Id }))

    expect(read.DistributionConfig).toEqual(config)
    expect(read.ETag).toBe(updated.ETag)
    expect(read.ETag).not.toBe(created.ETag)
  })

  it('updates only the version named by If-Match', async () => {
    const { client } = await start()
    const created = await client.send(new CreateDistributionCommand({ DistributionConfig: smallConfig() }))
    const update = (IfMatch: string | undefined) =>
      client.send(
        new UpdateDistributionCommand({ Id: created.Distribution?.Id, IfMatch, DistributionConfig: smallConfig() }),
      )
    await expect(update('EOLD')).rejects.toMatchObject({
      name: 'PreconditionFailed',
      $metadata: { httpStatusCode: 412 },
    })
    await expect(update(undefined)).rejects.toMatchObject({ name: 'InvalidIfMatchVersion' })
  })

  it('deletes only a disabled distribution', async () => {
    const { client } = await start()
    const { Distribution, ETag } = await client.send(
      new CreateDistributionCommand({ DistributionConfig: smallConfig() }),
    )
    const Id = Distribution?.Id
    await expect(client.send(new DeleteDistributionCommand({ Id, IfMatch: ETag }))).rejects.toMatchObject({
      name: 'DistributionNotDisabled',
      $metadata: { httpStatusCode: 409 },
    })
    const disabled = await client.send(
      new UpdateDistributionCommand({ Id, IfMatch: ETag, DistributionConfig: smallConfig({ Enabled: false }) }),
    )
    await client.send(new DeleteDistributionCommand({ Id, IfMatch: disabled.ETag }))
    await expect(client.send(new GetDistributionCommand({ Id }))).rejects.toMatchObject({
      name: 'NoSuchDistribution',
      $metadata: { httpStatusCode: 404 },
    })
  })

  it.each([
    ['InconsistentQuantities', { Aliases: { Quantity: 2, Items: ['a.example.com'] } }],
    ['NoSuchOrigin', { DefaultCacheBehavior: { ...BEHAVIOR, TargetOriginId: 'other' } }],
    ['NoSuchCachePolicy', { DefaultCacheBehavior: { ...BEHAVIOR, CachePolicyId: 'own' } }],
    ['InvalidErrorCode', { CustomErrorResponses: { Quantity: 1, Items: [{ ErrorCode: 418 }] } }],
    ['InvalidArgument', { CustomErrorResponses: { Quantity: 1, Items: [{ ErrorCode: 404, ResponseCode: '200' }] } }],
    ['InvalidArgument', { DefaultCacheBehavior: { TargetOriginId: 'o', ViewerProtocolPolicy: 'allow-all' } }],
  ] satisfies [string, Partial<DistributionConfig>][])('refuses a config with %s: %j', async (name, changes) => {
    const { client } = await start()
    const DistributionConfig = smallConfig(changes as Partial<DistributionConfig>)
    await expect(client.send(new CreateDistributionCommand({ DistributionConfig }))).rejects.toMatchObject({ name })
  })

  it('gives an alias to one distribution only', async () => {
    const { client } = await start()
    const Aliases = { Quantity: 1, Items: ['www.example.com'] }
    const create = (CallerReference: string) =>
      client.send(new CreateDistributionCommand({ DistributionConfig: smallConfig({ CallerReference, Aliases }) }))
    await create('one')
    await expect(create('two')).rejects.toMatchObject({ name: 'CNAMEAlreadyExists' })
    await expect(create('one')).rejects.toMatchObject({ name: 'DistributionAlreadyExists' })
  })

  it('lists distributions page by page, without their default root object', async () => {
    const { client, cloudFront } = await start()
    const ids = ['a', 'b', 'c'].map((bucket) => cloudFront.createDistribution({ bucket, defaultRootObject: 'i' }).id)

    const first = await client.send(new ListDistributionsCommand({ MaxItems: 2 }))
    expect(first.DistributionList).toMatchObject({ IsTruncated: true, Quantity: 2, MaxItems: 2, NextMarker: ids[1] })
    const rest = await client.send(new ListDistributionsCommand({ Marker: first.DistributionList?.NextMarker }))
    expect(rest.DistributionList).toMatchObject({ IsTruncated: false, Quantity: 1 })

    const summary = rest.DistributionList?.Items?.[0]
    expect(summary).toMatchObject({ Id: ids[2], Origins: { Items: [{ DomainName: 'c.s3.eu-west-1.amazonaws.com' }] } })
    expect(summary).not.toHaveProperty('DefaultRootObject')
  })

  it('describes the managed cache policies', async () => {
    const { client } = await start()
    const optimized = await client.send(new GetCachePolicyCommand({ Id: CACHING_OPTIMIZED }))
    expect(optimized.CachePolicy?.CachePolicyConfig).toMatchObject({
      Name: 'Managed-CachingOptimized',
      MinTTL: 1,
      DefaultTTL: 86_400,
      MaxTTL: 31_536_000,
      ParametersInCacheKeyAndForwardedToOrigin: {
        EnableAcceptEncodingGzip: true,
        EnableAcceptEncodingBrotli: true,
        HeadersConfig: { HeaderBehavior: 'none' },
        QueryStringsConfig: { QueryStringBehavior: 'none' },
      },
    })
    const amplify = await client.send(new GetCachePolicyConfigCommand({ Id: '2e54312d-136d-493c-8eb9-b001f22f67d2' }))
    expect(amplify.CachePolicyConfig?.ParametersInCacheKeyAndForwardedToOrigin?.HeadersConfig?.Headers?.Items).toEqual([
      'authorization',
      'cloudfront-viewer-country',
      'host',
    ])
    await expect(client.send(new GetCachePolicyCommand({ Id: 'own' }))).rejects.toMatchObject({
      name: 'NoSuchCachePolicy',
    })
  })

  it('knows no resource tags, and no resource but its distributions', async () => {
    const { client, cloudFront } = await start()
    const { id } = cloudFront.createDistribution({ bucket: 'site' })
    const { Distribution } = await client.send(new GetDistributionCommand({ Id: id }))
    const tags = await client.send(new ListTagsForResourceCommand({ Resource: Distribution?.ARN }))
    expect(tags.Tags?.Items ?? []).toEqual([])
    await expect(client.send(new ListTagsForResourceCommand({ Resource: 'arn:x' }))).rejects.toMatchObject({
      name: 'NoSuchResource',
    })
  })

  it('says so when it has no such operation', async () => {
    const { client } = await start()
    await expect(client.send(new ListKeyGroupsCommand({}))).rejects.toMatchObject({
      name: 'NotImplemented',
    })
  })
})

describe('the signature of an API request', () => {
  it.each([
    ['SignatureDoesNotMatch', { accessKeyId: 'AKIDLOCAL', secretAccessKey: 'wrong' }, 'us-east-1'],
    ['InvalidClientTokenId', { accessKeyId: 'AKIDOTHER', secretAccessKey: 'local-secret' }, 'us-east-1'],
    ['SignatureDoesNotMatch', CREDENTIALS, 'eu-west-1'],
  ])('is refused with %s for %j in %s', async (name, credentials, region) => {
    const world = await start()
    const client = world.connect(credentials, region)
    await expect(client.send(new ListDistributionsCommand({}))).rejects.toMatchObject({
      name,
      $metadata: { httpStatusCode: 403 },
    })
    client.destroy()
  })

  it('must be there', async () => {
    const { apiUrl } = await start()
    const response = await fetch(`${apiUrl}/2020-05-31/distribution`)
    expect(response.status).toBe(403)
    expect(await response.text()).toMatch(
      /^<\?xml.*<ErrorResponse xmlns="http:\/\/cloudfront.amazonaws.com\/doc\/2020-05-31\/"><Error><Type>Sender<\/Type><Code>MissingAuthenticationToken<\/Code><Message>.*<\/Message><\/Error><RequestId>.*<\/RequestId><\/ErrorResponse>$/s,
    )
  })
})

describe('an invalidation', () => {
  it('is in progress until every cache is purged, each after its own delay', async () => {
    const world = await start({ purgeDelaysMs: { regional: 100, edges: [200, 500, 300] } })
    const { id } = world.cloudFront.createDistribution({ bucket: 'site' })
    world.bucket.put('a.html', 'one')
    for (const edge of [0, 1, 2]) await world.view('/a.html', { edge })
    const created = await invalidate(world, id, ['/a.html'])
    expect(created.Invalidation).toMatchObject({
      Status: 'InProgress',
      InvalidationBatch: { CallerReference: '/a.html', Paths: { Quantity: 1, Items: ['/a.html'] } },
    })
    const read = async () =>
      (await world.client.send(new GetInvalidationCommand({ DistributionId: id, Id: created.Invalidation?.Id })))
        .Invalidation?.Status
    const holding = () => [world.cloudFront.regionalCache, ...world.cloudFront.edges].map((one) => one.entries().length)

    expect(holding()).toEqual([1, 1, 1, 1])
    world.clock.advance(199)
    expect(holding()).toEqual([0, 1, 1, 1])
    world.clock.advance(101)
    expect(holding()).toEqual([0, 0, 1, 0])
    expect(await read()).toBe('InProgress')
    const { Distribution } = await world.client.send(new GetDistributionCommand({ Id: id }))
    expect(Distribution?.InProgressInvalidationBatches).toBe(1)
    world.clock.advance(199)
    expect([holding(), await read()]).toEqual([[0, 0, 1, 0], 'InProgress'])
    world.clock.advance(1)
    expect([holding(), await read()]).toEqual([[0, 0, 0, 0], 'InProgress'])
    world.clock.advance(50)
    expect(await read()).toBe('Completed')
  })

  it('takes no longer than a second by default', async () => {
    const world = await start()
    const { id } = world.cloudFront.createDistribution({ bucket: 'site' })
    const { Invalidation } = await invalidate(world, id, ['/*'])
    world.clock.advance(19)
    expect(Invalidation?.Status).toBe('InProgress')
    world.clock.advance(931)
    const read = await world.client.send(new GetInvalidationCommand({ DistributionId: id, Id: Invalidation?.Id }))
    expect(read.Invalidation?.Status).toBe('Completed')
  })

  it('makes the next request a miss with the new bytes at every edge location', async () => {
    const world = await start()
    const { id } = world.cloudFront.createDistribution({ bucket: 'site' })
    world.bucket.put('a.html', 'one')
    for (const edge of [0, 1, 2]) await world.view('/a.html', { edge })
    world.bucket.put('a.html', 'two')
    expect((await world.view('/a.html', { edge: 2 })).text).toBe('one')

    await invalidate(world, id, ['/a.html'])
    world.clock.advance(PURGED_MS)
    for (const edge of [0, 1, 2]) {
      const response = await world.view('/a.html', { edge })
      expect([response.text, response.headers['x-cache']]).toEqual(['two', 'Miss from cloudfront'])
    }
  })

  it.each([1, 2, 3, 4, 5])('reaches the regional cache before any edge location, with seed %i', async (seed) => {
    const world = await start({ seed })
    const { id } = world.cloudFront.createDistribution({ bucket: 'site' })
    world.bucket.put('a.html', 'one')
    for (const edge of [0, 1, 2]) await world.view('/a.html', { edge })
    await invalidate(world, id, ['/a.html'])
    while (world.cloudFront.edges.every((edge) => edge.entries().length === 1)) world.clock.advance(1)
    expect(world.cloudFront.regionalCache.entries()).toEqual([])
    expect(world.cloudFront.edges.some((edge) => edge.entries().length === 1)).toBe(true)
  })

  it('can lose the race against a regional cache that is purged last', async () => {
    const world = await start({ purgeDelaysMs: { regional: 500, edges: [100] } })
    const { id } = world.cloudFront.createDistribution({ bucket: 'site' })
    world.bucket.put('a.html', 'one')
    await world.view('/a.html')
    world.bucket.put('a.html', 'two')
    await invalidate(world, id, ['/a.html'])
    world.clock.advance(200)
    await world.view('/a.html')
    world.clock.advance(PURGED_MS)
    expect((await world.view('/a.html')).text).toBe('one')
  })

  it('also keeps out what was asked of the origin before it', async () => {
    let release: () => void = () => {}
    const waiting = new Promise<void>((resolve) => {
      release = resolve
    })
    const world = await start()
    const { id } = world.cloudFront.createDistribution({ bucket: 'site' })
    world.bucket.put('a.html', 'one')
    const fetchNow = world.bucket.fetch.bind(world.bucket)
    world.bucket.fetch = async (request) => {
      const response = await fetchNow(request)
      await waiting
      return response
    }
    const early = world.view('/a.html')
    await expect.poll(() => world.bucket.requests.length).toBe(1)
    world.bucket.put('a.html', 'two')
    await invalidate(world, id, ['/a.html'])
    world.clock.advance(PURGED_MS)
    release()
    expect((await early).text).toBe('one')
    expect((await world.view('/a.html')).text).toBe('two')
  })

  it.each([['/~a'], ['/a b'], ['a.html'], ['*']])('is refused whole for %s', async (bad) => {
    const world = await start()
    const { id } = world.cloudFront.createDistribution({ bucket: 'site' })
    await expect(invalidate(world, id, ['/good', bad])).rejects.toMatchObject({
      name: 'InvalidArgument',
      $metadata: { httpStatusCode: 400 },
    })
    expect(world.cloudFront.pathsBilledThisMonth).toBe(0)
  })

  it('is refused when the quantity is wrong, there are no paths, or there is no distribution', async () => {
    const world = await start()
    const { id } = world.cloudFront.createDistribution({ bucket: 'site' })
    const batch = { CallerReference: 'r', Paths: { Quantity: 3, Items: ['/a'] } }
    await expect(
      world.client.send(new CreateInvalidationCommand({ DistributionId: id, InvalidationBatch: batch })),
    ).rejects.toMatchObject({ name: 'InconsistentQuantities' })
    await expect(invalidate(world, id, [], 'empty')).rejects.toMatchObject({ name: 'InvalidArgument' })
    await expect(invalidate(world, 'EXXX', ['/a'])).rejects.toMatchObject({ name: 'NoSuchDistribution' })
    await expect(
      world.client.send(new GetInvalidationCommand({ DistributionId: id, Id: 'IXXX' })),
    ).rejects.toMatchObject({ name: 'NoSuchInvalidation' })
  })

  it('sent again with its caller reference is the same one and costs nothing; with other paths it is refused', async () => {
    const world = await start()
    const { id } = world.cloudFront.createDistribution({ bucket: 'site' })
    const first = await invalidate(world, id, ['/a', '/b*'], 'ref')
    const again = await invalidate(world, id, ['/a', '/b*'], 'ref')
    expect(again.Invalidation?.Id).toBe(first.Invalidation?.Id)
    expect(world.cloudFront.pathsBilledThisMonth).toBe(2)
    await expect(invalidate(world, id, ['/a'], 'ref')).rejects.toMatchObject({
      name: 'InvalidationBatchAlreadyExists',
      $metadata: { httpStatusCode: 400 },
    })
  })

  it('is billed path by path, month by month', async () => {
    const world = await start()
    const { id } = world.cloudFront.createDistribution({ bucket: 'site' })
    await invalidate(world, id, ['/a', '/b', '/c/*', '#tag'])
    await invalidate(world, id, ['/a'])
    expect(world.cloudFront.pathsBilledThisMonth).toBe(5)
    world.clock.advance(31 * 24 * 3600 * 1000)
    expect(world.cloudFront.pathsBilledThisMonth).toBe(0)
  })

  it('is listed newest first, page by page', async () => {
    const world = await start()
    const { id } = world.cloudFront.createDistribution({ bucket: 'site' })
    const made: (string | undefined)[] = []
    for (const path of ['/1', '/2', '/3']) made.push((await invalidate(world, id, [path])).Invalidation?.Id)

    const first = await world.client.send(new ListInvalidationsCommand({ DistributionId: id, MaxItems: 2 }))
    expect(first.InvalidationList?.Items?.map((one) => one.Id)).toEqual([made[2], made[1]])
    expect(first.InvalidationList).toMatchObject({ IsTruncated: true, NextMarker: made[1] })
    const rest = await world.client.send(
      new ListInvalidationsCommand({ DistributionId: id, Marker: first.InvalidationList?.NextMarker }),
    )
    expect(rest.InvalidationList?.Items?.map((one) => one.Id)).toEqual([made[0]])
    expect(rest.InvalidationList?.IsTruncated).toBe(false)
  })

  it('is throttled above a wildcard a second, as a retryable error', async () => {
    const world = await start()
    const { id } = world.cloudFront.createDistribution({ bucket: 'site' })
    const wildcards = Array.from({ length: 15 }, (_, index) => `/${index}/*`)
    await invalidate(world, id, wildcards)
    await expect(invalidate(world, id, ['/x/*'])).rejects.toMatchObject({
      name: 'Throttling',
      message: 'Rate exceeded',
      $metadata: { httpStatusCode: 400 },
    })
    world.clock.advance(1000)
    await expect(invalidate(world, id, ['/x/*'])).resolves.toBeDefined()
    const paths = Array.from({ length: 3001 }, (_, index) => `/${index}`)
    await expect(invalidate(world, id, paths)).rejects.toMatchObject({
      name: 'BatchTooLarge',
      $metadata: { httpStatusCode: 413 },
    })
  })

  it('is limited to what a second brings where no burst is allowed, over all distributions', async () => {
    const world = await start({ quotaModel: 'rate-2026-no-burst' })
    const [one, two] = ['site', 'other'].map((bucket) => world.cloudFront.createDistribution({ bucket }).id)
    const paths = Array.from({ length: 150 }, (_, index) => `/${index}`)
    await expect(invalidate(world, one ?? '', ['/a*', '/b*'])).rejects.toMatchObject({ name: 'BatchTooLarge' })
    await invalidate(world, one ?? '', paths)
    await expect(invalidate(world, two ?? '', ['/a'])).rejects.toMatchObject({ name: 'Throttling' })
    world.clock.advance(1000)
    await expect(invalidate(world, two ?? '', paths)).resolves.toBeDefined()
    expect(world.cloudFront.pathsBilledThisMonth).toBe(300)
  })

  it('is limited to 3,000 paths in progress, beside the wildcards, under the older quotas', async () => {
    const world = await start({ quotaModel: 'in-progress-legacy' })
    const { id } = world.cloudFront.createDistribution({ bucket: 'site' })
    const paths = Array.from({ length: 3000 }, (_, index) => `/${index}`)
    await invalidate(world, id, paths)
    await expect(invalidate(world, id, ['/one-more'])).rejects.toMatchObject({
      name: 'TooManyInvalidationsInProgress',
      $metadata: { httpStatusCode: 400 },
    })
    await expect(invalidate(world, id, ['/w/*'])).resolves.toBeDefined()
    world.clock.advance(PURGED_MS)
    await expect(invalidate(world, id, ['/one-more'])).resolves.toBeDefined()
  })

  it('is limited by what is in progress under the older quotas', async () => {
    const world = await start({ quotaModel: 'in-progress-legacy' })
    const { id } = world.cloudFront.createDistribution({ bucket: 'site' })
    await invalidate(
      world,
      id,
      Array.from({ length: 15 }, (_, index) => `/${index}/*`),
    )
    await expect(invalidate(world, id, ['/x/*'])).rejects.toMatchObject({ name: 'TooManyInvalidationsInProgress' })
    world.clock.advance(PURGED_MS)
    await expect(invalidate(world, id, ['/x/*'])).resolves.toBeDefined()
  })

  it('by tag removes what carries the tag, in every variant, and nothing else', async () => {
    const world = await start()
    const { id } = world.cloudFront.createDistribution({
      bucket: 'site',
      cacheTagHeader: 'x-amz-meta-cache-tag',
      defaultBehavior: { queryStrings: true },
    })
    world.bucket.put('a.html', 'a', { 'x-amz-meta-cache-tag': 'News, blog' })
    world.bucket.put('b.html', 'b', { 'x-amz-meta-cache-tag': 'blog' })
    for (const target of ['/a.html', '/a.html?v=1', '/b.html']) await world.view(target)
    await invalidate(world, id, ['#news'])
    world.clock.advance(PURGED_MS)
    expect(world.cloudFront.edges[0]?.entries().map((entry) => entry.url)).toEqual(['/b.html'])
  })
})

describe('an edge location', () => {
  it('misses, then hits with the age; another location misses on its own but asks the regional cache', async () => {
    const world = await start()
    world.cloudFront.createDistribution({ bucket: 'site' })
    world.bucket.put('a.html', 'one')
    const first = await world.view('/a.html')
    world.clock.advance(7000)
    const second = await world.view('/a.html')
    const elsewhere = await world.view('/a.html', { edge: 1 })

    expect(first.headers).toMatchObject({ 'x-cache': 'Miss from cloudfront', 'x-amz-cf-pop': 'FRA56-P4' })
    expect(first.headers['age']).toBeUndefined()
    expect(second.headers).toMatchObject({ 'x-cache': 'Hit from cloudfront', age: '7' })
    expect(elsewhere.headers).toMatchObject({ 'x-cache': 'Miss from cloudfront', 'x-amz-cf-pop': 'IAD89-C1' })
    expect(world.bucket.requests).toHaveLength(1)
  })

  it('shows its marks and hides the request ids of S3', async () => {
    const world = await start()
    world.cloudFront.createDistribution({ bucket: 'site' })
    world.bucket.put('a.html', 'one', { 'x-amz-meta-note': 'kept' })
    const { headers } = await world.view('/a.html')
    expect(headers['via']).toMatch(/^1\.1 [0-9a-f]{32}\.cloudfront\.net \(CloudFront\)$/)
    expect(headers['x-amz-cf-id']).toMatch(/^[\w-]{56}$/)
    expect(headers).toMatchObject({ server: 'AmazonS3', 'x-amz-meta-note': 'kept', 'content-length': '3' })
    expect(headers).not.toHaveProperty('x-amz-request-id')
    expect(headers).not.toHaveProperty('x-amz-id-2')
  })

  it('signs for a private bucket, adds the origin path, and sends the path as it came', async () => {
    const world = await start()
    world.cloudFront.createDistribution({ bucket: 'site', originPath: '/v1' })
    await world.view('/x/../a%20b+c//d?q=1')
    expect(world.bucket.requests).toEqual([
      {
        bucket: 'site',
        method: 'GET',
        path: '/v1/x/../a%20b+c//d',
        headers: {},
        access: 'signed',
        endpoint: 'rest',
      },
    ])
  })

  it('asks anonymously where the origin has no access control', async () => {
    const world = await start()
    world.cloudFront.createDistribution({ bucket: 'site', access: 'anonymous' })
    await world.view('/a')
    expect(world.bucket.requests[0]?.access).toBe('anonymous')
  })

  it('finds the distribution by alias, wildcard alias, domain name and local name', async () => {
    const world = await start()
    const one = world.cloudFront.createDistribution({ bucket: 'one', aliases: ['www.example.com'] })
    const two = world.cloudFront.createDistribution({ bucket: 'two', aliases: ['*.example.com'] })
    const bucketFor = async (host: string) => {
      await world.view(`/${encodeURIComponent(host)}`, { headers: { host } })
      return world.bucket.requests.at(-1)?.bucket
    }
    expect(await bucketFor('www.example.com')).toBe('one')
    expect(await bucketFor('WWW.example.com:8080')).toBe('one')
    expect(await bucketFor('blog.example.com')).toBe('two')
    expect(await bucketFor(one.domainName)).toBe('one')
    expect(await bucketFor(`${two.id.toLowerCase()}.localhost:9000`)).toBe('two')
    expect((await world.view('/', { headers: { host: 'example.net' } })).status).toBe(403)
  })

  it('answers under any host while there is one enabled distribution, and 403 for a disabled one', async () => {
    const world = await start()
    world.cloudFront.createDistribution({ bucket: 'site' })
    const off = world.cloudFront.createDistribution({ bucket: 'off', enabled: false })
    world.bucket.put('a.html', 'one')
    expect((await world.view('/a.html')).text).toBe('one')
    expect((await world.view('/a.html', { headers: { host: off.domainName } })).status).toBe(403)
  })

  it('keeps / under the name of the default root object, and only / gets it', async () => {
    const world = await start()
    const { id } = world.cloudFront.createDistribution({ bucket: 'site', defaultRootObject: 'index.html' })
    world.bucket.put('index.html', 'home')
    expect((await world.view('/?x=1')).text).toBe('home')
    expect((await world.view('/index.html')).headers['x-cache']).toBe('Hit from cloudfront')
    expect((await world.view('/blog/')).status).toBe(404)
    await invalidate(world, id, ['/'])
    world.clock.advance(PURGED_MS)
    expect((await world.view('/')).headers['x-cache']).toBe('Hit from cloudfront')
    await invalidate(world, id, ['/index.html'])
    world.clock.advance(PURGED_MS)
    expect((await world.view('/')).headers['x-cache']).toBe('Miss from cloudfront')
  })

  it('keeps / under its own name where it is told to, and / is what must be invalidated then', async () => {
    const world = await start({ rootIsCachedAs: 'slash' })
    const { id } = world.cloudFront.createDistribution({ bucket: 'site', defaultRootObject: 'index.html' })
    world.bucket.put('index.html', 'home')
    await world.view('/')
    expect((await world.view('/index.html')).headers['x-cache']).toBe('Miss from cloudfront')
    await invalidate(world, id, ['/index.html'])
    world.clock.advance(PURGED_MS)
    expect((await world.view('/')).headers['x-cache']).toBe('Hit from cloudfront')
    await invalidate(world, id, ['/'])
    world.clock.advance(PURGED_MS)
    expect((await world.view('/')).headers['x-cache']).toBe('Miss from cloudfront')
  })

  it('takes the TTLs of the first behavior whose pattern matches', async () => {
    const world = await start()
    world.cloudFront.createDistribution({
      bucket: 'site',
      behaviors: [
        { pathPattern: '/api/*', cachePolicy: 'CachingDisabled' },
        { pathPattern: '/api/slow/*', ttl: { min: 60, default: 60, max: 60 } },
      ],
    })
    world.bucket.put('api/slow/x', 'one')
    world.bucket.put('page', 'one')
    const again = async (target: string) => {
      await world.view(target)
      return (await world.view(target)).headers['x-cache']
    }
    expect(await again('/api/slow/x')).toBe('Miss from cloudfront')
    expect(await again('/page')).toBe('Hit from cloudfront')
  })

  it('keeps variants apart by query string where the policy says so', async () => {
    const world = await start()
    const { id } = world.cloudFront.createDistribution({ bucket: 'site', defaultBehavior: { queryStrings: ['v'] } })
    world.bucket.put('a', 'one')
    for (const target of ['/a', '/a?v=1', '/a?v=1&utm=x', '/a?utm=y']) await world.view(target)
    expect(world.cloudFront.edges[0]?.entries().map((entry) => entry.url)).toEqual(['/a', '/a?v=1'])
    await invalidate(world, id, ['/a'])
    world.clock.advance(PURGED_MS)
    expect(world.cloudFront.edges[0]?.entries().map((entry) => entry.url)).toEqual(['/a?v=1'])
  })

  it('refreshes an expired copy with its ETag and keeps the OLD headers', async () => {
    const world = await start()
    world.cloudFront.createDistribution({ bucket: 'site' })
    world.bucket.put('a', 'one', { 'Cache-Control': 'max-age=60' })
    const { headers } = await world.view('/a')
    world.bucket.put('a', 'one', { 'Cache-Control': 'max-age=9', 'Content-Type': 'text/plain' })
    world.clock.advance(61_000)
    const refreshed = await world.view('/a')
    expect(world.bucket.requests[1]?.headers).toEqual({ 'if-none-match': headers['etag'] })
    expect(refreshed.headers).toMatchObject({
      'x-cache': 'RefreshHit from cloudfront',
      'cache-control': 'max-age=60',
      'content-type': 'text/html',
    })
    world.clock.advance(59_000)
    expect((await world.view('/a')).headers).toMatchObject({ 'x-cache': 'Hit from cloudfront', age: '59' })
    world.clock.advance(1_000)
    expect((await world.view('/a')).headers['x-cache']).toBe('RefreshHit from cloudfront')
  })

  it('refreshes an expired copy, body and all, when only the head is asked for', async () => {
    const world = await start()
    world.cloudFront.createDistribution({ bucket: 'site' })
    world.bucket.put('a', 'one', { 'Cache-Control': 'max-age=60' })
    await world.view('/a')
    world.bucket.put('a', 'longer')
    world.clock.advance(61_000)
    expect((await world.view('/a', { method: 'HEAD' })).headers['content-length']).toBe('6')
    expect(await world.view('/a')).toMatchObject({ text: 'longer', headers: { 'x-cache': 'Hit from cloudfront' } })
  })

  it('drops the copy of what has become no-store', async () => {
    const world = await start()
    const defaultBehavior = { ttl: { min: 0, default: 60, max: 60 } }
    const { id } = world.cloudFront.createDistribution({ bucket: 'site', defaultBehavior })
    world.bucket.put('a', 'one')
    await world.view('/a')
    world.bucket.put('a', 'two', { 'Cache-Control': 'no-store' })
    world.clock.advance(60_000)
    expect((await world.view('/a')).text).toBe('two')
    expect(world.cloudFront.edges[0]?.peek(id, '/a')).toBeUndefined()
  })

  it('fetches anew when the expired copy has changed', async () => {
    const world = await start()
    world.cloudFront.createDistribution({ bucket: 'site' })
    world.bucket.put('a', 'one', { 'Cache-Control': 'max-age=60' })
    await world.view('/a')
    world.bucket.put('a', 'two')
    world.clock.advance(61_000)
    const response = await world.view('/a')
    expect([response.text, response.headers['x-cache']]).toEqual(['two', 'Miss from cloudfront'])
  })

  it('confirms a copy through the regional cache when that one was refreshed by another location', async () => {
    const world = await start()
    world.cloudFront.createDistribution({ bucket: 'site' })
    world.bucket.put('a', 'one', { 'Cache-Control': 'max-age=60' })
    await world.view('/a', { edge: 0 })
    await world.view('/a', { edge: 1 })
    world.clock.advance(61_000)
    await world.view('/a', { edge: 0 })
    expect((await world.view('/a', { edge: 1 })).headers['x-cache']).toBe('RefreshHit from cloudfront')
    expect(world.bucket.requests).toHaveLength(2)
  })

  it('takes the new bytes from the regional cache when that one was refilled by another location', async () => {
    const world = await start()
    world.cloudFront.createDistribution({ bucket: 'site' })
    world.bucket.put('a', 'one', { 'Cache-Control': 'max-age=60' })
    await world.view('/a', { edge: 0 })
    await world.view('/a', { edge: 1 })
    world.bucket.put('a', 'two')
    world.clock.advance(61_000)
    await world.view('/a', { edge: 0 })
    const response = await world.view('/a', { edge: 1 })
    expect([response.text, response.headers['x-cache']]).toEqual(['two', 'Miss from cloudfront'])
    expect(world.bucket.requests).toHaveLength(2)
  })

  it('validates at every request what lives 0 seconds, and never keeps no-store with a minimum TTL of 0', async () => {
    const world = await start()
    world.cloudFront.createDistribution({
      bucket: 'site',
      defaultBehavior: { ttl: { min: 0, default: 86_400, max: 31_536_000 } },
    })
    world.bucket.put('page', 'one', { 'Cache-Control': 'max-age=0, must-revalidate' })
    world.bucket.put('secret', 'one', { 'Cache-Control': 'no-store' })
    const xCaches: (string | undefined)[] = []
    for (const target of ['/page', '/page', '/secret', '/secret']) {
      xCaches.push((await world.view(target)).headers['x-cache'])
    }
    expect(xCaches).toEqual([
      'Miss from cloudfront',
      'RefreshHit from cloudfront',
      'Miss from cloudfront',
      'Miss from cloudfront',
    ])
    expect(world.cloudFront.edges[0]?.entries().map((entry) => entry.url)).toEqual(['/page'])
  })

  it.each([503, 'unreachable'] as const)('serves the stale copy while the origin answers %s', async (failure) => {
    const world = await start()
    world.cloudFront.createDistribution({ bucket: 'site' })
    world.bucket.put('a', 'one', { 'Cache-Control': 'max-age=60' })
    await world.view('/a')
    world.bucket.failWith(failure)
    world.clock.advance(61_000)
    expect(await world.view('/a')).toMatchObject({ status: 200, text: 'one', headers: { age: '61' } })
    await world.view('/a')
    expect(world.bucket.requests).toHaveLength(2)
    world.bucket.failWith(undefined)
    world.bucket.put('a', 'two')
    expect((await world.view('/a')).text).toBe('one')
    world.clock.advance(10_000)
    expect((await world.view('/a')).text).toBe('two')
  })

  it('passes the failure on where stale-if-error=0 forbids the stale copy, and where there is none', async () => {
    const world = await start()
    world.cloudFront.createDistribution({ bucket: 'site' })
    world.bucket.put('a', 'one', { 'Cache-Control': 'max-age=60, stale-if-error=0' })
    await world.view('/a')
    world.bucket.failWith(503)
    world.clock.advance(61_000)
    expect(await world.view('/a')).toMatchObject({ status: 503, headers: { 'x-cache': 'Error from cloudfront' } })
    expect((await world.view('/b')).status).toBe(503)
  })

  it('serves the stale copy once more under stale-while-revalidate, but not after an invalidation', async () => {
    const world = await start()
    const { id } = world.cloudFront.createDistribution({ bucket: 'site' })
    world.bucket.put('a', 'one', { 'Cache-Control': 'max-age=60, stale-while-revalidate=600' })
    await world.view('/a')
    world.bucket.put('a', 'two', { 'Cache-Control': 'max-age=60, stale-while-revalidate=600' })
    world.clock.advance(61_000)
    expect((await world.view('/a')).text).toBe('one')
    expect((await world.view('/a')).text).toBe('two')
    world.bucket.put('a', 'three')
    world.clock.advance(61_000)
    await invalidate(world, id, ['/a'])
    world.clock.advance(PURGED_MS)
    expect((await world.view('/a')).text).toBe('three')
  })

  it('answers conditional requests itself, comparing ETags weakly', async () => {
    const world = await start()
    world.cloudFront.createDistribution({ bucket: 'site' })
    world.bucket.put('a', 'one')
    const { headers } = await world.view('/a')
    const etag = headers['etag'] ?? ''
    const same = await world.view('/a', { headers: { 'if-none-match': `W/${etag}` } })
    expect(same).toMatchObject({ status: 304, text: '', headers: { etag, 'x-cache': 'Hit from cloudfront' } })
    expect((await world.view('/a', { headers: { 'if-none-match': '"other"' } })).status).toBe(200)
    const since = (date: string) => world.view('/a', { headers: { 'if-modified-since': date } })
    expect((await since('Wed, 31 Dec 2025 00:00:00 GMT')).status).toBe(304)
    expect((await since('Tue, 30 Dec 2025 00:00:00 GMT')).status).toBe(200)
    expect(world.bucket.requests).toHaveLength(1)
  })

  it.each([
    ['bytes=0-3', 206, '0123', 'bytes 0-3/10'],
    ['bytes=7-', 206, '789', 'bytes 7-9/10'],
    ['bytes=-2', 206, '89', 'bytes 8-9/10'],
    ['bytes=8-99', 206, '89', 'bytes 8-9/10'],
    ['bytes=5-2', 200, '0123456789', undefined],
    ['bytes=0-1,4-5', 200, '0123456789', undefined],
    ['lines=0-1', 200, '0123456789', undefined],
  ])('answers the range %s with %i', async (range, status, text, contentRange) => {
    const world = await start()
    world.cloudFront.createDistribution({ bucket: 'site' })
    world.bucket.put('a', '0123456789')
    const response = await world.view('/a', { headers: { range } })
    expect(response).toMatchObject({ status, text })
    expect(response.headers['content-range']).toBe(contentRange)
    expect(world.bucket.requests[0]?.headers).toEqual({})
  })

  it('answers 416 for a range outside, and the whole object when If-Range names another version', async () => {
    const world = await start()
    world.cloudFront.createDistribution({ bucket: 'site' })
    world.bucket.put('a', '0123456789')
    const outside = await world.view('/a', { headers: { range: 'bytes=10-' } })
    expect(outside).toMatchObject({ status: 416, headers: { 'content-range': 'bytes */10' } })
    const other = await world.view('/a', { headers: { range: 'bytes=0-1', 'if-range': '"other"' } })
    expect(other).toMatchObject({ status: 200, text: '0123456789' })
  })

  it('answers HEAD from the copy of a GET; a HEAD alone leaves no copy', async () => {
    const world = await start()
    world.cloudFront.createDistribution({ bucket: 'site' })
    world.bucket.put('a', 'one')
    const cold = await world.view('/a', { method: 'HEAD' })
    expect(cold).toMatchObject({ status: 200, text: '', headers: { 'content-length': '3' } })
    expect(world.cloudFront.edges[0]?.entries()).toEqual([])
    await world.view('/a')
    expect((await world.view('/a', { method: 'HEAD' })).headers).toMatchObject({
      'content-length': '3',
      'x-cache': 'Hit from cloudfront',
    })
  })

  it('refuses methods the behavior does not allow, GET with a body, and URLs that are too long', async () => {
    const world = await start()
    world.cloudFront.createDistribution({
      bucket: 'site',
      behaviors: [
        { pathPattern: '/open/*', allowedMethods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'] },
      ],
    })
    expect((await world.view('/a', { method: 'PUT', body: 'x' })).status).toBe(403)
    expect((await world.view('/a', { method: 'OPTIONS' })).status).toBe(403)
    expect((await world.view('/open/a', { method: 'PUT', body: 'x' })).status).toBe(405)
    expect((await world.view('/a', { headers: { 'content-length': '1' }, body: 'x' })).status).toBe(403)
    expect((await world.view(`/${'a'.repeat(8192)}`)).status).toBe(414)
    expect(world.bucket.requests).toEqual([])
  })

  it('answers 502 for an origin it does not know', async () => {
    const world = await start()
    const Origins = {
      Quantity: 1,
      Items: [
        {
          Id: 'o',
          DomainName: 'backend.example.com',
          CustomOriginConfig: { HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: 'http-only' as const },
        },
      ],
    }
    await world.client.send(new CreateDistributionCommand({ DistributionConfig: smallConfig({ Origins }) }))
    expect(await world.view('/')).toMatchObject({ status: 502, headers: { server: 'CloudFront' } })
  })

  it('shows what it holds without changing it, and forgets on demand', async () => {
    const world = await start()
    const { id } = world.cloudFront.createDistribution({ bucket: 'site' })
    world.bucket.put('a', 'one', { 'Cache-Control': 'max-age=60' })
    const [edge] = world.cloudFront.edges
    expect(edge?.peek(id, '/a')).toBeUndefined()
    await world.view('/a')
    world.clock.advance(61_000)
    expect(edge?.peek(id, '/a?ignored')).toMatchObject({ url: '/a', status: 200, ageSeconds: 61, isFresh: false })
    expect(world.bucket.requests).toHaveLength(1)
    expect(edge?.evict(id, '/b')).toBe(0)
    expect(edge?.evict(id, '/a')).toBe(1)
    expect(edge?.peek(id, '/a')).toBeUndefined()
    expect(world.cloudFront.regionalCache.entries()).toHaveLength(1)
  })

  it('keeps its copies when the distribution changes', async () => {
    const world = await start()
    const { id } = world.cloudFront.createDistribution({ bucket: 'site' })
    world.bucket.put('a', 'one')
    world.bucket.put('v2/a', 'two')
    await world.view('/a')
    const read = await world.client.send(new GetDistributionConfigCommand({ Id: id }))
    const config = read.DistributionConfig as DistributionConfig
    const [origin] = config.Origins?.Items ?? []
    if (origin !== undefined) origin.OriginPath = '/v2'
    await world.client.send(new UpdateDistributionCommand({ Id: id, IfMatch: read.ETag, DistributionConfig: config }))
    expect((await world.view('/a')).text).toBe('one')
    expect((await world.view('/a', { edge: 1 })).text).toBe('one')
    await invalidate(world, id, ['/*'])
    world.clock.advance(PURGED_MS)
    expect((await world.view('/a')).text).toBe('two')
  })
})

describe('compression at the edge', () => {
  const page = '<p>hello</p>'.repeat(200)

  it.each([
    ['br, gzip', 'br', (body: Buffer) => brotliDecompressSync(body).toString()],
    ['gzip', 'gzip', (body: Buffer) => gunzipSync(body).toString()],
    ['identity', undefined, (body: Buffer) => body.toString()],
  ])('answers Accept-Encoding %s with %s', async (accepted, encoding, decode) => {
    const world = await start()
    world.cloudFront.createDistribution({ bucket: 'site' })
    world.bucket.put('a', page, { 'Content-Type': 'text/html; charset=utf-8' })
    const plain = await world.view('/a')
    const response = await world.view('/a', { headers: { 'accept-encoding': accepted } })
    expect(decode(response.body)).toBe(page)
    expect(response.headers['content-encoding']).toBe(encoding)
    const strong = plain.headers['etag']
    expect(response.headers['etag']).toBe(encoding === undefined ? strong : `W/${strong}`)
    expect(response.headers['vary']).toBe(encoding === undefined ? undefined : 'Accept-Encoding')
  })

  it.each([
    ['a small object', 'x'.repeat(999), {}],
    ['a type that is not on the list', page, { 'Content-Type': 'font/woff2' }],
    ['an object with its own Content-Encoding', page, { 'Content-Encoding': 'aws-chunked' }],
  ])('leaves %s as it is', async (_what, body, headers) => {
    const world = await start()
    world.cloudFront.createDistribution({ bucket: 'site' })
    world.bucket.put('a', body, headers)
    const response = await world.view('/a', { headers: { 'accept-encoding': 'gzip' } })
    expect(response.text).toBe(body)
  })

  it('needs Compress to be on', async () => {
    const world = await start()
    world.cloudFront.createDistribution({ bucket: 'site', defaultBehavior: { compress: false } })
    world.bucket.put('a', page)
    expect((await world.view('/a', { headers: { 'accept-encoding': 'gzip' } })).text).toBe(page)
  })

  it('asks the origin with the strong ETag when the compressed copy expires', async () => {
    const world = await start()
    world.cloudFront.createDistribution({ bucket: 'site' })
    world.bucket.put('a', page, { 'Cache-Control': 'max-age=60' })
    const ask = () => world.view('/a', { headers: { 'accept-encoding': 'br' } })
    await ask()
    world.clock.advance(61_000)
    expect((await ask()).headers).toMatchObject({
      'x-cache': 'RefreshHit from cloudfront',
      'content-encoding': 'br',
    })
    expect(world.bucket.requests[1]?.headers['if-none-match']).toMatch(/^"/)
  })

  it('is undone for all variants by one path', async () => {
    const world = await start()
    const { id } = world.cloudFront.createDistribution({ bucket: 'site' })
    world.bucket.put('a', page)
    for (const accepted of ['br, gzip', 'br', 'gzip', 'identity']) {
      await world.view('/a', { headers: { 'accept-encoding': accepted } })
    }
    expect(world.cloudFront.edges[0]?.entries()).toHaveLength(4)
    await invalidate(world, id, ['/a'])
    world.clock.advance(PURGED_MS)
    expect(world.cloudFront.edges[0]?.entries()).toEqual([])
  })
})

describe('an error of the origin', () => {
  it('is remembered for ten seconds, with its age', async () => {
    const world = await start()
    world.cloudFront.createDistribution({ bucket: 'site' })
    expect(await world.view('/a')).toMatchObject({ status: 404, headers: { 'x-cache': 'Error from cloudfront' } })
    world.bucket.put('a', 'one')
    world.clock.advance(9_999)
    expect(await world.view('/a')).toMatchObject({
      status: 404,
      headers: { age: '9', 'x-cache': 'Error from cloudfront' },
    })
    world.clock.advance(1)
    expect((await world.view('/a')).text).toBe('one')
  })

  it('does not live longer at a location that got it from the regional cache', async () => {
    const world = await start()
    world.cloudFront.createDistribution({ bucket: 'site' })
    await world.view('/a')
    world.clock.advance(8_000)
    await world.view('/a', { edge: 1 })
    world.bucket.put('a', 'one')
    world.clock.advance(2_000)
    expect((await world.view('/a', { edge: 1 })).text).toBe('one')
  })

  it('is forgotten by an invalidation of the URL that failed', async () => {
    const world = await start()
    const errorResponses = [{ errorCode: 404, errorCachingMinTtlSeconds: 3600 }]
    const { id } = world.cloudFront.createDistribution({ bucket: 'site', errorResponses })
    await world.view('/a')
    world.bucket.put('a', 'one')
    world.clock.advance(PURGED_MS)
    expect((await world.view('/a')).status).toBe(404)
    await invalidate(world, id, ['/a'])
    world.clock.advance(PURGED_MS)
    expect((await world.view('/a')).text).toBe('one')
  })

  it('is not served again, once expired, when the origin fails altogether', async () => {
    const world = await start()
    world.cloudFront.createDistribution({ bucket: 'site' })
    expect((await world.view('/a')).status).toBe(404)
    world.clock.advance(10_000)
    world.bucket.failWith(503)
    expect((await world.view('/a')).status).toBe(503)
  })

  it('replaces an expired copy when it is a 404', async () => {
    const world = await start()
    world.cloudFront.createDistribution({ bucket: 'site' })
    world.bucket.put('a', 'one', { 'Cache-Control': 'max-age=60' })
    await world.view('/a')
    world.bucket.remove('a')
    world.clock.advance(61_000)
    expect((await world.view('/a')).status).toBe(404)
  })

  it('403 is remembered or not, as the switch says', async () => {
    for (const [negativeCaching403, requests] of [
      ['cached', 1],
      ['not-cached', 2],
    ] as const) {
      const world = await start({ negativeCaching403 })
      world.bucket.missingStatus = 403
      world.cloudFront.createDistribution({ bucket: 'site' })
      await world.view('/a')
      await world.view('/a')
      expect(world.bucket.requests).toHaveLength(requests)
    }
  })
})

describe('a custom error page', () => {
  const spa = { errorCode: 403, responsePagePath: '/index.html', responseCode: 200, errorCachingMinTtlSeconds: 300 }

  it('is sent with its own status and kept under its own path and under the URL that failed', async () => {
    const world = await start()
    world.bucket.missingStatus = 403
    const { id } = world.cloudFront.createDistribution({ bucket: 'site', errorResponses: [spa] })
    world.bucket.put('index.html', 'app')
    expect(await world.view('/deep/link')).toMatchObject({
      status: 200,
      text: 'app',
      headers: { 'x-cache': 'Error from cloudfront' },
    })
    expect(world.cloudFront.edges[0]?.peek(id, '/index.html')).toMatchObject({ status: 200, isError: false })
    expect(world.cloudFront.edges[0]?.peek(id, '/deep/link')).toMatchObject({ status: 200, isError: true })
    world.bucket.put('deep/link', 'real')
    world.clock.advance(299_000)
    expect((await world.view('/deep/link')).text).toBe('app')
    world.clock.advance(1_000)
    expect((await world.view('/deep/link')).text).toBe('real')
  })

  it('leaves no trace under the URL that failed where 403 is not remembered', async () => {
    const world = await start({ negativeCaching403: 'not-cached' })
    world.bucket.missingStatus = 403
    const { id } = world.cloudFront.createDistribution({ bucket: 'site', errorResponses: [spa] })
    world.bucket.put('index.html', 'app')
    await world.view('/deep/link')
    expect(world.cloudFront.edges[0]?.peek(id, '/deep/link')).toBeUndefined()
    world.bucket.put('deep/link', 'real')
    expect((await world.view('/deep/link')).text).toBe('real')
  })

  it('that has changed and been purged still shows its old body where an error is remembered', async () => {
    const world = await start()
    const errorResponses = [
      { errorCode: 404, responsePagePath: '/404.html', responseCode: 404, errorCachingMinTtlSeconds: 60 },
    ]
    const { id } = world.cloudFront.createDistribution({ bucket: 'site', errorResponses })
    world.bucket.put('404.html', 'old')
    await world.view('/gone')
    world.bucket.put('404.html', 'new')
    await invalidate(world, id, ['/404.html'])
    world.clock.advance(PURGED_MS)
    expect((await world.view('/other')).text).toBe('new')
    expect((await world.view('/gone')).text).toBe('old')
    world.clock.advance(60_000)
    expect(await world.view('/gone')).toMatchObject({ status: 404, text: 'new' })
  })

  it('comes from the behavior that its own path matches', async () => {
    const world = await start()
    world.cloudFront.createDistribution({
      bucket: 'site',
      errorResponses: [{ errorCode: 404, responsePagePath: '/errors/404.html', responseCode: 404 }],
      behaviors: [{ pathPattern: '/errors/*', cachePolicy: 'CachingDisabled' }],
    })
    world.bucket.put('errors/404.html', 'sorry')
    await world.view('/a')
    await world.view('/b')
    expect(world.bucket.requests.map((one) => one.path)).toEqual(['/a', '/errors/404.html', '/b', '/errors/404.html'])
  })

  it('that is missing passes on the status of its own fetch', async () => {
    const world = await start()
    world.cloudFront.createDistribution({
      bucket: 'site',
      errorResponses: [
        { errorCode: 503, responsePagePath: '/503.html', responseCode: 503 },
        { errorCode: 404, responsePagePath: '/404.html', responseCode: 200 },
      ],
    })
    expect((await world.view('/a')).status).toBe(404)
  })
})

describe('a CloudFront with a folder', () => {
  it('remembers distributions, invalidations and caller references, and comes back with cold caches', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'freshfront-cloudfront-'))
    folders.push(folder)
    const before = await start({ folder })
    const { id, domainName } = before.cloudFront.createDistribution({ bucket: 'site', aliases: ['www.example.com'] })
    const first = await invalidate(before, id, ['/a'], 'ref')

    const after = await start({ folder })
    const { Distribution } = await after.client.send(new GetDistributionCommand({ Id: id }))
    expect(Distribution).toMatchObject({ DomainName: domainName, InProgressInvalidationBatches: 0 })
    const again = await invalidate(after, id, ['/a'], 'ref')
    expect(again.Invalidation).toMatchObject({ Id: first.Invalidation?.Id, Status: 'Completed' })
    expect(after.cloudFront.pathsBilledThisMonth).toBe(1)
    expect(after.cloudFront.createDistribution({ bucket: 'other' }).id).not.toBe(id)
  })
})

describe('the same seed', () => {
  it('gives the same ids and the same purge order', async () => {
    const idFor = async (seed: number) => {
      const cloudFront = await createCloudFront({
        clock: turnableClock(),
        fetchFromBucket: () => Promise.reject(new Error('never asked')),
        credentials: [CREDENTIALS],
        region: 'eu-west-1',
        seed,
      })
      return cloudFront.createDistribution({ bucket: 'site' }).id
    }
    expect(await idFor(7)).toBe(await idFor(7))
    expect(await idFor(7)).not.toBe(await idFor(8))
  })
})
