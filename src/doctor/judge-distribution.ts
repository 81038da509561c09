// One distribution: how it reaches the bucket, what it answers, and what it keeps for how long. Pure.

import { endpointOfBucket } from '../http/s3-hosts.ts'
import type { DistributionFacts, Origin, OriginSetup, SetupFacts, SetupFinding } from '../model.ts'
import { finding, type CheckCode } from './checks.ts'
import { objectArn, valueOf } from './judge-bucket.ts'
import { judgeBehaviors } from './judge-behaviors.ts'
import { reachByPolicy } from './policy-reach.ts'

/** Errors are cached for longer than anybody waits. Ours. */
const LONG_ERROR_TTL_SECONDS = 60
/** From here on it is a fault rather than a taste. Ours. */
const HARMFUL_ERROR_TTL_SECONDS = 3600
const METADATA_HEADER = /^x-amz-meta-./iu

export type OriginOfBucket = Origin & OriginSetup & { readonly endpoint: 'rest' | 'website' }

export function judgeDistribution(facts: DistributionFacts, setup: SetupFacts): SetupFinding[] {
  const { distribution } = facts
  const { id } = distribution
  if (!distribution.enabled) return [finding('DISTRIBUTION_DISABLED', `${id} is disabled.`, { distribution: id })]
  const origins = originsOfBucket(facts, setup.bucket)
  if (origins.length === 0) {
    const what = `None of the origins of ${id} is known to be the bucket ${setup.bucket}.`
    return [finding('ORIGIN_NOT_THE_BUCKET', what, { distribution: id })]
  }
  return [
    ...origins.flatMap((origin) => judgeOrigin(origin, facts, setup)),
    ...judgePages(facts, setup, origins),
    ...judgeErrors(facts, setup, origins),
    ...judgeBehaviors(facts, setup, origins),
    ...judgeTags(facts, setup),
  ]
}

function originsOfBucket({ distribution, setup }: DistributionFacts, bucket: string): OriginOfBucket[] {
  return distribution.origins.flatMap((origin) => {
    const endpoint = endpointOfBucket(origin.domainName, bucket)
    const access = setup.origins.find(({ id }) => id === origin.id)?.access ?? 'none'
    return endpoint === undefined ? [] : [{ ...origin, access, endpoint }]
  })
}

function judgeOrigin(
  origin: OriginOfBucket,
  { distribution, setup, edge }: DistributionFacts,
  facts: SetupFacts,
): SetupFinding[] {
  const about = { distribution: distribution.id }
  const name = `The origin ${origin.id} of ${distribution.id}`
  const found: SetupFinding[] = []
  const add = (code: CheckCode, what: string): void => void found.push(finding(code, what, about))
  if (origin.endpoint === 'website') {
    add('WEBSITE_ENDPOINT', `${name} is the website endpoint of the bucket.`)
    return found
  }
  if (origin.access === 'none') add('NO_ORIGIN_ACCESS_CONTROL', `${name} has no origin access control.`)
  if (origin.access === 'identity') add('ORIGIN_ACCESS_IDENTITY', `${name} has an origin access identity.`)
  const policy = facts.bucketFacts?.settings?.policy
  const pageStatus = edge === undefined ? undefined : valueOf(edge)?.pageStatus
  const edgeReads = pageStatus !== undefined && pageStatus < 400
  if (origin.access === 'control' && !edgeReads && policy !== undefined && 'value' in policy) {
    const key = `${facts.prefix}index.html`
    const reader = { kind: 'control', distributionArn: setup.arn } as const
    const reach = reachByPolicy(policy.value, objectArn(facts, key), reader)
    if (reach === 'not allowed')
      add('ORIGIN_NOT_ALLOWED', `The bucket policy does not let ${distribution.id} read the site.`)
  }
  const region = facts.bucketFacts === undefined ? undefined : valueOf(facts.bucketFacts.region)
  const written = /\.s3(?:\.dualstack)?[.-](?<region>[a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\./u.exec(
    origin.domainName,
  )?.groups
  if (region !== undefined && written !== undefined && written['region'] !== region) {
    add('ORIGIN_WRONG_REGION', `${name} asks ${origin.domainName}, and the bucket is in ${region}.`)
  } else if (region !== undefined && region !== 'us-east-1' && written === undefined) {
    add('ORIGIN_WITHOUT_REGION', `${name} asks ${origin.domainName}, and the bucket is in ${region}.`)
  }
  return found
}

function judgePages(
  { distribution, functionAnswersRoot }: DistributionFacts,
  { prefix, state }: SetupFacts,
  origins: readonly OriginOfBucket[],
): SetupFinding[] {
  const { id, defaultRootObject, behaviors } = distribution
  const about = { distribution: id }
  const live = valueOf(state)
  const found: SetupFinding[] = []
  const behavior = behaviors.find(({ pathPattern }) => pathPattern === '*')
  const root = origins.find((origin) => origin.id === behavior?.targetOriginId && origin.endpoint === 'rest')
  // Only a site that lies at the root is answered there.
  if (root !== undefined && `${root.originPath}/`.slice(1).startsWith(prefix)) {
    const key = `${root.originPath}/${defaultRootObject}`.slice(1)
    if (defaultRootObject === '') {
      if (functionAnswersRoot === false)
        found.push(finding('NO_DEFAULT_ROOT_OBJECT', `${id} has no default root object.`, about))
    } else if (live !== undefined && functionAnswersRoot !== true && !live.keys.has(key)) {
      const what = `The default root object of ${id} is ${defaultRootObject}, and the site has no ${key}.`
      found.push(finding('DEFAULT_ROOT_OBJECT_MISSING', what, about))
    }
  }
  const hasCode = behaviors.some(
    ({ viewerRequest, originRequest }) => viewerRequest !== undefined || originRequest !== undefined,
  )
  const indexKey = live?.indexKeys[0]
  if (root !== undefined && !hasCode && indexKey !== undefined) {
    const folder = `/${indexKey.slice(root.originPath.length)}`.replace(/[^/]+$/u, '')
    const what = `Nothing leads from ${folder} to ${indexKey}${others(live?.indexKeys.length ?? 1)}.`
    found.push(finding('NO_INDEX_DOCUMENTS', what, about))
  }
  return found
}

function others(count: number): string {
  return count > 1 ? `, and so for ${count - 1} more` : ''
}

function judgeErrors(
  { distribution }: DistributionFacts,
  { state }: SetupFacts,
  origins: readonly OriginOfBucket[],
): SetupFinding[] {
  const { id, errorResponses } = distribution
  const about = { distribution: id }
  const found: SetupFinding[] = []
  const long = errorResponses.filter(({ errorCachingMinTtlSeconds: ttl }) => ttl > LONG_ERROR_TTL_SECONDS)
  if (long.length > 0) {
    const longest = Math.max(...long.map(({ errorCachingMinTtlSeconds }) => errorCachingMinTtlSeconds))
    const codes = long.map(({ errorCode, errorCachingMinTtlSeconds: ttl }) => `${errorCode} for ${ttl} s`).join(', ')
    const severity = longest > HARMFUL_ERROR_TTL_SECONDS ? ('problem' as const) : ('advice' as const)
    found.push(finding('LONG_ERROR_TTL', `${id} caches errors: ${codes}.`, { ...about, severity }))
  }
  const pages = errorResponses.flatMap(({ errorCode, responsePagePath }) =>
    responsePagePath === undefined || errorCode >= 500 ? [] : [responsePagePath],
  )
  const rest = origins.filter(({ endpoint }) => endpoint === 'rest')
  if (rest.length > 0 && pages.length === 0)
    found.push(finding('NO_ERROR_PAGE', `${id} has no page for what is not there.`, about))
  const live = valueOf(state)
  if (live === undefined || distribution.origins.length > origins.length) return found
  for (const page of new Set(pages)) {
    // Names that need decoding are left alone.
    if (/[%?]/u.test(page) || origins.some(({ originPath }) => live.keys.has(`${originPath}${page}`.slice(1)))) continue
    found.push(finding('ERROR_PAGE_MISSING', `The error page of ${id} is ${page}, and the site has none there.`, about))
  }
  return found
}

function judgeTags({ distribution, paths, unmappedBecause }: DistributionFacts, { state }: SetupFacts): SetupFinding[] {
  const { id, cacheTagHeader } = distribution
  const about = { distribution: id }
  const found: SetupFinding[] = []
  if (unmappedBecause !== undefined) {
    found.push(finding('URLS_NOT_KNOWN', `The URLs of ${id} cannot be told: ${unmappedBecause}.`, about))
  }
  if (cacheTagHeader !== undefined && !METADATA_HEADER.test(cacheTagHeader)) {
    const what = `${id} reads cache tags from ${cacheTagHeader}.`
    found.push(finding('CACHE_TAG_HEADER_NOT_FROM_S3', what, about))
  }
  const live = valueOf(state)
  if (cacheTagHeader === undefined && live !== undefined && live.objects > 0) {
    const saved =
      paths === undefined
        ? `${live.objects} objects could be refreshed with one item each, whatever their URLs are`
        : `the ${live.objects} objects of the site are cached under ${paths} paths; with tags each is one item, and any set that changes together can be one`
    found.push(finding('NO_CACHE_TAGS', `${id} reads no cache tags: ${saved}.`, about))
  }
  return found
}
