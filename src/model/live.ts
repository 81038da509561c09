// What is live: the bucket as listed and the distributions as configured.

import type { Key, ViewerPath } from './names.ts'
import type { ObjectMetadata } from './site.ts'

/** One row of a bucket listing, which carries no headers; `metadata` is there where a HEAD has asked for it. */
export interface LiveObject {
  readonly key: Key
  /** With its quotes, as on the wire. */
  readonly etag: string
  readonly sizeBytes: number
  readonly lastModifiedMs: number
  readonly metadata?: ObjectMetadata
}

export interface Origin {
  readonly id: string
  readonly domainName: string
  /** `""` or `/site`: starts with a slash, does not end with one. */
  readonly originPath: string
}

/** Code at the edge that sees a request before the cache or the origin does. */
export type RequestFunction =
  /** A CloudFront Function; `code` is missing where it may not be read. */
  | { readonly kind: 'function'; readonly name: string; readonly code?: string }
  /** Lambda@Edge, whose code nobody can run here. */
  | { readonly kind: 'lambda'; readonly name: string }

export interface CacheBehavior {
  /** `*` for the default behavior, which comes last. */
  readonly pathPattern: string
  /** An origin's id or an origin group's. */
  readonly targetOriginId: string
  readonly queryStringsInCacheKey: boolean
  /** How long a response is kept at least, whatever its own headers say. */
  readonly minTtlSeconds: number
  /** How long at most; 0: nothing is ever kept. */
  readonly maxTtlSeconds: number
  /** Runs before the cache is asked: responses are stored under the URI that it returns. */
  readonly viewerRequest?: RequestFunction
  /** Runs after a miss: responses are stored under the URI that it was given. */
  readonly originRequest?: RequestFunction
  /** What a response-headers policy or code at the edge may make of responses; undefined: nothing. */
  readonly changesResponses?: 'headers' | 'anything'
}

export interface CustomErrorResponse {
  readonly errorCode: number
  /** The viewer path of the page shown instead, if one is. */
  readonly responsePagePath?: ViewerPath
  readonly responseCode?: number
  readonly errorCachingMinTtlSeconds: number
}

/** What planning needs of a distribution's configuration, or of one tenant's of a multi-tenant distribution. */
export interface Distribution {
  /** `E…`, or `dt_…` for a tenant, which is invalidated by itself. */
  readonly id: string
  /** The multi-tenant distribution that a tenant belongs to. */
  readonly tenantOf?: string
  readonly domainName: string
  readonly aliases: readonly string[]
  readonly enabled: boolean
  readonly staging: boolean
  /** `""` if none; no leading slash. */
  readonly defaultRootObject: string
  readonly origins: readonly Origin[]
  readonly originGroups: readonly OriginGroup[]
  /** In CloudFront's order; the default behavior last. */
  readonly behaviors: readonly CacheBehavior[]
  readonly errorResponses: readonly CustomErrorResponse[]
  /** The response header in which CloudFront looks for cache tags. */
  readonly cacheTagHeader?: string
}

/** The primary origin is asked first; for these statuses the secondary's answer is taken, and cached like any other. */
export interface OriginGroup {
  readonly id: string
  readonly originIds: readonly string[]
  readonly failoverStatusCodes: readonly number[]
}

/** How a bucket's website endpoint answers. */
export interface BucketWebsite {
  /** `index.html`: what a path ending in `/` stands for. */
  readonly indexDocument: string
  /** The key shown for errors. */
  readonly errorDocument?: Key
  /** Whether a missing key can be answered with a redirect, which caches keep like any page. */
  readonly redirectsMissingKeys: boolean
}

export interface LiveSnapshot {
  readonly bucket: string
  /** `""`, or ends with `/`. */
  readonly prefix: string
  /** Below the prefix, without Freshfront's own state, in UTF-8 byte order. */
  readonly objects: readonly LiveObject[]
  /** Every distribution that serves the bucket, or those the user named. */
  readonly distributions: readonly Distribution[]
  /** Read where a distribution uses the bucket's website endpoint; undefined where none does, or the bucket has no website. */
  readonly website: BucketWebsite | undefined
}
