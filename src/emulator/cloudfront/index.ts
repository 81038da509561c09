// The embedded CloudFront: its API, and edge locations with caches of their own behind which stands one regional cache.
//
// Not here yet: functions, origin groups, website endpoints and other custom origins (answered 502), tenants, resource
// tags, own cache policies, origin request and response headers policies, signed URLs, the rejection of a Host header
// that a policy forwards to S3, request collapsing, ranges kept apart. ViewerProtocolPolicy is not heeded on loopback.

import type { EmulatorClock } from '../clock.ts'
import type { HttpRequest, HttpResponse } from '../http-message.ts'
import type { FetchFromBucket } from '../origin.ts'
import type { Credentials } from '../sigv4.ts'
import { createApi } from './api.ts'
import { createCacheStore } from './cache-store.ts'
import { createDistributions } from './distributions.ts'
import type { Edge, InspectableCache } from './edge.ts'
import { createEdge, inspectCache } from './edge.ts'
import type { NegativeCaching403 } from './error-caching.ts'
import type { PurgeDelays } from './invalidations.ts'
import { createInvalidations } from './invalidations.ts'
import type { NewDistribution } from './new-distribution.ts'
import { configFor } from './new-distribution.ts'
import { createOriginFetch } from './origin-fetch.ts'
import type { WildcardAtDirectory } from './purge-matching.ts'
import type { QuotaModel } from './quota.ts'
import { createQuota } from './quota.ts'
import { loadState, saveState } from './saved-state.ts'
import { createSeededRandom } from './seeded-random.ts'
import { createTier } from './tier.ts'

export type { Edge, InspectableCache } from './edge.ts'
export type { NegativeCaching403 } from './error-caching.ts'
export type { PurgeDelays } from './invalidations.ts'
export type { NewDistribution } from './new-distribution.ts'
export type { WildcardAtDirectory } from './purge-matching.ts'
export type { QuotaModel } from './quota.ts'

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
}

export interface CloudFront {
  /** The 2020-05-31 API, signed for `cloudfront` in us-east-1. */
  handleApi(request: HttpRequest): Promise<HttpResponse>
  readonly edges: readonly Edge[]
  readonly regionalCache: InspectableCache
  /** Throws what CreateDistribution would refuse. */
  createDistribution(options: NewDistribution): { id: string; domainName: string }
  /** Items of all invalidations of the calendar month (UTC); the first 1,000 are free. */
  readonly pathsBilledThisMonth: number
}

const DEFAULT_POPS = ['FRA56-P4', 'IAD89-C1', 'NRT57-P2']

export async function createCloudFront(options: CloudFrontOptions): Promise<CloudFront> {
  const { clock, fetchFromBucket, credentials, region, folder } = options
  const random = createSeededRandom(options.seed ?? 1)
  const saved = loadState(folder)
  const distributions = createDistributions({ clock, random, saved: saved.distributions, onChange: save })

  const regional = createCacheStore()
  const askOrigin = createOriginFetch({
    clock,
    fetchFromBucket,
    negativeCaching403: options.negativeCaching403 ?? 'cached',
  })
  const askRegional = createTier({ store: regional, clock, upstream: askOrigin, servesWhileRevalidating: false })
  const edges = (options.pops ?? DEFAULT_POPS).map((pop) =>
    createEdge({ pop, clock, random, distributions, upstream: askRegional }),
  )

  const invalidations = createInvalidations({
    clock,
    random,
    quota: createQuota(options.quotaModel ?? 'rate-2026', () => clock.nowMs()),
    regional,
    edges: edges.map(({ store }) => store),
    purgeDelaysMs: options.purgeDelaysMs,
    wildcardAtDirectory: options.wildcardAtDirectory ?? 'purges-directory',
    saved: saved.invalidations,
    onChange: save,
  })

  function save(): void {
    saveState(folder, {
      distributions: distributions.list().map(({ arn: _arn, config: _config, ...kept }) => kept),
      invalidations: invalidations.all(),
    })
  }

  return {
    handleApi: createApi({ distributions, invalidations, credentials, random }),
    edges: edges.map(({ edge }) => edge),
    regionalCache: inspectCache(regional, clock),
    createDistribution(wanted) {
      const callerReference = `embedded-${clock.nowMs()}-${distributions.list().length}`
      const { id, domainName } = distributions.create(configFor(wanted, { region, callerReference }))
      return { id, domainName }
    },
    get pathsBilledThisMonth() {
      return invalidations.countPathsBilledThisMonth()
    },
  }
}
