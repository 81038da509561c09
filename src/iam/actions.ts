// Every request that aws/ sends, with the IAM action that allows it: policies are made from this table, and a test holds it against the
// SDK commands that aws/ imports, so that neither can go stale. Pure.

/** What a statement's resource is. `any`: actions that IAM cannot restrict to one. */
export type ActionResource =
  | 'bucket'
  | 'objects'
  | 'any'
  | 'distribution'
  | 'distribution-tenant'
  | 'cache-policy'
  | 'function'

/** Who needs it: every deploy, or one with that setting, or `freshfront doctor` alone. */
export type ActionNeed = 'deploy' | 'acl' | 'count-account' | 'tenants' | 'doctor'

export interface CalledAction {
  readonly action: string
  /** Names of the SDK's commands, without `Command`. */
  readonly commands: readonly string[]
  readonly resource: ActionResource
  readonly need: ActionNeed
}

/** @see Service Authorization Reference, "Amazon S3" and "Amazon CloudFront" (read 2026-11-23) */
export const CALLED_ACTIONS: readonly CalledAction[] = [
  s3('ListBucket', 'bucket', ['ListObjectsV2', 'HeadBucket']),
  s3('ListBucketMultipartUploads', 'bucket', ['ListMultipartUploads']),
  s3('GetBucketWebsite', 'bucket', ['GetBucketWebsite']),
  // A conditional PutObject or DeleteObject needs GetObject too, and so does the source of a copy.
  s3('GetObject', 'objects', ['GetObject', 'HeadObject', 'CopyObject']),
  s3('PutObject', 'objects', [
    'PutObject',
    'CopyObject',
    'CreateMultipartUpload',
    'UploadPart',
    'CompleteMultipartUpload',
  ]),
  s3('DeleteObject', 'objects', ['DeleteObject', 'DeleteObjects']),
  s3('AbortMultipartUpload', 'objects', ['AbortMultipartUpload']),
  s3('PutObjectAcl', 'objects', ['PutObject', 'CopyObject', 'CreateMultipartUpload'], 'acl'),

  cloudFront('ListDistributions', 'any'),
  cloudFront('GetDistribution', 'distribution'),
  cloudFront('CreateInvalidation', 'distribution'),
  cloudFront('GetInvalidation', 'distribution'),
  cloudFront('GetCachePolicy', 'cache-policy'),
  cloudFront('GetFunction', 'function'),
  cloudFront('ListInvalidations', 'distribution', 'count-account'),
  cloudFront('ListInvalidationsForDistributionTenant', 'distribution-tenant', 'count-account'),
  cloudFront('ListDistributionTenants', 'any', 'tenants'),
  cloudFront('GetDistributionTenant', 'distribution-tenant', 'tenants'),
  cloudFront('CreateInvalidationForDistributionTenant', 'distribution-tenant', 'tenants'),
  cloudFront('GetInvalidationForDistributionTenant', 'distribution-tenant', 'tenants'),

  s3('GetBucketPolicy', 'bucket', ['GetBucketPolicy'], 'doctor'),
  s3('GetBucketPublicAccessBlock', 'bucket', ['GetPublicAccessBlock'], 'doctor'),
  s3('GetBucketOwnershipControls', 'bucket', ['GetBucketOwnershipControls'], 'doctor'),
  s3('GetBucketAcl', 'bucket', ['GetBucketAcl'], 'doctor'),
  s3('GetBucketVersioning', 'bucket', ['GetBucketVersioning'], 'doctor'),
  s3('GetEncryptionConfiguration', 'bucket', ['GetBucketEncryption'], 'doctor'),
  s3('GetObjectAcl', 'objects', ['GetObjectAcl'], 'doctor'),
]

function s3(
  name: string,
  resource: ActionResource,
  commands: readonly string[],
  need: ActionNeed = 'deploy',
): CalledAction {
  return { action: `s3:${name}`, commands, resource, need }
}

/** CloudFront's actions are called as its operations are. */
function cloudFront(name: string, resource: ActionResource, need: ActionNeed = 'deploy'): CalledAction {
  return { action: `cloudfront:${name}`, commands: [name], resource, need }
}
