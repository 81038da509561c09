// Method and query → the name of the operation, in the S3 API's own words.

import type { Address } from './address.ts'
import { S3Error } from './s3-error.ts'

export type OperationName =
  | 'ListBuckets'
  | 'CreateBucket'
  | 'HeadBucket'
  | 'DeleteBucket'
  | 'GetBucketLocation'
  | 'GetBucketVersioning'
  | 'GetBucketEncryption'
  | 'GetBucketOwnershipControls'
  | 'GetBucketAcl'
  | 'GetPublicAccessBlock'
  | 'PutBucketWebsite'
  | 'GetBucketWebsite'
  | 'DeleteBucketWebsite'
  | 'PutBucketPolicy'
  | 'GetBucketPolicy'
  | 'DeleteBucketPolicy'
  | 'GetBucketTagging'
  | 'GetBucketCors'
  | 'GetBucketLifecycleConfiguration'
  | 'ListObjects'
  | 'ListObjectsV2'
  | 'ListMultipartUploads'
  | 'DeleteObjects'
  | 'PutObject'
  | 'GetObject'
  | 'HeadObject'
  | 'GetObjectTagging'
  | 'GetObjectAcl'
  | 'DeleteObject'
  | 'CopyObject'
  | 'CreateMultipartUpload'
  | 'UploadPart'
  | 'UploadPartCopy'
  | 'CompleteMultipartUpload'
  | 'AbortMultipartUpload'
  | 'ListParts'

/** `METHOD subresource` → operation; no subresource is the plain operation. */
const BUCKET_OPERATIONS: Readonly<Record<string, OperationName>> = {
  'PUT ': 'CreateBucket',
  'HEAD ': 'HeadBucket',
  'DELETE ': 'DeleteBucket',
  'GET ': 'ListObjects',
  'GET list-type': 'ListObjectsV2',
  'GET location': 'GetBucketLocation',
  'GET versioning': 'GetBucketVersioning',
  'GET encryption': 'GetBucketEncryption',
  'GET ownershipControls': 'GetBucketOwnershipControls',
  'GET acl': 'GetBucketAcl',
  'GET publicAccessBlock': 'GetPublicAccessBlock',
  'PUT website': 'PutBucketWebsite',
  'GET website': 'GetBucketWebsite',
  'DELETE website': 'DeleteBucketWebsite',
  'PUT policy': 'PutBucketPolicy',
  'GET policy': 'GetBucketPolicy',
  'DELETE policy': 'DeleteBucketPolicy',
  'GET tagging': 'GetBucketTagging',
  'GET cors': 'GetBucketCors',
  'GET lifecycle': 'GetBucketLifecycleConfiguration',
  'GET uploads': 'ListMultipartUploads',
  'POST delete': 'DeleteObjects',
}

const OBJECT_OPERATIONS: Readonly<Record<string, OperationName>> = {
  'PUT ': 'PutObject',
  'GET ': 'GetObject',
  'HEAD ': 'HeadObject',
  'GET tagging': 'GetObjectTagging',
  'GET acl': 'GetObjectAcl',
  'DELETE ': 'DeleteObject',
  'POST uploads': 'CreateMultipartUpload',
  'PUT uploadId': 'UploadPart',
  'POST uploadId': 'CompleteMultipartUpload',
  'DELETE uploadId': 'AbortMultipartUpload',
  'GET uploadId': 'ListParts',
}

/** Query names that choose an operation; every other name (`x-id`, `prefix`, `v` …) only carries a value. */
const SUBRESOURCES: readonly string[] = [
  ...Object.keys({ ...BUCKET_OPERATIONS, ...OBJECT_OPERATIONS }).map((one) => one.split(' ')[1] ?? ''),
  ...`accelerate analytics annotation attributes intelligent-tiering inventory legal-hold logging
      metadataConfiguration metrics notification object-lock policyStatus renameObject replication requestPayment restore
      retention select session torrent versionId versions`.split(/\s+/),
].filter((name) => name !== '')

/** Throws `NotImplemented` or `MethodNotAllowed` for what the emulator has not got. */
export function detectOperation(
  method: string,
  address: Address,
  headers: Readonly<Record<string, string>>,
): OperationName {
  const { bucket, key, query } = address
  if (bucket === '') {
    if (method === 'GET' && key === '') return 'ListBuckets'
    throw new S3Error('MethodNotAllowed', undefined, { Method: method, ResourceType: 'SERVICE' })
  }
  const subresource = SUBRESOURCES.find((name) => query.has(name)) ?? ''
  const found = (key === '' ? BUCKET_OPERATIONS : OBJECT_OPERATIONS)[`${method} ${subresource}`]
  if (found === undefined || (query.has('partNumber') && found !== 'UploadPart')) {
    const what = subresource === '' ? method : `${method} with ?${subresource}`
    throw new S3Error(
      'NotImplemented',
      `The emulator does not implement ${what} on ${key === '' ? 'a bucket' : 'an object'}.`,
    )
  }
  if (headers['x-amz-copy-source'] === undefined) return found
  if (found === 'PutObject') return 'CopyObject'
  if (found === 'UploadPart') return 'UploadPartCopy'
  throw new S3Error('NotImplemented', `The emulator does not implement x-amz-copy-source with ${found}.`)
}
