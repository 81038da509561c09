// The table: operation → what it does.

import type { OperationName } from './detect.ts'
import type { BucketOperation, ServiceOperation } from './operation.ts'
import { getBucketAcl, getObjectAcl } from './operations/acl.ts'
import {
  answerNotConfigured,
  createBucket,
  deleteBucket,
  getBucketEncryption,
  getBucketLocation,
  getBucketOwnershipControls,
  getBucketVersioning,
  getPublicAccessBlock,
  headBucket,
  listBuckets,
} from './operations/buckets.ts'
import { deleteBucketPolicy, getBucketPolicy, putBucketPolicy } from './operations/bucket-policy.ts'
import { deleteBucketWebsite, getBucketWebsite, putBucketWebsite } from './operations/bucket-website.ts'
import { completeMultipartUpload } from './operations/complete-multipart-upload.ts'
import { copyObject } from './operations/copy.ts'
import { deleteObjects } from './operations/delete-objects.ts'
import { listObjects, listObjectsV2 } from './operations/list-objects.ts'
import {
  abortMultipartUpload,
  createMultipartUpload,
  listMultipartUploads,
  listParts,
  uploadPart,
} from './operations/multipart.ts'
import { deleteObject, getObject, getObjectTagging, headObject, putObject } from './operations/objects.ts'
import { uploadPartCopy } from './operations/upload-part-copy.ts'

/** Operations that need no bucket to be there. */
export const SERVICE_OPERATIONS: Readonly<Record<'ListBuckets' | 'CreateBucket', ServiceOperation>> = {
  ListBuckets: listBuckets,
  CreateBucket: createBucket,
}

export const BUCKET_OPERATIONS: Readonly<
  Record<Exclude<OperationName, 'ListBuckets' | 'CreateBucket'>, BucketOperation>
> = {
  HeadBucket: headBucket,
  DeleteBucket: deleteBucket,
  GetBucketLocation: getBucketLocation,
  GetBucketVersioning: getBucketVersioning,
  GetBucketEncryption: getBucketEncryption,
  GetBucketOwnershipControls: getBucketOwnershipControls,
  GetPublicAccessBlock: getPublicAccessBlock,
  GetBucketAcl: getBucketAcl,
  PutBucketWebsite: putBucketWebsite,
  GetBucketWebsite: getBucketWebsite,
  DeleteBucketWebsite: deleteBucketWebsite,
  PutBucketPolicy: putBucketPolicy,
  GetBucketPolicy: getBucketPolicy,
  DeleteBucketPolicy: deleteBucketPolicy,
  GetBucketTagging: answerNotConfigured('NoSuchTagSet'),
  GetBucketCors: answerNotConfigured('NoSuchCORSConfiguration'),
  GetBucketLifecycleConfiguration: answerNotConfigured('NoSuchLifecycleConfiguration'),
  ListObjects: listObjects,
  ListObjectsV2: listObjectsV2,
  ListMultipartUploads: listMultipartUploads,
  DeleteObjects: deleteObjects,
  PutObject: putObject,
  GetObject: getObject,
  HeadObject: headObject,
  GetObjectTagging: getObjectTagging,
  GetObjectAcl: getObjectAcl,
  DeleteObject: deleteObject,
  CopyObject: copyObject,
  CreateMultipartUpload: createMultipartUpload,
  UploadPart: uploadPart,
  UploadPartCopy: uploadPartCopy,
  CompleteMultipartUpload: completeMultipartUpload,
  AbortMultipartUpload: abortMultipartUpload,
  ListParts: listParts,
}
