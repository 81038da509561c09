// One viewer request as the caches see it: which distribution, behavior and origin, and which cache key.

import { selectBehavior } from './behaviors.ts'
import type { AcceptEncoding } from './cache-key.ts'
import { makeCacheKey } from './cache-key.ts'
import type { CacheBehavior } from './distribution-config.ts'
import type { Distribution } from './distributions.ts'
import type { Headers } from './ttl.ts'

export interface Lookup {
  readonly distribution: Distribution
  readonly distributionId: string
  readonly behavior: CacheBehavior
  readonly method: 'GET' | 'HEAD'
  /** As sent, default root object applied; the origin path comes before it on the way to the origin. */
  readonly path: string
  readonly key: string
  readonly url: string
  readonly acceptEncoding: AcceptEncoding
  readonly headers: Headers
  /** The distribution's own fetch of a custom error page, which gets no custom error page. */
  readonly isForErrorPage: boolean
}

/** Path and query of a request target, both as sent. */
export function splitTarget(target: string): { path: string; query: string } {
  const at = target.indexOf('?')
  return at < 0 ? { path: target, query: '' } : { path: target.slice(0, at), query: target.slice(at + 1) }
}

/** @param target path and query as sent by the viewer */
export function makeLookup(
  distribution: Distribution,
  request: { readonly method: 'GET' | 'HEAD'; readonly target: string; readonly headers: Headers },
  isForErrorPage: boolean = false,
): Lookup {
  const { path: sentPath, query } = splitTarget(request.target)
  const path = applyDefaultRootObject(distribution, sentPath)
  const behavior = selectBehavior(distribution.config.behaviors, path)
  const { headers, method } = request
  const policy = behavior.cachePolicy
  const key = makeCacheKey({ distributionId: distribution.id, path, query, headers, policy })
  return {
    distribution,
    distributionId: distribution.id,
    behavior,
    method,
    path,
    key: key.text,
    url: key.url,
    acceptEncoding: key.acceptEncoding,
    headers,
    isForErrorPage,
  }
}

/**
 * For exactly `/` the object stands in the cache under its own name, so that `/index.html` is what must be invalidated
 * (as users report). It is put in place before the behavior is chosen.
 */
function applyDefaultRootObject(distribution: Distribution, path: string): string {
  const { defaultRootObject } = distribution.config
  return path === '/' && defaultRootObject !== '' ? `/${defaultRootObject}` : path
}
