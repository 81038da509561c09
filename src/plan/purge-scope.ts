// When the URLs of a site cannot be told one by one, and what then covers them all. Pure.

import { keyToInvalidationItem } from '../http/paths.ts'
import type { InvalidationItem } from '../model.ts'
import { behaviorsOfBucket, isWebsite, keyBelowOriginPath, originsOfBucket, type UrlSpace } from './url-space.ts'

/** Why the URLs of this distribution cannot be told from keys; undefined when they can. */
export function unmappedBecause(space: UrlSpace): string | undefined {
  if (originsOfBucket(space).length === 0) return `none of its origins is known to be the bucket ${space.bucket}`
  // The user's word stands for whatever cannot be run.
  if (space.urls.length > 0) return undefined
  for (const behavior of behaviorsOfBucket(space)) {
    const { pathPattern, viewerRequest, originRequest } = behavior
    const lambda = [viewerRequest, originRequest].find((code) => code?.kind === 'lambda')
    if (lambda !== undefined)
      return `the behavior ${pathPattern} runs the Lambda function ${lambda.name}, which only AWS can run`
    if (viewerRequest?.kind !== 'function') continue
    if (viewerRequest.code === undefined) return `the code of the function ${viewerRequest.name} may not be read`
    if (viewerRequest.code.includes('updateRequestOrigin'))
      return `the function ${viewerRequest.name} chooses other origins`
  }
  const hasWebsite = originsOfBucket(space).some((origin) => isWebsite(origin, space))
  if (hasWebsite && space.website === undefined) return "the bucket's website configuration may not be read"
  return undefined
}

/** The smallest set of items that covers all the distribution can have cached from below the prefix. */
export function wholeScope(prefix: string, space: UrlSpace): InvalidationItem[] {
  // Functions and the user's own rules can serve a prefix under any path.
  const isPlain =
    space.urls.length === 0 &&
    behaviorsOfBucket(space).every((behavior) => !behavior.viewerRequest && !behavior.originRequest)
  const scopes = originsOfBucket(space).map((origin): InvalidationItem | undefined => {
    const below = keyBelowOriginPath(prefix, origin.originPath)
    if (!isPlain || prefix === '' || below === '' || `${origin.originPath}/`.startsWith(`/${prefix}`)) return '/*'
    if (below === undefined) return undefined
    // Without the slash: the URL "/blog" belongs to "blog/" too.
    const written = keyToInvalidationItem(below.slice(0, -1)).item
    return written.endsWith('*') ? written : `${written}*`
  })
  // The user has named this distribution: its origin leads to the bucket in a way that cannot be seen, such as an access point.
  if (scopes.length === 0) return ['/*']
  const items = [...new Set(scopes.filter((scope) => scope !== undefined))]
  // The root is the prefix's own where the default root object lies below it.
  const { defaultRootObject } = space.distribution
  const holdsRoot = originsOfBucket(space).some(({ originPath }) =>
    `${originPath}/${defaultRootObject}`.slice(1).startsWith(prefix),
  )
  if (items.includes('/*')) return ['/*']
  return items.length > 0 && defaultRootObject !== '' && holdsRoot ? [...items, '/'] : items
}
