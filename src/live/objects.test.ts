import { describe, expect, it } from 'vitest'
import { memoryBucket } from '../../test/fakes/memory-bucket.ts'
import { listLiveObjects, withMetadata } from './objects.ts'

async function bucketWith(...keys: string[]): Promise<ReturnType<typeof memoryBucket>> {
  const bucket = memoryBucket()
  for (const key of keys) await bucket.putDocument(key, Buffer.from(key), 'text/html')
  return bucket
}

describe('listLiveObjects', () => {
  it("lists below the prefix, without Freshfront's own folders, those of nested sites too, and counts requests", async () => {
    const bucket = await bucketWith('blog/.freshfront/a', 'blog/a.html', 'blog/docs/.freshfront/b', 'blog-old/b.html')
    const { objects, listRequests } = await listLiveObjects(bucket, 'blog/', '.freshfront/', () => undefined)
    expect(objects.map(({ key }) => key)).toEqual(['blog/a.html'])
    expect(listRequests).toBe(1)
  })
})

describe('withMetadata', () => {
  it('asks for the named keys alone, and leaves out what has vanished', async () => {
    const bucket = await bucketWith('a.html', 'b.html', 'c.html')
    const { objects } = await listLiveObjects(bucket, '', '.freshfront/', () => undefined)
    bucket.stored.delete('c.html')
    const completed = await withMetadata(bucket, objects, ['a.html', 'c.html'], 4)
    expect(completed.map(({ key, metadata }) => [key, metadata?.contentType])).toEqual([
      ['a.html', 'text/html'],
      ['b.html', undefined],
    ])
  })
})
