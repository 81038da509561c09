// What CloudFront adds to a distribution config that leaves fields out: the API always answers with the complete one.
// Facts: CloudFront API Reference, DistributionConfig and the types below it.

import type { XmlContent, XmlElement } from '../xml.ts'
import { childAt, textAt } from '../xml.ts'
import { mapChildren, mapItems, toList, withDefaults } from './xml-content.ts'

const EMPTY_LIST: XmlContent = { Quantity: 0 }
const GET_AND_HEAD: XmlContent = toList('Method', ['HEAD', 'GET'])

const CONFIG_DEFAULTS: Readonly<Record<string, XmlContent>> = {
  Aliases: EMPTY_LIST,
  DefaultRootObject: '',
  OriginGroups: EMPTY_LIST,
  CacheBehaviors: EMPTY_LIST,
  CustomErrorResponses: EMPTY_LIST,
  Logging: { Enabled: false, IncludeCookies: false, Bucket: '', Prefix: '' },
  PriceClass: 'PriceClass_All',
  ViewerCertificate: {
    CloudFrontDefaultCertificate: true,
    SSLSupportMethod: 'vip',
    MinimumProtocolVersion: 'TLSv1',
    CertificateSource: 'cloudfront',
  },
  Restrictions: { GeoRestriction: { RestrictionType: 'none', Quantity: 0 } },
  WebACLId: '',
  HttpVersion: 'http2',
  IsIPV6Enabled: true,
  ContinuousDeploymentPolicyId: '',
  Staging: false,
  ConnectionMode: 'direct',
}

const ORIGIN_DEFAULTS: Readonly<Record<string, XmlContent>> = {
  OriginPath: '',
  CustomHeaders: EMPTY_LIST,
  ConnectionAttempts: 3,
  ConnectionTimeout: 10,
  OriginShield: { Enabled: false },
  OriginAccessControlId: '',
}

const BEHAVIOR_DEFAULTS: Readonly<Record<string, XmlContent>> = {
  TrustedSigners: { Enabled: false, Quantity: 0 },
  TrustedKeyGroups: { Enabled: false, Quantity: 0 },
  AllowedMethods: GET_AND_HEAD,
  SmoothStreaming: false,
  Compress: false,
  LambdaFunctionAssociations: EMPTY_LIST,
  FunctionAssociations: EMPTY_LIST,
  FieldLevelEncryptionId: '',
}

const LEGACY_TTL_DEFAULTS: Readonly<Record<string, XmlContent>> = {
  MinTTL: 0,
  DefaultTTL: 86_400,
  MaxTTL: 31_536_000,
}

const FORWARDED_VALUES_DEFAULTS: Readonly<Record<string, XmlContent>> = {
  QueryString: false,
  Cookies: { Forward: 'none' },
  Headers: EMPTY_LIST,
  QueryStringCacheKeys: EMPTY_LIST,
}

/** The config with every default filled in; fields it does not know are kept as they are. */
export function completeConfig(sent: XmlElement): XmlElement {
  let config = withDefaults(sent, CONFIG_DEFAULTS)
  config = mapItems(config, 'Origins', 'Origin', (origin) => withDefaults(origin, ORIGIN_DEFAULTS))
  config = mapChildren(config, 'DefaultCacheBehavior', completeBehavior)
  config = mapItems(config, 'CacheBehaviors', 'CacheBehavior', completeBehavior)
  return mapItems(config, 'CustomErrorResponses', 'CustomErrorResponse', (entry) =>
    withDefaults(entry, { ResponsePagePath: '', ResponseCode: '', ErrorCachingMinTTL: 10 }),
  )
}

function completeBehavior(sent: XmlElement): XmlElement {
  const methods = mapChildren(sent, 'AllowedMethods', (allowed) =>
    withDefaults(allowed, { CachedMethods: GET_AND_HEAD }),
  )
  const behavior = withDefaults(methods, {
    ...BEHAVIOR_DEFAULTS,
    AllowedMethods: { ...(GET_AND_HEAD as object), CachedMethods: GET_AND_HEAD },
  })
  if (childAt(behavior, 'ForwardedValues') === undefined) return behavior
  const forwarding = mapChildren(behavior, 'ForwardedValues', (values) =>
    withDefaults(values, FORWARDED_VALUES_DEFAULTS),
  )
  // A minimum above the usual default TTL, or a maximum below it, moves the default TTL that is filled in.
  const minimum = Number(textAt(forwarding, 'MinTTL') ?? 0)
  const maximum = Number(textAt(forwarding, 'MaxTTL') ?? 31_536_000)
  return withDefaults(forwarding, {
    ...LEGACY_TTL_DEFAULTS,
    DefaultTTL: Math.min(Math.max(86_400, minimum), maximum),
    MaxTTL: Math.max(31_536_000, minimum),
  })
}
