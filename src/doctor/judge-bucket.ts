// The bucket by itself: who may read it, and what happens to what is in it. Pure.

import { endpointOfBucket } from '../http/s3-hosts.ts'
import type { BucketSettings, PublicAccessBlock, Reading, SetupFacts, SetupFinding } from '../model.ts'
import { finding } from './checks.ts'
import { reachByPolicy } from './policy-reach.ts'

export function judgeBucket(facts: SetupFacts): SetupFinding[] {
  const { bucket, bucketFacts } = facts
  if (bucketFacts === undefined) return [finding('BUCKET_NOT_FOUND', `There is no bucket ${bucket}.`)]
  const { namedRegion, region, settings } = bucketFacts
  const actual = valueOf(region)
  if (actual !== undefined && namedRegion !== undefined && actual !== namedRegion) {
    return [finding('WRONG_REGION', `The bucket ${bucket} is in ${actual}, and requests are made to ${namedRegion}.`)]
  }
  if (settings === undefined) return []
  return [...judgeAcls(facts, settings), ...judgeOpenness(facts, settings), ...judgeKeeping(facts, settings)]
}

function judgeAcls({ bucket, acl }: SetupFacts, settings: BucketSettings): SetupFinding[] {
  const ownership = valueOf(settings.ownership)
  const isIgnored =
    valueOf(settings.publicAccessBlock)?.ignorePublicAcls === true || ownership === 'BucketOwnerEnforced'
  const publicObject = valueOf(settings.publicObject)
  const found: SetupFinding[] = []
  if (publicObject !== undefined && !isIgnored) {
    found.push(finding('PUBLIC_ACLS', `The ACL of ${publicObject} lets everyone read it.`))
  } else if (valueOf(settings.bucketIsPublic) === true && !isIgnored) {
    found.push(finding('PUBLIC_ACLS', `The ACL of the bucket ${bucket} lets everyone list it.`))
  } else if (ownership !== undefined && ownership !== 'BucketOwnerEnforced') {
    found.push(finding('ACLS_ENABLED', `Object Ownership of the bucket is ${ownership}: objects have ACLs.`))
  }
  if (acl !== undefined && acl !== 'bucket-owner-full-control' && ownership === 'BucketOwnerEnforced') {
    found.push(finding('ACL_REFUSED', `The settings ask for the ACL ${acl}, and the bucket takes none.`))
  }
  return found
}

function judgeOpenness(facts: SetupFacts, settings: BucketSettings): SetupFinding[] {
  const found: SetupFinding[] = []
  const usesWebsite = originHosts(facts).some((host) => endpointOfBucket(host, facts.bucket) === 'website')
  if (isPublicByPolicy(facts, settings, `${facts.prefix}index.html`) && !usesWebsite) {
    found.push(finding('PUBLIC_BUCKET', 'The bucket policy lets everyone read the site.'))
  }
  const block = valueOf(settings.publicAccessBlock)
  const off = block === undefined ? [] : switchedOff(block)
  if (off.length > 0 && !usesWebsite) {
    found.push(finding('PUBLIC_ACCESS_NOT_BLOCKED', `Block Public Access of the bucket is off for ${off.join(', ')}.`))
  }
  if (usesWebsite && 'value' in settings.website && settings.website.value === undefined) {
    found.push(finding('WEBSITE_NOT_CONFIGURED', `The bucket ${facts.bucket} is no website.`))
  }
  return found
}

function judgeKeeping(facts: SetupFacts, settings: BucketSettings): SetupFinding[] {
  const found: SetupFinding[] = []
  const versioning = valueOf(settings.versioning)
  if (versioning !== undefined && versioning !== 'Enabled') {
    const state = versioning === 'Never' ? 'was never switched on' : 'is suspended'
    found.push(finding('NO_VERSIONING', `Versioning of the bucket ${state}.`))
  }
  const algorithm = valueOf(settings.encryption)
  if (algorithm?.startsWith('aws:kms') === true) {
    const others = facts.distributions.flatMap((each) =>
      'value' in each
        ? each.value.setup.origins
            .filter(
              ({ id, access }) => access !== 'control' && isOriginOfBucket(id, each.value.distribution.origins, facts),
            )
            .map(({ id }) => `${id} of ${each.value.distribution.id}`)
        : [],
    )
    const what = `New objects are encrypted with ${algorithm}`
    if (others.length > 0) {
      found.push(
        finding(
          'KMS_WITHOUT_ORIGIN_ACCESS_CONTROL',
          `${what}; the origin ${others.join(', ')} has no origin access control.`,
        ),
      )
    } else found.push(finding('KMS_ENCRYPTION', `${what}.`))
  }
  return found
}

/** Whether the policy, which Block Public Access may overrule, opens the key to everyone. */
export function isPublicByPolicy(facts: SetupFacts, settings: BucketSettings, key: string): boolean {
  const block = valueOf(settings.publicAccessBlock)
  const policy = valueOf(settings.policy)
  if (block?.restrictPublicBuckets === true || policy === undefined) return false
  return reachByPolicy(policy, objectArn(facts, key), { kind: 'anyone' }) === 'allowed'
}

/** In the partition of the distributions, which is the account's. */
export function objectArn({ bucket, distributions }: SetupFacts, key: string): string {
  const arns = distributions.flatMap((each) => ('value' in each ? [each.value.setup.arn] : []))
  return `arn:${arns[0]?.split(':')[1] ?? 'aws'}:s3:::${bucket}/${key}`
}

export function valueOf<T>(reading: Reading<T>): T | undefined {
  return 'value' in reading ? reading.value : undefined
}

function originHosts({ distributions }: SetupFacts): string[] {
  return distributions.flatMap((each) =>
    'value' in each ? each.value.distribution.origins.map(({ domainName }) => domainName) : [],
  )
}

function isOriginOfBucket(
  id: string,
  origins: readonly { readonly id: string; readonly domainName: string }[],
  { bucket }: SetupFacts,
): boolean {
  return origins.some((origin) => origin.id === id && endpointOfBucket(origin.domainName, bucket) !== undefined)
}

function switchedOff(block: PublicAccessBlock): string[] {
  const names: Readonly<Record<keyof PublicAccessBlock, string>> = {
    blockPublicAcls: 'BlockPublicAcls',
    ignorePublicAcls: 'IgnorePublicAcls',
    blockPublicPolicy: 'BlockPublicPolicy',
    restrictPublicBuckets: 'RestrictPublicBuckets',
  }
  return Object.entries(names).flatMap(([setting, name]) => (Reflect.get(block, setting) === true ? [] : [name]))
}
