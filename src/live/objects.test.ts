import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memoryBucket, type MemoryBucket } from '../../test/fakes/memory-bucket.ts'
import { compareKeys } from '../key-order.ts'
import { MAX_RANGES } from './key-ranges.ts'
import { listLiveObjects, withMetadata, type ListOptions } from './objects.ts'

function bucketWith(...keys: readonly string[]): MemoryBucket {
  const bucket = memoryBucket()
  for (const key of keys) {
    bucket.stored.set(key, { body: Buffer.from(key), etag: `"${key}"`, metadata: { contentType: 'text/html' } })
  }
  return bucket
}

const numbered = (count: number, prefix = ''): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${String(index).padStart(6, '0')}`)

async function list(keys: readonly string[], options: Partial<ListOptions> = {}) {
  const listing = await listLiveObjects(bucketWith(...keys), {
    prefix: '',
    ownFolder: '.freshfront/',
    concurrency: 16,
    onEvent: () => undefined,
    ...options,
  })
  return { ...listing, keys: listing.objects.map(({ key }) => key), own: listing.own.map(({ key }) => key) }
}

describe('listLiveObjects', () => {
  it("lists below the prefix, without Freshfront's own folders, those of nested sites too, and counts requests", async () => {
    const inBucket = ['blog/.freshfront/a', 'blog/a.html', 'blog/docs/.freshfront/b', 'blog-old/b.html']
    const { keys, own, listRequests } = await list(inBucket, { prefix: 'blog/' })
    expect(keys).toEqual(['blog/a.html'])
    expect(own).toEqual(['blog/.freshfront/a'])
    expect(listRequests).toBe(1)
  })

  it.each([
    ['999 objects, all known', 999, 999, 1],
    ['4,000 objects, all known', 4000, 4000, 4],
    ['4,001 objects, all known', 4001, 4001, 5],
    ['25,000 objects, all known, in 7 ranges', 25_000, 25_000, 25],
    ['4,000 objects of which one is not known', 4000, 3999, 5],
    ['an empty bucket where 8,000 objects were', 0, 8000, 8],
  ])('asks of %s', async (_, there, known, requests) => {
    const keys = numbered(there)
    const recorded = numbered(Math.max(there, known)).filter(
      (_key, index) => index !== 500 || there === known || there === 0,
    )
    const listing = await list(keys, { recorded })
    expect(listing.keys).toEqual(keys)
    expect(listing.listRequests).toBe(requests)
  })

  it('splits by the folder what lies behind the first page, where nothing is recorded, and nothing where all fits on it', async () => {
    const keys = numbered(5000)
    expect((await list(keys, { expected: keys })).listRequests).toBe(5)
    expect((await list([], { expected: keys })).listRequests).toBe(1)
    expect((await list(keys.slice(0, 800), { expected: keys })).listRequests).toBe(1)
  })

  it('keeps room for what lies below .freshfront/ on the pages, where that is known', async () => {
    const keys = [...numbered(1997), ...numbered(3, '.freshfront/')]
    expect((await list(keys, { recorded: numbered(1997) })).listRequests).toBe(3)
    expect((await list(keys, { recorded: keys })).listRequests).toBe(2)
  })

  it('lists each key once and in order, whatever was known, within 8 requests more than the pages', async () => {
    const spellings = ['', 'a/', 'é', '\uFF5E', '\u{1F600}', 'b/.freshfront/']
    const some = fc
      .tuple(fc.constantFrom(...spellings), fc.nat(2500), fc.nat(2500))
      .map(([prefix, from, length]) => numbered(from + length, prefix).slice(from))
    const keySets = fc.array(some, { maxLength: 4 }).map((sets) => [...new Set(sets.flat())])
    await fc.assert(
      fc.asyncProperty(
        keySets,
        keySets,
        fc.boolean(),
        fc.integer({ min: 1, max: 12 }),
        async (there, known, isRecorded, concurrency) => {
          const listing = await list(there, {
            ...(isRecorded ? { recorded: known } : { expected: known.toSorted(compareKeys) }),
            concurrency,
          })
          const isOwn = (key: string): boolean => key.includes('.freshfront/')
          expect(listing.keys).toEqual(there.filter((key) => !isOwn(key)).toSorted(compareKeys))
          expect(listing.listRequests).toBeLessThanOrEqual(Math.ceil(there.length / 1000) + MAX_RANGES)
        },
      ),
      { numRuns: 40 },
    )
  })
})

describe('withMetadata', () => {
  it('asks for the named keys alone, and leaves out what has vanished', async () => {
    const bucket = bucketWith('a.html', 'b.html', 'c.html')
    const { objects } = await listLiveObjects(bucket, {
      prefix: '',
      ownFolder: '.freshfront/',
      onEvent: () => undefined,
    })
    bucket.stored.delete('c.html')
    const completed = await withMetadata(bucket, objects, ['a.html', 'c.html'], 4)
    expect(completed.map(({ key, metadata }) => [key, metadata?.contentType])).toEqual([
      ['a.html', 'text/html'],
      ['b.html', undefined],
    ])
  })
})
