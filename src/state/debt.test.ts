import { describe, expect, it } from 'vitest'
import { memoryBucket } from '../../test/fakes/memory-bucket.ts'
import { clearDebt, readDebt, writeDebt } from './debt.ts'

describe('debt', () => {
  it('stays in the bucket from being written to being cleared', async () => {
    const bucket = memoryBucket()
    const debt = { formatVersion: 1 as const, release: 'r1', keys: ['index.html', 'a b.html'] }
    expect(await readDebt(bucket, '')).toBeUndefined()
    await writeDebt(bucket, '', debt)
    expect(bucket.stored.has('.freshfront/pending.json')).toBe(true)
    expect(await readDebt(bucket, '')).toEqual(debt)
    await clearDebt(bucket, '')
    expect(await readDebt(bucket, '')).toBeUndefined()
  })

  it('is not taken for paid when the object cannot be cleared', async () => {
    const refused = { key: '.freshfront/pending.json', code: 'AccessDenied', message: 'Access Denied' }
    const bucket = { ...memoryBucket(), deleteObjects: async () => [refused] }
    await expect(clearDebt(bucket, '')).rejects.toMatchObject({ code: 'SERVICE_FAILED' })
  })
})
