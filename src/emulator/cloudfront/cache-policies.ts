// Cache policies: what goes into the cache key and which TTLs hold. The managed ones, and legacy ForwardedValues read as
// one. Facts: CloudFront Developer Guide, "Use managed cache policies" and "Understand cache policies".

import type { XmlElement } from '../xml.ts'
import { childAt, childrenNamed, textAt } from '../xml.ts'
import type { Ttl } from './ttl.ts'

export interface NamesChosen {
  readonly behavior: 'none' | 'whitelist' | 'allExcept' | 'all'
  readonly names: readonly string[]
}

export interface CachePolicy {
  readonly name: string
  readonly ttl: Ttl
  /** Whether `gzip` and `br` of the viewer's Accept-Encoding are in the key, and compression may happen. */
  readonly gzip: boolean
  readonly brotli: boolean
  /** Names in lower case. */
  readonly headers: readonly string[]
  readonly cookies: NamesChosen
  readonly queryStrings: NamesChosen
}

export interface ManagedCachePolicy extends CachePolicy {
  readonly id: string
}

const NONE: NamesChosen = { behavior: 'none', names: [] }
const ALL: NamesChosen = { behavior: 'all', names: [] }
const A_DAY: Ttl = { minTtlSeconds: 1, defaultTtlSeconds: 86_400, maxTtlSeconds: 31_536_000 }
const ORIGIN_DECIDES: Ttl = { minTtlSeconds: 0, defaultTtlSeconds: 0, maxTtlSeconds: 31_536_000 }
const METHOD_OVERRIDES = ['host', 'origin', 'x-http-method', 'x-http-method-override', 'x-method-override']
const NOTHING_IN_KEY = { gzip: false, brotli: false, headers: [], cookies: NONE, queryStrings: NONE } as const
const COMPRESSED = { ...NOTHING_IN_KEY, gzip: true, brotli: true } as const

export const MANAGED_CACHE_POLICIES: readonly ManagedCachePolicy[] = [
  { ...COMPRESSED, id: '658327ea-f89d-4fab-a63d-7e88639e58f6', name: 'Managed-CachingOptimized', ttl: A_DAY },
  {
    ...NOTHING_IN_KEY,
    id: 'b2884449-e4de-46a7-ac36-70bc7f1ddd6d',
    name: 'Managed-CachingOptimizedForUncompressedObjects',
    ttl: A_DAY,
  },
  {
    ...NOTHING_IN_KEY,
    id: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
    name: 'Managed-CachingDisabled',
    ttl: { minTtlSeconds: 0, defaultTtlSeconds: 0, maxTtlSeconds: 0 },
  },
  {
    ...COMPRESSED,
    id: '83da9c7e-98b4-4e11-a168-04f0df8e2c65',
    name: 'Managed-UseOriginCacheControlHeaders',
    ttl: ORIGIN_DECIDES,
    headers: METHOD_OVERRIDES,
    cookies: ALL,
  },
  {
    ...COMPRESSED,
    id: '4cc15a8a-d715-48a4-82b8-cc0b614638fe',
    name: 'Managed-UseOriginCacheControlHeaders-QueryStrings',
    ttl: ORIGIN_DECIDES,
    headers: METHOD_OVERRIDES,
    cookies: ALL,
    queryStrings: ALL,
  },
  {
    ...COMPRESSED,
    id: '2e54312d-136d-493c-8eb9-b001f22f67d2',
    name: 'Managed-Amplify',
    ttl: { minTtlSeconds: 2, defaultTtlSeconds: 2, maxTtlSeconds: 600 },
    headers: ['authorization', 'cloudfront-viewer-country', 'host'],
    cookies: ALL,
    queryStrings: ALL,
  },
  {
    ...NOTHING_IN_KEY,
    id: '08627262-05a9-4f76-9ded-b50ca2e3a84f',
    name: 'Managed-Elemental-MediaPackage',
    ttl: { minTtlSeconds: 0, defaultTtlSeconds: 86_400, maxTtlSeconds: 31_536_000 },
    gzip: true,
    headers: ['origin'],
    queryStrings: { behavior: 'whitelist', names: ['aws.manifestfilter', 'start', 'end', 'm'] },
  },
]

export function findManagedCachePolicy(id: string): ManagedCachePolicy | undefined {
  return MANAGED_CACHE_POLICIES.find((policy) => policy.id === id)
}

/** The policy that a behavior's legacy ForwardedValues and TTLs amount to: gzip only, and only where it compresses. */
export function readLegacyCacheSettings(behavior: XmlElement): CachePolicy {
  const ttl: Ttl = {
    minTtlSeconds: Number(textAt(behavior, 'MinTTL')),
    defaultTtlSeconds: Number(textAt(behavior, 'DefaultTTL')),
    maxTtlSeconds: Number(textAt(behavior, 'MaxTTL')),
  }
  const headers = namesIn(behavior, 'Headers').map((name) => name.toLowerCase())
  const queryNames = namesIn(behavior, 'QueryStringCacheKeys')
  const someQueryStrings: NamesChosen = { behavior: 'whitelist', names: queryNames }
  const forwardsQuery = textAt(behavior, 'ForwardedValues', 'QueryString') === 'true'
  // Forwarding every header switches caching off.
  const isEverythingForwarded = headers.includes('*')
  return {
    name: 'ForwardedValues',
    ttl: isEverythingForwarded ? { minTtlSeconds: 0, defaultTtlSeconds: 0, maxTtlSeconds: 0 } : ttl,
    gzip: textAt(behavior, 'Compress') === 'true',
    brotli: false,
    headers: headers.filter((name) => name !== '*'),
    cookies: textAt(behavior, 'ForwardedValues', 'Cookies', 'Forward') === 'all' ? ALL : NONE,
    queryStrings: !forwardsQuery ? NONE : queryNames.length === 0 ? ALL : someQueryStrings,
  }
}

function namesIn(behavior: XmlElement, list: string): string[] {
  const items = childAt(behavior, 'ForwardedValues', list, 'Items')
  return items === undefined ? [] : childrenNamed(items, 'Name').map((name) => name.text)
}
