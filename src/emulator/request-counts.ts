// How often each operation was asked for, by the API's own names: what a test or a bill would want to know.

export interface RequestCounts {
  readonly s3: Readonly<Record<string, number>>
  readonly cloudFront: Readonly<Record<string, number>>
  /** Viewer requests, by edge location. */
  readonly edge: Readonly<Record<string, number>>
}

type Service = keyof RequestCounts

export interface RequestCounter {
  readonly counts: RequestCounts
  count(service: Service, name: string): void
}

export function createRequestCounter(): RequestCounter {
  const counts: Record<Service, Record<string, number>> = { s3: {}, cloudFront: {}, edge: {} }
  return {
    counts,
    count(service, name) {
      counts[service][name] = (counts[service][name] ?? 0) + 1
    },
  }
}

const CLOUDFRONT_OPERATIONS: readonly (readonly [method: string, path: RegExp, name: string])[] = [
  ['GET', /^distribution$/, 'ListDistributions'],
  ['POST', /^distribution$/, 'CreateDistribution'],
  ['GET', /^distribution\/[^/]+$/, 'GetDistribution'],
  ['DELETE', /^distribution\/[^/]+$/, 'DeleteDistribution'],
  ['GET', /^distribution\/[^/]+\/config$/, 'GetDistributionConfig'],
  ['PUT', /^distribution\/[^/]+\/config$/, 'UpdateDistribution'],
  ['GET', /^distribution\/[^/]+\/invalidation$/, 'ListInvalidations'],
  ['POST', /^distribution\/[^/]+\/invalidation$/, 'CreateInvalidation'],
  ['GET', /^distribution\/[^/]+\/invalidation\/[^/]+$/, 'GetInvalidation'],
  ['GET', /^cache-policy$/, 'ListCachePolicies'],
  ['POST', /^cache-policy$/, 'CreateCachePolicy'],
  ['DELETE', /^cache-policy\/[^/]+$/, 'DeleteCachePolicy'],
  ['GET', /^cache-policy\/[^/]+$/, 'GetCachePolicy'],
  ['GET', /^cache-policy\/[^/]+\/config$/, 'GetCachePolicyConfig'],
  ['GET', /^function$/, 'ListFunctions'],
  ['POST', /^function$/, 'CreateFunction'],
  ['GET', /^function\/[^/]+$/, 'GetFunction'],
  ['PUT', /^function\/[^/]+$/, 'UpdateFunction'],
  ['DELETE', /^function\/[^/]+$/, 'DeleteFunction'],
  ['GET', /^function\/[^/]+\/describe$/, 'DescribeFunction'],
  ['POST', /^function\/[^/]+\/publish$/, 'PublishFunction'],
  ['POST', /^function\/[^/]+\/test$/, 'TestFunction'],
  ['POST', /^distribution-tenant$/, 'CreateDistributionTenant'],
  ['GET', /^distribution-tenant$/, 'GetDistributionTenantByDomain'],
  ['GET', /^distribution-tenant\/[^/]+$/, 'GetDistributionTenant'],
  ['POST', /^distribution-tenants$/, 'ListDistributionTenants'],
  ['GET', /^distribution-tenant\/[^/]+\/invalidation$/, 'ListInvalidationsForDistributionTenant'],
  ['POST', /^distribution-tenant\/[^/]+\/invalidation$/, 'CreateInvalidationForDistributionTenant'],
  ['GET', /^distribution-tenant\/[^/]+\/invalidation\/[^/]+$/, 'GetInvalidationForDistributionTenant'],
  ['GET', /^tagging$/, 'ListTagsForResource'],
]

/** The operation of a CloudFront API request; `GET key-group` where the embedded CloudFront has no name for it. */
export function nameCloudFrontOperation(method: string, target: string): string {
  const path = target
    .replace(/\?.*$/s, '')
    .replace(/^\/\d{4}-\d\d-\d\d\//, '')
    .replace(/\/$/, '')
  const found = CLOUDFRONT_OPERATIONS.find(([wanted, pattern]) => wanted === method && pattern.test(path))
  return found?.[2] ?? `${method} ${path.split('/')[0] ?? ''}`
}
