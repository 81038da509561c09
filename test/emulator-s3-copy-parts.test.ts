// Multipart uploads to the embedded S3 whose parts are copied from objects, through the official AWS SDK.

import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3'
import type { UploadPartCopyCommandInput } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EmulatedS3 } from './emulated-s3.ts'
import { Bucket, startEmulatedS3 } from './emulated-s3.ts'

const MIB = 1024 * 1024
let s3: EmulatedS3

beforeAll(async () => {
  s3 = await startEmulatedS3()
  await s3.put('a b/ü', Buffer.concat([Buffer.alloc(5 * MIB, 'a'), Buffer.from('bcd')]))
})
afterAll(() => s3.close())

const CopySource = `${Bucket}/a%20b/%C3%BC`

async function begin(Key: string, more: object = {}) {
  const { UploadId } = await s3.client.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }))
  const copy = async (PartNumber: number, input: Partial<UploadPartCopyCommandInput> = {}) => {
    const target = { Bucket, Key, UploadId, PartNumber, CopySource }
    const { CopyPartResult } = await s3.client.send(new UploadPartCopyCommand({ ...target, ...input }))
    return { ...CopyPartResult, PartNumber }
  }
  const complete = (Parts: object[]) =>
    s3.client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }))
  return { copy, complete }
}

describe('UploadPartCopy', () => {
  it('makes parts of ranges, and the object is the source again', async () => {
    const upload = await begin('copy', { ContentType: 'text/plain' })
    const first = await upload.copy(1, { CopySourceRange: `bytes=0-${5 * MIB - 1}` })
    const second = await upload.copy(2, { CopySourceRange: `bytes=${5 * MIB}-${5 * MIB + 2}` })
    expect(second).toMatchObject({ ETag: '"d4b7c284882ca9e208bb65e8abd5f4c8"', LastModified: expect.any(Date) as Date })
    await upload.complete([first, second].map(({ ETag, PartNumber }) => ({ ETag, PartNumber })))
    expect(await s3.client.send(new HeadObjectCommand({ Bucket, Key: 'copy' }))).toMatchObject({
      ContentLength: 5 * MIB + 3,
      ContentType: 'text/plain',
    })
    expect(await s3.read('copy', { Range: 'bytes=-4' })).toBe('abcd')
  })

  it('takes a whole object as the only part, also an empty one', async () => {
    await s3.put('empty', Buffer.alloc(0))
    const upload = await begin('copy of nothing', { ChecksumAlgorithm: 'SHA256' })
    const part = await upload.copy(1, { CopySource: `${Bucket}/empty` })
    expect(part.ChecksumSHA256).toBe('47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=')
    await upload.complete([part])
    expect(await s3.read('copy of nothing')).toBe('')
  })

  it.each([
    ['a range outside the source', { CopySourceRange: `bytes=0-${5 * MIB + 3}` }, 'InvalidArgument'],
    ['a range without an end', { CopySourceRange: 'bytes=5-' }, 'InvalidArgument'],
    ['a missing source', { CopySource: `${Bucket}/missing` }, 'NoSuchKey'],
    ['a changed source', { CopySourceIfMatch: '"other"' }, 'PreconditionFailed'],
    ['an unknown upload', { UploadId: 'unknown' }, 'NoSuchUpload'],
    ['part number 0', { PartNumber: 0 }, 'InvalidArgument'],
  ])('refuses %s', async (_, input, name) => {
    const upload = await begin('refused')
    await expect(upload.copy(1, input)).rejects.toMatchObject({ name })
  })
})

describe('GetObjectTagging', () => {
  it('finds no tags on any object, and NoSuchKey where there is none', async () => {
    const tagging = (Key: string) => s3.client.send(new GetObjectTaggingCommand({ Bucket, Key }))
    expect((await tagging('a b/ü')).TagSet).toEqual([])
    await expect(tagging('missing')).rejects.toMatchObject({ name: 'NoSuchKey' })
  })
})
