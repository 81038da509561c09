import { CreateMultipartUploadCommand, ListMultipartUploadsCommand } from '@aws-sdk/client-s3'
import { afterEach, describe, expect, it } from 'vitest'
import { Bucket, type EmulatedS3, startEmulatedS3 } from '../../test/emulated-s3.ts'
import { endUnfinishedUploads, mayNotBeListed } from './unfinished-uploads.ts'

describe('endUnfinishedUploads', () => {
  let s3: EmulatedS3 | undefined
  afterEach(async () => s3?.close())

  it('ends what is abandoned below the prefix, and leaves all other uploads open', async () => {
    s3 = await startEmulatedS3()
    const { client } = s3
    for (const Key of ['blog/a.mp4', 'blog/a.mp4', 'blog/theirs.mp4', 'blog-old/a.mp4']) {
      await client.send(new CreateMultipartUploadCommand({ Bucket, Key }))
    }
    await endUnfinishedUploads(client, { bucket: Bucket, prefix: 'blog/' }, (key) => key.endsWith('a.mp4'))
    const { Uploads } = await client.send(new ListMultipartUploadsCommand({ Bucket }))
    expect(Uploads?.map(({ Key }) => Key)).toEqual(['blog-old/a.mp4', 'blog/theirs.mp4'])
  })
})

describe('mayNotBeListed', () => {
  it.each([
    ['AccessDenied', true],
    ['NotImplemented', true],
    ['InternalError', false],
  ])('%s: %s', (name, expected) => {
    expect(mayNotBeListed(Object.assign(new Error('no'), { name }))).toBe(expected)
  })
})
