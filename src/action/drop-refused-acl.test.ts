// What becomes of an upload whose ACL is refused, and of one that is denied for another reason.

import { expect, it } from 'vitest'
import { plannedUpload } from '../../test/fakes/outcomes.ts'
import { memoryBucket } from '../../test/fakes/memory-bucket.ts'
import { accessDenied, aclsNotSupported, type FreshfrontError } from '../errors.ts'
import type { Bucket, PutOptions } from '../ports.ts'
import { dropRefusedAcl } from './drop-refused-acl.ts'

const { file } = plannedUpload('a.html', 'new', 1, 1)

/** A bucket that answers each upload as `refuse` says. */
function bucketWith(refuse: (options: PutOptions) => FreshfrontError | undefined): {
  bucket: Bucket
  sent: PutOptions[]
} {
  const sent: PutOptions[] = []
  const put = (options: PutOptions): Promise<string> => {
    sent.push(options)
    const error = refuse(options)
    return error === undefined ? Promise.resolve('"e"') : Promise.reject(error)
  }
  const bucket = { ...memoryBucket(), putFile: (_: unknown, options: PutOptions) => put(options) }
  return { bucket, sent }
}

it.each([
  ['ACLs are off', aclsNotSupported('site', 'public-read')],
  ['public ACLs are blocked', accessDenied('s3:PutObject', 'site')],
])('goes up without its ACL where %s, and so do all after it, with one warning', async (_, error) => {
  const { bucket, sent } = bucketWith(({ acl }) => (acl === undefined ? undefined : error))
  const warned: string[] = []
  const dropping = dropRefusedAcl(bucket, (acl, reason) => warned.push(`${acl} ${reason.code}`))
  expect(await dropping.putFile(file, { acl: 'public-read' })).toBe('"e"')
  await dropping.putFile(file, { acl: 'public-read' })
  expect(sent).toEqual([{ acl: 'public-read' }, {}, {}])
  expect(warned).toEqual([`public-read ${error.code}`])
})

it('stays denied where that has nothing to do with the ACL, and the next upload still asks for it', async () => {
  const { bucket, sent } = bucketWith(() => accessDenied('s3:PutObject', 'site'))
  const dropping = dropRefusedAcl(bucket, () => expect.unreachable())
  await expect(dropping.putFile(file, { acl: 'public-read' })).rejects.toThrow('may not do s3:PutObject')
  await expect(dropping.putFile(file, { acl: 'public-read' })).rejects.toThrow('may not do s3:PutObject')
  expect(sent).toEqual([{ acl: 'public-read' }, {}, { acl: 'public-read' }, {}])
})
