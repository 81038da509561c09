// Multipart uploads to the embedded S3, through the official AWS SDK and its upload manager.

import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import type { CompletedPart, CreateMultipartUploadCommandInput } from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EmulatedS3 } from './emulated-s3.ts'
import { Bucket, startEmulatedS3 } from './emulated-s3.ts'

const MIB = 1024 * 1024
const FIVE_MIB = Buffer.alloc(5 * MIB, 'a')
let s3: EmulatedS3

beforeAll(async () => {
  s3 = await startEmulatedS3()
})
afterAll(() => s3.close())

async function begin(Key: string, input: Partial<CreateMultipartUploadCommandInput> = {}) {
  const { UploadId } = await s3.client.send(new CreateMultipartUploadCommand({ Bucket, Key, ...input }))
  const target = { Bucket, Key, UploadId }
  return {
    UploadId,
    async send(PartNumber: number, Body: Buffer | string): Promise<CompletedPart> {
      const answer = await s3.client.send(new UploadPartCommand({ ...target, PartNumber, Body }))
      return { PartNumber, ETag: answer.ETag, ChecksumCRC32: answer.ChecksumCRC32 }
    },
    complete: (Parts: CompletedPart[], more: object = {}) =>
      s3.client.send(new CompleteMultipartUploadCommand({ ...target, MultipartUpload: { Parts }, ...more })),
    abort: () => s3.client.send(new AbortMultipartUploadCommand(target)),
    parts: (more: object = {}) => s3.client.send(new ListPartsCommand({ ...target, ...more })),
  }
}

describe('multipart uploads', () => {
  it('make one object of their parts, with the metadata they began with', async () => {
    const Body = Buffer.concat([FIVE_MIB, Buffer.alloc(5 * MIB, 'b'), Buffer.from('end')])
    const params = { Bucket, Key: 'large', Body, ContentType: 'video/mp4', CacheControl: 'max-age=9' }
    await new Upload({ client: s3.client, params, partSize: 5 * MIB, queueSize: 2 }).done()

    expect(
      await s3.client.send(new HeadObjectCommand({ Bucket, Key: 'large', ChecksumMode: 'ENABLED' })),
    ).toMatchObject({
      ContentLength: 10 * MIB + 3,
      ContentType: 'video/mp4',
      CacheControl: 'max-age=9',
      ETag: '"664acfbb935a00cf57c9f91ad983b354-3"',
      ChecksumType: 'COMPOSITE',
      ChecksumCRC32: expect.stringMatching(/^[\w+/]{6}==-3$/) as unknown,
    })
    expect(await s3.read('large', { Range: `bytes=${5 * MIB - 1}-${5 * MIB}` })).toBe('ab')
    expect(await s3.read('large', { Range: 'bytes=-4' })).toBe('bend')
  })

  it('carry a checksum over the whole object when asked, and it is checked', async () => {
    const upload = await begin('full', { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' })
    const parts = [await upload.send(1, '123456789')]
    await expect(upload.complete(parts, { ChecksumCRC32: 'AAAAAA==' })).rejects.toMatchObject({ name: 'BadDigest' })
    expect(await upload.complete(parts, { ChecksumCRC32: 'y/Q5Jg==' })).toMatchObject({
      ChecksumCRC32: 'y/Q5Jg==',
      ChecksumType: 'FULL_OBJECT',
    })
  })

  it('refuse parts out of order, unknown parts, wrong ETags and small parts before the last', async () => {
    const upload = await begin('refused', { ChecksumAlgorithm: 'CRC32' })
    const [one, two] = [await upload.send(1, 'small'), await upload.send(2, 'smaller')]
    await expect(upload.complete([two, one])).rejects.toMatchObject({ name: 'InvalidPartOrder' })
    await expect(upload.complete([one, { ...two, PartNumber: 3 }])).rejects.toMatchObject({ name: 'InvalidPart' })
    await expect(upload.complete([{ ...one, ETag: '"x"' }])).rejects.toMatchObject({ name: 'InvalidPart' })
    await expect(upload.complete([one, two])).rejects.toMatchObject({ name: 'EntityTooSmall' })
    expect(await upload.complete([two])).toMatchObject({ ETag: expect.stringMatching(/-1"$/) as unknown })
  })

  it('take the last of two parts of the same number', async () => {
    const upload = await begin('twice')
    await upload.send(1, 'first')
    await upload.complete([await upload.send(1, 'second')])
    expect(await s3.read('twice')).toBe('second')
  })

  it('heed conditions when they complete', async () => {
    await s3.put('exists')
    const upload = await begin('exists')
    const parts = [await upload.send(1, 'x')]
    await expect(upload.complete(parts, { IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' })
    expect(await s3.read('exists')).toBe('body')
  })

  it('answer again when the client asks again to complete', async () => {
    const upload = await begin('again')
    const parts = [await upload.send(1, 'x')]
    const [first, second] = await Promise.all([upload.complete(parts), upload.complete(parts)])
    expect(second.ETag).toBe(first.ETag)
  })

  it('are gone when aborted', async () => {
    const upload = await begin('aborted')
    await upload.send(1, 'x')
    await upload.abort()
    await expect(upload.send(2, 'y')).rejects.toMatchObject({ name: 'NoSuchUpload' })
    await expect(upload.abort()).rejects.toMatchObject({ name: 'NoSuchUpload' })
  })

  it('list their parts in pages', async () => {
    const upload = await begin('listed')
    for (const number of [3, 1, 2]) await upload.send(number, `part ${number}`)
    const first = await upload.parts({ MaxParts: 2 })
    expect(first.Parts?.map(({ PartNumber }) => PartNumber)).toEqual([1, 2])
    expect(first).toMatchObject({ IsTruncated: true, NextPartNumberMarker: '2' })
    const second = await upload.parts({ PartNumberMarker: first.NextPartNumberMarker })
    expect(second.Parts).toMatchObject([{ PartNumber: 3, Size: 6 }])
  })

  it('are listed while unfinished, and no object is seen of them', async () => {
    const { UploadId } = await begin('unfinished/1')
    const { Uploads } = await s3.client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'unfinished/' }))
    expect(Uploads).toMatchObject([{ Key: 'unfinished/1', UploadId }])
    await expect(s3.read('unfinished/1')).rejects.toMatchObject({ name: 'NoSuchKey' })
  })
})
