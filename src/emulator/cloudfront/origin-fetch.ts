// What happens behind the caches: the conditional request to the bucket, the second origin of a group where the first
// fails, and the response as CloudFront will keep it.
// Facts: CloudFront Developer Guide, "Request and response behavior for Amazon S3 origins", the same "for custom origins",
// and "Optimize high availability with CloudFront origin failover".

import type { EmulatorClock } from '../clock.ts'
import type { HttpResponse } from '../http-message.ts'
import { readBody } from '../http-message.ts'
import type { FetchFromBucket } from '../origin.ts'
import type { StoredResponse } from './cache-store.ts'
import { compressResponse } from './compression.ts'
import type { NegativeCaching403 } from './error-caching.ts'
import { errorLifetimeSeconds } from './error-caching.ts'
import type { Lookup } from './lookup.ts'
import { bucketOfOrigin, bucketOfWebsite } from './origin-bucket.ts'
import type { Origin } from './origin-config.ts'
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

/** A matter of one connection, or told anew for each viewer. */
const REMOVED_HEADERS = ['trailer', 'upgrade', 'transfer-encoding', 'connection', 'keep-alive', 'content-length']
const REMOVED_FOR_S3 = ['x-amz-id-2', 'x-amz-request-id', 'set-cookie']

interface OriginResponse extends HttpResponse {
  readonly origin: Origin
  /** Nobody answered; CloudFront made the response. */
  readonly isUnreachable: boolean
}

/** Cached by the TTLs as a 200 is; 307 and 308 only when the origin says for how long. */
const CACHED_LIKE_OBJECTS = new Set([200, 203, 300, 301, 302, 303])
const CACHED_WHEN_ASKED = new Set([307, 308])

/** Asks the origin; `known` is what a cache would like confirmed. */
export function createOriginFetch({ clock, fetchFromBucket, negativeCaching403 }: OriginFetchOptions): Ask {
  async function sendTo(origin: Origin, lookup: Lookup, headers: Headers): Promise<OriginResponse> {
    const { method } = lookup
    const website = bucketOfWebsite(origin.domainName)
    const bucket = website ?? bucketOfOrigin(origin.domainName)
    const failed = (status: number, reason: string): OriginResponse => ({
      ...edgeErrorPage(status, reason),
      origin,
      isUnreachable: true,
    })
    if (bucket === null) return failed(502, "CloudFront wasn't able to resolve the origin domain name.")
    if (website !== null && origin.protocolPolicy === 'https-only') {
      return failed(504, "CloudFront wasn't able to connect to the origin: a website endpoint speaks no HTTPS.")
    }
    const endpoint = website === null ? 'rest' : 'website'
    const path = origin.originPath + lookup.path
    try {
      const response = await fetchFromBucket({ bucket, method, path, headers, access: origin.access, endpoint })
      return { ...response, origin, isUnreachable: false }
    } catch (error) {
      return failed(502, `CloudFront wasn't able to connect to the origin: ${String(error)}`)
    }
  }

  /** Always the first origin first. */
  async function send(lookup: Lookup, headers: Headers): Promise<OriginResponse> {
    const { origin, failover } = lookup.behavior
    const first = await sendTo(origin, lookup, headers)
    if (failover === undefined || !(first.isUnreachable || failover.statuses.has(first.status))) return first
    return sendTo(failover.origin, lookup, headers)
  }

  async function readResponse(lookup: Lookup, response: OriginResponse): Promise<StoredResponse> {
    const all = lowerCaseNames(response.headers)
    const body = response.body instanceof Uint8Array ? Buffer.from(response.body) : await readBody(response.body)
    const removed = new Set(response.origin.isS3 ? [...REMOVED_HEADERS, ...REMOVED_FOR_S3] : REMOVED_HEADERS)
    const headers = Object.fromEntries(Object.entries(all).filter(([name]) => !removed.has(name)))
    const nowMs = clock.nowMs()
    const lifetimeSeconds = lifetimeOf(lookup, response.status, headers, nowMs, response.origin.isS3)
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

  function lifetimeOf(
    lookup: Lookup,
    status: number,
    headers: Headers,
    nowMs: number,
    isS3Origin: boolean,
  ): number | undefined {
    const { ttl } = lookup.behavior.cachePolicy
    if (status >= 400) {
      const rule = lookup.distribution.config.errorResponses.find((entry) => entry.errorCode === status)
      return errorLifetimeSeconds(status, headers, {
        errorCachingMinTtlSeconds: rule?.errorCachingMinTtlSeconds,
        isS3Origin,
        ttl,
        negativeCaching403,
        nowMs,
      })
    }
    const isAsked = CACHED_WHEN_ASKED.has(status) && statedLifetimeSeconds(headers, nowMs) !== undefined
    return CACHED_LIKE_OBJECTS.has(status) || isAsked ? objectLifetimeSeconds(headers, ttl, nowMs) : undefined
  }

  return async (lookup, known): Promise<Answer> => {
    const { behavior } = lookup
    // A custom origin that is sent cookies is asked anew each time.
    const isConditional = behavior.origin.isS3 || behavior.cachePolicy.cookies.behavior === 'none'
    const response = await send(lookup, known === undefined || !isConditional ? {} : conditionalHeaders(known))
    if (response.status === 304 && known !== undefined) {
      const nowMs = clock.nowMs()
      // The kept headers stay in force, whatever the 304 says: a change of metadata alone never arrives this way.
      const lifetimeSeconds = lifetimeOf(lookup, known.status, known.headers, nowMs, response.origin.isS3)
      const expiresAtMs = lifetimeSeconds === undefined ? undefined : nowMs + lifetimeSeconds * 1000
      return { kind: 'validated', storedAtMs: nowMs, expiresAtMs }
    }
    const stored = await readResponse(lookup, response)
    const isToCompress = behavior.compress && lookup.method === 'GET'
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
