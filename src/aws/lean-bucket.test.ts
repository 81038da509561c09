import { describe, expect, it } from 'vitest'
import { memoryBucket } from '../../test/fakes/memory-bucket.ts'
import { siteFile } from '../../test/fakes/nouns.ts'
import { lockLost } from '../errors.ts'
import type { Bucket } from '../ports.ts'
import type { LeanObjects } from './lean-objects.ts'
import { leanBucket } from './lean-bucket.ts'
import type { S3Access } from './s3-access.ts'
import { s3Deletes } from './s3-deletes.ts'

/** A short way on which nothing comes back. */
const silent = (): Promise<undefined> => Promise.resolve(undefined)
const lean: LeanObjects = {
  listPage: silent,
  head: silent,
  get: silent,
  put: silent,
  putFile: silent,
  copy: silent,
  delete: silent,
  deleteMany: silent,
}

describe('what begins anew through the SDK', () => {
  it('asks first whether it still may write: a copy took its time to be given up', async () => {
    let asked = 0
    const sdk = async (): Promise<ReturnType<typeof memoryBucket>> => ({
      ...memoryBucket(),
      copyObject: async () => ((asked += 1), '"copied"'),
    })
    const bucket = leanBucket({ name: 'site', store: 'AWS', lean, sdk })
    const copy = (confirm: () => Promise<void>): Promise<string> =>
      bucket.copyObject(siteFile('new.png'), { key: 'old.png', etag: '"live"' }, { confirm })
    await expect(copy(() => Promise.reject(lockLost('it was taken')))).rejects.toMatchObject({ code: 'LOCK_LOST' })
    expect(asked).toBe(0)
    expect(await copy(async () => undefined)).toBe('"copied"')
  })

  it('hands the question on: of what the SDK deletes one by one each request asks', async () => {
    const sent: string[] = []
    const s3 = { send: async ({ input }: { input: { Key: string } }) => (sent.push(input.Key), {}) }
    const asking = <T>(_action: string, task: () => Promise<T>): Promise<T> => task()
    const sdk = async (): Promise<Bucket> => ({
      ...memoryBucket(),
      deleteObjects: s3Deletes({ s3, name: 'site', asking } as unknown as S3Access),
    })
    const bucket = leanBucket({ name: 'site', store: 'AWS', lean, sdk })
    const confirm = async (): Promise<void> => {
      if (sent.length === 2) throw lockLost('it was taken')
    }
    const keys = ['a\u0001', 'b\u0001', 'c\u0001']
    await expect(bucket.deleteObjects(keys, { confirm })).rejects.toMatchObject({ code: 'LOCK_LOST' })
    expect(sent).toEqual(['a\u0001', 'b\u0001'])
  })
})
