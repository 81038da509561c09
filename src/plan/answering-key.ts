// Which key does a URL lead to now? Forwards, as a request goes: function, root object, origin, index document. Pure.

import { keyToViewerPath } from '../http/paths.ts'
import type { CacheBehavior, Key, Origin } from '../model.ts'
import { decodePath, isWebsite, originsOfBucket, type UrlSpace } from './url-space.ts'

export type Answering =
  | { readonly kind: 'key'; readonly key: Key }
  /** Only the user's own word says which. */
  | { readonly kind: 'declared' }
  /** A function at the edge answers by itself. */
  | { readonly kind: 'function' }
  /** Another origin's, or not told by the path alone. */
  | { readonly kind: 'unknown' }

export function findAnswering(path: string, behavior: CacheBehavior, space: UrlSpace): Answering {
  const { viewerRequest, originRequest } = behavior
  if (originRequest !== undefined || viewerRequest?.kind === 'lambda') return { kind: 'declared' }
  if (viewerRequest !== undefined && viewerRequest.code === undefined) return { kind: 'declared' }

  const rootPath = `/${space.distribution.defaultRootObject}`
  const uri = viewerRequest === undefined ? path : rewrite(viewerRequest.name, path, space)
  if (typeof uri === 'object') return uri
  const asked = uri === '/' ? rootPath : uri
  // Whether a function sees "/" or the root object is not documented.
  if (path === '/' && viewerRequest !== undefined && rewrite(viewerRequest.name, rootPath, space) !== asked)
    return { kind: 'unknown' }
  const origin = firstOrigin(behavior.targetOriginId, space)
  if (origin === undefined) return { kind: 'unknown' }
  const index = isWebsite(origin, space) && asked.endsWith('/') ? (space.website?.indexDocument ?? '') : ''
  return { kind: 'key', key: `${origin.originPath}${asked}${index}`.slice(1) }
}

/** @returns the URI that comes to the cache, where it is the same for all hosts that have one */
function rewrite(functionName: string, path: string, space: UrlSpace): string | Answering {
  const { domainName, aliases } = space.distribution
  const answers = [domainName, ...aliases].map((host) =>
    space.runFunction(functionName, keyToViewerPath(path.slice(1)), host),
  )
  // Redirects from one host to another are common; the other host is the one to ask.
  const uris = new Set(answers.flatMap((answer) => (answer.kind === 'uri' ? [decodePath(answer.uri)] : [])))
  const [uri] = uris
  if (answers.every(({ kind }) => kind === 'response')) return { kind: 'function' }
  if (uri === undefined || uris.size > 1 || answers.some(({ kind }) => kind === 'failed')) return { kind: 'unknown' }
  return uri
}

function firstOrigin(targetOriginId: string, space: UrlSpace): Origin | undefined {
  const group = space.distribution.originGroups.find(({ id }) => id === targetOriginId)
  const originId = group === undefined ? targetOriginId : group.originIds[0]
  return originsOfBucket(space).find(({ id }) => id === originId)
}
