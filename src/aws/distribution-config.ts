// CloudFront's own description of a distribution → what planning needs of it.

import type {
  CacheBehavior as SdkBehavior,
  DefaultCacheBehavior,
  Distribution as SdkDistribution,
} from '@aws-sdk/client-cloudfront'
import type { CacheBehavior, Distribution } from '../model.ts'

/** Whether a cache policy has query strings in its cache key, by the policy's id. */
export type QueryStringPolicies = ReadonlyMap<string, boolean>

/**
 * The managed cache policies, whose ids never change, and whether query strings are in their cache key.
 * @see CloudFront Developer Guide, "Use managed cache policies" (read 2026-11-23)
 */
const MANAGED_QUERY_STRING_POLICIES: QueryStringPolicies = new Map([
  ['658327ea-f89d-4fab-a63d-7e88639e58f6', false], // CachingOptimized
  ['b2884449-e4de-46a7-ac36-70bc7f1ddd6d', false], // CachingOptimizedForUncompressedObjects
  ['4135ea2d-6df8-44a3-9df3-4b5a84be39ad', false], // CachingDisabled
  ['83da9c7e-98b4-4e11-a168-04f0df8e2c65', false], // UseOriginCacheControlHeaders
  ['4cc15a8a-d715-48a4-82b8-cc0b614638fe', true], // UseOriginCacheControlHeaders-QueryStrings
  ['2e54312d-136d-493c-8eb9-b001f22f67d2', true], // Amplify
  ['08627262-05a9-4f76-9ded-b50ca2e3a84f', true], // Elemental-MediaPackage
])

/** Ids of cache policies that only the account knows. */
export function customCachePolicyIds(distribution: SdkDistribution): string[] {
  const ids = sdkBehaviors(distribution).map((behavior) => behavior.CachePolicyId)
  return [...new Set(ids.filter((id): id is string => id !== undefined && !MANAGED_QUERY_STRING_POLICIES.has(id)))]
}

/** @param policies for every id of `customCachePolicyIds` */
export function toDistribution(distribution: SdkDistribution, policies: QueryStringPolicies): Distribution {
  const config = distribution.DistributionConfig
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
    })),
    behaviors: sdkBehaviors(distribution).map((behavior) => toBehavior(behavior, policies)),
    errorResponses: (config?.CustomErrorResponses?.Items ?? []).map((response) => ({
      errorCode: response.ErrorCode ?? 0,
      ...(response.ResponsePagePath ? { responsePagePath: response.ResponsePagePath } : {}),
      ...(response.ResponseCode ? { responseCode: Number(response.ResponseCode) } : {}),
      errorCachingMinTtlSeconds: response.ErrorCachingMinTTL ?? 0,
    })),
  }
}

type AnyBehavior = DefaultCacheBehavior & Partial<Pick<SdkBehavior, 'PathPattern'>>

function sdkBehaviors(distribution: SdkDistribution): AnyBehavior[] {
  const config = distribution.DistributionConfig
  const byPattern: AnyBehavior[] = config?.CacheBehaviors?.Items ?? []
  return config?.DefaultCacheBehavior === undefined ? byPattern : [...byPattern, config.DefaultCacheBehavior]
}

function toBehavior(behavior: AnyBehavior, policies: QueryStringPolicies): CacheBehavior {
  const { CachePolicyId, ForwardedValues, FunctionAssociations, LambdaFunctionAssociations } = behavior
  const functions = (FunctionAssociations?.Items ?? [])
    .filter(({ EventType }) => EventType === 'viewer-request')
    .map(({ FunctionARN }) => `the function ${nameInArn(FunctionARN)}`)
  const lambdas = (LambdaFunctionAssociations?.Items ?? [])
    .filter(({ EventType }) => EventType === 'viewer-request' || EventType === 'origin-request')
    .map(({ LambdaFunctionARN }) => `the Lambda function ${nameInArn(LambdaFunctionARN)}`)
  const known =
    CachePolicyId === undefined
      ? undefined
      : (MANAGED_QUERY_STRING_POLICIES.get(CachePolicyId) ?? policies.get(CachePolicyId))
  return {
    pathPattern: behavior.PathPattern ?? '*',
    targetOriginId: behavior.TargetOriginId ?? '',
    queryStringsInCacheKey: known ?? ForwardedValues?.QueryString ?? false,
    requestFunctions: [...functions, ...lambdas],
  }
}

/** `arn:aws:cloudfront::123456789012:function/index-rewrite` → `index-rewrite`; Lambda's have a version behind the name. */
function nameInArn(arn: string | undefined): string {
  return arn?.split(/[:/]/u).findLast((part) => !/^\d+$/u.test(part)) ?? 'without a name'
}
