// Under which key does an edge location keep a response? Distribution and path as sent, and what the cache policy adds.
// Facts: CloudFront Developer Guide, "Understand the cache key", "Understand cache policies" (Accept-Encoding).

import type { CachePolicy, NamesChosen } from './cache-policies.ts'
import type { Headers } from './ttl.ts'

/** CloudFront's normal form of the viewer's Accept-Encoding; `''` where it is not in the key. */
export type AcceptEncoding = '' | 'gzip' | 'br' | 'br,gzip'

export interface KeyParts {
  readonly distributionId: string
  /** As sent, default root object applied. */
  readonly path: string
  /** As sent, without `?`. */
  readonly query: string
  readonly headers: Headers
  readonly policy: CachePolicy
}

export interface CacheKey {
  readonly text: string
  /** What invalidation paths are compared with: the path, with the part of the query string that is in the key. */
  readonly url: string
  readonly acceptEncoding: AcceptEncoding
}

/** Cookies are in no key: S3 ignores them, and CloudFront then serves every viewer the one object it has. */
export function makeCacheKey({ distributionId, path, query, headers, policy }: KeyParts): CacheKey {
  const queryInKey = selectQueryStrings(query, policy.queryStrings)
  const url = queryInKey === '' ? path : `${path}?${queryInKey}`
  const acceptEncoding = normalizeAcceptEncoding(headers['accept-encoding'], policy)
  const headersInKey = policy.headers.map((name) => headers[name] ?? null)
  return { text: JSON.stringify([distributionId, url, headersInKey, acceptEncoding]), url, acceptEncoding }
}

export function normalizeAcceptEncoding(
  header: string | undefined,
  policy: Pick<CachePolicy, 'gzip' | 'brotli'>,
): AcceptEncoding {
  const accepted = new Set(
    (header ?? '')
      .toLowerCase()
      .split(',')
      .filter((part) => !/;\s*q=0(\.0*)?\s*$/.test(part))
      .map((part) => (part.split(';')[0] ?? '').trim()),
  )
  const br = policy.brotli && accepted.has('br')
  const gzip = policy.gzip && accepted.has('gzip')
  if (br && gzip) return 'br,gzip'
  return br ? 'br' : gzip ? 'gzip' : ''
}

/** In the viewer's order and spelling; for a list of names it is not documented how a path must spell the rest. */
function selectQueryStrings(query: string, chosen: NamesChosen): string {
  if (chosen.behavior === 'none' || query === '') return ''
  if (chosen.behavior === 'all') return query
  const keepsNamed = chosen.behavior === 'whitelist'
  return query
    .split('&')
    .filter((pair) => chosen.names.includes(pair.split('=')[0] ?? '') === keepsNamed)
    .join('&')
}
