// The typed shortcut to a distribution: a few options to the config that CreateDistribution would be sent.

import type { XmlContent, XmlElement } from '../xml.ts'
import type { NamesChosen } from './cache-policies.ts'
import type { FunctionRuntime } from './function-sandbox.ts'
import { websiteHost } from '../website-host.ts'
import { toElement, toList } from './xml-content.ts'

export interface NewCachePolicy {
  /** In seconds. Default 1, a day, a year: those of CachingOptimized. */
  readonly ttl?: { readonly min: number; readonly default: number; readonly max: number }
  /** What is in the cache key; nothing where it is left out. */
  readonly queryStrings?: NamesChosen
  readonly cookies?: NamesChosen
  readonly headers?: readonly string[]
  /** Default true, unless `ttl.max` is 0. */
  readonly gzip?: boolean
  readonly brotli?: boolean
}

/** Source code, for runtime 2.0; or more to say about it. */
export type NewFunction =
  | string
  | {
      readonly code: string
      readonly runtime?: FunctionRuntime
      /** What `cf.kvs()` reads. */
      readonly keyValues?: Readonly<Record<string, string>>
    }

export interface NewBehavior {
  /** The id of an origin or an origin group. Default: the origin of `bucket`. */
  readonly origin?: string
  /**
   * A managed policy's name without `Managed-`, a policy's id, or a policy to be made. Default `CachingOptimized`; left
   * out when `ttl` or `queryStrings` is given.
   */
  readonly cachePolicy?: string | NewCachePolicy
  /** Legacy cache settings with these TTLs, in seconds. */
  readonly ttl?: { readonly min: number; readonly default: number; readonly max: number }
  /** Legacy cache settings with all (`true`) or these query strings in the cache key. */
  readonly queryStrings?: boolean | readonly string[]
  /** Default true. */
  readonly compress?: boolean
  /** Default GET and HEAD. */
  readonly allowedMethods?: readonly string[]
  /** Created and published. */
  readonly functions?: { readonly viewerRequest?: NewFunction; readonly viewerResponse?: NewFunction }
}

export interface NewErrorResponse {
  readonly errorCode: number
  readonly responsePagePath?: string
  readonly responseCode?: number
  readonly errorCachingMinTtlSeconds?: number
}

/** A bucket as an origin. Tenant-only distributions may have `{{name}}` in `bucket` and `originPath`. */
export interface BucketOrigin {
  readonly bucket: string
  /** Where the bucket is; default: the region of the embedded cloud. */
  readonly region?: string
  /** `/site`, without a slash at the end. */
  readonly originPath?: string
  /** Through the website endpoint, which is always `anonymous`. */
  readonly website?: boolean
  /** `signed` (default): through an origin access control; `anonymous`: the bucket must be public. */
  readonly access?: 'signed' | 'anonymous'
}

export interface NewOrigin extends BucketOrigin {
  /** Any id but `bucket`. */
  readonly id: string
}

export interface NewOriginGroup {
  readonly id: string
  /** Ids of origins; that of the distribution's own bucket is `bucket`. */
  readonly primary: string
  readonly secondary: string
  /** Default 403, 404, 500, 502, 503, 504. */
  readonly statusCodes?: readonly number[]
}

/** The bucket and how it is reached, here, is the origin with the id `bucket`. */
export interface NewDistribution extends BucketOrigin {
  /** `index.html`, without a slash at the beginning. */
  readonly defaultRootObject?: string
  readonly aliases?: readonly string[]
  readonly comment?: string
  /** Default true. */
  readonly enabled?: boolean
  readonly origins?: readonly NewOrigin[]
  readonly originGroups?: readonly NewOriginGroup[]
  readonly errorResponses?: readonly NewErrorResponse[]
  /** The response header that holds cache tags, as `x-amz-meta-cache-tag`. */
  readonly cacheTagHeader?: string
  readonly defaultBehavior?: NewBehavior
  /** Tried in this order, before the default one. */
  readonly behaviors?: readonly (NewBehavior & { readonly pathPattern: string })[]
  readonly staging?: boolean
  /** A template for tenants. */
  readonly tenantOnly?: boolean
  /** The parameters of a template: all required. */
  readonly parameters?: readonly string[]
}

export interface ConfigContext {
  readonly region: string
  readonly callerReference: string
  /** @throws {TypeError} for a name that no policy has */
  policyId(wanted: string | NewCachePolicy): string
  functionArn(wanted: NewFunction): string
}

const ORIGIN_ID = 'bucket'
const DEFAULT_FAILOVER_STATUSES = [403, 404, 500, 502, 503, 504]

export function configFor(options: NewDistribution, context: ConfigContext): XmlElement {
  const behaviors = (options.behaviors ?? []).map((behavior) => ({
    PathPattern: behavior.pathPattern,
    ...behaviorContent(behavior, context),
  }))
  const origins = [{ ...options, id: ORIGIN_ID }, ...(options.origins ?? [])]
  return toElement('DistributionConfig', {
    CallerReference: context.callerReference,
    Aliases: toList('CNAME', options.aliases ?? []),
    DefaultRootObject: options.defaultRootObject ?? '',
    Origins: toList(
      'Origin',
      origins.map((origin) => originContent(origin, context)),
    ),
    OriginGroups: toList('OriginGroup', (options.originGroups ?? []).map(originGroupContent)),
    DefaultCacheBehavior: behaviorContent(options.defaultBehavior ?? {}, context),
    CacheBehaviors: toList('CacheBehavior', behaviors),
    CustomErrorResponses: toList('CustomErrorResponse', (options.errorResponses ?? []).map(errorResponseContent)),
    Comment: options.comment ?? '',
    Enabled: options.enabled ?? true,
    Staging: options.staging ?? false,
    CacheTagConfig: options.cacheTagHeader === undefined ? undefined : { HeaderName: options.cacheTagHeader },
    ConnectionMode: options.tenantOnly === true ? 'tenant-only' : 'direct',
    TenantConfig: options.parameters === undefined ? undefined : tenantConfigContent(options.parameters),
  })
}

/** The CachePolicyConfig of a policy to be made. */
export function cachePolicyConfigFor(name: string, wanted: NewCachePolicy): XmlElement {
  const { ttl = { min: 1, default: 86_400, max: 31_536_000 }, headers = [] } = wanted
  const isCaching = ttl.max > 0
  const chosen = (what: string, { behavior, names }: NamesChosen = { behavior: 'none', names: [] }): XmlContent => ({
    [`${what}Behavior`]: behavior,
    [`${what}s`]: names.length === 0 ? undefined : toList('Name', names),
  })
  return toElement('CachePolicyConfig', {
    Name: name,
    MinTTL: ttl.min,
    DefaultTTL: ttl.default,
    MaxTTL: ttl.max,
    ParametersInCacheKeyAndForwardedToOrigin: {
      EnableAcceptEncodingGzip: wanted.gzip ?? isCaching,
      EnableAcceptEncodingBrotli: wanted.brotli ?? isCaching,
      HeadersConfig: chosen('Header', { behavior: headers.length === 0 ? 'none' : 'whitelist', names: headers }),
      CookiesConfig: chosen('Cookie', wanted.cookies),
      QueryStringsConfig: chosen('QueryString', wanted.queryStrings),
    },
  })
}

function originContent(origin: NewOrigin, { region: defaultRegion }: ConfigContext): XmlContent {
  const { id, bucket, originPath = '', region = defaultRegion } = origin
  if (origin.website === true) {
    const config = { HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: 'http-only' }
    return { Id: id, DomainName: websiteHost(bucket, region), OriginPath: originPath, CustomOriginConfig: config }
  }
  return {
    Id: id,
    DomainName: `${bucket}.s3.${region}.amazonaws.com`,
    OriginPath: originPath,
    S3OriginConfig: { OriginAccessIdentity: '' },
    OriginAccessControlId: origin.access === 'anonymous' ? '' : 'E00000EMULATED',
  }
}

function originGroupContent(group: NewOriginGroup): XmlContent {
  const statuses = group.statusCodes ?? DEFAULT_FAILOVER_STATUSES
  return {
    Id: group.id,
    FailoverCriteria: { StatusCodes: toList('StatusCode', statuses) },
    Members: toList('OriginGroupMember', [{ OriginId: group.primary }, { OriginId: group.secondary }]),
  }
}

function behaviorContent(behavior: NewBehavior, context: ConfigContext): Readonly<Record<string, XmlContent>> {
  const { viewerRequest, viewerResponse } = behavior.functions ?? {}
  const functions = Object.entries({ 'viewer-request': viewerRequest, 'viewer-response': viewerResponse }).flatMap(
    ([event, wanted]) => (wanted === undefined ? [] : [{ FunctionARN: context.functionArn(wanted), EventType: event }]),
  )
  return {
    TargetOriginId: behavior.origin ?? ORIGIN_ID,
    ViewerProtocolPolicy: 'redirect-to-https',
    AllowedMethods: toList('Method', behavior.allowedMethods ?? ['HEAD', 'GET']),
    Compress: behavior.compress ?? true,
    FunctionAssociations: toList('FunctionAssociation', functions),
    ...cacheSettings(behavior, context),
  }
}

function cacheSettings(behavior: NewBehavior, context: ConfigContext): Readonly<Record<string, XmlContent>> {
  if (behavior.ttl === undefined && behavior.queryStrings === undefined) {
    return { CachePolicyId: context.policyId(behavior.cachePolicy ?? 'CachingOptimized') }
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

function errorResponseContent(entry: NewErrorResponse): XmlContent {
  return {
    ErrorCode: entry.errorCode,
    ResponsePagePath: entry.responsePagePath,
    ResponseCode: entry.responseCode,
    ErrorCachingMinTTL: entry.errorCachingMinTtlSeconds,
  }
}

function tenantConfigContent(names: readonly string[]): XmlContent {
  const definitions = names.map((name) => ({ Name: name, Definition: { StringSchema: { Required: true } } }))
  return { ParameterDefinitions: { member: definitions } }
}
