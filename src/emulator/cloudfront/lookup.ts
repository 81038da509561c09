// One viewer request as the caches see it: which distribution, behavior and origin, and which cache key.

import type { CacheBehavior } from './behavior-config.ts'
import { selectBehavior } from './behaviors.ts'
import type { AcceptEncoding } from './cache-key.ts'
import { makeCacheKey } from './cache-key.ts'
import type { Distribution } from './distributions.ts'
import type { Headers } from './ttl.ts'

export interface Lookup {
  readonly distribution: Distribution
  readonly distributionId: string
  readonly tenantId: string | undefined
  readonly behavior: CacheBehavior
  readonly method: 'GET' | 'HEAD'
  /** As sent or as a function left it, default root object applied; the origin path comes before it on the way to the origin. */
  readonly path: string
  readonly key: string
  /** Path and the part of the query string that is in the key. */
  readonly url: string
  /** The same of the viewer's own request. */
  readonly viewerUrl: string
  readonly acceptEncoding: AcceptEncoding
  readonly headers: Headers
  /** The distribution's own fetch of a custom error page, which gets no custom error page. */
  readonly isForErrorPage: boolean
}

export interface LookupRequest {
  readonly method: 'GET' | 'HEAD'
  /** Path and query as sent by the viewer, or as a function left them. */
  readonly target: string
  readonly headers: Headers
}

export interface LookupOptions {
  /** The viewer's lookup, when a function came between: behavior and origin stay those of the URL that was asked for. */
  readonly rewrittenFrom?: Lookup
  /** Whether `/` is still to be replaced by the default root object. Default true. */
  readonly appliesRootObject?: boolean
  readonly isForErrorPage?: boolean
  /** Default `root-object`. */
  readonly rootIsCachedAs?: RootIsCachedAs
}

/** Under which path the caches store the answer to `/` where there is a default root object: users report the object's own; not documented. */
export type RootIsCachedAs = 'root-object' | 'slash'

/** Path and query of a request target, both as sent. */
export function splitTarget(target: string): { path: string; query: string } {
  const at = target.indexOf('?')
  return at < 0 ? { path: target, query: '' } : { path: target.slice(0, at), query: target.slice(at + 1) }
}

export function makeLookup(distribution: Distribution, request: LookupRequest, options: LookupOptions = {}): Lookup {
  const { rewrittenFrom, appliesRootObject = true, isForErrorPage = false } = options
  const target = appliesRootObject ? applyDefaultRootObject(distribution, request.target) : request.target
  const { path, query } = splitTarget(target)
  const behavior = rewrittenFrom?.behavior ?? selectBehavior(distribution.config.behaviors, path)
  const { headers, method } = request
  const tenantId = distribution.tenant?.id
  const isRootReplaced = path !== splitTarget(request.target).path
  const key = makeCacheKey({
    siteId: tenantId ?? distribution.id,
    path: isRootReplaced && options.rootIsCachedAs === 'slash' ? '/' : path,
    query,
    headers,
    policy: behavior.cachePolicy,
    areCookiesInKey: !behavior.origin.isS3,
  })
  return {
    distribution,
    distributionId: distribution.id,
    tenantId,
    behavior,
    method,
    path,
    key: key.text,
    url: key.url,
    viewerUrl: rewrittenFrom?.url ?? key.url,
    acceptEncoding: key.acceptEncoding,
    headers,
    isForErrorPage,
  }
}

/**
 * For exactly `/` the object stands in the cache under its own name, so that `/index.html` is what must be invalidated
 * (as users report). It is put in place before the behavior is chosen.
 */
export function applyDefaultRootObject(distribution: Distribution, target: string): string {
  const { defaultRootObject } = distribution.config
  const { path, query } = splitTarget(target)
  if (path !== '/' || defaultRootObject === '') return target
  return query === '' ? `/${defaultRootObject}` : `/${defaultRootObject}?${query}`
}
