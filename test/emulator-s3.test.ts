// The embedded S3 seen through the official AWS SDK: objects, metadata, conditions, copies, deletes, buckets.

import { Readable } from 'node:stream'
import type { MetadataDirective, ObjectCannedACL, StorageClass } from '@aws-sdk/client-s3'
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetBucketWebsiteCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { turnableClock } from '../src/emulator/index.ts'
import type { EmulatedS3 } from './emulated-s3.ts'
import { Bucket, connectS3, startEmulatedS3 } from './emulated-s3.ts'

const clock = turnableClock(Date.UTC(2026, 0, 1))
let s3: EmulatedS3

beforeAll(async () => {
  s3 = await startEmulatedS3({ clock })
})
afterAll(() => s3.close())

const head = (Key: string) => s3.client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }))

describe('objects', () => {
  it.each([
    'a b.html',
    'a+b',
    '100%25',
    'a/../b',
    'a//b',
    './a',
    '/leading',
    'ü/日本語/😀',
    '!\'()*~&=?#:;,@$[]{}|\\^`"<>',
    'tab\tand\nline',
    'folder/',
  ])('keeps the key %j as it is', async (key) => {
    await s3.put(key, key)
    expect(await s3.read(key)).toBe(key)
  })

  it('gives the MD5 of the body as ETag', async () => {
    expect(await s3.put('hello', 'hello')).toBe('"5d41402abc4b2a76b9719d911017c592"')
  })

  it('stores and replays what HTTP says of a body', async () => {
    const Expires = new Date('2030-01-01T00:00:00Z')
    await s3.put('page', 'x', {
      ContentType: 'text/html; charset=utf-8',
      CacheControl: 'max-age=60, s-maxage=600',
      ContentEncoding: 'gzip',
      ContentLanguage: 'de',
      ContentDisposition: 'inline; filename="x.html"',
      Expires,
      WebsiteRedirectLocation: '/elsewhere',
      Metadata: { 'Cache-Tag': 'a,b', note: 'two words' },
    })
    expect(await head('page')).toMatchObject({
      ContentLength: 1,
      ContentType: 'text/html; charset=utf-8',
      CacheControl: 'max-age=60, s-maxage=600',
      ContentEncoding: 'gzip',
      ContentLanguage: 'de',
      ContentDisposition: 'inline; filename="x.html"',
      ExpiresString: 'Tue, 01 Jan 2030 00:00:00 GMT',
      WebsiteRedirectLocation: '/elsewhere',
      Metadata: { 'cache-tag': 'a,b', note: 'two words' },
      LastModified: new Date('2026-01-01T00:00:00Z'),
    })
  })

  it('calls a body binary/octet-stream when nobody said what it is', async () => {
    const response = await fetch(await presign(new PutObjectCommand({ Bucket, Key: 'untyped' })), { method: 'PUT' })
    expect(response.status).toBe(200)
    expect((await head('untyped')).ContentType).toBe('binary/octet-stream')
  })

  it('does not take aws-chunked for an encoding of the object', async () => {
    await s3.put('stream', Readable.from(['chunk one, ', 'chunk two']), { ContentLength: 20, ContentEncoding: 'br' })
    expect(await s3.read('stream')).toBe('chunk one, chunk two')
    expect((await head('stream')).ContentEncoding).toBe('br')
  })

  it('dates an object by the emulator’s clock, in whole seconds', async () => {
    clock.advance(61_500)
    await s3.put('dated')
    expect((await head('dated')).LastModified).toEqual(new Date('2026-01-01T00:01:01Z'))
  })

  it('gives user metadata that is not ASCII as RFC 2047 writes it', async () => {
    const url = `${s3.emulator.s3Url}/${Bucket}/meta`
    const signed = await presign(new PutObjectCommand({ Bucket, Key: 'meta', Metadata: { title: 'Grüße' } }))
    expect(signed.startsWith(url)).toBe(true)
    expect((await fetch(signed, { method: 'PUT' })).status).toBe(200)
    expect((await head('meta')).Metadata).toEqual({ title: '=?UTF-8?B?R3LDvMOfZQ==?=' })
  })

  it('shows no half-written object: the last of many writers wins whole', async () => {
    const bodies = Array.from({ length: 20 }, (_, i) => String(i).repeat(100_000))
    await Promise.all(bodies.map((body) => s3.put('contested', body)))
    expect(bodies).toContain(await s3.read('contested'))
  })

  it('answers a missing key with NoSuchKey', async () => {
    await expect(s3.read('missing')).rejects.toMatchObject({ name: 'NoSuchKey', Key: 'missing' })
    await expect(head('missing')).rejects.toMatchObject({ name: 'NotFound' })
  })

  it('answers an operation it has not got with NotImplemented', async () => {
    const asked = s3.client.send(new GetObjectAttributesCommand({ Bucket, Key: 'hello', ObjectAttributes: ['ETag'] }))
    await expect(asked).rejects.toMatchObject({ name: 'NotImplemented', $metadata: { httpStatusCode: 501 } })
  })
})

describe('what a write may hold', () => {
  const putWith = (input: object) => s3.put('limits', 'x', input)

  it.each<[string, object, string]>([
    ['an ACL other than bucket-owner-full-control', { ACL: 'public-read' }, 'AccessControlListNotSupported'],
    ['a grant', { GrantRead: 'id=1' }, 'AccessControlListNotSupported'],
    ['more than 2 KB of metadata', { Metadata: { a: 'x'.repeat(2048) } }, 'MetadataTooLarge'],
    ['an unknown storage class', { StorageClass: 'COLD' as StorageClass }, 'InvalidStorageClass'],
    ['a redirect to a bare word', { WebsiteRedirectLocation: 'elsewhere' }, 'InvalidRedirectLocation'],
    ['a key of 1,025 bytes', { Key: 'ü'.repeat(512) + 'x' }, 'KeyTooLongError'],
    ['tags, which the emulator has not got', { Tagging: 'a=b' }, 'NotImplemented'],
    ['a KMS key, which the emulator has not got', { ServerSideEncryption: 'aws:kms' }, 'NotImplemented'],
  ])('refuses %s', async (_, input, name) => {
    await expect(putWith(input)).rejects.toMatchObject({ name })
  })

  it('takes exactly 2 KB of metadata, a key of 1,024 bytes and bucket-owner-full-control', async () => {
    const ACL: ObjectCannedACL = 'bucket-owner-full-control'
    const Key = 'ü'.repeat(512)
    await putWith({ Key, Metadata: { a: 'x'.repeat(2047) }, ACL })
    expect((await head(Key)).Metadata?.['a']).toHaveLength(2047)
  })

  it('takes ACLs where the bucket has them, and then serves a public-read object to anyone', async () => {
    await s3.emulator.s3.createBucket('with-acls', { objectOwnership: 'BucketOwnerPreferred' })
    await s3.put('open', 'x', { Bucket: 'with-acls', ACL: 'public-read' })
    await s3.put('shut', 'x', { Bucket: 'with-acls' })
    expect((await fetch(`${s3.emulator.s3Url}/with-acls/open`)).status).toBe(200)
    expect((await fetch(`${s3.emulator.s3Url}/with-acls/shut`)).status).toBe(403)
  })
})

describe('checksums', () => {
  it.each([
    ['CRC32', 'ChecksumCRC32', 'y/Q5Jg=='],
    ['CRC32C', 'ChecksumCRC32C', '4waSgw=='],
    ['CRC64NVME', 'ChecksumCRC64NVME', 'rosUhgp5mIg='],
    ['SHA1', 'ChecksumSHA1', '98O8HYCOBHMq32eZZczDTKeuNEE='],
    ['SHA256', 'ChecksumSHA256', 'FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU='],
  ] as const)('checks %s and gives it back on demand', async (algorithm, field, value) => {
    await s3.put('digits', '123456789', { [field]: value })
    expect(await head('digits')).toMatchObject({ [field]: value, ChecksumType: 'FULL_OBJECT' })
    await expect(s3.put('digits', '12345678x', { [field]: value })).rejects.toMatchObject({
      name: 'BadDigest',
      message: `The ${algorithm} you specified did not match the calculated checksum.`,
    })
    expect(await s3.read('digits')).toBe('123456789')
  })

  it('checks Content-MD5', async () => {
    await s3.put('md5', 'hello', { ContentMD5: 'XUFAKrxLKna5cZ2REBfFkg==' })
    await expect(s3.put('md5', 'hallo', { ContentMD5: 'XUFAKrxLKna5cZ2REBfFkg==' })).rejects.toMatchObject({
      name: 'BadDigest',
    })
    await expect(s3.put('md5', 'hello', { ContentMD5: 'nonsense' })).rejects.toMatchObject({ name: 'InvalidDigest' })
  })

  it('computes CRC64NVME itself when the client sends no checksum', async () => {
    const plain = connectS3(s3.emulator, { requestChecksumCalculation: 'WHEN_REQUIRED' })
    await plain.send(new PutObjectCommand({ Bucket, Key: 'plain', Body: '123456789' }))
    expect((await head('plain')).ChecksumCRC64NVME).toBe('rosUhgp5mIg=')
    plain.destroy()
  })
})

describe('reads', () => {
  it.each([
    ['bytes=0-3', '0123', 'bytes 0-3/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=8-99', '89', 'bytes 8-9/10'],
  ])('sends the range %s', async (Range, body, contentRange) => {
    await s3.put('ranged', '0123456789')
    const answer = await s3.client.send(new GetObjectCommand({ Bucket, Key: 'ranged', Range }))
    expect(answer).toMatchObject({
      ContentRange: contentRange,
      ContentLength: body.length,
      $metadata: { httpStatusCode: 206 },
    })
    expect(await answer.Body?.transformToString()).toBe(body)
  })

  it('answers 416 to a range behind the end, and sends all when it does not understand the range', async () => {
    await s3.put('ranged', '0123456789')
    await expect(s3.read('ranged', { Range: 'bytes=10-' })).rejects.toMatchObject({ name: 'InvalidRange' })
    expect(await s3.read('ranged', { Range: 'bytes=0-1,3-4' })).toBe('0123456789')
    expect(await s3.read('ranged', { Range: 'lines=1-2' })).toBe('0123456789')
  })

  it('answers 304 and 412 as the conditions say', async () => {
    const etag = await s3.put('conditional')
    const before = new Date(clock.nowMs() - 60_000)
    const after = new Date(clock.nowMs() + 60_000)
    const status = (input: object) =>
      s3.client.send(new GetObjectCommand({ Bucket, Key: 'conditional', ...input })).then(
        (answer) => answer.$metadata.httpStatusCode,
        (error: { $metadata: { httpStatusCode: number } }) => error.$metadata.httpStatusCode,
      )
    expect(await status({ IfMatch: etag })).toBe(200)
    expect(await status({ IfMatch: '"other"' })).toBe(412)
    expect(await status({ IfNoneMatch: etag })).toBe(304)
    expect(await status({ IfNoneMatch: '"other"' })).toBe(200)
    expect(await status({ IfModifiedSince: after })).toBe(304)
    expect(await status({ IfModifiedSince: before })).toBe(200)
    expect(await status({ IfUnmodifiedSince: before })).toBe(412)
    expect(await status({ IfMatch: etag, IfUnmodifiedSince: before })).toBe(200)
    expect(await status({ IfNoneMatch: '"other"', IfModifiedSince: after })).toBe(200)
  })

  it('says in its answer what response-… asks for', async () => {
    await s3.put('override', 'x', { ContentType: 'text/plain' })
    const input = { ResponseContentType: 'text/html', ResponseCacheControl: 'no-store' }
    const answer = await s3.client.send(new GetObjectCommand({ Bucket, Key: 'override', ...input }))
    expect(answer).toMatchObject({ ContentType: 'text/html', CacheControl: 'no-store' })
    await answer.Body?.transformToString()
  })
})

describe('conditional writes', () => {
  it('If-None-Match: * creates once, however many try', async () => {
    const tries = await Promise.allSettled(
      Array.from({ length: 10 }, (_, i) => s3.put('lock', String(i).repeat(500_000), { IfNoneMatch: '*' })),
    )
    expect(tries.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
    const reasons = tries.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))
    expect(reasons).toMatchObject(Array(9).fill({ name: 'PreconditionFailed', Condition: 'If-None-Match' }))
  })

  it('If-Match replaces only what it names', async () => {
    const first = await s3.put('state', 'one')
    const second = await s3.put('state', 'two', { IfMatch: first })
    await expect(s3.put('state', 'three', { IfMatch: first })).rejects.toMatchObject({ name: 'PreconditionFailed' })
    expect(await s3.put('state', 'two', { IfMatch: second })).toBe(second)
  })

  it('If-Match on a key that is gone is NoSuchKey', async () => {
    await expect(s3.put('gone', 'x', { IfMatch: '"abc"' })).rejects.toMatchObject({ name: 'NoSuchKey' })
  })

  it('deletes only what If-Match names', async () => {
    const etag = await s3.put('delete-me')
    const remove = (IfMatch: string) => s3.client.send(new DeleteObjectCommand({ Bucket, Key: 'delete-me', IfMatch }))
    await expect(remove('"other"')).rejects.toMatchObject({ name: 'PreconditionFailed' })
    expect((await remove(etag)).$metadata.httpStatusCode).toBe(204)
    await expect(remove('*')).rejects.toMatchObject({ name: 'PreconditionFailed' })
  })
})

describe('CopyObject', () => {
  const copy = (from: string, to: string, input: object = {}) =>
    s3.client.send(
      new CopyObjectCommand({ Bucket, Key: to, CopySource: `${Bucket}/${encodeURIComponent(from)}`, ...input }),
    )

  it('keeps the metadata, but not the redirect and not the storage class', async () => {
    await s3.put('ü +.html', 'x', {
      ContentType: 'text/html',
      Metadata: { a: 'b' },
      WebsiteRedirectLocation: '/x',
      StorageClass: 'STANDARD_IA',
    })
    await copy('ü +.html', 'copied')
    const copied = await head('copied')
    expect(copied).toMatchObject({ ContentType: 'text/html', Metadata: { a: 'b' } })
    expect(copied.WebsiteRedirectLocation).toBeUndefined()
    expect(copied.StorageClass).toBeUndefined()
  })

  it('replaces all metadata when told, and loses what is not sent again', async () => {
    await s3.put('meta', 'x', { ContentType: 'text/html', CacheControl: 'max-age=1', Metadata: { a: 'b' } })
    const MetadataDirective: MetadataDirective = 'REPLACE'
    const { CopyObjectResult } = await copy('meta', 'meta', { MetadataDirective, CacheControl: 'max-age=2' })
    const after = await head('meta')
    expect(after).toMatchObject({ CacheControl: 'max-age=2', ContentType: 'binary/octet-stream', Metadata: {} })
    expect(CopyObjectResult?.ETag).toBe(after.ETag)
  })

  it('refuses a copy onto itself that changes nothing', async () => {
    await s3.put('same')
    await expect(copy('same', 'same')).rejects.toMatchObject({
      name: 'InvalidRequest',
      message: expect.stringContaining('without changing the object') as unknown,
    })
    expect(await s3.read('same')).toBe('body')
  })

  it('heeds the conditions on the source and on the target', async () => {
    const etag = await s3.put('source')
    await s3.put('target')
    await expect(copy('source', 'target', { CopySourceIfMatch: '"other"' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    })
    await expect(copy('source', 'target', { CopySourceIfNoneMatch: etag })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    })
    await expect(copy('source', 'target', { IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' })
    expect((await copy('source', 'target', { CopySourceIfMatch: etag })).CopyObjectResult?.ETag).toBe(etag)
  })

  it('answers a missing source with NoSuchKey', async () => {
    await expect(copy('missing', 'target')).rejects.toMatchObject({ name: 'NoSuchKey' })
  })
})

describe('DeleteObjects', () => {
  const remove = (Objects: { Key: string; ETag?: string }[], Quiet = false) =>
    s3.client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet } }))

  it('reports per key, and counts a missing key as deleted', async () => {
    await s3.put('d/1')
    await s3.put('d/2 &<>"\'')
    const answer = await remove([{ Key: 'd/1', ETag: '"other"' }, { Key: 'd/2 &<>"\'' }, { Key: 'd/missing' }])
    expect(answer.Deleted).toEqual([{ Key: 'd/2 &<>"\'' }, { Key: 'd/missing' }])
    expect(answer.Errors).toMatchObject([{ Key: 'd/1', Code: 'PreconditionFailed' }])
    expect(await s3.read('d/1')).toBe('body')
  })

  it('names only errors when quiet', async () => {
    await s3.put('d/1')
    const answer = await remove([{ Key: 'd/1' }, { Key: 'd/2', ETag: '"x"' }], true)
    expect(answer.Deleted).toBeUndefined()
    expect(answer.Errors).toHaveLength(1)
  })

  it('takes 1,000 keys and refuses 1,001', async () => {
    const keys = Array.from({ length: 1001 }, (_, i) => ({ Key: `many/&${i}` }))
    expect((await remove(keys.slice(1))).Deleted).toHaveLength(1000)
    await expect(remove(keys)).rejects.toMatchObject({ name: 'MalformedXML' })
  })
})

describe('buckets', () => {
  it('are made, found, listed and removed when empty', async () => {
    const bucket = { Bucket: 'second-site' }
    await s3.client.send(new CreateBucketCommand(bucket))
    expect((await s3.client.send(new HeadBucketCommand(bucket))).BucketRegion).toBe('us-east-1')
    expect((await s3.client.send(new GetBucketLocationCommand(bucket))).LocationConstraint).toBeUndefined()
    const listed = (await s3.client.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name)
    expect(listed).toContain('second-site')

    await s3.put('x', 'x', bucket)
    await expect(s3.client.send(new DeleteBucketCommand(bucket))).rejects.toMatchObject({ name: 'BucketNotEmpty' })
    await s3.client.send(new DeleteObjectCommand({ ...bucket, Key: 'x' }))
    await s3.client.send(new DeleteBucketCommand(bucket))
    await expect(s3.put('x', 'x', bucket)).rejects.toMatchObject({ name: 'NoSuchBucket', BucketName: 'second-site' })
  })

  it('have no website, no policy and no versions', async () => {
    const website = s3.client.send(new GetBucketWebsiteCommand({ Bucket }))
    await expect(website).rejects.toMatchObject({ name: 'NoSuchWebsiteConfiguration' })
    const policy = s3.client.send(new GetBucketPolicyCommand({ Bucket }))
    await expect(policy).rejects.toMatchObject({ name: 'NoSuchBucketPolicy' })
    expect((await s3.client.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined()
  })

  it('are not made with a name that is no bucket name', async () => {
    await expect(s3.emulator.s3.createBucket('My_Site')).rejects.toThrow('The specified bucket is not valid.')
  })
})

function presign(command: PutObjectCommand): Promise<string> {
  return getSignedUrl(s3.client, command)
}
