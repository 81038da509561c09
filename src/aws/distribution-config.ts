// CloudFront's own description of a distribution → what planning needs of it.

import type {
  CacheBehavior as SdkBehavior,
  CachePolicyConfig,
  DefaultCacheBehavior,
  Distribution as SdkDistribution,
  DistributionTenant,
} from '@aws-sdk/client-cloudfront'
import type { CacheBehavior, Distribution, RequestFunction } from '../model.ts'

/** What planning needs of a cache policy. */
export type CacheRules = Pick<CacheBehavior, 'queryStringsInCacheKey' | 'minTtlSeconds' | 'maxTtlSeconds'>

/** By the policy's id. */
export type CachePolicies = ReadonlyMap<string, CacheRules>

/** @see CloudFront Developer Guide, "Cache policies": the defaults when none is given (read 2026-11-23) */
const DEFAULT_MAX_TTL_SECONDS = 31_536_000

function rules(queryStringsInCacheKey: boolean, minTtlSeconds: number, maxTtlSeconds: number): CacheRules {
  return { queryStringsInCacheKey, minTtlSeconds, maxTtlSeconds }
}

/**
 * The managed cache policies, whose ids never change.
 * @see CloudFront Developer Guide, "Use managed cache policies" (read 2026-11-23)
 */
const MANAGED_POLICIES: CachePolicies = new Map([
  ['658327ea-f89d-4fab-a63d-7e88639e58f6', rules(false, 1, 31_536_000)], // CachingOptimized
  ['b2884449-e4de-46a7-ac36-70bc7f1ddd6d', rules(false, 1, 31_536_000)], // CachingOptimizedForUncompressedObjects
  ['4135ea2d-6df8-44a3-9df3-4b5a84be39ad', rules(false, 0, 0)], // CachingDisabled
  ['83da9c7e-98b4-4e11-a168-04f0df8e2c65', rules(false, 0, 31_536_000)], // UseOriginCacheControlHeaders
  ['4cc15a8a-d715-48a4-82b8-cc0b614638fe', rules(true, 0, 31_536_000)], // UseOriginCacheControlHeaders-QueryStrings
  ['2e54312d-136d-493c-8eb9-b001f22f67d2', rules(true, 2, 600)], // Amplify
  ['08627262-05a9-4f76-9ded-b50ca2e3a84f', rules(true, 0, 31_536_000)], // Elemental-MediaPackage
])

/** Of a policy of the account's own. */
export function toCacheRules(config: CachePolicyConfig | undefined): CacheRules {
  const inKey = config?.ParametersInCacheKeyAndForwardedToOrigin?.QueryStringsConfig?.QueryStringBehavior
  return rules((inKey ?? 'none') !== 'none', config?.MinTTL ?? 0, config?.MaxTTL ?? DEFAULT_MAX_TTL_SECONDS)
}

/** @see CloudFront Developer Guide, "Control how long CloudFront caches errors" (read 2026-11-23) */
const DEFAULT_ERROR_TTL_SECONDS = 10

/** Ids of cache policies that only the account knows. */
export function customCachePolicyIds(distribution: SdkDistribution): string[] {
  const ids = sdkBehaviors(distribution).map((behavior) => behavior.CachePolicyId)
  return [...new Set(ids.filter((id): id is string => id !== undefined && !MANAGED_POLICIES.has(id)))]
}

/** What else must be asked for to understand a configuration. */
export interface ReadBesides {
  /** For every id of `customCachePolicyIds`. */
  readonly policies: CachePolicies
  /** Code by function name, for those of `viewerRequestFunctionNames` whose code may be read. */
  readonly functionCode: ReadonlyMap<string, string>
}

/** Names of the CloudFront Functions that see requests before the cache. */
export function viewerRequestFunctionNames(distribution: SdkDistribution): string[] {
  const names = sdkBehaviors(distribution).flatMap((behavior) => viewerRequestFunctionName(behavior) ?? [])
  return [...new Set(names)]
}

export function toDistribution(distribution: SdkDistribution, besides: ReadBesides): Distribution {
  const config = distribution.DistributionConfig
  const cacheTagHeader = config?.CacheTagConfig?.HeaderName
  return {
    id: distribution.Id ?? '',
    domainName: distribution.DomainName ?? '',
    aliases: config?.Aliases?.Items ?? [],
    enabled: config?.Enabled ?? false,
    staging: config?.Staging ?? false,
    // CloudFront answers 403 for a leading slash here, so one that is there cannot be meant.
    defaultRootObject: (config?.DefaultRootObject ?? '').replace(/^\//u, ''),
    origins: (config?.Origins?.Items ?? []).map((origin) => ({
      id: origin.Id ?? '',
      domainName: origin.DomainName ?? '',
      originPath: (origin.OriginPath ?? '').replace(/\/$/u, ''),
    })),
    originGroups: (config?.OriginGroups?.Items ?? []).map((group) => ({
      id: group.Id ?? '',
      originIds: (group.Members?.Items ?? []).map((member) => member.OriginId ?? ''),
      failoverStatusCodes: group.FailoverCriteria?.StatusCodes?.Items ?? [],
    })),
    behaviors: sdkBehaviors(distribution).map((behavior) => toBehavior(behavior, besides)),
    errorResponses: (config?.CustomErrorResponses?.Items ?? []).map((response) => ({
      errorCode: response.ErrorCode ?? 0,
      ...(response.ResponsePagePath ? { responsePagePath: response.ResponsePagePath } : {}),
      ...(response.ResponseCode ? { responseCode: Number(response.ResponseCode) } : {}),
      errorCachingMinTtlSeconds: response.ErrorCachingMinTTL ?? DEFAULT_ERROR_TTL_SECONDS,
    })),
    ...(cacheTagHeader ? { cacheTagHeader } : {}),
  }
}

/** A tenant's own view of its multi-tenant distribution: its domains, and its parameters put into the origins. */
export function toTenant(template: Distribution, tenant: DistributionTenant): Distribution {
  const parameters = new Map((tenant.Parameters ?? []).map(({ Name, Value }) => [Name, Value ?? '']))
  const fill = (text: string): string =>
    text.replace(/\{\{\s*([^}\s]+)\s*\}\}/gu, (whole, name: string) => parameters.get(name) ?? whole)
  const domains = (tenant.Domains ?? []).flatMap(({ Domain }) => Domain ?? [])
  return {
    ...template,
    id: tenant.Id ?? '',
    tenantOf: template.id,
    domainName: domains[0] ?? template.domainName,
    aliases: domains.slice(1),
    enabled: template.enabled && tenant.Enabled !== false,
    origins: template.origins.map((origin) => ({
      ...origin,
      domainName: fill(origin.domainName),
      originPath: fill(origin.originPath),
    })),
  }
}

export type AnyBehavior = DefaultCacheBehavior & Partial<Pick<SdkBehavior, 'PathPattern'>>

/** In CloudFront's order, the default behavior last. */
export function sdkBehaviors(distribution: SdkDistribution): AnyBehavior[] {
  const config = distribution.DistributionConfig
  const byPattern: AnyBehavior[] = config?.CacheBehaviors?.Items ?? []
  return config?.DefaultCacheBehavior === undefined ? byPattern : [...byPattern, config.DefaultCacheBehavior]
}

function toBehavior(behavior: AnyBehavior, { policies, functionCode }: ReadBesides): CacheBehavior {
  const { CachePolicyId } = behavior
  const known = MANAGED_POLICIES.get(CachePolicyId ?? '') ?? policies.get(CachePolicyId ?? '')
  const functionName = viewerRequestFunctionName(behavior)
  const code = functionCode.get(functionName ?? '')
  const viewerRequest: RequestFunction | undefined =
    functionName === undefined
      ? lambdaAt(behavior, 'viewer-request')
      : { kind: 'function', name: functionName, ...(code !== undefined && { code }) }
  const originRequest = lambdaAt(behavior, 'origin-request')
  return {
    pathPattern: behavior.PathPattern ?? '*',
    targetOriginId: behavior.TargetOriginId ?? '',
    ...(known ?? legacyRules(behavior)),
    ...(viewerRequest !== undefined && { viewerRequest }),
    ...(originRequest !== undefined && { originRequest }),
    ...changesToResponses(behavior),
  }
}

/** Settings from before there were cache policies. */
function legacyRules({ ForwardedValues, MinTTL, MaxTTL }: AnyBehavior): CacheRules {
  return rules(ForwardedValues?.QueryString ?? false, MinTTL ?? 0, MaxTTL ?? DEFAULT_MAX_TTL_SECONDS)
}

/** CloudFront Functions see no response bodies; Lambda@Edge may replace them. */
function changesToResponses(behavior: AnyBehavior): Pick<CacheBehavior, 'changesResponses'> {
  const lambda = lambdaAt(behavior, 'origin-response') ?? lambdaAt(behavior, 'viewer-response')
  if (lambda !== undefined) return { changesResponses: 'anything' }
  const runs = behavior.FunctionAssociations?.Items?.some(({ EventType }) => EventType === 'viewer-response') ?? false
  return runs || behavior.ResponseHeadersPolicyId ? { changesResponses: 'headers' } : {}
}

function viewerRequestFunctionName({ FunctionAssociations }: AnyBehavior): string | undefined {
  const association = FunctionAssociations?.Items?.find(({ EventType }) => EventType === 'viewer-request')
  // arn:aws:cloudfront::123456789012:function/index-rewrite
  return association?.FunctionARN?.split('/').at(-1)
}

function lambdaAt(
  { LambdaFunctionAssociations }: AnyBehavior,
  event: 'viewer-request' | 'origin-request' | 'origin-response' | 'viewer-response',
): RequestFunction | undefined {
  const association = LambdaFunctionAssociations?.Items?.find(({ EventType }) => EventType === event)
  // arn:aws:lambda:us-east-1:123456789012:function:rewrite:7
  return association && { kind: 'lambda', name: association.LambdaFunctionARN?.split(':')[6] ?? 'without a name' }
}
