// CloudFront's own description of a distribution → how it is set up, for the doctor.

import type {
  CachePolicyConfig,
  Distribution as SdkDistribution,
  Origin as SdkOrigin,
} from '@aws-sdk/client-cloudfront'
import type { BehaviorSetup, DistributionSetup, OriginSetup } from '../model.ts'
import { sdkBehaviors, type AnyBehavior } from './distribution-config.ts'

/** What a cache policy puts into the cache key, and what it lets CloudFront compress with. */
export interface KeyRules {
  /** In lower case. */
  readonly headers: readonly string[]
  readonly cookies: boolean
  readonly gzip: boolean
  readonly brotli: boolean
}

const METHOD_OVERRIDES = ['host', 'origin', 'x-http-method', 'x-http-method-override', 'x-method-override']

function rules(headers: readonly string[], cookies: boolean, gzip: boolean, brotli: boolean): KeyRules {
  return { headers, cookies, gzip, brotli }
}

/** @see CloudFront Developer Guide, "Use managed cache policies" (read 2026-11-23) */
const MANAGED_POLICIES: ReadonlyMap<string, KeyRules> = new Map([
  ['658327ea-f89d-4fab-a63d-7e88639e58f6', rules([], false, true, true)], // CachingOptimized
  ['b2884449-e4de-46a7-ac36-70bc7f1ddd6d', rules([], false, false, false)], // CachingOptimizedForUncompressedObjects
  ['4135ea2d-6df8-44a3-9df3-4b5a84be39ad', rules([], false, false, false)], // CachingDisabled
  ['83da9c7e-98b4-4e11-a168-04f0df8e2c65', rules(METHOD_OVERRIDES, true, true, true)], // UseOriginCacheControlHeaders
  ['4cc15a8a-d715-48a4-82b8-cc0b614638fe', rules(METHOD_OVERRIDES, true, true, true)], // UseOriginCacheControlHeaders-QueryStrings
  [
    '2e54312d-136d-493c-8eb9-b001f22f67d2',
    rules(['authorization', 'cloudfront-viewer-country', 'host'], true, true, true),
  ], // Amplify
  ['08627262-05a9-4f76-9ded-b50ca2e3a84f', rules(['origin'], false, true, false)], // Elemental-MediaPackage
])

/**
 * Managed origin request policies that send the viewer's Host on.
 * @see CloudFront Developer Guide, "Use managed origin request policies" (read 2026-11-23)
 */
const POLICIES_SENDING_HOST: ReadonlySet<string> = new Set([
  '216adef6-5c7f-47e4-b989-5492eafa07d3', // AllViewer
  '33f36d7e-f396-46d9-90e0-52428a34d9dc', // AllViewerAndCloudFrontHeaders-2022-06
])

export function toKeyRules(config: CachePolicyConfig | undefined): KeyRules {
  const key = config?.ParametersInCacheKeyAndForwardedToOrigin
  return rules(
    (key?.HeadersConfig?.Headers?.Items ?? []).map((name) => name.toLowerCase()),
    (key?.CookiesConfig?.CookieBehavior ?? 'none') !== 'none',
    key?.EnableAcceptEncodingGzip ?? false,
    key?.EnableAcceptEncodingBrotli ?? false,
  )
}

/** @param policies by id, those that only the account knows */
export function toDistributionSetup(
  distribution: SdkDistribution,
  policies: ReadonlyMap<string, KeyRules>,
): DistributionSetup {
  return {
    arn: distribution.ARN ?? '',
    origins: (distribution.DistributionConfig?.Origins?.Items ?? []).map(toOriginSetup),
    behaviors: sdkBehaviors(distribution).map((behavior) => toBehaviorSetup(behavior, policies)),
  }
}

function toOriginSetup({ Id = '', OriginAccessControlId, S3OriginConfig }: SdkOrigin): OriginSetup {
  if (OriginAccessControlId) return { id: Id, access: 'control' }
  return { id: Id, access: S3OriginConfig?.OriginAccessIdentity ? 'identity' : 'none' }
}

function toBehaviorSetup(behavior: AnyBehavior, policies: ReadonlyMap<string, KeyRules>): BehaviorSetup {
  const { CachePolicyId, Compress = false, OriginRequestPolicyId, ViewerProtocolPolicy } = behavior
  const key = MANAGED_POLICIES.get(CachePolicyId ?? '') ?? policies.get(CachePolicyId ?? '') ?? legacyRules(behavior)
  return {
    pathPattern: behavior.PathPattern ?? '*',
    compresses: { gzip: Compress && key.gzip, brotli: Compress && key.brotli },
    keyHeaders: key.headers,
    keyCookies: key.cookies,
    // What is in the cache key is sent to the origin too.
    sendsHost:
      key.headers.some((name) => name === 'host' || name === '*') ||
      POLICIES_SENDING_HOST.has(OriginRequestPolicyId ?? ''),
    allowsHttp: ViewerProtocolPolicy === 'allow-all',
  }
}

/** Settings from before there were cache policies: gzip alone. */
function legacyRules({ ForwardedValues }: AnyBehavior): KeyRules {
  const headers = (ForwardedValues?.Headers?.Items ?? []).map((name) => name.toLowerCase())
  return rules(headers, (ForwardedValues?.Cookies?.Forward ?? 'none') !== 'none', true, false)
}
