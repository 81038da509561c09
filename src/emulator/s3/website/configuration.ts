// What a bucket that is a website does with requests, and which configurations S3 refuses.
// Facts: S3 API reference, "PutBucketWebsite"; S3 user guide, "Configuring a webpage redirect".

import { S3Error } from '../s3-error.ts'

export type WebsiteConfiguration = HostedWebsite | RedirectedWebsite

/** Serves the bucket's objects. */
export interface HostedWebsite {
  /** `index.html`: what a path ending in `/` is served from, at every level. Holds no `/`. */
  readonly indexDocument: string
  /** The key served where a request fails with 4xx, with the status of the failure. */
  readonly errorDocument?: string
  /** The first rule that matches wins. At most 50. */
  readonly routingRules?: readonly RoutingRule[]
}

/** Serves nothing: every request is sent to another host, with its path and query. */
export interface RedirectedWebsite {
  readonly redirectAllRequestsTo: { readonly hostName: string; readonly protocol?: WebsiteProtocol }
}

export type WebsiteProtocol = 'http' | 'https'

export interface RoutingRule {
  /** Every condition named must hold; without one the rule is for all requests. */
  readonly condition?: {
    readonly keyPrefixEquals?: string
    /** The rule is asked only once a request has failed with this status. */
    readonly httpErrorCodeReturnedEquals?: number
  }
  readonly redirect: {
    /** The host of the request by default. */
    readonly hostName?: string
    readonly protocol?: WebsiteProtocol
    /** Takes the place of the whole key. */
    readonly replaceKeyWith?: string
    /** Takes the place of `keyPrefixEquals`, or goes before the key where there is none. */
    readonly replaceKeyPrefixWith?: string
    /** 301 by default. */
    readonly httpRedirectCode?: number
  }
}

const MAX_ROUTING_RULES = 50

/** Throws `InvalidArgument`, `InvalidRequest` or `MalformedXML`, as S3 would. */
export function checkWebsite(website: WebsiteConfiguration): void {
  if ('redirectAllRequestsTo' in website) {
    const { hostName, protocol } = website.redirectAllRequestsTo
    if (hostName === '') throw new S3Error('MalformedXML')
    checkProtocol(protocol)
    return
  }
  const { indexDocument, errorDocument, routingRules } = website
  if (indexDocument === '' || indexDocument.includes('/')) {
    throw new S3Error('InvalidArgument', 'The IndexDocument Suffix is not well formed', {
      ArgumentName: 'IndexDocument',
      ArgumentValue: indexDocument,
    })
  }
  if (errorDocument === '' || routingRules?.length === 0) throw new S3Error('MalformedXML')
  if (routingRules !== undefined && routingRules.length > MAX_ROUTING_RULES) {
    throw new S3Error(
      'InvalidRequest',
      `${routingRules.length} routing rules provided, the number of routing rules in a website configuration is limited to ${MAX_ROUTING_RULES}.`,
    )
  }
  for (const rule of routingRules ?? []) checkRule(rule)
}

function checkRule({ condition, redirect }: RoutingRule): void {
  if (condition !== undefined && Object.keys(condition).length === 0) {
    throw new S3Error(
      'InvalidRequest',
      "Condition cannot be empty. To redirect all requests without a condition, the condition element shouldn't be present.",
    )
  }
  const errorCode = condition?.httpErrorCodeReturnedEquals
  if (errorCode !== undefined && !(errorCode >= 400 && errorCode <= 599)) {
    throw new S3Error(
      'InvalidRequest',
      `The provided HTTP error code (${errorCode}) is not valid. Valid codes are 4XX or 5XX.`,
    )
  }
  const redirectCode = redirect.httpRedirectCode
  if (redirectCode !== undefined && !(redirectCode > 300 && redirectCode <= 399)) {
    throw new S3Error(
      'InvalidRequest',
      `The provided HTTP redirect code (${redirectCode}) is not valid. Valid codes are 3XX except 300.`,
    )
  }
  if (redirect.replaceKeyWith !== undefined && redirect.replaceKeyPrefixWith !== undefined) {
    throw new S3Error('InvalidRequest', 'You can only define ReplaceKeyPrefix or ReplaceKey but not both.')
  }
  checkProtocol(redirect.protocol)
}

/** By value: it may come from a document. */
function checkProtocol(protocol: string | undefined): void {
  if (protocol === undefined || protocol === 'http' || protocol === 'https') return
  throw new S3Error(
    'InvalidRequest',
    'Invalid protocol, protocol can be http or https. If not defined the protocol will be selected automatically.',
  )
}
