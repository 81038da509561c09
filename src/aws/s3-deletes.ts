// Bucket.deleteObjects over S3: a thousand at a time, each failure kept, and nothing more once it may no longer be.

import { DeleteObjectCommand, DeleteObjectsCommand } from '@aws-sdk/client-s3'
import type { Key } from '../model.ts'
import type { Bucket, DeleteFailure } from '../ports.ts'
import { FreshfrontError } from '../errors.ts'
import { awsErrorCode } from './aws-errors.ts'
import type { S3Access } from './s3-access.ts'

/** @see Amazon S3 API Reference, DeleteObjects */
const MAX_KEYS_PER_DELETE = 1000
/** Characters that XML 1.0 cannot carry: such keys are deleted one by one. */
const NOT_IN_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/u

export function s3Deletes({ s3, name, asking }: S3Access): Bucket['deleteObjects'] {
  return async (keys, { confirm } = {}) => {
    const failures: DeleteFailure[] = []
    const bulk = keys.filter((key) => !NOT_IN_XML.test(key))
    const single = keys.filter((key) => NOT_IN_XML.test(key) || bulk.length === 1)
    for (let start = 0; start < bulk.length && bulk.length > 1; start += MAX_KEYS_PER_DELETE) {
      await confirm?.()
      failures.push(...(await deleteMany(bulk.slice(start, start + MAX_KEYS_PER_DELETE))))
    }
    for (const key of single) {
      await confirm?.()
      failures.push(...(await deleteOne(key)))
    }
    return failures
  }

  async function deleteMany(keys: readonly Key[]): Promise<DeleteFailure[]> {
    const errors = await asking('DeleteObjects', async () => {
      const Objects = keys.map((Key) => ({ Key }))
      const answer = await s3.send(new DeleteObjectsCommand({ Bucket: name, Delete: { Objects, Quiet: true } }))
      return answer.Errors ?? []
    })
    return errors.map(({ Key, Code, Message }) => ({
      key: Key ?? '',
      code: Code ?? 'Unknown',
      message: Message ?? 'S3 gave no reason',
    }))
  }

  async function deleteOne(key: Key): Promise<DeleteFailure[]> {
    try {
      await asking('DeleteObject', () => s3.send(new DeleteObjectCommand({ Bucket: name, Key: key })), { key })
      return []
    } catch (error) {
      if (!(error instanceof FreshfrontError)) throw error
      return [{ key, code: awsErrorCode(error.cause), message: error.message }]
    }
  }
}
