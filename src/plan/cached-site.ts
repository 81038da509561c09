// All that a distribution's caches may hold of the site, as the search for the smallest purge wants it: each object with its URLs, its
// tags, and whether it has to go. Pure.

import { keyToInvalidationItem, keyToViewerPath } from '../http/paths.ts'
import type { Key, RecordedDistribution, RecordedObject } from '../model.ts'
import { areTagsReliable, tagsOfRecord } from './cache-tags.ts'
import type { CachedObject, CachedUrl } from './cover/universe.ts'
import type { StaleKey } from './diff.ts'
import { wholeScope } from './purge-scope.ts'
import { type TagHash, withoutOwnTags } from './tags/cache-tag-list.ts'
import { shareHistories } from './tags/upload-history.ts'
import { behaviorsOfOrigin, isWebsite, keyBelowOriginPath, originsOfBucket, type UrlSpace } from './url-space.ts'
import { keyToServedPaths, type ServedPath } from './viewer-paths.ts'

const INDEX_NAME = /(?:^|\/)(?:index|default)\.[a-z0-9]+$/iu
/** No item can name it, since `~` is refused: only a prefix that reaches beyond the site hits it. */
const SOMETHING_ELSE = '~'

export interface CachedSiteInput {
  readonly space: UrlSpace
  /** Of the site in the bucket. */
  readonly prefix: string
  /** Keys that have to go. */
  readonly purge: readonly StaleKey[]
  /** What the last completed release had put live. */
  readonly recorded: ReadonlyMap<Key, RecordedObject>
  /** What that release knew of the distribution. */
  readonly before: RecordedDistribution | undefined
  readonly toTag: TagHash
  /** Objects below the prefix that are not recorded and stay. */
  readonly foreign: readonly Key[]
  /** Whether nobody misses the object when it is evicted. */
  readonly isFree: (key: Key) => boolean
}

/** One URL that has to go, with the reason. */
export interface StaleUrl {
  readonly key: Key
  readonly url: CachedUrl
  /** What happened to the key: `bytes changed`. */
  readonly what: string
  /** Why that concerns this URL. */
  readonly reason: string
  /** That the item is a prefix, and why; empty where the path itself is one. */
  readonly note: string
}

export interface CachedSite {
  readonly objects: readonly CachedObject[]
  readonly staleUrls: readonly StaleUrl[]
}

/**
 * Objects that have to go come with every URL, found by running the distribution's functions; those that may stay with their plain ones,
 * which is enough to weigh what a prefix evicts.
 */
export function describeCachedSite(input: CachedSiteInput): CachedSite {
  const { space, recorded, before, toTag } = input
  const { distribution } = space
  const objects: CachedObject[] = []
  const staleUrls: StaleUrl[] = []
  const stale = new Set(input.purge.map(({ key }) => key))
  for (const { key, kind, reason } of input.purge) {
    const urls = keyToServedPaths(key, space).map((path) => ({ path, ...writeUrl(path) }))
    if (urls.length === 0) continue
    for (const { path, url, note } of urls)
      staleUrls.push({ key, url, note, what: reason, reason: `${path.because}: ${reason}` })
    const record = recorded.get(key)
    // What runs that did not finish have put into caches may be without a tag, and what was missing was cached without one.
    const isTagged = (kind === 'changed' || kind === 'removed') && areTagsReliable(distribution, before)
    const tags = isTagged ? tagsOfRecord(key, record, distribution, toTag) : []
    objects.push({
      key,
      need: 'must',
      weight: 1,
      urls: urls.map(({ url }) => url),
      tagLists: tags.length > 0 ? [tags] : [],
    })
  }
  if (objects.length === 0) return { objects, staleUrls }
  return { objects: [...objects, ...describeOthers(input, stale, objects.length)], staleUrls }
}

/** @param staleCount objects that have to go */
export function describeOthers(
  input: Omit<CachedSiteInput, 'purge'>,
  stale: ReadonlySet<Key>,
  staleCount: number,
): CachedObject[] {
  const { space, recorded } = input
  const toTag = withoutOwnTags(input.toTag)
  const unpack = shareHistories()
  const origins = originsOfBucket(space)
    .filter((origin) => behaviorsOfOrigin(origin, space.distribution).length > 0)
    .map((origin) => ({ originPath: origin.originPath, isWebsite: isWebsite(origin, space) }))
  const others: CachedObject[] = []
  for (const key of new Set([...recorded.keys(), ...input.foreign])) {
    if (stale.has(key)) continue
    const urls = plainUrls(key, origins)
    if (urls.length === 0) continue
    const tags = tagsOfRecord(key, recorded.get(key), space.distribution, toTag, unpack)
    const need = input.isFree(key) ? 'free' : 'keep'
    others.push({ key, need, weight: 1, urls, tagLists: tags.length > 0 ? [tags] : [] })
  }
  return [...others, ...neighbours(input, staleCount + others.length)]
}

function writeUrl({ path, variesByQueryString, isRedirect }: ServedPath): { url: CachedUrl; note: string } {
  const { item, exact } = keyToInvalidationItem(path.slice(1))
  const isTagged = !isRedirect
  if (!exact) {
    const known = item.slice(0, -1)
    const url = { path: spell(path, known), isExactItem: false, prefixLimit: known.length, isTagged }
    return { url, note: ' (a prefix, since caches may know this name in several spellings)' }
  }
  const url = { path: item, isExactItem: !variesByQueryString, prefixLimit: item.length, isTagged }
  return { url, note: variesByQueryString ? ' (a prefix, since query strings are in the cache key)' : '' }
}

/** The path as it begins for sure, and then as it is most often spelled. */
function spell(path: string, known: string): string {
  const viewed = keyToViewerPath(path.slice(1))
  return viewed.startsWith(known) ? viewed : known
}

function plainUrls(
  key: Key,
  origins: readonly { readonly originPath: string; readonly isWebsite: boolean }[],
): CachedUrl[] {
  const paths = new Set<string>()
  for (const origin of origins) {
    const below = keyBelowOriginPath(key, origin.originPath)
    if (below === undefined) continue
    const path = `/${below}`
    paths.add(path)
    if (INDEX_NAME.test(below)) {
      const folder = path.slice(0, path.lastIndexOf('/') + 1)
      paths.add(folder)
      if (folder !== '/' && !origin.isWebsite) paths.add(folder.slice(0, -1))
    }
  }
  return [...paths].map((path) => writeUrl({ path, because: '', isRedirect: false, variesByQueryString: false }).url)
}

/**
 * What else the distribution serves: other origins, and what lies beside the site in its bucket. How much that is nobody knows; it counts
 * as much as the site, so that a prefix reaches beyond it only where nothing else is left.
 */
function neighbours({ space, prefix }: Omit<CachedSiteInput, 'purge'>, weight: number): CachedObject[] {
  const ours = new Set(originsOfBucket(space).flatMap((origin) => behaviorsOfOrigin(origin, space.distribution)))
  const others = space.distribution.behaviors.filter((behavior) => !ours.has(behavior))
  const starts = others.map(({ pathPattern }) => pathPattern.replace(/^\//u, '').split(/[*?]/u)[0] ?? '')
  if (!wholeScope(prefix, space).includes('/*')) starts.push('')
  return [...new Set(starts)].map((start): CachedObject => {
    const path = `/${keyToViewerPath(start).slice(1)}${SOMETHING_ELSE}`
    const url = { path, isExactItem: false, prefixLimit: 1, isTagged: false }
    return { key: `beside the site: ${path}`, need: 'keep', weight, urls: [url], tagLists: [] }
  })
}
