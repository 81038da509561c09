// From a cached response to what this viewer gets: 304 to a conditional request, 206 to a range, and CloudFront's headers.
// Facts: CloudFront Developer Guide, "Request and response behavior for Amazon S3 origins" and "How CloudFront processes
// partial requests for an object (range GETs)"; X-Cache, Age and X-Amz-Cf-Pop as users report them.

import type { HttpResponse } from '../http-message.ts'
import { NO_BODY } from '../http-message.ts'
import type { StoredResponse } from './cache-store.ts'
import type { CacheResult } from './tier.ts'
import type { Headers } from './ttl.ts'
import { edgeErrorPage } from './viewer-errors.ts'

/** What an edge location adds to every response. */
export interface EdgeMark {
  readonly pop: string
  readonly via: string
  readonly requestId: string
}

export interface Served {
  readonly response: StoredResponse
  readonly result: CacheResult
}

const X_CACHE: Readonly<Record<CacheResult, string>> = {
  hit: 'Hit from cloudfront',
  stale: 'Hit from cloudfront',
  refresh: 'RefreshHit from cloudfront',
  miss: 'Miss from cloudfront',
}

/** RFC 9110 §15.4.5: what a 304 repeats. */
const KEPT_IN_304 = ['etag', 'last-modified', 'cache-control', 'expires', 'vary', 'date', 'content-location']

/** The response without the edge location's marks, and what X-Cache will say. */
export interface ViewerResponse {
  readonly response: HttpResponse
  readonly xCache: string
}

export const ERROR_FROM_CLOUDFRONT = 'Error from cloudfront'

export function toViewerResponse(
  request: { readonly method: string; readonly headers: Headers },
  { response, result }: Served,
  nowMs: number,
): ViewerResponse {
  const isFromCache = result === 'hit' || result === 'stale'
  const age: Headers = isFromCache ? { age: String(Math.floor((nowMs - response.storedAtMs) / 1000)) } : {}
  const xCache = response.isError ? ERROR_FROM_CLOUDFRONT : X_CACHE[result]
  const reply = (status: number, headers: Headers, body: Uint8Array): ViewerResponse => ({
    response: { status, headers: { ...headers, ...age }, body },
    xCache,
  })

  if (response.status === 200 && isNotModified(request.headers, response.headers)) {
    const kept = Object.fromEntries(Object.entries(response.headers).filter(([name]) => KEPT_IN_304.includes(name)))
    return reply(304, kept, NO_BODY)
  }
  if (request.method === 'HEAD') {
    const { sizeBytes } = response
    const length: Headers = sizeBytes === undefined ? {} : { 'content-length': String(sizeBytes) }
    return reply(response.status, { ...response.headers, ...length }, NO_BODY)
  }
  const range = response.status === 200 ? readRange(request.headers, response) : undefined
  if (range === undefined) return reply(response.status, response.headers, response.body)
  if (range === 'unsatisfiable') {
    const page = edgeErrorPage(416, 'The range lies outside the object.')
    const headers = { ...page.headers, 'content-range': `bytes */${response.body.length}` }
    return { response: { ...page, headers }, xCache: ERROR_FROM_CLOUDFRONT }
  }
  const contentRange = `bytes ${range.first}-${range.last}/${response.body.length}`
  const part = response.body.subarray(range.first, range.last + 1)
  return reply(206, { ...response.headers, 'content-range': contentRange }, part)
}

/** What goes over the wire. `Date` is told where nobody before did. */
export function markResponse({ response, xCache }: ViewerResponse, mark: EdgeMark, nowMs: number): HttpResponse {
  return {
    ...response,
    headers: {
      date: new Date(nowMs).toUTCString(),
      ...response.headers,
      'x-cache': xCache,
      via: `1.1 ${mark.via}.cloudfront.net (CloudFront)`,
      'x-amz-cf-pop': mark.pop,
      'x-amz-cf-id': mark.requestId,
    },
  }
}

function isNotModified(asked: Headers, stored: Headers): boolean {
  const ifNoneMatch = asked['if-none-match']
  if (ifNoneMatch !== undefined) {
    const etag = stored['etag']
    if (etag === undefined) return false
    // Compared weakly, RFC 9110 §13.1.2: the edge's own compression made `W/"x"` of `"x"`.
    const tags = ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
    return tags.includes('*') || tags.includes(etag.replace(/^W\//, ''))
  }
  const sinceMs = Date.parse(asked['if-modified-since'] ?? '')
  return Date.parse(stored['last-modified'] ?? '') <= sinceMs
}

/** One range only: several, as anything that does not parse, get the whole object. */
function readRange(
  asked: Headers,
  response: StoredResponse,
): { first: number; last: number } | 'unsatisfiable' | undefined {
  const found = /^bytes=(\d*)-(\d*)$/.exec(asked['range'] ?? '')
  if (found === null || (found[1] === '' && found[2] === '') || !isIfRangeMet(asked, response.headers)) return undefined
  const sizeBytes = response.body.length
  const [, from = '', to = ''] = found
  const first = from === '' ? Math.max(0, sizeBytes - Number(to)) : Number(from)
  const last = from === '' || to === '' ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1)
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined
  return first >= sizeBytes || (from === '' && Number(to) === 0) ? 'unsatisfiable' : { first, last }
}

/** RFC 9110 §13.1.5: a strong ETag, or the very date. */
function isIfRangeMet(asked: Headers, stored: Headers): boolean {
  const ifRange = asked['if-range']
  if (ifRange === undefined) return true
  return ifRange.startsWith('"') ? ifRange === stored['etag'] : ifRange === stored['last-modified']
}
