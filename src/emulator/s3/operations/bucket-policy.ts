// PutBucketPolicy, GetBucketPolicy, DeleteBucketPolicy. Of a policy only what denies reading is heeded (`read-denied.ts`):
// who else may read is `publicRead` and `listableByCloudFront`.
// Facts: S3 API reference, "PutBucketPolicy"; S3 user guide, "Bucket policies for Amazon S3".

import { readBody } from '../../http-message.ts'
import type { BucketOperation } from '../operation.ts'
import { commonHeaders, emptyResponse } from '../operation.ts'
import { checkWholeBody } from '../receive-body.ts'
import { S3Error } from '../s3-error.ts'

/** @see S3 user guide, "Bucket policies for Amazon S3": bucket policies are limited to 20 KB in size. */
const MAX_POLICY_BYTES = 20 * 1024

export const putBucketPolicy: BucketOperation = async (request) => {
  const { store, bucket } = request
  const bytes = await readBody(request.body)
  checkWholeBody(request, bytes)
  if (bytes.length > MAX_POLICY_BYTES) throw new S3Error('PolicyTooLarge')
  const policy = bytes.toString('utf8')
  checkPolicy(policy)
  await store.saveBucket({ ...bucket.record, policy })
  return emptyResponse(204)
}

export const getBucketPolicy: BucketOperation = async ({ bucket, bucketName }) => {
  const { policy } = bucket.record
  if (policy === undefined) throw new S3Error('NoSuchBucketPolicy', undefined, { BucketName: bucketName })
  const headers = { ...commonHeaders(), 'Content-Type': 'application/json' }
  return { status: 200, headers, body: Buffer.from(policy) }
}

/** Also where there is none. */
export const deleteBucketPolicy: BucketOperation = async ({ store, bucket }) => {
  const { policy: _, ...record } = bucket.record
  await store.saveBucket(record)
  return emptyResponse(204)
}

function checkPolicy(policy: string): void {
  const document = policy.startsWith('{') ? parseJson(policy) : undefined
  if (document === undefined) throw new S3Error('MalformedPolicy')
  if (!Object.hasOwn(document, 'Statement')) throw new S3Error('MalformedPolicy', 'Missing required field Statement')
}

function parseJson(text: string): object | undefined {
  try {
    return JSON.parse(text) as object
  } catch {
    return undefined
  }
}
