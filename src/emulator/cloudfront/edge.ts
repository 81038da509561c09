// An edge location: takes viewer requests, answers from its own cache or from behind it.

import type { EmulatorClock } from '../clock.ts'
import type { HttpRequest, HttpResponse } from '../http-message.ts'
import type { CacheEntry, CacheStore } from './cache-store.ts'
import { createCacheStore, isFresh } from './cache-store.ts'
import type { Distribution, Distributions } from './distributions.ts'
import { replaceWithErrorPage } from './error-pages.ts'
import { makeLookup, splitTarget } from './lookup.ts'
import { BASE64_URL, HEX } from './seeded-random.ts'
import type { SeededRandom } from './seeded-random.ts'
import type { Ask } from './tier.ts'
import { createTier } from './tier.ts'
import type { Headers } from './ttl.ts'
import { edgeErrorPage } from './viewer-errors.ts'
import { markResponse, toViewerResponse } from './viewer-response.ts'

/** A response that a cache holds, without its body. */
export interface EntrySummary {
  readonly distributionId: string
  /** What invalidation paths are compared with. */
  readonly url: string
  readonly status: number
  /** As the viewer gets it: weak where the edge compressed. */
  readonly etag: string | undefined
  readonly contentEncoding: string | undefined
  readonly cacheControl: string | undefined
  readonly sizeBytes: number
  readonly ageSeconds: number
  readonly isFresh: boolean
  readonly isError: boolean
  readonly cacheTags: readonly string[]
}

/** What can be seen of a cache and done to it from outside. */
export interface InspectableCache {
  entries(): EntrySummary[]
  /**
   * Forgets responses, as a cache may at any time.
   *
   * @param distributionId all distributions when left out
   * @param url all URLs when left out; else exactly this one, in all its variants
   * @returns how many were forgotten
   */
  evict(distributionId?: string, url?: string): number
}

export interface Edge extends InspectableCache {
  /** `FRA56-P4`: an airport and a number, as in X-Amz-Cf-Pop. */
  readonly pop: string
  handle(request: HttpRequest): Promise<HttpResponse>
  /**
   * What a GET of `target` with these headers (names in lower case) would find here; changes nothing.
   *
   * @returns undefined when it would find nothing, fresh or stale, or there is no such distribution
   */
  peek(distributionId: string, target: string, headers?: Headers): EntrySummary | undefined
}

export interface EdgeOptions {
  readonly pop: string
  readonly clock: EmulatorClock
  readonly random: SeededRandom
  readonly distributions: Distributions
  /** The regional edge cache. */
  readonly upstream: Ask
}

/** Developer Guide, "Quotas", General quotas: the longest URL. */
const MAX_URL_BYTES = 8192

export function createEdge(options: EdgeOptions): { edge: Edge; store: CacheStore } {
  const { pop, clock, random, distributions, upstream } = options
  const store = createCacheStore()
  const via = random.text(32, HEX)
  const ask: Ask = createTier({
    store,
    clock,
    upstream,
    servesWhileRevalidating: true,
    replaceError: (lookup, error) => replaceWithErrorPage(lookup, error, ask),
  })

  async function handle(request: HttpRequest): Promise<HttpResponse> {
    const mark = { pop, via, requestId: random.text(56, BASE64_URL) }
    const distribution = distributions.findByHost(request.headers['host'] ?? '')
    const refused = refuseRequest(request, distribution)
    if (refused !== undefined || distribution === undefined) {
      const page = refused ?? edgeErrorPage(403, 'No distribution answers to this host name.')
      return markResponse(page, mark, clock.nowMs())
    }
    // ViewerProtocolPolicy is not heeded: on loopback there is only plain HTTP, and a redirect to https would lead nowhere.
    const method = request.method === 'HEAD' ? 'HEAD' : 'GET'
    const answer = await ask(makeLookup(distribution, { method, target: request.target, headers: request.headers }))
    if (answer.kind !== 'full') throw new TypeError('An edge location confirms nothing to its viewers.')
    return toViewerResponse(request, answer, mark, clock.nowMs())
  }

  return {
    store,
    edge: {
      pop,
      handle,
      ...inspectCache(store, clock),
      peek(distributionId, target, headers = {}) {
        const distribution = distributions.find(distributionId)
        if (distribution === undefined) return undefined
        const entry = store.find(makeLookup(distribution, { method: 'GET', target, headers }).key)
        return entry === undefined ? undefined : summarizeEntry(entry, clock.nowMs())
      },
    },
  }
}

export function inspectCache(store: CacheStore, clock: EmulatorClock): InspectableCache {
  return {
    entries: () => store.entries().map((entry) => summarizeEntry(entry, clock.nowMs())),
    evict: (distributionId, url) =>
      store.evict(
        (entry) =>
          (distributionId === undefined || entry.distributionId === distributionId) &&
          (url === undefined || entry.url === url),
      ),
  }
}

function summarizeEntry(entry: CacheEntry, nowMs: number): EntrySummary {
  return {
    distributionId: entry.distributionId,
    url: entry.url,
    status: entry.status,
    etag: entry.headers['etag'],
    contentEncoding: entry.headers['content-encoding'],
    cacheControl: entry.headers['cache-control'],
    sizeBytes: entry.body.length,
    ageSeconds: Math.floor((nowMs - entry.storedAtMs) / 1000),
    isFresh: isFresh(entry, nowMs),
    isError: entry.isError,
    cacheTags: entry.cacheTags?.tags ?? [],
  }
}

/** What is answered without asking a cache; undefined when a cache may answer. */
function refuseRequest(request: HttpRequest, distribution: Distribution | undefined): HttpResponse | undefined {
  const { method, target, headers } = request
  if (Buffer.byteLength(target) > MAX_URL_BYTES) return edgeErrorPage(414, 'The URL is longer than 8,192 bytes.')
  if (distribution === undefined) return undefined
  if (!distribution.config.enabled) return edgeErrorPage(403, 'The distribution is disabled.')
  if (!target.startsWith('/')) return edgeErrorPage(400, 'The request target is not a path.')
  const { behavior } = makeLookup(distribution, { method: 'GET', target: splitTarget(target).path, headers })
  if (!behavior.allowedMethods.includes(method)) {
    return edgeErrorPage(403, 'This distribution is not configured to allow the HTTP request method of this request.')
  }
  // What S3 answers, without CORS rules and without a signature: the seam to the bucket only reads.
  if (method === 'OPTIONS') return edgeErrorPage(403, 'CORSResponse: CORS is not enabled for this bucket.')
  if (method !== 'GET' && method !== 'HEAD') {
    return edgeErrorPage(405, 'The specified method is not allowed against this resource.')
  }
  const hasBody = Number(headers['content-length'] ?? 0) > 0 || headers['transfer-encoding'] !== undefined
  return hasBody && method === 'GET' ? edgeErrorPage(403, 'A GET request must not have a body.') : undefined
}
