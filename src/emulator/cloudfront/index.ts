// The embedded CloudFront: its API, and edge locations with caches of their own behind which stands one regional cache.
//
// Not here yet: Lambda@Edge, key value stores by their own API, `cf.updateRequestOrigin()` and its like, the narrower
// syntax that CloudFront's own engine takes, changing or deleting tenants, custom origins other than S3 website endpoints
// (answered 502), resource tags, UpdateCachePolicy, origin request and response headers policies, signed URLs, the
// rejection of a Host header that a policy forwards to S3, request collapsing, ranges kept apart, several Set-Cookie
// headers from one function. ViewerProtocolPolicy is not heeded on loopback. A staging distribution is listed and marked,
// and answers to its own domain name.

import type { EmulatorClock } from '../clock.ts'
import type { HttpRequest, HttpResponse } from '../http-message.ts'
import type { FetchFromBucket } from '../origin.ts'
import type { Credentials } from '../sigv4.ts'
import { createApi } from './api.ts'
import { cachePolicyRoutes } from './cache-policy-routes.ts'
import { createCacheStore } from './cache-store.ts'
import { distributionRoutes } from './distribution-routes.ts'
import { createDistributions } from './distributions.ts'
import type { Edge, FunctionSeesRoot, InspectableCache } from './edge.ts'
import { createEdge, inspectCache } from './edge.ts'
import type { NegativeCaching403 } from './error-caching.ts'
import { functionRoutes } from './function-routes.ts'
import { createFunctionSandbox } from './function-sandbox.ts'
import { createEdgeFunctions } from './functions.ts'
import { invalidationRoutes } from './invalidation-routes.ts'
import type { RootIsCachedAs } from './lookup.ts'
import type { PurgeDelays } from './invalidations.ts'
import { createInvalidations } from './invalidations.ts'
import type { NewDistribution } from './new-distribution.ts'
import { configFor } from './new-distribution.ts'
import { createOriginFetch } from './origin-fetch.ts'
import { createCachePolicies } from './own-cache-policies.ts'
import { createProvision } from './provision.ts'
import type { PurgeMatches, TemplateInvalidation, WildcardAtDirectory } from './purge-matching.ts'
import type { QuotaModel } from './quota.ts'
import { createQuota } from './quota.ts'
import { loadState, saveState } from './saved-state.ts'
import { createSeededRandom } from './seeded-random.ts'
import { createSites } from './sites.ts'
import { tenantRoutes } from './tenant-routes.ts'
import type { NewTenant } from './tenants.ts'
import { createTenants } from './tenants.ts'
import { createTier } from './tier.ts'
import { createViewerFunctions } from './viewer-functions.ts'

export type { Edge, EntrySummary, FunctionSeesRoot, InspectableCache } from './edge.ts'
export type { NegativeCaching403 } from './error-caching.ts'
export type { PurgeDelays } from './invalidations.ts'
export type {
  NewBehavior,
  NewCachePolicy,
  NewDistribution,
  NewErrorResponse,
  NewFunction,
  NewOrigin,
  NewOriginGroup,
} from './new-distribution.ts'
export type { PurgeMatches, TemplateInvalidation, WildcardAtDirectory } from './purge-matching.ts'
export type { QuotaModel } from './quota.ts'
export type { NewTenant } from './tenants.ts'

export interface CloudFrontOptions {
  readonly clock: EmulatorClock
  readonly fetchFromBucket: FetchFromBucket
  readonly credentials: readonly Credentials[]
  /** Where `createDistribution` takes buckets to be. */
  readonly region: string
  /** Distributions and invalidations are kept here and survive a restart; the caches come back cold. */
  readonly folder?: string
  /** One edge location each. Default: Frankfurt, Washington, Tokyo. */
  readonly pops?: readonly string[]
  /** Default: each cache after its own 20–900 ms, the regional one first. */
  readonly purgeDelaysMs?: PurgeDelays
  readonly seed?: number
  /** Default `cached`. */
  readonly negativeCaching403?: NegativeCaching403
  /** Default `rate-2026`. */
  readonly quotaModel?: QuotaModel
  /** Default `purges-directory`. */
  readonly wildcardAtDirectory?: WildcardAtDirectory
  /** Default `rewritten-uri`. */
  readonly purgeMatches?: PurgeMatches
  /** Default `covers-tenants`. */
  readonly templateInvalidation?: TemplateInvalidation
  /** Default `slash`. */
  readonly functionSeesRoot?: FunctionSeesRoot
  /** Default `root-object`. */
  readonly rootIsCachedAs?: RootIsCachedAs
  /** Whether a fetch that began before a purge and ends after it is kept, old bytes and all. Default false. */
  readonly raceInFlight?: boolean
}

export interface CloudFront {
  /** The 2020-05-31 API, signed for `cloudfront` in us-east-1. */
  handleApi(request: HttpRequest): Promise<HttpResponse>
  readonly edges: readonly Edge[]
  readonly regionalCache: InspectableCache
  /** Throws what CreateDistribution would refuse. */
  createDistribution(options: NewDistribution): { id: string; domainName: string }
  /** A tenant of a distribution made with `tenantOnly`. Throws what CreateDistributionTenant would refuse. */
  createTenant(options: NewTenant): { id: string }
  /**
   * Every cache forgets each of its responses with this probability, by the seed.
   *
   * @param fraction 0–1
   * @returns how many were forgotten
   */
  evictRandomly(fraction: number): number
  /** Items of all invalidations of the calendar month (UTC); the first 1,000 are free. */
  readonly pathsBilledThisMonth: number
}

const DEFAULT_POPS = ['FRA56-P4', 'IAD89-C1', 'NRT57-P2']

export async function createCloudFront(options: CloudFrontOptions): Promise<CloudFront> {
  const { clock, fetchFromBucket, credentials, region, folder } = options
  const random = createSeededRandom(options.seed ?? 1)
  const saved = loadState(folder)
  const racesInFlight = options.raceInFlight ?? false
  const account = { clock, random, onChange: save }

  const sandbox = await createFunctionSandbox()
  const functions = createEdgeFunctions({ ...account, saved: saved.functions })
  const policies = createCachePolicies({ ...account, saved: saved.cachePolicies })
  const resources = {
    findCachePolicy: (policyId: string) => policies.find(policyId),
    hasLiveFunction: (arn: string) => functions.findByArn(arn)?.live !== undefined,
  }
  const distributions = createDistributions({ ...account, resources, saved: saved.distributions })
  const tenants = createTenants({ ...account, distributions, resources, saved: saved.tenants })
  const sites = createSites(distributions, tenants)
  const provision = createProvision(policies, functions)

  const regional = createCacheStore(racesInFlight)
  const askOrigin = createOriginFetch({
    clock,
    fetchFromBucket,
    negativeCaching403: options.negativeCaching403 ?? 'cached',
  })
  const askRegional = createTier({ store: regional, clock, upstream: askOrigin, servesWhileRevalidating: false })
  const viewerFunctions = createViewerFunctions({ clock, sandbox, functions })
  const functionSeesRoot = options.functionSeesRoot ?? 'slash'
  const behindEdges = {
    sites,
    functions: viewerFunctions,
    functionSeesRoot,
    rootIsCachedAs: options.rootIsCachedAs ?? 'root-object',
    racesInFlight,
    upstream: askRegional,
  }
  const edges = (options.pops ?? DEFAULT_POPS).map((pop) => createEdge({ pop, clock, random, ...behindEdges }))

  const invalidations = createInvalidations({
    ...account,
    quota: createQuota(options.quotaModel ?? 'rate-2026', () => clock.nowMs()),
    regional,
    edges: edges.map(({ store }) => store),
    purgeDelaysMs: options.purgeDelaysMs,
    matching: {
      wildcardAtDirectory: options.wildcardAtDirectory ?? 'purges-directory',
      templateInvalidation: options.templateInvalidation ?? 'covers-tenants',
      purgeMatches: options.purgeMatches ?? 'rewritten-uri',
    },
    saved: saved.invalidations,
  })

  function save(): void {
    saveState(folder, {
      distributions: distributions.list().map(({ arn: _arn, config: _config, ...kept }) => kept),
      invalidations: invalidations.all(),
      functions: functions.list(),
      cachePolicies: policies.list('custom').filter((policy) => 'etag' in policy),
      tenants: tenants.list(),
    })
  }

  const routes = [
    ...distributionRoutes({ distributions, invalidations, tenants }),
    ...invalidationRoutes({ distributions, invalidations, tenants }),
    ...functionRoutes({ clock, functions, distributions, sandbox }),
    ...cachePolicyRoutes(policies, distributions),
    ...tenantRoutes(tenants),
  ]

  return {
    handleApi: createApi({ routes, credentials, random }),
    edges: edges.map(({ edge }) => edge),
    regionalCache: inspectCache(regional, clock),
    createDistribution(wanted) {
      const callerReference = `embedded-${clock.nowMs()}-${distributions.list().length}`
      const config = configFor(wanted, { region, callerReference, ...provision })
      const { id, domainName } = distributions.create(config)
      return { id, domainName }
    },
    createTenant: (wanted) => ({ id: tenants.create(wanted).id }),
    evictRandomly(fraction) {
      const isDrawn = () => random.between(1, 1_000_000) <= fraction * 1_000_000
      return [regional, ...edges.map(({ store }) => store)].reduce((count, store) => count + store.evict(isDrawn), 0)
    },
    get pathsBilledThisMonth() {
      return invalidations.countPathsBilledThisMonth()
    },
  }
}
