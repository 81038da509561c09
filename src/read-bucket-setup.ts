// How the bucket is set up, and what of its state the doctor wants to know.

import { attempt } from './attempt.ts'
import { sharedLifetimeSeconds } from './http/freshness.ts'
import type { BucketFacts, BucketSettings, ObjectMetadata, Reading, SiteState, StateFacts } from './model.ts'
import type { Bucket, Inspector } from './ports.ts'
import { stateKey } from './state/state-keys.ts'

export async function readBucketFacts(
  prefix: string,
  inspector: Inspector,
  region: Reading<string | undefined>,
  state: SiteState | undefined,
): Promise<BucketFacts> {
  const { namedRegion } = inspector
  const named = namedRegion === undefined ? {} : { namedRegion }
  const actual = 'value' in region ? region.value : undefined
  if (actual !== undefined && namedRegion !== undefined && actual !== namedRegion) return { ...named, region }
  const sample = Object.keys(state?.objects ?? {}).find((key) => key.endsWith('.html'))
  const [listing, unfinishedUploads, publicAccessBlock, ownership, bucketIsPublic, publicObject, ...others] =
    await Promise.all([
      attempt('s3:ListBucket', () => inspector.tryListing(prefix).then(() => true as const)),
      attempt('s3:ListBucketMultipartUploads', () => inspector.tryListingUploads(prefix).then(() => true as const)),
      attempt('s3:GetBucketPublicAccessBlock', () => inspector.readPublicAccessBlock()),
      attempt('s3:GetBucketOwnershipControls', () => inspector.readOwnership()),
      attempt('s3:GetBucketAcl', () => inspector.isOpenByAcl()),
      sample === undefined
        ? { value: undefined }
        : attempt('s3:GetObjectAcl', async () => ((await inspector.isOpenByAcl(sample)) ? sample : undefined)),
      attempt('s3:GetBucketPolicy', () => inspector.readPolicy()),
      attempt('s3:GetBucketVersioning', () => inspector.readVersioning()),
      attempt('s3:GetBucketWebsite', () => inspector.readWebsite()),
      attempt('s3:GetEncryptionConfiguration', () => inspector.readEncryption()),
    ])
  const [policy, versioning, website, encryption] = others
  const who = { listing, unfinishedUploads, publicAccessBlock, ownership, bucketIsPublic, publicObject }
  const settings: BucketSettings = { ...who, policy, versioning, website, encryption }
  return { ...named, region, settings }
}

export async function readStateFacts(
  state: Reading<SiteState | undefined>,
  prefix: string,
  bucket: Bucket,
): Promise<Reading<StateFacts | undefined>> {
  if ('unread' in state || state.value === undefined) return state as Reading<undefined>
  const objects = Object.entries(state.value.objects)
  const keys = objects.map(([key]) => key)
  return attempt('s3:GetObject', async () => ({
    objects: keys.length,
    uncacheableKeys: objects.filter(([, { metadata }]) => asksNotToBeKept(metadata)).map(([key]) => key),
    indexKeys: keys.filter((key) => key.endsWith('/index.html') && key !== `${prefix}index.html`),
    keys: new Set(keys),
    etag: (await bucket.headObject(stateKey(prefix)))?.etag ?? '',
  }))
}

function asksNotToBeKept({ cacheControl }: ObjectMetadata): boolean {
  if (cacheControl === undefined) return false
  return /no-store|no-cache|private/iu.test(cacheControl) || sharedLifetimeSeconds({ cacheControl }) === 0
}
