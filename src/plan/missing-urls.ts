// URLs that do not exist are answered too, and cached: with error pages, with another origin's answer, with redirects. Pure.

import type { Key } from '../model.ts'
import { decodePath, isWebsite, keyBelowOriginPath, originsOfBucket, type UrlSpace } from './url-space.ts'

/**
 * Keys whose content is shown under URLs that do not exist, and for how many seconds edges keep it there by the distribution's own
 * configuration: its error pages, and the website's error document.
 */
export function errorPageTtls(space: UrlSpace): ReadonlyMap<Key, number> {
  const ttls = new Map<Key, number>()
  const add = (key: Key, seconds: number): void => void ttls.set(key, Math.max(seconds, ttls.get(key) ?? 0))
  for (const { responsePagePath, errorCachingMinTtlSeconds } of space.distribution.errorResponses) {
    if (responsePagePath === undefined) continue
    for (const origin of originsOfBucket(space)) {
      add(`${origin.originPath}${decodePath(responsePagePath)}`.slice(1), errorCachingMinTtlSeconds)
    }
  }
  const websites = originsOfBucket(space).filter((origin) => isWebsite(origin, space))
  if (websites.length > 0 && space.website?.errorDocument !== undefined) add(space.website.errorDocument, 0)
  return ttls
}

/** Why a URL that did not exist may be cached for long as something else than an error; undefined when only errors can be. */
export function longCachedBefore(key: Key, space: UrlSpace, wasThere: (key: Key) => boolean): string | undefined {
  for (const origin of originsOfBucket(space)) {
    const relativeKey = keyBelowOriginPath(key, origin.originPath)
    if (relativeKey === undefined) continue
    const group = space.distribution.originGroups.find(
      ({ originIds, failoverStatusCodes }) =>
        originIds.includes(origin.id) && failoverStatusCodes.some((code) => code === 403 || code === 404),
    )
    if (group !== undefined) return `the origin group ${group.id} may have answered from its other origin`
    if (!isWebsite(origin, space) || space.website === undefined) continue
    if (space.website.redirectsMissingKeys) return 'a routing rule of the website may have redirected it'
    if (wasThere(`${key}/${space.website.indexDocument}`)) return `it was a redirect to /${relativeKey}/ before`
  }
  return undefined
}
