// Operations on the service and on buckets themselves, and the bucket settings that tools ask for before they start.

import { readBody } from '../../http-message.ts'
import { textAt } from '../../xml.ts'
import type { S3ErrorCode } from '../s3-error.ts'
import { S3Error } from '../s3-error.ts'
import type { BucketOptions, BucketRecord } from '../records.ts'
import type { BucketOperation, ServiceOperation } from '../operation.ts'
import { emptyResponse, isoTime, parseDocument, xmlResponse } from '../operation.ts'
import type { S3Store } from '../store.ts'
import { checkWebsite } from '../website/configuration.ts'

export const OWNER = {
  ID: 'f5e5f0a2c9d14d3e8b1c7a6094d2e1b35a7c8d9e0f1a2b3c4d5e6f708192a3b4',
  DisplayName: 'freshfront',
} as const

const OWNERSHIPS = ['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter'] as const

/** Makes a bucket, or gives an existing one new settings. Throws `InvalidBucketName`, or what PutBucketWebsite would refuse. */
export async function saveBucket(
  store: S3Store,
  name: string,
  options: BucketOptions,
  defaults: { readonly region: string; readonly nowMs: number },
): Promise<void> {
  checkBucketName(name)
  const known = store.buckets.get(name)?.record
  if (options.website !== undefined) checkWebsite(options.website)
  const record: BucketRecord = {
    ...known,
    name,
    createdMs: known?.createdMs ?? defaults.nowMs,
    publicRead: options.publicRead ?? known?.publicRead ?? false,
    listableByCloudFront: options.listableByCloudFront ?? known?.listableByCloudFront ?? false,
    objectOwnership: options.objectOwnership ?? known?.objectOwnership ?? 'BucketOwnerEnforced',
    region: options.region ?? known?.region ?? defaults.region,
    ...(options.website === undefined ? {} : { website: options.website }),
  }
  await store.saveBucket(record)
}

export const listBuckets: ServiceOperation = async ({ store, query }) => {
  const prefix = query.get('prefix') ?? ''
  const buckets = [...store.buckets.values()]
    .map((bucket) => bucket.record)
    .filter((bucket) => bucket.name.startsWith(prefix))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((bucket) => ({ Name: bucket.name, CreationDate: isoTime(bucket.createdMs), BucketRegion: bucket.region }))
  return xmlResponse('ListAllMyBucketsResult', { Owner: OWNER, Buckets: { Bucket: buckets } })
}

export const createBucket: ServiceOperation = async (request) => {
  const { store, bucketName, clock, headers } = request
  const signedRegion = request.signedRegion ?? 'us-east-1'
  const bytes = await readBody(request.body)
  const constraint =
    bytes.length === 0
      ? undefined
      : textAt(parseDocument(bytes, 'CreateBucketConfiguration'), 'LocationConstraint') || undefined
  const region = constraint === 'EU' ? 'eu-west-1' : (constraint ?? 'us-east-1')
  if (region !== signedRegion && (signedRegion !== 'us-east-1' || constraint === undefined)) {
    throw new S3Error(
      'IllegalLocationConstraintException',
      `The ${constraint ?? 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    )
  }
  const ownership = headers['x-amz-object-ownership'] ?? 'BucketOwnerEnforced'
  const objectOwnership = OWNERSHIPS.find((one) => one === ownership)
  if (objectOwnership === undefined)
    throw new S3Error('InvalidArgument', `Invalid x-amz-object-ownership: ${ownership}`)

  const acl = headers['x-amz-acl'] ?? 'private'
  if (acl !== 'private') {
    throw new S3Error(
      'NotImplemented',
      'The emulator makes private buckets; open one with createBucket(name, { publicRead: true }).',
    )
  }
  const known = store.buckets.get(bucketName)
  // us-east-1 alone answers 200 to the owner who makes a bucket twice.
  if (known !== undefined && known.record.region !== 'us-east-1') {
    throw new S3Error('BucketAlreadyOwnedByYou', undefined, { BucketName: bucketName })
  }
  if (known === undefined) {
    await saveBucket(store, bucketName, { region, objectOwnership }, { region, nowMs: clock.nowMs() })
  }
  return emptyResponse(200, { Location: `/${bucketName}` })
}

export const headBucket: BucketOperation = async ({ bucket }) =>
  emptyResponse(200, { 'x-amz-bucket-region': bucket.record.region, 'Content-Type': 'application/xml' })

export const deleteBucket: BucketOperation = async ({ store, bucket }) => {
  if (bucket.keys.length > 0 || bucket.uploads.size > 0) {
    throw new S3Error('BucketNotEmpty', undefined, { BucketName: bucket.record.name })
  }
  await store.deleteBucket(bucket.record.name)
  return emptyResponse(204)
}

/** us-east-1 is an empty element. */
export const getBucketLocation: BucketOperation = async ({ bucket }) =>
  xmlResponse('LocationConstraint', bucket.record.region === 'us-east-1' ? '' : bucket.record.region)

export const getBucketVersioning: BucketOperation = async () => xmlResponse('VersioningConfiguration', {})

export const getBucketEncryption: BucketOperation = async () =>
  xmlResponse('ServerSideEncryptionConfiguration', {
    Rule: { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false },
  })

export const getBucketOwnershipControls: BucketOperation = async ({ bucket }) =>
  xmlResponse('OwnershipControls', { Rule: { ObjectOwnership: bucket.record.objectOwnership } })

export const getPublicAccessBlock: BucketOperation = async ({ bucket }) => {
  const { publicRead, objectOwnership } = bucket.record
  const blocked = !publicRead
  // Where objects have ACLs here, the ACLs count.
  const ignoresAcls = blocked && objectOwnership === 'BucketOwnerEnforced'
  return xmlResponse('PublicAccessBlockConfiguration', {
    BlockPublicAcls: ignoresAcls,
    IgnorePublicAcls: ignoresAcls,
    BlockPublicPolicy: blocked,
    RestrictPublicBuckets: blocked,
  })
}

/** A setting that no bucket here has. */
export function answerNotConfigured(code: S3ErrorCode): BucketOperation {
  return async ({ bucketName }) => {
    throw new S3Error(code, undefined, { BucketName: bucketName })
  }
}

/** Facts: S3 user guide, "General purpose bucket naming rules". */
function checkBucketName(name: string): void {
  const isValid =
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..') && !/^\d+(\.\d+){3}$/.test(name)
  if (!isValid) throw new S3Error('InvalidBucketName', undefined, { BucketName: name })
}
