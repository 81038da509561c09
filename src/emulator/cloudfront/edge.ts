// An edge location: takes viewer requests, answers from its own cache or from behind it.

import type { EmulatorClock } from '../clock.ts'
import type { HttpRequest, HttpResponse } from '../http-message.ts'
import type { CacheEntry, CacheStore } from './cache-store.ts'
import { createCacheStore, isFresh } from './cache-store.ts'
import type { Distribution } from './distributions.ts'
import { replaceWithErrorPage } from './error-pages.ts'
import { applyDefaultRootObject, makeLookup, splitTarget } from './lookup.ts'
import type { RootIsCachedAs } from './lookup.ts'
import { BASE64_URL, HEX } from './seeded-random.ts'
import type { SeededRandom } from './seeded-random.ts'
import type { Sites } from './sites.ts'
import type { Ask } from './tier.ts'
import { createTier } from './tier.ts'
import type { Headers } from './ttl.ts'
import { edgeErrorPage } from './viewer-errors.ts'
import type { ViewerFunctions } from './viewer-functions.ts'
import type { ViewerResponse } from './viewer-response.ts'
import { ERROR_FROM_CLOUDFRONT, markResponse, toViewerResponse } from './viewer-response.ts'

/** A response that a cache holds, without its body. */
export interface EntrySummary {
  readonly distributionId: string
  /** Undefined where no tenant has a part in it. */
  readonly tenantId: string | undefined
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
   * @param siteId a distribution, with its tenants, or one tenant; all when left out
   * @param url all URLs when left out; else exactly this one, in all its variants
   * @returns how many were forgotten
   */
  evict(siteId?: string, url?: string): number
}

export interface Edge extends InspectableCache {
  /** `FRA56-P4`: an airport and a number, as in X-Amz-Cf-Pop. */
  readonly pop: string
  handle(request: HttpRequest): Promise<HttpResponse>
  /**
   * What a GET of `target` with these headers (names in lower case) would find here; changes nothing. The behavior's
   * viewer-request function runs.
   *
   * @param siteId a distribution or a tenant
   * @returns undefined when it would find nothing, fresh or stale, a function answers, or there is no such site
   */
  peek(siteId: string, target: string, headers?: Headers): EntrySummary | undefined
}

export interface EdgeOptions {
  readonly pop: string
  readonly clock: EmulatorClock
  readonly random: SeededRandom
  readonly sites: Sites
  readonly functions: ViewerFunctions
  readonly functionSeesRoot: FunctionSeesRoot
  readonly rootIsCachedAs: RootIsCachedAs
  readonly racesInFlight: boolean
  /** The regional edge cache. */
  readonly upstream: Ask
}

/** What a viewer-request function is told of a request for `/` where there is a default root object: not documented. */
export type FunctionSeesRoot = 'slash' | 'root-object'

/** Developer Guide, "Quotas", General quotas: the longest URL. */
const MAX_URL_BYTES = 8192

export function createEdge(options: EdgeOptions): { edge: Edge; store: CacheStore } {
  const { pop, clock, random, sites, functions, upstream, rootIsCachedAs } = options
  const store = createCacheStore(options.racesInFlight)
  const via = random.text(32, HEX)
  const ask: Ask = createTier({
    store,
    clock,
    upstream,
    servesWhileRevalidating: true,
    replaceError: (lookup, error) => replaceWithErrorPage(lookup, error, ask),
  })

  /** The viewer's request after the behavior's function, or the function's response in place of it. */
  function rewrite(distribution: Distribution, request: Omit<HttpRequest, 'body'>, requestId: string) {
    const { method, target, headers } = request
    const lookupMethod = method === 'HEAD' ? 'HEAD' : 'GET'
    const asked = makeLookup(distribution, { method: lookupMethod, target, headers }, { rootIsCachedAs })
    const { behavior } = asked
    const seesSlash = options.functionSeesRoot === 'slash' || behavior.functions['viewer-request'] === undefined
    const seen = seesSlash ? target : applyDefaultRootObject(distribution, target)
    const viewerRequest = { distribution, behavior, method, target: seen, headers, requestId }
    const outcome = functions.onRequest(viewerRequest)
    if (outcome.kind === 'response') return outcome
    const rewritten = { method: lookupMethod, ...outcome.request } as const
    const lookup = makeLookup(distribution, rewritten, {
      rewrittenFrom: asked,
      appliesRootObject: seesSlash,
      rootIsCachedAs,
    })
    return { kind: 'lookup', lookup, viewerRequest: { ...viewerRequest, ...outcome.request } } as const
  }

  async function answer(request: HttpRequest, requestId: string): Promise<ViewerResponse> {
    const distribution = sites.findByHost(request.headers['host'] ?? '')
    const refused = refuseRequest(request, distribution)
    if (refused !== undefined || distribution === undefined) {
      const response = refused ?? edgeErrorPage(403, 'No distribution answers to this host name.')
      return { response, xCache: ERROR_FROM_CLOUDFRONT }
    }
    // ViewerProtocolPolicy is not heeded: on loopback there is only plain HTTP, and a redirect to https would lead nowhere.
    const rewritten = rewrite(distribution, request, requestId)
    if (rewritten.kind === 'response') return rewritten.made
    const { lookup, viewerRequest } = rewritten
    const unanswerable = refuseMethod(request.method)
    if (unanswerable !== undefined) return { response: unanswerable, xCache: ERROR_FROM_CLOUDFRONT }
    const found = await ask(lookup)
    if (found.kind !== 'full') throw new TypeError('An edge location confirms nothing to its viewers.')
    const viewed = toViewerResponse({ method: request.method, headers: lookup.headers }, found, clock.nowMs())
    // No function sees an error of the origin, nor the custom error page in its place.
    if (found.response.isError || viewed.response.status >= 400) return viewed
    return functions.onResponse(viewerRequest, viewed)
  }

  return {
    store,
    edge: {
      pop,
      async handle(request) {
        const requestId = random.text(56, BASE64_URL)
        return markResponse(await answer(request, requestId), { pop, via, requestId }, clock.nowMs())
      },
      ...inspectCache(store, clock),
      peek(siteId, target, headers = {}) {
        const distribution = sites.find(siteId)
        if (distribution === undefined) return undefined
        const rewritten = rewrite(distribution, { method: 'GET', target, headers }, 'peek')
        const entry = rewritten.kind === 'lookup' ? store.find(rewritten.lookup.key) : undefined
        return entry === undefined ? undefined : summarizeEntry(entry, clock.nowMs())
      },
    },
  }
}

export function inspectCache(store: CacheStore, clock: EmulatorClock): InspectableCache {
  return {
    entries: () => store.entries().map((entry) => summarizeEntry(entry, clock.nowMs())),
    evict: (siteId, url) =>
      store.evict(
        (entry) =>
          (siteId === undefined || entry.distributionId === siteId || entry.tenantId === siteId) &&
          (url === undefined || entry.url === url),
      ),
  }
}

function summarizeEntry(entry: CacheEntry, nowMs: number): EntrySummary {
  return {
    distributionId: entry.distributionId,
    tenantId: entry.tenantId,
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
  const hasBody = Number(headers['content-length'] ?? 0) > 0 || headers['transfer-encoding'] !== undefined
  return hasBody && method === 'GET' ? edgeErrorPage(403, 'A GET request must not have a body.') : undefined
}

/** What S3 answers, without CORS rules and without a signature: the seam to the bucket only reads. */
function refuseMethod(method: string): HttpResponse | undefined {
  if (method === 'GET' || method === 'HEAD') return undefined
  if (method === 'OPTIONS') return edgeErrorPage(403, 'CORSResponse: CORS is not enabled for this bucket.')
  return edgeErrorPage(405, 'The specified method is not allowed against this resource.')
}
