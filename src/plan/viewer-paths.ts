// Under which URLs does a distribution serve a key? Pure: knows origins, origin path and the default root object; asks nobody.
//
// Where a distribution does more than that (a website endpoint, functions that rewrite requests, query strings in the cache key) the
// URLs cannot be told from the key alone; `unmappedBecause` says so, and the plan purges the whole site's scope instead of guessing.

import { endpointOfBucket } from '../http/s3-hosts.ts'
import { keyToInvalidationItem } from '../http/paths.ts'
import type { CacheBehavior, Distribution, InvalidationItem, Key, Origin } from '../model.ts'

export interface ServedPath {
  /** The key relative to the origin path, `""` for the root: what the URL spells. */
  readonly relativeKey: Key
  /** For people: why this URL answers with that key. */
  readonly because: string
}

/**
 * Every URL under which the distribution answers with the key, when nothing rewrites requests.
 *
 * @returns empty when no origin of the distribution reaches the key
 */
export function keyToServedPaths(key: Key, bucket: string, distribution: Distribution): ServedPath[] {
  const served: ServedPath[] = []
  for (const origin of originsOfBucket(bucket, distribution)) {
    const relativeKey = keyBelowOriginPath(key, origin.originPath)
    if (relativeKey === undefined || served.some((path) => path.relativeKey === relativeKey)) continue
    const via = origin.originPath === '' ? '' : ` below the origin path ${origin.originPath}`
    served.push({ relativeKey, because: `served from ${key}${via}` })
    // The root is cached under "/" or under the root object's own path, depending on where the rewrite happens: both are purged.
    if (relativeKey === distribution.defaultRootObject) {
      served.push({ relativeKey: '', because: `the default root object is ${distribution.defaultRootObject}` })
    }
  }
  return served
}

/** Why the URLs of this distribution cannot be told from keys alone; undefined when they can. */
export function unmappedBecause(bucket: string, distribution: Distribution): string | undefined {
  const origins = originsOfBucket(bucket, distribution)
  const website = origins.find((origin) => endpointOfBucket(origin.domainName, bucket) === 'website')
  if (website !== undefined) return `its origin ${website.domainName} is a website endpoint`
  const behaviors = behaviorsOf(origins, distribution)
  const rewriting = behaviors.find((behavior) => behavior.requestFunctions.length > 0)
  if (rewriting !== undefined) {
    return `the behavior ${rewriting.pathPattern} runs ${rewriting.requestFunctions.join(', ')} on requests`
  }
  const varying = behaviors.find((behavior) => behavior.queryStringsInCacheKey)
  if (varying !== undefined) return `the behavior ${varying.pathPattern} has query strings in its cache key`
  return undefined
}

/** The smallest set of items that covers all the distribution can have cached from below the prefix. */
export function wholeScope(bucket: string, prefix: string, distribution: Distribution): InvalidationItem[] {
  const scopes = originsOfBucket(bucket, distribution).map((origin): InvalidationItem | undefined => {
    const prefixKey = prefix.slice(0, -1)
    const below = keyBelowOriginPath(`${prefixKey}/`, origin.originPath)
    if (prefix === '' || below === '' || `${origin.originPath}/`.startsWith(`/${prefix}`)) return '/*'
    if (below === undefined) return undefined
    // Without the slash: the URL "/blog" belongs to "blog/" too.
    const written = keyToInvalidationItem(below.slice(0, -1)).item
    return written.endsWith('*') ? written : `${written}*`
  })
  const items = [...new Set(scopes.filter((scope) => scope !== undefined))]
  return items.includes('/*') ? ['/*'] : items
}

function originsOfBucket(bucket: string, distribution: Distribution): Origin[] {
  return distribution.origins.filter((origin) => endpointOfBucket(origin.domainName, bucket) !== undefined)
}

function behaviorsOf(origins: readonly Origin[], distribution: Distribution): CacheBehavior[] {
  const originIds = new Set(origins.map((origin) => origin.id))
  const targets = new Set(originIds)
  for (const group of distribution.originGroups) {
    if (group.originIds.some((id) => originIds.has(id))) targets.add(group.id)
  }
  return distribution.behaviors.filter((behavior) => targets.has(behavior.targetOriginId))
}

function keyBelowOriginPath(key: Key, originPath: string): Key | undefined {
  if (originPath === '') return key
  const base = `${originPath.slice(1)}/`
  return key.startsWith(base) ? key.slice(base.length) : undefined
}
