// CloudFront in front of the embedded S3, both driven by the official SDK: what the two halves promise together.

import { request as sendHttp } from 'node:http'
import { CloudFrontClient, CreateInvalidationCommand, GetInvalidationCommand } from '@aws-sdk/client-cloudfront'
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  PutBucketWebsiteCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Emulator, TurnableClock } from '../src/emulator/index.ts'
import { startEmulator, turnableClock } from '../src/emulator/index.ts'

let clock: TurnableClock
let emulator: Emulator
let s3: S3Client
let cloudFront: CloudFrontClient

beforeEach(async () => {
  clock = turnableClock()
  emulator = await startEmulator({ clock })
  const { credentials, region } = emulator
  s3 = new S3Client({ endpoint: emulator.s3Url, region, credentials, forcePathStyle: true })
  cloudFront = new CloudFrontClient({ endpoint: emulator.cloudFrontUrl, region, credentials })
  await emulator.s3.createBucket('site')
})

afterEach(async () => {
  s3.destroy()
  cloudFront.destroy()
  await emulator.close()
  expect(emulator.faults).toEqual([])
})

async function put(
  key: string,
  body: string,
  headers: { CacheControl?: string; Metadata?: Record<string, string> } = {},
) {
  await s3.send(new PutObjectCommand({ Bucket: 'site', Key: key, Body: body, ContentType: 'text/html', ...headers }))
}

async function invalidate(distributionId: string, items: string[]): Promise<void> {
  const { Invalidation } = await cloudFront.send(
    new CreateInvalidationCommand({
      DistributionId: distributionId,
      InvalidationBatch: { CallerReference: items.join(), Paths: { Quantity: items.length, Items: items } },
    }),
  )
  clock.advance(1000)
  const read = await cloudFront.send(
    new GetInvalidationCommand({ DistributionId: distributionId, Id: Invalidation?.Id }),
  )
  expect(read.Invalidation?.Status).toBe('Completed')
}

function view(
  target: string,
  edge: number = 0,
): Promise<{ status: number; text: string; xCache: string; type: string }> {
  const { hostname, port } = new URL(emulator.edges[edge]?.url ?? '')
  return new Promise((resolve, reject) => {
    const outgoing = sendHttp({ hostname, port, path: target }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.on('error', reject).on('end', () => {
        const { 'x-cache': xCache, 'content-type': type } = response.headers
        resolve({ status: response.statusCode ?? 0, text, xCache: String(xCache), type: String(type) })
      })
    })
    outgoing.on('error', reject).end()
  })
}

describe('a private bucket behind CloudFront', () => {
  it('serves what was put, from the copy until it is invalidated', async () => {
    const { id } = emulator.cloudFront.createDistribution({ bucket: 'site', defaultRootObject: 'index.html' })
    await put('index.html', 'one')
    expect(await view('/')).toMatchObject({ status: 200, text: 'one', type: 'text/html' })
    await put('index.html', 'two')
    expect((await view('/')).text).toBe('one')
    await invalidate(id, ['/index.html'])
    for (const edge of [0, 1, 2]) expect((await view('/', edge)).text).toBe('two')
  })

  it('answers a missing key with 403, remembered until the error TTL ends', async () => {
    emulator.cloudFront.createDistribution({ bucket: 'site' })
    expect(await view('/new.html')).toMatchObject({ status: 403, xCache: 'Error from cloudfront' })
    await put('new.html', 'here')
    expect((await view('/new.html')).status).toBe(403)
    clock.advance(10_000)
    expect((await view('/new.html')).text).toBe('here')
  })

  it('keeps serving what was deleted, until it is invalidated', async () => {
    const { id } = emulator.cloudFront.createDistribution({ bucket: 'site' })
    await put('old.html', 'old')
    await view('/old.html')
    await s3.send(new DeleteObjectCommand({ Bucket: 'site', Key: 'old.html' }))
    expect((await view('/old.html')).text).toBe('old')
    await invalidate(id, ['/old*'])
    expect((await view('/old.html')).status).toBe(403)
  })

  it('shows a change of metadata alone only after an invalidation: every refresh keeps the old headers', async () => {
    const { id } = emulator.cloudFront.createDistribution({ bucket: 'site' })
    await put('feed', '<rss/>', { CacheControl: 'max-age=60' })
    await view('/feed')
    await s3.send(
      new CopyObjectCommand({
        Bucket: 'site',
        Key: 'feed',
        CopySource: 'site/feed',
        MetadataDirective: 'REPLACE',
        ContentType: 'application/rss+xml',
      }),
    )
    clock.advance(61_000)
    expect(await view('/feed')).toMatchObject({ type: 'text/html', xCache: 'RefreshHit from cloudfront' })
    await invalidate(id, ['/feed'])
    expect((await view('/feed')).type).toBe('application/rss+xml')
  })

  it('has one key under two URLs when its name holds a space, and each is a copy of its own', async () => {
    const { id } = emulator.cloudFront.createDistribution({ bucket: 'site' })
    await put('a b.html', 'one')
    expect([(await view('/a%20b.html')).text, (await view('/a+b.html')).text]).toEqual(['one', 'one'])
    await put('a b.html', 'two')
    await invalidate(id, ['/a%20b.html'])
    expect([(await view('/a%20b.html')).text, (await view('/a+b.html')).text]).toEqual(['two', 'one'])
    await invalidate(id, ['/a*'])
    expect((await view('/a+b.html')).text).toBe('two')
  })

  it('reads cache tags from user metadata', async () => {
    const cacheTagHeader = 'x-amz-meta-cache-tag'
    const { id } = emulator.cloudFront.createDistribution({ bucket: 'site', cacheTagHeader })
    await put('a', 'one', { Metadata: { 'cache-tag': 'blog' } })
    await put('b', 'one', { Metadata: { 'cache-tag': 'docs' } })
    for (const target of ['/a', '/b']) await view(target)
    await put('a', 'two', { Metadata: { 'cache-tag': 'blog' } })
    await invalidate(id, ['#blog'])
    expect((await view('/a')).text).toBe('two')
    expect((await view('/b')).xCache).toBe('Hit from cloudfront')
  })
})

describe('a bucket without public access', () => {
  it('says 403 to an origin without access control', async () => {
    emulator.cloudFront.createDistribution({ bucket: 'site', access: 'anonymous' })
    await put('a', 'one')
    expect((await view('/a')).status).toBe(403)
  })
})

describe('a website endpoint behind CloudFront', () => {
  it('has one key under three URLs, the redirect among them cached until it is invalidated', async () => {
    await emulator.s3.createBucket('site', { publicRead: true })
    const WebsiteConfiguration = { IndexDocument: { Suffix: 'index.html' } }
    await s3.send(new PutBucketWebsiteCommand({ Bucket: 'site', WebsiteConfiguration }))
    const { id } = emulator.cloudFront.createDistribution({ bucket: 'site', website: true })
    await put('docs/index.html', 'one')
    const urls = ['/docs', '/docs/', '/docs/index.html']
    expect(await Promise.all(urls.map(async (url) => (await view(url)).status))).toEqual([302, 200, 200])
    await s3.send(new DeleteObjectCommand({ Bucket: 'site', Key: 'docs/index.html' }))
    expect(await Promise.all(urls.map(async (url) => (await view(url)).status))).toEqual([302, 200, 200])
    await invalidate(id, urls)
    expect(await Promise.all(urls.map(async (url) => (await view(url)).status))).not.toContain(200)
    expect((await view('/docs')).status).not.toBe(302)
  })
})
