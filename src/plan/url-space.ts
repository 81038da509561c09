// Everything that decides which URL is answered with which key, and the simplest questions to ask of it. Pure: functions at the edge are
// handed in as a way to run them.

import { keyToViewerPath } from '../http/paths.ts'
import { endpointOfBucket } from '../http/s3-hosts.ts'
import type { BucketWebsite, CacheBehavior, Distribution, Key, Origin, UrlRule, ViewerPath } from '../model.ts'
import { findBehavior } from './behaviors.ts'

/** What a viewer-request function makes of a request. */
export type FunctionAnswer =
  | { readonly kind: 'uri'; readonly uri: ViewerPath }
  /** It answered by itself, with a redirect or an error, which no cache keeps. */
  | { readonly kind: 'response' }
  | { readonly kind: 'failed'; readonly why: string }

/** Runs a CloudFront Function, by its name, on a GET of the path with that `Host`. */
export type RunFunction = (name: string, uri: ViewerPath, host: string) => FunctionAnswer

/** Everything that decides which URL is answered with which key. */
export interface UrlSpace {
  readonly bucket: string
  readonly distribution: Distribution
  readonly website: BucketWebsite | undefined
  readonly urls: readonly UrlRule[]
  readonly runFunction: RunFunction
}

/** Behaviors that may take the path: CloudFront compares the pattern with a normalised path, and how far is not documented. */
export function behaviorsFor(path: string, distribution: Distribution): CacheBehavior[] {
  const encoded = keyToViewerPath(path.slice(1))
  const spellings = new Set([path, encoded, encoded.replace(/\/{2,}/gu, '/'), encoded.replaceAll('/./', '/')])
  const found = [...spellings].map((spelling) => findBehavior(spelling, distribution.behaviors))
  return [...new Set(found.filter((behavior) => behavior !== undefined))]
}

export function originsOfBucket({ bucket, distribution }: UrlSpace): Origin[] {
  return distribution.origins.filter((origin) => endpointOfBucket(origin.domainName, bucket) !== undefined)
}

export function isWebsite(origin: Origin, { bucket }: UrlSpace): boolean {
  return endpointOfBucket(origin.domainName, bucket) === 'website'
}

export function behaviorsOfOrigin(origin: Origin, distribution: Distribution): CacheBehavior[] {
  const targets = new Set([origin.id])
  for (const group of distribution.originGroups) {
    if (group.originIds.includes(origin.id)) targets.add(group.id)
  }
  return distribution.behaviors.filter((behavior) => targets.has(behavior.targetOriginId))
}

export function behaviorsOfBucket(space: UrlSpace): CacheBehavior[] {
  return originsOfBucket(space).flatMap((origin) => behaviorsOfOrigin(origin, space.distribution))
}

export function keyBelowOriginPath(key: Key, originPath: string): Key | undefined {
  if (originPath === '') return key
  const base = `${originPath.slice(1)}/`
  return key.startsWith(base) ? key.slice(base.length) : undefined
}

/** What is not valid percent-encoding stands for itself. */
export function decodePath(path: ViewerPath): string {
  try {
    return decodeURIComponent(path)
  } catch {
    // A stray % is what a viewer may send, and S3 takes it as it is.
    return path
  }
}
