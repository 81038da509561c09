// Which cached responses does an invalidation remove? Strings are compared: the item with the URL as it was requested.
// Facts: CloudFront Developer Guide, "Specify the files to invalidate" and "Invalidate files by cache tag".

import { isWildcard } from './invalidation-paths.ts'

export interface Purge {
  readonly distributionId: string
  /** Paths (`/a`, `/a*`) and tags (`#news`). */
  readonly items: readonly string[]
  /** The distribution's cache-tag header when the invalidation was made. */
  readonly cacheTagHeader: string | undefined
  readonly wildcardAtDirectory: WildcardAtDirectory
  /** Only what this tenant has cached. */
  readonly tenantId?: string | undefined
  /** Default `covers-tenants`. */
  readonly templateInvalidation?: TemplateInvalidation
  /** Default `rewritten-uri`. */
  readonly purgeMatches?: PurgeMatches
}

/** Does an invalidation of a tenant-only distribution purge what its tenants have cached? Not documented in so many words. */
export type TemplateInvalidation = 'covers-tenants' | 'leaves-tenants'

/**
 * With which URL is a path compared, where a function rewrote it? With the one in the cache key (`rewritten-uri`), with
 * those under which viewers asked this cache for the entry (`viewer-uri`), or with both. The Developer Guide says to send
 * both. A cache knows only the requests that reached it: what an edge location answers, the regional one does not see.
 */
export type PurgeMatches = 'rewritten-uri' | 'viewer-uri' | 'either'

/**
 * Does `/dir/*` remove `/dir/`? By the definition of the wildcard it does (`purges-directory`, the default); one operator
 * measured that it did not (`leaves-directory`).
 */
export type WildcardAtDirectory = 'purges-directory' | 'leaves-directory'

export interface Purgeable {
  readonly distributionId: string
  /** Path as requested, with the part of the query string that is in the cache key. */
  readonly url: string
  /** The URLs, as viewers sent them, under which the entry was stored or served. */
  readonly viewerUrls: ReadonlySet<string>
  readonly tenantId: string | undefined
  readonly cacheTags: CacheTags | undefined
}

export interface CacheTags {
  /** In lower case: the header the tags were read from when the response entered the cache. */
  readonly header: string
  /** In lower case. */
  readonly tags: readonly string[]
}

/** Developer Guide, "Invalidate files by cache tag": more tags than this, or longer ones, are not read. */
const MAX_TAGS = 50
const MAX_TAG_CHARACTERS = 256

/** `%41`, `%2B`, `%2A`, `%7E` …: characters that a path must hold raw (or, `~`, cannot hold). */
const NEEDLESSLY_ENCODED = /%(?:2[146-9A-F]|3[0-9ABDF]|4[0-9A-F]|5[0-9AF]|6[1-9A-F]|7[0-9AE])/i

export function createPurgeMatcher(purge: Purge): (entry: Purgeable) => boolean {
  // A path with something encoded that should be raw is taken, billed and removes nothing.
  const paths = purge.items.filter((item) => item.startsWith('/') && !NEEDLESSLY_ENCODED.test(item))
  const exact = new Set(paths.filter((path) => !isWildcard(path)))
  const prefixes = paths.filter(isWildcard).map((path) => path.slice(0, -1))
  const tags = new Set(purge.items.filter((item) => item.startsWith('#')).map((item) => item.slice(1).toLowerCase()))
  const leavesDirectory = purge.wildcardAtDirectory === 'leaves-directory'
  function matchesUrl(url: string): boolean {
    if (exact.has(url)) return true
    return prefixes.some(
      (prefix) =>
        url.startsWith(prefix) && !(leavesDirectory && prefix !== '/' && prefix.endsWith('/') && url === prefix),
    )
  }

  return (entry) => {
    if (!isInScope(entry, purge)) return false
    const urls = purge.purgeMatches === 'viewer-uri' ? [] : [entry.url]
    if (purge.purgeMatches === 'viewer-uri' || purge.purgeMatches === 'either') urls.push(...entry.viewerUrls)
    if (urls.some(matchesUrl)) return true
    if (tags.size === 0 || entry.cacheTags?.header !== purge.cacheTagHeader) return false
    return entry.cacheTags?.tags.some((tag) => tags.has(tag)) ?? false
  }
}

function isInScope(entry: Purgeable, { distributionId, tenantId, templateInvalidation }: Purge): boolean {
  if (entry.distributionId !== distributionId) return false
  if (tenantId !== undefined) return entry.tenantId === tenantId
  return entry.tenantId === undefined || templateInvalidation !== 'leaves-tenants'
}

/** The tags of a response; undefined where the distribution reads none. */
export function readCacheTags(
  headers: Readonly<Record<string, string>>,
  header: string | undefined,
): CacheTags | undefined {
  if (header === undefined) return undefined
  const tags = (headers[header] ?? '')
    .split(',')
    .map((tag) => tag.trim().toLowerCase())
    .filter((tag) => tag.length <= MAX_TAG_CHARACTERS && /^[!-~]+$/.test(tag))
  return { header, tags: tags.slice(0, MAX_TAGS) }
}
