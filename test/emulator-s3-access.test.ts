// Who may do what at the embedded S3: signatures, presigned URLs, regions, anonymous readers and edge locations.

import { Agent } from 'node:http'
import { Readable } from 'node:stream'
import {
  GetObjectCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { turnableClock } from '../src/emulator/index.ts'
import type { OriginRequest } from '../src/emulator/origin.ts'
import { readBody } from '../src/emulator/http-message.ts'
import { createS3 } from '../src/emulator/s3/index.ts'
import { memoryStorage } from '../src/emulator/s3/storage.ts'
import { serveHttp } from '../src/emulator/server.ts'
import type { EmulatedS3 } from './emulated-s3.ts'
import { Bucket, connectS3, startEmulatedS3 } from './emulated-s3.ts'

let s3: EmulatedS3

beforeAll(async () => {
  s3 = await startEmulatedS3({ clock: turnableClock() })
  await s3.put('page.html', '<p>', { ContentType: 'text/html' })
})
afterAll(() => s3.close())

describe('signatures', () => {
  it('refuses a wrong secret with SignatureDoesNotMatch', async () => {
    const { accessKeyId } = s3.emulator.credentials
    const stranger = connectS3(s3.emulator, { credentials: { accessKeyId, secretAccessKey: 'wrong' } })
    await expect(stranger.send(new ListBucketsCommand({}))).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' })
  })

  it('refuses an unknown access key with InvalidAccessKeyId', async () => {
    const stranger = connectS3(s3.emulator, { credentials: { accessKeyId: 'NOBODY', secretAccessKey: 'x' } })
    await expect(stranger.send(new ListBucketsCommand({}))).rejects.toMatchObject({ name: 'InvalidAccessKeyId' })
  })

  it('refuses a clock more than 15 minutes off with RequestTimeTooSkewed', async () => {
    const late = connectS3(s3.emulator, { systemClockOffset: -16 * 60_000 })
    await expect(late.send(new ListBucketsCommand({}))).rejects.toMatchObject({ name: 'RequestTimeTooSkewed' })
  })

  it('takes the machine’s time, not the emulator’s, which tests turn', async () => {
    expect(s3.emulator.clock.nowMs()).toBe(Date.UTC(2026, 0, 1))
    await s3.put('signed-now')
    expect(await s3.read('signed-now')).toBe('body')
  })

  it('checks the trailing checksum of a streamed body', async () => {
    await s3.put('streamed', Readable.from(['12345', '6789']), { ContentLength: 9, ChecksumAlgorithm: 'SHA256' })
    expect(await s3.read('streamed')).toBe('123456789')
  })

  it('needs no path style', async () => {
    const httpAgent = new Agent({
      lookup: (_host, _options, found) => found(null, [{ address: '127.0.0.1', family: 4 }]),
    })
    const client = connectS3(s3.emulator, {
      endpoint: s3.emulator.s3Url.replace('127.0.0.1', 's3.localhost'),
      forcePathStyle: false,
      requestHandler: { httpAgent },
    })
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: 'page.html' }))
    expect(await Body?.transformToString()).toBe('<p>')
    client.destroy()
  })
})

describe('presigned URLs', () => {
  it('let anyone read and write for a while', async () => {
    const plain = connectS3(s3.emulator, { requestChecksumCalculation: 'WHEN_REQUIRED' })
    const put = await getSignedUrl(plain, new PutObjectCommand({ Bucket, Key: 'by url' }), { expiresIn: 60 })
    expect((await fetch(put, { method: 'PUT', body: 'from outside' })).status).toBe(200)
    const get = await getSignedUrl(s3.client, new GetObjectCommand({ Bucket, Key: 'by url' }), { expiresIn: 60 })
    expect(await (await fetch(get)).text()).toBe('from outside')
  })

  // By default the SDK signs the checksum of the empty body it sees (aws-sdk-js-v3 #6994).
  it('hold the body to a checksum that they carry', async () => {
    const put = await getSignedUrl(s3.client, new PutObjectCommand({ Bucket, Key: 'by url' }))
    expect(await (await fetch(put, { method: 'PUT', body: 'x' })).text()).toContain('<Code>BadDigest</Code>')
  })

  it('end when they have expired', async () => {
    const signingDate = new Date(Date.now() - 120_000)
    const url = await getSignedUrl(s3.client, new GetObjectCommand({ Bucket, Key: 'page.html' }), {
      expiresIn: 60,
      signingDate,
    })
    const answer = await fetch(url)
    expect(answer.status).toBe(403)
    expect(await answer.text()).toContain('<Code>AccessDenied</Code><Message>Request has expired</Message>')
  })

  it('cannot be turned to another key', async () => {
    const url = await getSignedUrl(s3.client, new GetObjectCommand({ Bucket, Key: 'page.html' }))
    const answer = await fetch(url.replace('page.html', 'signed-now'))
    expect(await answer.text()).toContain('<Code>SignatureDoesNotMatch</Code>')
  })
})

describe('regions', () => {
  it('name the right one to whoever signs for the wrong one', async () => {
    await s3.emulator.s3.createBucket('in-ireland', { region: 'eu-west-1' })
    await expect(s3.put('x', 'x', { Bucket: 'in-ireland' })).rejects.toMatchObject({
      name: 'AuthorizationHeaderMalformed',
      Region: 'eu-west-1',
    })
    const head = s3.client.send(new HeadBucketCommand({ Bucket: 'in-ireland' }))
    await expect(head).rejects.toMatchObject({
      $metadata: { httpStatusCode: 301 },
      $response: { headers: { 'x-amz-bucket-region': 'eu-west-1' } },
    })
    const irish = connectS3(s3.emulator, { region: 'eu-west-1' })
    expect(await irish.send(new HeadBucketCommand({ Bucket: 'in-ireland' }))).toMatchObject({
      BucketRegion: 'eu-west-1',
    })
  })
})

describe('anyone', () => {
  it('reads nothing of a private bucket', async () => {
    const answer = await fetch(`${s3.emulator.s3Url}/${Bucket}/page.html`)
    expect(answer.status).toBe(403)
    expect(answer.headers.get('server')).toBe('AmazonS3')
    expect(await answer.text()).toMatch(
      /^<\?xml version="1.0" encoding="UTF-8"\?>\n<Error><Code>AccessDenied<\/Code><Message>Access Denied<\/Message>.*<RequestId>[0-9A-F]{16}<\/RequestId><HostId>/,
    )
  })

  it('reads a public bucket, but neither lists nor writes it', async () => {
    await s3.emulator.s3.createBucket('public-site', { publicRead: true })
    await s3.put('page.html', '<p>', { Bucket: 'public-site' })
    const url = `${s3.emulator.s3Url}/public-site`
    expect(await (await fetch(`${url}/page.html`)).text()).toBe('<p>')
    expect((await fetch(`${url}/missing.html`)).status).toBe(403)
    expect((await fetch(url)).status).toBe(403)
    expect((await fetch(`${url}/page.html`, { method: 'PUT', body: 'x' })).status).toBe(403)
    expect((await fetch(`${url}/page.html`, { method: 'DELETE' })).status).toBe(403)
  })

  it('gets headers and no body from HEAD', async () => {
    const found = await fetch(`${s3.emulator.s3Url}/public-site/page.html`, { method: 'HEAD' })
    expect(found.headers.get('content-length')).toBe('3')
    const missing = await fetch(`${s3.emulator.s3Url}/public-site/missing`, { method: 'HEAD' })
    expect([missing.status, await missing.text()]).toEqual([403, ''])
  })
})

describe('edge locations', () => {
  async function startBucket(options: object) {
    const credentials = { accessKeyId: 'id', secretAccessKey: 'secret' }
    const clock = turnableClock(Date.UTC(2026, 5, 1))
    const inner = await createS3({ clock, storage: memoryStorage(), credentials: [credentials], region: 'us-east-1' })
    await inner.createBucket(Bucket, options)
    const server = await serveHttp({
      host: '127.0.0.1',
      port: 0,
      handle: (request) => inner.handle(request),
      onFault() {},
    })
    const client = connectS3(s3.emulator, { endpoint: server.url, credentials })
    const put = (Key: string) =>
      client.send(new PutObjectCommand({ Bucket, Key, Body: Key, CacheControl: 'max-age=5' }))
    for (const key of ['a b', 'a+b', 'ü/../x', 'redirect']) await put(key)
    await server.close()
    return async (path: string, more: Partial<OriginRequest> = {}) => {
      const request: OriginRequest = { bucket: Bucket, method: 'GET', path, headers: {}, access: 'signed', ...more }
      const { status, headers, body } = await inner.fetchFromBucket(request)
      return {
        status,
        headers,
        text: body instanceof Uint8Array ? Buffer.from(body).toString() : (await readBody(body)).toString(),
      }
    }
  }

  it('read with a signature what nobody else may', async () => {
    const fetchPath = await startBucket({})
    expect(await fetchPath('/a%20b')).toMatchObject({
      status: 200,
      text: 'a b',
      headers: { 'Cache-Control': 'max-age=5', Date: 'Mon, 01 Jun 2026 00:00:00 GMT' },
    })
    expect(await fetchPath('/a%20b', { access: 'anonymous' })).toMatchObject({ status: 403 })
    expect(await fetchPath('/%C3%BC/../x')).toMatchObject({ text: 'ü/../x' })
  })

  it('read + in a path as a space, and %2B as a plus', async () => {
    const fetchPath = await startBucket({})
    expect(await fetchPath('/a+b')).toMatchObject({ text: 'a b' })
    expect(await fetchPath('/a%2Bb')).toMatchObject({ text: 'a+b' })
  })

  it('are told 403 of a missing key, and 404 only where they may list', async () => {
    const strict = await startBucket({})
    expect((await strict('/missing')).text).toContain('<Code>AccessDenied</Code>')
    const open = await startBucket({ listableByCloudFront: true })
    expect(await open('/missing')).toMatchObject({
      status: 404,
      text: expect.stringContaining('<Code>NoSuchKey</Code>') as unknown,
    })
    expect(await open('/')).toMatchObject({
      status: 200,
      text: expect.stringContaining('<ListBucketResult') as unknown,
    })
    expect(await open('/missing', { method: 'HEAD' })).toMatchObject({ status: 404, text: '' })
  })

  it('validate what they hold', async () => {
    const fetchPath = await startBucket({})
    const { headers } = await fetchPath('/a%20b')
    const again = await fetchPath('/a%20b', { headers: { 'if-none-match': headers['ETag'] ?? '' } })
    expect(again).toMatchObject({
      status: 304,
      text: '',
      headers: { 'Cache-Control': 'max-age=5', ETag: headers['ETag'] },
    })
  })

  it('are told NoSuchBucket where there is none', async () => {
    const fetchPath = await startBucket({})
    expect(await fetchPath('/x', { bucket: 'other' })).toMatchObject({ status: 404 })
  })
})

describe('listing', () => {
  it('of a bucket that does not exist is NoSuchBucket', async () => {
    const listed = s3.client.send(new ListObjectsV2Command({ Bucket: 'not-there' }))
    await expect(listed).rejects.toMatchObject({ name: 'NoSuchBucket' })
  })
})
