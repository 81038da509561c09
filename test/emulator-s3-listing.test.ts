// How the embedded S3 lists, seen through the official AWS SDK.

import type { ListObjectsV2CommandInput } from '@aws-sdk/client-s3'
import { ListObjectsCommand, ListObjectsV2Command, paginateListObjectsV2 } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EmulatedS3 } from './emulated-s3.ts'
import { Bucket, startEmulatedS3 } from './emulated-s3.ts'

let s3: EmulatedS3

// In the order of their UTF-8 bytes; UTF-16 would put the emoji before U+FF5E.
const KEYS = [
  '404.html',
  'A',
  'a',
  'blog!',
  'blog-old/x',
  'blog/',
  'blog/1',
  'blog/2/a',
  'blog/2/b',
  'é',
  '\uff5e',
  '😀',
]

beforeAll(async () => {
  s3 = await startEmulatedS3()
  for (const key of KEYS.toReversed()) await s3.put(key, key)
})
afterAll(() => s3.close())

const list = (input: Partial<ListObjectsV2CommandInput> = {}) =>
  s3.client.send(new ListObjectsV2Command({ Bucket, ...input }))
const keysOf = async (input: Partial<ListObjectsV2CommandInput> = {}) =>
  (await list(input)).Contents?.map(({ Key }) => Key)

describe('ListObjectsV2', () => {
  it.each([1, 2, 5, 1000])('lists keys in UTF-8 byte order across pages of %i', async (pageSize) => {
    const listed: (string | undefined)[] = []
    for await (const page of paginateListObjectsV2({ client: s3.client, pageSize }, { Bucket })) {
      listed.push(...(page.Contents ?? []).map(({ Key }) => Key))
    }
    expect(listed).toEqual(KEYS)
  })

  it('tells key, size, ETag, time, storage class and which checksum, but no metadata', async () => {
    const { Contents } = await list({ Prefix: 'blog/1' })
    expect(Contents).toEqual([
      {
        Key: 'blog/1',
        Size: 6,
        ETag: '"1e45d778bfd7655d6b8b7609460d310e"',
        LastModified: expect.any(Date) as unknown,
        StorageClass: 'STANDARD',
        ChecksumAlgorithm: ['CRC32'],
        ChecksumType: 'FULL_OBJECT',
      },
    ])
  })

  it('lists below a prefix and nothing beside it', async () => {
    expect(await keysOf({ Prefix: 'blog/' })).toEqual(['blog/', 'blog/1', 'blog/2/a', 'blog/2/b'])
    expect(await keysOf({ Prefix: 'nothing' })).toBeUndefined()
  })

  it('folds at a delimiter, and a page counts folders and keys together', async () => {
    const first = await list({ Delimiter: '/', MaxKeys: 5 })
    expect(first.Contents?.map(({ Key }) => Key)).toEqual(['404.html', 'A', 'a', 'blog!'])
    expect(first.CommonPrefixes).toEqual([{ Prefix: 'blog-old/' }])
    expect(first).toMatchObject({ KeyCount: 5, IsTruncated: true })

    const second = await list({ Delimiter: '/', ContinuationToken: first.NextContinuationToken })
    expect(second.CommonPrefixes).toEqual([{ Prefix: 'blog/' }])
    expect(second.Contents?.map(({ Key }) => Key)).toEqual(['é', '\uff5e', '😀'])
    expect(second).toMatchObject({ KeyCount: 4, IsTruncated: false })
  })

  it('does not list a folder again on the page after it', async () => {
    const folders: (string | undefined)[] = []
    const request = { Bucket, Delimiter: '/', Prefix: 'blog' }
    for await (const page of paginateListObjectsV2({ client: s3.client, pageSize: 1 }, request)) {
      folders.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix))
    }
    expect(folders).toEqual(['blog-old/', 'blog/'])
  })

  it('starts after a key, whether it exists or not', async () => {
    expect(await keysOf({ StartAfter: 'blog/2/b' })).toEqual(['é', '\uff5e', '😀'])
    expect(await keysOf({ StartAfter: 'blog/2/aa', MaxKeys: 1 })).toEqual(['blog/2/b'])
  })

  it('lists nothing for max-keys 0, and refuses a negative one', async () => {
    expect(await list({ MaxKeys: 0 })).toMatchObject({ KeyCount: 0, IsTruncated: false })
    await expect(list({ MaxKeys: -1 })).rejects.toMatchObject({ name: 'InvalidArgument' })
  })

  it('never gives more than 1,000 keys at once', async () => {
    expect(await list({ MaxKeys: 5000 })).toMatchObject({ MaxKeys: 1000 })
  })

  it('encodes keys on demand, a space as plus', async () => {
    await s3.put('z/ü +.html')
    const listed = await list({ Prefix: 'z/', EncodingType: 'url' })
    expect(listed.Contents?.map(({ Key }) => Key)).toEqual(['z/%C3%BC+%2B.html'])
    expect(await keysOf({ Prefix: 'z/' })).toEqual(['z/ü +.html'])
  })

  it('names the owner on demand', async () => {
    expect((await list({ MaxKeys: 1 })).Contents?.[0]?.Owner).toBeUndefined()
    expect((await list({ MaxKeys: 1, FetchOwner: true })).Contents?.[0]?.Owner?.ID).toMatch(/^[0-9a-f]{64}$/)
  })

  it('refuses a continuation token that it never gave', async () => {
    await expect(list({ ContinuationToken: 'made up' })).rejects.toMatchObject({ name: 'InvalidArgument' })
  })

  it('shows a write and a delete at once', async () => {
    const before = (await list()).KeyCount ?? 0
    await s3.put('just-written')
    expect((await list()).KeyCount).toBe(before + 1)
  })
})

describe('ListObjects', () => {
  it('goes on behind a marker, and names the next one when it folds', async () => {
    const page = await s3.client.send(new ListObjectsCommand({ Bucket, Delimiter: '/', Marker: 'a', MaxKeys: 2 }))
    expect(page.Contents?.map(({ Key }) => Key)).toEqual(['blog!'])
    expect(page).toMatchObject({
      CommonPrefixes: [{ Prefix: 'blog-old/' }],
      NextMarker: 'blog-old/',
      IsTruncated: true,
    })

    const next = await s3.client.send(
      new ListObjectsCommand({ Bucket, Delimiter: '/', Marker: 'blog-old/', MaxKeys: 1 }),
    )
    expect(next.CommonPrefixes).toEqual([{ Prefix: 'blog/' }])
  })
})
