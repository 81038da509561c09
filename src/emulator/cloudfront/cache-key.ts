// Under which key does an edge location keep a response? Distribution and path as sent, and what the cache policy adds.
// Facts: CloudFront Developer Guide, "Understand the cache key", "Understand cache policies" (Accept-Encoding).

import type { CachePolicy, NamesChosen } from './cache-policies.ts'
import type { Headers } from './ttl.ts'

/** CloudFront's normal form of the viewer's Accept-Encoding; `''` where it is not in the key. */
export type AcceptEncoding = '' | 'gzip' | 'br' | 'br,gzip'

export interface KeyParts {
  /** A distribution or a tenant: none finds what another has cached. */
  readonly siteId: string
  /** As sent, default root object applied. */
  readonly path: string
  /** As sent, without `?`. */
  readonly query: string
  readonly headers: Headers
  readonly policy: CachePolicy
  /** Not for S3, which ignores cookies: every viewer is served the one object. */
  readonly areCookiesInKey: boolean
}

export interface CacheKey {
  readonly text: string
  /** What invalidation paths are compared with: the path, with the part of the query string that is in the key. */
  readonly url: string
  readonly acceptEncoding: AcceptEncoding
}

export function makeCacheKey({ siteId, path, query, headers, policy, areCookiesInKey }: KeyParts): CacheKey {
  const queryInKey = selectQueryStrings(query, policy.queryStrings)
  const url = queryInKey === '' ? path : `${path}?${queryInKey}`
  const acceptEncoding = normalizeAcceptEncoding(headers['accept-encoding'], policy)
  const headersInKey = policy.headers.map((name) => headers[name] ?? null)
  const cookies = areCookiesInKey ? selectNamed(headers['cookie'] ?? '', /;\s*/, policy.cookies).join('; ') : ''
  return { text: JSON.stringify([siteId, url, headersInKey, cookies, acceptEncoding]), url, acceptEncoding }
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

/** For a list of names it is not documented how a path must spell the rest. */
function selectQueryStrings(query: string, chosen: NamesChosen): string {
  return selectNamed(query, '&', chosen).join('&')
}

/** The `name=value` pairs that are chosen, in the viewer's order and spelling. */
function selectNamed(text: string, separator: string | RegExp, { behavior, names }: NamesChosen): string[] {
  if (behavior === 'none' || text === '') return []
  const pairs = text.split(separator)
  if (behavior === 'all') return pairs
  const keepsNamed = behavior === 'whitelist'
  return pairs.filter((pair) => names.includes(pair.split('=')[0] ?? '') === keepsNamed)
}
