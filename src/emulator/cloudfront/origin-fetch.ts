// What happens behind the caches: the conditional request to the bucket, and the response as CloudFront will keep it.
// Facts: CloudFront Developer Guide, "Request and response behavior for Amazon S3 origins".

import type { EmulatorClock } from '../clock.ts'
import type { HttpResponse } from '../http-message.ts'
import { readBody } from '../http-message.ts'
import type { FetchFromBucket } from '../origin.ts'
import type { StoredResponse } from './cache-store.ts'
import { compressResponse } from './compression.ts'
import type { NegativeCaching403 } from './error-caching.ts'
import { errorLifetimeSeconds } from './error-caching.ts'
import type { Lookup } from './lookup.ts'
import { bucketOfOrigin } from './origin-bucket.ts'
import { readCacheTags } from './purge-matching.ts'
import type { Answer, Ask } from './tier.ts'
import type { Headers } from './ttl.ts'
import { objectLifetimeSeconds, statedLifetimeSeconds } from './ttl.ts'
import { edgeErrorPage } from './viewer-errors.ts'

export interface OriginFetchOptions {
  readonly clock: EmulatorClock
  readonly fetchFromBucket: FetchFromBucket
  readonly negativeCaching403: NegativeCaching403
}

/** Not passed on for an S3 origin, or a matter of one connection, or told anew for each viewer. */
const REMOVED_HEADERS = new Set([
  'x-amz-id-2',
  'x-amz-request-id',
  'set-cookie',
  'trailer',
  'upgrade',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'content-length',
])

/** Cached by the TTLs as a 200 is; 307 and 308 only when the origin says for how long. */
const CACHED_LIKE_OBJECTS = new Set([200, 203, 300, 301, 302, 303])
const CACHED_WHEN_ASKED = new Set([307, 308])

/** Asks the origin; `known` is what a cache would like confirmed. */
export function createOriginFetch({ clock, fetchFromBucket, negativeCaching403 }: OriginFetchOptions): Ask {
  async function send(lookup: Lookup, headers: Headers): Promise<HttpResponse> {
    const { origin } = lookup.behavior
    const bucket = bucketOfOrigin(origin.domainName)
    if (bucket === null) return edgeErrorPage(502, "CloudFront wasn't able to resolve the origin domain name.")
    const { method, path } = lookup
    try {
      return await fetchFromBucket({ bucket, method, path: origin.originPath + path, headers, access: origin.access })
    } catch (error) {
      return edgeErrorPage(502, `CloudFront wasn't able to connect to the origin: ${String(error)}`)
    }
  }

  async function readResponse(lookup: Lookup, response: HttpResponse): Promise<StoredResponse> {
    const all = lowerCaseNames(response.headers)
    const body = response.body instanceof Uint8Array ? Buffer.from(response.body) : await readBody(response.body)
    const headers = Object.fromEntries(Object.entries(all).filter(([name]) => !REMOVED_HEADERS.has(name)))
    const nowMs = clock.nowMs()
    const lifetimeSeconds = lifetimeOf(lookup, response.status, headers, nowMs)
    const isHead = lookup.method === 'HEAD'
    const statedSize = all['content-length'] === undefined ? undefined : Number(all['content-length'])
    return {
      status: response.status,
      headers: { date: new Date(nowMs).toUTCString(), ...headers },
      body,
      sizeBytes: isHead ? statedSize : body.length,
      originEtag: headers['etag'],
      storedAtMs: nowMs,
      expiresAtMs: lifetimeSeconds === undefined ? undefined : nowMs + lifetimeSeconds * 1000,
      isError: response.status >= 400,
      cacheTags: readCacheTags(headers, lookup.distribution.config.cacheTagHeader),
    }
  }

  function lifetimeOf(lookup: Lookup, status: number, headers: Headers, nowMs: number): number | undefined {
    const { ttl } = lookup.behavior.cachePolicy
    if (status >= 400) {
      const rule = lookup.distribution.config.errorResponses.find((entry) => entry.errorCode === status)
      return errorLifetimeSeconds(status, headers, {
        errorCachingMinTtlSeconds: rule?.errorCachingMinTtlSeconds,
        isS3Origin: bucketOfOrigin(lookup.behavior.origin.domainName) !== null,
        ttl,
        negativeCaching403,
        nowMs,
      })
    }
    const isAsked = CACHED_WHEN_ASKED.has(status) && statedLifetimeSeconds(headers, nowMs) !== undefined
    return CACHED_LIKE_OBJECTS.has(status) || isAsked ? objectLifetimeSeconds(headers, ttl, nowMs) : undefined
  }

  return async (lookup, known): Promise<Answer> => {
    const response = await send(lookup, known === undefined ? {} : conditionalHeaders(known))
    if (response.status === 304 && known !== undefined) {
      const nowMs = clock.nowMs()
      // The kept headers stay in force, whatever the 304 says: a change of metadata alone never arrives this way.
      const lifetimeSeconds = lifetimeOf(lookup, known.status, known.headers, nowMs)
      const expiresAtMs = lifetimeSeconds === undefined ? undefined : nowMs + lifetimeSeconds * 1000
      return { kind: 'validated', storedAtMs: nowMs, expiresAtMs }
    }
    const stored = await readResponse(lookup, response)
    const isToCompress = lookup.behavior.compress && lookup.method === 'GET'
    return {
      kind: 'full',
      response: isToCompress ? await compressResponse(stored, lookup.acceptEncoding) : stored,
      isBodyless: lookup.method === 'HEAD',
      result: 'miss',
    }
  }
}

function conditionalHeaders(known: StoredResponse): Headers {
  if (known.originEtag !== undefined) return { 'if-none-match': known.originEtag }
  const lastModified = known.headers['last-modified']
  return lastModified === undefined ? {} : { 'if-modified-since': lastModified }
}

function lowerCaseNames(headers: Headers): Headers {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
