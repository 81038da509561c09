// The documents that the API answers with, as content for `writeXml`, field by field as its XML is documented.
// Facts: CloudFront API Reference, the Response Syntax of each operation.

import type { XmlContent } from '../xml.ts'
import { childAt } from '../xml.ts'
import type { CachePolicy, ManagedCachePolicy, NamesChosen } from './cache-policies.ts'
import type { Distribution } from './distributions.ts'
import type { Invalidation } from './invalidations.ts'
import type { OwnCachePolicy } from './own-cache-policies.ts'
import type { Page } from './paging.ts'
import { toContent, toList } from './xml-content.ts'

const NO_SIGNERS: XmlContent = { Enabled: false, Quantity: 0 }

/** Copied into a summary from the config; DefaultRootObject, CacheTagConfig and Logging are not among them. */
const CONFIG_FIELDS_IN_SUMMARY = [
  'Aliases',
  'Origins',
  'OriginGroups',
  'DefaultCacheBehavior',
  'CacheBehaviors',
  'CustomErrorResponses',
  'Comment',
  'PriceClass',
  'Enabled',
  'ViewerCertificate',
  'Restrictions',
  'WebACLId',
  'HttpVersion',
  'IsIPV6Enabled',
  'Staging',
  'ConnectionMode',
]

export function distributionContent(distribution: Distribution, inProgressInvalidations: number): XmlContent {
  return {
    Id: distribution.id,
    ARN: distribution.arn,
    Status: 'Deployed',
    LastModifiedTime: toIsoTime(distribution.lastModifiedMs),
    InProgressInvalidationBatches: inProgressInvalidations,
    DomainName: distribution.domainName,
    ActiveTrustedSigners: NO_SIGNERS,
    ActiveTrustedKeyGroups: NO_SIGNERS,
    DistributionConfig: toContent(distribution.configXml),
  }
}

export function distributionSummaryContent(distribution: Distribution): XmlContent {
  const copied = CONFIG_FIELDS_IN_SUMMARY.map((name) => {
    const field = childAt(distribution.configXml, name)
    return [name, field === undefined ? undefined : toContent(field)] as const
  })
  return {
    Id: distribution.id,
    ARN: distribution.arn,
    ETag: distribution.etag,
    Status: 'Deployed',
    LastModifiedTime: toIsoTime(distribution.lastModifiedMs),
    DomainName: distribution.domainName,
    ...Object.fromEntries(copied),
  }
}

export function invalidationContent(invalidation: Invalidation): XmlContent {
  return {
    Id: invalidation.id,
    Status: invalidation.status,
    CreateTime: toIsoTime(invalidation.createdAtMs),
    InvalidationBatch: {
      Paths: toList('Path', invalidation.items),
      CallerReference: invalidation.callerReference,
    },
  }
}

/** No items and no caller reference: those take GetInvalidation. */
export function invalidationSummaryContent(invalidation: Invalidation): XmlContent {
  const { id, status, createdAtMs } = invalidation
  return { Id: id, CreateTime: toIsoTime(createdAtMs), Status: status }
}

export function listContent<Item>(page: Page<Item>, itemName: string, write: (item: Item) => XmlContent): XmlContent {
  const { marker, nextMarker, maxItems, items } = page
  return {
    Marker: marker,
    NextMarker: nextMarker,
    MaxItems: maxItems,
    IsTruncated: nextMarker !== undefined,
    ...(toList(itemName, items.map(write)) as Readonly<Record<string, XmlContent>>),
  }
}

/** The younger lists of the API say neither the marker they began at nor whether they are truncated. */
export function shortListContent<Item>(
  page: Page<Item>,
  itemName: string,
  write: (item: Item) => XmlContent,
): XmlContent {
  const { nextMarker, maxItems, items } = page
  const list = toList(itemName, items.map(write)) as Readonly<Record<string, XmlContent>>
  return { NextMarker: nextMarker, MaxItems: maxItems, ...list }
}

export function cachePolicyContent(policy: ManagedCachePolicy | OwnCachePolicy): XmlContent {
  return {
    Id: policy.id,
    LastModifiedTime: 'lastModifiedMs' in policy ? toIsoTime(policy.lastModifiedMs) : '2020-07-06T00:00:00Z',
    CachePolicyConfig: cachePolicyConfigContent(policy),
  }
}

export function cachePolicyConfigContent(policy: CachePolicy): XmlContent {
  const { headers, cookies, queryStrings, ttl } = policy
  return {
    Comment: 'comment' in policy ? String(policy.comment) : '',
    Name: policy.name,
    DefaultTTL: ttl.defaultTtlSeconds,
    MaxTTL: ttl.maxTtlSeconds,
    MinTTL: ttl.minTtlSeconds,
    ParametersInCacheKeyAndForwardedToOrigin: {
      EnableAcceptEncodingGzip: policy.gzip,
      EnableAcceptEncodingBrotli: policy.brotli,
      HeadersConfig: {
        HeaderBehavior: headers.length === 0 ? 'none' : 'whitelist',
        Headers: headers.length === 0 ? undefined : toList('Name', headers),
      },
      CookiesConfig: { CookieBehavior: cookies.behavior, Cookies: namesContent(cookies) },
      QueryStringsConfig: { QueryStringBehavior: queryStrings.behavior, QueryStrings: namesContent(queryStrings) },
    },
  }
}

function namesContent({ names }: NamesChosen): XmlContent | undefined {
  return names.length === 0 ? undefined : toList('Name', names)
}

export function toIsoTime(atMs: number): string {
  return new Date(atMs).toISOString()
}
