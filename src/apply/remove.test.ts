import { describe, expect, it } from 'vitest'
import { memoryBucket } from '../../test/fakes/memory-bucket.ts'
import { accessDenied, lockLost } from '../errors.ts'
import type { OnEvent, PlannedRemoval } from '../model.ts'
import type { DeleteFailure } from '../ports.ts'
import { removeObjects } from './remove.ts'

const removals = ['a.html', 'b.html'].map((key): PlannedRemoval => ({ key, reason: 'no longer in the site' }))
const quiet = { onEvent: (): void => undefined, signal: undefined }

describe('removeObjects', () => {
  it('reports what S3 refused key by key, and counts the rest as removed', async () => {
    const refused = { key: 'b.html', code: 'AccessDenied', message: 'Access Denied' }
    const bucket = { ...memoryBucket(), deleteObjects: async () => [refused] }
    expect(await removeObjects(removals, bucket, quiet)).toEqual({
      removed: ['a.html'],
      failures: [{ what: 'remove b.html', code: 'AccessDenied', message: 'Access Denied' }],
    })
  })

  it('keeps a failure of the whole request as one', async () => {
    const deleteObjects = async (): Promise<never> => {
      throw accessDenied('s3:DeleteObject', 'arn:aws:s3:::site')
    }
    const { removed, failures } = await removeObjects(removals, { ...memoryBucket(), deleteObjects }, quiet)
    expect(removed).toEqual([])
    expect(failures).toMatchObject([{ what: 'remove 2 objects', code: 'ACCESS_DENIED' }])
  })

  it('leaves later waves where they are when a page could not be removed', async () => {
    const sent: (readonly string[])[] = []
    const deleteObjects = async (
      keys: readonly string[],
    ): Promise<{ key: string; code: string; message: string }[]> => {
      sent.push(keys)
      return [{ key: 'a.html', code: 'AccessDenied', message: 'Access Denied' }]
    }
    const waves = ['a.html', 'a.css'].map((key, index): PlannedRemoval => {
      return { key, reason: 'no longer in the site', wave: index + 1 }
    })
    const { removed } = await removeObjects(waves, { ...memoryBucket(), deleteObjects }, quiet)
    expect([removed, sent]).toEqual([[], [['a.html']]])
  })

  it('sends nothing for nothing', async () => {
    const deleteObjects = async (): Promise<never> => {
      throw new Error('must not be called')
    }
    expect(await removeObjects([], { ...memoryBucket(), deleteObjects }, quiet)).toEqual({ removed: [], failures: [] })
  })

  it('leaves later waves where they are once it was stopped', async () => {
    const waves = removals.map((removal, index): PlannedRemoval => ({ ...removal, wave: index + 1 }))
    const stopping = new AbortController()
    const onEvent = (): void => stopping.abort()
    const result = await removeObjects(waves, memoryBucket(), { onEvent, signal: stopping.signal })
    expect(result).toEqual({ removed: ['a.html'], failures: [] })
  })

  it('sends no further thousand once its lock is lost, and knows what is removed', async () => {
    const many = Array.from({ length: 2500 }, (_, index): PlannedRemoval => {
      return { key: String(index).padStart(4, '0'), reason: 'no longer in the site' }
    })
    const sent: number[] = []
    const done: number[] = []
    let isLost = false
    const bucket = {
      ...memoryBucket(),
      deleteObjects: async (keys: readonly string[]) => {
        isLost = sent.push(keys.length) === 2
        return []
      },
    }
    const confirm = async (): Promise<void> => {
      if (isLost) throw lockLost('it was taken')
    }
    const onEvent: OnEvent = (event) => void (event.kind === 'removed' && done.push(event.done))
    const result = await removeObjects(many, bucket, { onEvent, signal: undefined, confirm })
    expect([sent, done, result.failures]).toEqual([[1000, 1000], [1000, 2000], []])
    expect([result.removed.length, result.removed.at(-1)]).toEqual([2000, '1999'])
  })

  it('goes on with the rest of a wave where S3 refuses a key, and stops where a whole request fails', async () => {
    const many = Array.from({ length: 2500 }, (_, index): PlannedRemoval => {
      return { key: String(index), reason: 'no longer in the site' }
    })
    const refusing = async (keys: readonly string[]): Promise<DeleteFailure[]> =>
      keys.includes('7') ? [{ key: '7', code: 'AccessDenied', message: 'Access Denied' }] : []
    const refused = await removeObjects(many, { ...memoryBucket(), deleteObjects: refusing }, quiet)
    expect([refused.removed.length, refused.failures.map(({ what }) => what)]).toEqual([2499, ['remove 7']])
    let asked = 0
    const failing = async (): Promise<never> => {
      asked += 1
      throw accessDenied('s3:DeleteObject', 'arn:aws:s3:::site')
    }
    const failed = await removeObjects(many, { ...memoryBucket(), deleteObjects: failing }, quiet)
    expect([asked, failed.removed, failed.failures.map(({ what }) => what)]).toEqual([1, [], ['remove 1000 objects']])
  })
})
