// Under which URLs can a distribution have cached what a key holds? Pure: everything it must know is handed in.
//
// A cache stores a response under the path that the viewer's request had when it came to the cache: as the viewer sent it, or as a
// viewer-request function rewrote it. AWS advises to purge both spellings, so that both are found here. That works backwards: from the
// key to the paths that an origin answers with it, and from those to what a viewer may have typed, tried out by running the function.

import { keyToViewerPath } from '../http/paths.ts'
import type { Key, Origin, UrlRule } from '../model.ts'
import {
  behaviorsFor,
  behaviorsOfOrigin,
  decodePath,
  isWebsite,
  keyBelowOriginPath,
  originsOfBucket,
  type UrlSpace,
} from './url-space.ts'

export interface ServedPath {
  /** Starts with `/`, not encoded. */
  readonly path: string
  /** For people: why this URL answers with that key. */
  readonly because: string
  /** The website endpoint's `302 /dir → /dir/`: the key's being there decides it, not what it holds. */
  readonly isRedirect: boolean
  /** Each query string has a cache entry of its own. */
  readonly variesByQueryString: boolean
}

/** Hosts tried on a function; more tell nothing new. */
const MAX_HOSTS = 4
const INDEX_NAME = /^(?:index|default)\.[a-z0-9]+$/iu
const PAGE_EXTENSION = /\.x?html?$/iu

/**
 * Every path under which a response with the key's content, or a redirect that depends on the key, can be cached.
 *
 * @returns each path once; empty when no origin of the distribution reaches the key
 */
export function keyToServedPaths(key: Key, space: UrlSpace): ServedPath[] {
  const found = new Map<string, ServedPath>()
  const add = (path: string, because: string, isRedirect = false): void => {
    const variesByQueryString = behaviorsFor(path, space.distribution).some(
      (behavior) => behavior.queryStringsInCacheKey,
    )
    if (!found.has(path)) found.set(path, { path, because, isRedirect, variesByQueryString })
  }
  for (const origin of originsOfBucket(space)) {
    const relativeKey = keyBelowOriginPath(key, origin.originPath)
    if (relativeKey === undefined) continue
    const answered = pathsAnsweredWith(relativeKey, key, origin, space)
    const reached = answered.filter(({ path }) => canReach(path, origin, space))
    for (const { path, because, isRedirect } of reached) add(path, because, isRedirect)
    if (reached.length === 0) continue
    for (const { path, because } of rewrittenPaths(
      relativeKey,
      new Set(reached.map(({ path }) => path)),
      origin,
      space,
    ))
      add(path, because)
    for (const path of declaredPaths(relativeKey, space.urls)) add(path, `"urls" says that it is served from ${key}`)
  }
  return [...found.values()]
}

/** What the origin answers with the key, whoever asks. */
function pathsAnsweredWith(
  relativeKey: Key,
  key: Key,
  origin: Origin,
  space: UrlSpace,
): { path: string; because: string; isRedirect: boolean }[] {
  const via = origin.originPath === '' ? '' : ` below the origin path ${origin.originPath}`
  const served = [{ path: `/${relativeKey}`, because: `served from ${key}${via}`, isRedirect: false }]
  const { defaultRootObject } = space.distribution
  // The root is cached under "/" or under the root object's own path, depending on where the rewrite happens: both are purged.
  if (relativeKey === defaultRootObject)
    served.push({ path: '/', because: `the default root object is ${defaultRootObject}`, isRedirect: false })
  if (!isWebsite(origin, space) || space.website === undefined) return served
  const { indexDocument } = space.website
  if (relativeKey !== indexDocument && !relativeKey.endsWith(`/${indexDocument}`)) return served
  const folder = `/${relativeKey.slice(0, -indexDocument.length)}`
  served.push({
    path: folder,
    because: `the website endpoint answers it with the index document ${key}`,
    isRedirect: false,
  })
  if (folder !== '/') {
    served.push({
      path: folder.slice(0, -1),
      because: `the website endpoint redirects it to ${folder} while ${key} is there`,
      isRedirect: true,
    })
  }
  return served
}

/** What a viewer may have sent that a function turned into one of the paths. */
function rewrittenPaths(
  relativeKey: Key,
  targets: ReadonlySet<string>,
  origin: Origin,
  space: UrlSpace,
): { path: string; because: string }[] {
  const { distribution, runFunction } = space
  if (!behaviorsOfOrigin(origin, distribution).some(({ viewerRequest }) => viewerRequest?.kind === 'function'))
    return []
  const hosts = [distribution.domainName, ...distribution.aliases].slice(0, MAX_HOSTS)
  return candidatePaths(relativeKey).flatMap((path) => {
    if (targets.has(path)) return []
    for (const behavior of behaviorsFor(path, distribution)) {
      const code = behavior.viewerRequest
      if (code?.kind !== 'function') continue
      for (const host of hosts) {
        const answer = runFunction(code.name, keyToViewerPath(path.slice(1)), host)
        if (answer.kind === 'failed')
          return [{ path, because: `the function ${code.name} fails on it here (${answer.why})` }]
        const uri = answer.kind === 'uri' ? decodePath(answer.uri) : undefined
        if (uri !== undefined && targets.has(uri))
          return [{ path, because: `the function ${code.name} rewrites it to ${uri}` }]
      }
    }
    return []
  })
}

/** What people type for a page: its folder, its name without an extension, and all of that below a folder that a function adds. */
function candidatePaths(relativeKey: Key): string[] {
  const candidates = new Set<string>()
  const segments = relativeKey.split('/')
  for (let start = 0; start < segments.length; start += 1) {
    const path = `/${segments.slice(start).join('/')}`
    candidates.add(path)
    if (INDEX_NAME.test(segments.at(-1) ?? '')) {
      const folder = path.slice(0, path.lastIndexOf('/') + 1)
      candidates.add(folder)
      if (folder !== '/') candidates.add(folder.slice(0, -1))
    }
    if (PAGE_EXTENSION.test(path)) {
      const name = path.replace(PAGE_EXTENSION, '')
      candidates.add(name).add(`${name}/`)
    }
  }
  return [...candidates]
}

function declaredPaths(relativeKey: Key, rules: readonly UrlRule[]): string[] {
  return rules.flatMap(({ key, paths }) => {
    const pattern = key.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/gu, '\\$&'))
    const match = new RegExp(`^${pattern.join('(.*?)')}$`, 'su').exec(relativeKey)
    if (match === null) return []
    return paths.map((path) => path.replace(/\$(\d)/gu, (_, index: string) => match[Number(index)] ?? ''))
  })
}

/** Whether any request reaches the origin with that path in hand. */
function canReach(path: string, origin: Origin, { distribution }: UrlSpace): boolean {
  const behaviors = behaviorsOfOrigin(origin, distribution)
  // A function leads requests for other paths here, and they keep the behavior that they came with.
  if (behaviors.some(({ viewerRequest, originRequest }) => viewerRequest ?? originRequest)) return true
  return behaviorsFor(path, distribution).some((behavior) => behaviors.includes(behavior))
}
