import { describe, expect, it } from 'vitest'
import { memoryBucket } from '../../test/fakes/memory-bucket.ts'
import { accessDenied } from '../errors.ts'
import type { PlannedRemoval } from '../model.ts'
import { removeObjects } from './remove.ts'

const removals = ['a.html', 'b.html'].map((key): PlannedRemoval => ({ key, reason: 'no longer in the site' }))
const ignore = (): void => undefined

describe('removeObjects', () => {
  it('reports what S3 refused key by key, and counts the rest as removed', async () => {
    const refused = { key: 'b.html', code: 'AccessDenied', message: 'Access Denied' }
    const bucket = { ...memoryBucket(), deleteObjects: async () => [refused] }
    expect(await removeObjects(removals, bucket, ignore)).toEqual({
      removed: ['a.html'],
      failures: [{ what: 'remove b.html', code: 'AccessDenied', message: 'Access Denied' }],
    })
  })

  it('keeps a failure of the whole request as one', async () => {
    const deleteObjects = async (): Promise<never> => {
      throw accessDenied('s3:DeleteObject', 'arn:aws:s3:::site')
    }
    const { removed, failures } = await removeObjects(removals, { ...memoryBucket(), deleteObjects }, ignore)
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
    const { removed } = await removeObjects(waves, { ...memoryBucket(), deleteObjects }, ignore)
    expect([removed, sent]).toEqual([[], [['a.html']]])
  })

  it('sends nothing for nothing', async () => {
    const deleteObjects = async (): Promise<never> => {
      throw new Error('must not be called')
    }
    expect(await removeObjects([], { ...memoryBucket(), deleteObjects }, ignore)).toEqual({ removed: [], failures: [] })
  })

  it('leaves later waves where they are once its lock cannot be confirmed', async () => {
    const waves = removals.map((removal, index): PlannedRemoval => ({ ...removal, wave: index + 1 }))
    let asked = 0
    const result = await removeObjects(waves, memoryBucket(), ignore, async () => (asked += 1) === 1)
    expect(result).toEqual({ removed: ['a.html'], failures: [] })
  })
})
