// The typed shortcut to a distribution for one bucket: a few options to the config that CreateDistribution would be sent.

import type { XmlContent, XmlElement } from '../xml.ts'
import { findManagedCachePolicy, MANAGED_CACHE_POLICIES } from './cache-policies.ts'
import { toElement, toList } from './xml-content.ts'

export interface NewBehavior {
  /** A managed policy's name without `Managed-`, or its id. Default `CachingOptimized`; left out when `ttl` or `queryStrings` is given. */
  readonly cachePolicy?: string
  /** Legacy cache settings with these TTLs, in seconds. */
  readonly ttl?: { readonly min: number; readonly default: number; readonly max: number }
  /** Legacy cache settings with all (`true`) or these query strings in the cache key. */
  readonly queryStrings?: boolean | readonly string[]
  /** Default true. */
  readonly compress?: boolean
  /** Default GET and HEAD. */
  readonly allowedMethods?: readonly string[]
}

export interface NewErrorResponse {
  readonly errorCode: number
  readonly responsePagePath?: string
  readonly responseCode?: number
  readonly errorCachingMinTtlSeconds?: number
}

export interface NewDistribution {
  readonly bucket: string
  /** Where the bucket is; default: the region of the embedded cloud. */
  readonly region?: string
  /** `/site`, without a slash at the end. */
  readonly originPath?: string
  /** `index.html`, without a slash at the beginning. */
  readonly defaultRootObject?: string
  readonly aliases?: readonly string[]
  readonly comment?: string
  /** Default true. */
  readonly enabled?: boolean
  /** `signed` (default): through an origin access control; `anonymous`: the bucket must be public. */
  readonly access?: 'signed' | 'anonymous'
  readonly errorResponses?: readonly NewErrorResponse[]
  /** The response header that holds cache tags, as `x-amz-meta-cache-tag`. */
  readonly cacheTagHeader?: string
  readonly defaultBehavior?: NewBehavior
  /** Tried in this order, before the default one. */
  readonly behaviors?: readonly (NewBehavior & { readonly pathPattern: string })[]
}

const ORIGIN_ID = 'bucket'

/** @throws {TypeError} for a cache policy that is not a managed one */
export function configFor(options: NewDistribution, defaults: { region: string; callerReference: string }): XmlElement {
  const behaviors = (options.behaviors ?? []).map((behavior) => ({
    PathPattern: behavior.pathPattern,
    ...behaviorContent(behavior),
  }))
  return toElement('DistributionConfig', {
    CallerReference: defaults.callerReference,
    Aliases: toList('CNAME', options.aliases ?? []),
    DefaultRootObject: options.defaultRootObject ?? '',
    Origins: toList('Origin', [
      {
        Id: ORIGIN_ID,
        DomainName: `${options.bucket}.s3.${options.region ?? defaults.region}.amazonaws.com`,
        OriginPath: options.originPath ?? '',
        S3OriginConfig: { OriginAccessIdentity: '' },
        OriginAccessControlId: options.access === 'anonymous' ? '' : 'E00000EMULATED',
      },
    ]),
    DefaultCacheBehavior: behaviorContent(options.defaultBehavior ?? {}),
    CacheBehaviors: toList('CacheBehavior', behaviors),
    CustomErrorResponses: toList('CustomErrorResponse', (options.errorResponses ?? []).map(errorResponseContent)),
    Comment: options.comment ?? '',
    Enabled: options.enabled ?? true,
    CacheTagConfig: options.cacheTagHeader === undefined ? undefined : { HeaderName: options.cacheTagHeader },
  })
}

function behaviorContent(behavior: NewBehavior): Readonly<Record<string, XmlContent>> {
  const methods = toList('Method', behavior.allowedMethods ?? ['HEAD', 'GET'])
  return {
    TargetOriginId: ORIGIN_ID,
    ViewerProtocolPolicy: 'redirect-to-https',
    AllowedMethods: methods,
    Compress: behavior.compress ?? true,
    ...cacheSettings(behavior),
  }
}

function cacheSettings(behavior: NewBehavior): Readonly<Record<string, XmlContent>> {
  if (behavior.ttl === undefined && behavior.queryStrings === undefined) {
    return { CachePolicyId: policyId(behavior.cachePolicy ?? 'CachingOptimized') }
  }
  const ttl = behavior.ttl ?? { min: 0, default: 86_400, max: 31_536_000 }
  const names = Array.isArray(behavior.queryStrings) ? (behavior.queryStrings as readonly string[]) : []
  return {
    ForwardedValues: {
      QueryString: behavior.queryStrings === true || names.length > 0,
      QueryStringCacheKeys: toList('Name', names),
    },
    MinTTL: ttl.min,
    DefaultTTL: ttl.default,
    MaxTTL: ttl.max,
  }
}

function policyId(nameOrId: string): string {
  const policy =
    findManagedCachePolicy(nameOrId) ?? MANAGED_CACHE_POLICIES.find((one) => one.name === `Managed-${nameOrId}`)
  if (policy === undefined) throw new TypeError(`There is no managed cache policy "${nameOrId}".`)
  return policy.id
}

function errorResponseContent(entry: NewErrorResponse): XmlContent {
  return {
    ErrorCode: entry.errorCode,
    ResponsePagePath: entry.responsePagePath,
    ResponseCode: entry.responseCode,
    ErrorCachingMinTTL: entry.errorCachingMinTtlSeconds,
  }
}
