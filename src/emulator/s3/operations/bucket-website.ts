// PutBucketWebsite, GetBucketWebsite, DeleteBucketWebsite.

import { readBody } from '../../http-message.ts'
import type { BucketOperation } from '../operation.ts'
import { emptyResponse, xmlResponse } from '../operation.ts'
import { checkWholeBody } from '../receive-body.ts'
import { S3Error } from '../s3-error.ts'
import { WEBSITE_ROOT, describeWebsite, readWebsiteDocument } from '../website/document.ts'

/** @see S3 API reference, "PutBucketWebsite": the maximum request length is limited to 128 KB. */
const MAX_DOCUMENT_BYTES = 128 * 1024

export const putBucketWebsite: BucketOperation = async (request) => {
  const { store, bucket } = request
  const bytes = await readBody(request.body)
  if (bytes.length > MAX_DOCUMENT_BYTES) throw new S3Error('MaxMessageLengthExceeded')
  checkWholeBody(request, bytes)
  const website = readWebsiteDocument(bytes)
  await store.saveBucket({ ...bucket.record, website })
  return emptyResponse(200)
}

export const getBucketWebsite: BucketOperation = async ({ bucket, bucketName }) => {
  const { website } = bucket.record
  if (website === undefined) throw new S3Error('NoSuchWebsiteConfiguration', undefined, { BucketName: bucketName })
  return xmlResponse(WEBSITE_ROOT, describeWebsite(website))
}

/** Also where there is none. */
export const deleteBucketWebsite: BucketOperation = async ({ store, bucket }) => {
  const { website: _, ...record } = bucket.record
  await store.saveBucket(record)
  return emptyResponse(204)
}
