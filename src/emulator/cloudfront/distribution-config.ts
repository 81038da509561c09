// A distribution's configuration as the edge locations use it, read from the complete XML and checked as the API checks it.
// Not here yet, and refused rather than ignored: origin groups and edge functions.

import type { XmlElement } from '../xml.ts'
import { childAt, textAt } from '../xml.ts'
import { ApiError, invalidArgument } from './api-error.ts'
import type { CachePolicy } from './cache-policies.ts'
import { findManagedCachePolicy, readLegacyCacheSettings } from './cache-policies.ts'
import { listItems } from './xml-content.ts'

export interface Origin {
  readonly id: string
  readonly domainName: string
  /** `''` or `/site`. */
  readonly originPath: string
  /** `signed` where an origin access control or identity is set. */
  readonly access: 'signed' | 'anonymous'
  /** S3OriginConfig rather than CustomOriginConfig. */
  readonly isS3: boolean
}

export interface CacheBehavior {
  /** `*` for the default behavior. */
  readonly pathPattern: string
  readonly origin: Origin
  readonly allowedMethods: readonly string[]
  readonly compress: boolean
  readonly cachePolicy: CachePolicy
}

export interface CustomErrorResponse {
  readonly errorCode: number
  readonly page: { readonly path: string; readonly responseCode: number } | undefined
  readonly errorCachingMinTtlSeconds: number
}

export interface DistributionConfig {
  readonly callerReference: string
  readonly comment: string
  readonly enabled: boolean
  readonly aliases: readonly string[]
  readonly defaultRootObject: string
  readonly origins: readonly Origin[]
  /** In the order in which they are tried: the default behavior comes last. */
  readonly behaviors: readonly CacheBehavior[]
  readonly errorResponses: readonly CustomErrorResponse[]
  /** In lower case; undefined where the distribution reads no cache tags. */
  readonly cacheTagHeader: string | undefined
}

/** API Reference, CustomErrorResponse: the statuses that may have an entry, and those a page may be sent with. */
const ERROR_CODES = new Set([400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504])

/** The fields an operation insists on, and `Quantity` against `Items` in every list. Call before `completeConfig`. */
export function checkSentConfig(sent: XmlElement): void {
  if (sent.name !== 'DistributionConfig') {
    throw new ApiError('MalformedInput', 400, `Expected a DistributionConfig, found ${sent.name}.`)
  }
  checkQuantities(sent)
  const required = ['CallerReference', 'Origins', 'DefaultCacheBehavior', 'Comment', 'Enabled']
  const missing = required.filter((name) => childAt(sent, name) === undefined)
  if (missing.length > 0) {
    throw new ApiError('MalformedXML', 400, `The distribution config lacks ${missing.join(', ')}.`)
  }
}

/** Every `{ Quantity, Items }` list in the document holds as many items as it says. Throws `InconsistentQuantities`. */
export function checkQuantities(element: XmlElement): void {
  const quantity = textAt(element, 'Quantity')
  const count = childAt(element, 'Items')?.children.length ?? 0
  if (quantity !== undefined && Number(quantity) !== count) {
    throw new ApiError(
      'InconsistentQuantities',
      400,
      `The value of Quantity in ${element.name} is ${quantity}, but there are ${count} items.`,
    )
  }
  for (const child of element.children) checkQuantities(child)
}

/** Reads a complete config. Throws the API's error for what CloudFront would refuse. */
export function readDistributionConfig(config: XmlElement): DistributionConfig {
  const origins = listItems(config, 'Origins').map(readOrigin)
  if (origins.length === 0) throw invalidArgument('A distribution needs at least one origin.')
  if (listItems(config, 'OriginGroups').length > 0) {
    throw invalidArgument('The embedded CloudFront has no origin groups: send none.')
  }
  const defaultBehavior = childAt(config, 'DefaultCacheBehavior')
  const behaviors = [
    ...listItems(config, 'CacheBehaviors'),
    ...(defaultBehavior === undefined ? [] : [defaultBehavior]),
  ]
  return {
    callerReference: textAt(config, 'CallerReference') ?? '',
    comment: textAt(config, 'Comment') ?? '',
    enabled: textAt(config, 'Enabled') === 'true',
    aliases: listItems(config, 'Aliases').map((alias) => alias.text.toLowerCase()),
    defaultRootObject: textAt(config, 'DefaultRootObject') ?? '',
    origins,
    behaviors: behaviors.map((behavior) => readBehavior(behavior, origins)),
    errorResponses: listItems(config, 'CustomErrorResponses').map(readErrorResponse),
    cacheTagHeader: textAt(config, 'CacheTagConfig', 'HeaderName')?.toLowerCase(),
  }
}

function readOrigin(origin: XmlElement): Origin {
  const originPath = textAt(origin, 'OriginPath') ?? ''
  if (originPath !== '' && (!originPath.startsWith('/') || originPath.endsWith('/'))) {
    throw invalidArgument(`The origin path "${originPath}" must begin with a slash and must not end with one.`)
  }
  const identity = textAt(origin, 'S3OriginConfig', 'OriginAccessIdentity') ?? ''
  const accessControlId = textAt(origin, 'OriginAccessControlId') ?? ''
  return {
    id: textAt(origin, 'Id') ?? '',
    domainName: textAt(origin, 'DomainName') ?? '',
    originPath,
    access: identity === '' && accessControlId === '' ? 'anonymous' : 'signed',
    isS3: childAt(origin, 'S3OriginConfig') !== undefined,
  }
}

function readBehavior(behavior: XmlElement, origins: readonly Origin[]): CacheBehavior {
  const originId = textAt(behavior, 'TargetOriginId') ?? ''
  const origin = origins.find((one) => one.id === originId)
  if (origin === undefined) {
    throw new ApiError('NoSuchOrigin', 404, `No origin of this distribution has the id "${originId}".`)
  }
  for (const functions of ['FunctionAssociations', 'LambdaFunctionAssociations']) {
    if (listItems(behavior, functions).length > 0) {
      throw invalidArgument(`The embedded CloudFront runs no edge functions: send no ${functions}.`)
    }
  }
  return {
    pathPattern: textAt(behavior, 'PathPattern') ?? '*',
    origin,
    allowedMethods: listItems(behavior, 'AllowedMethods').map((method) => method.text),
    compress: textAt(behavior, 'Compress') === 'true',
    cachePolicy: readCachePolicy(behavior),
  }
}

function readCachePolicy(behavior: XmlElement): CachePolicy {
  const policyId = textAt(behavior, 'CachePolicyId') ?? ''
  const isLegacy = childAt(behavior, 'ForwardedValues') !== undefined
  if (policyId !== '' && isLegacy) {
    throw invalidArgument('A cache behavior has either a CachePolicyId or ForwardedValues, not both.')
  }
  if (policyId !== '') {
    const policy = findManagedCachePolicy(policyId)
    if (policy === undefined) throw new ApiError('NoSuchCachePolicy', 404, 'The cache policy does not exist.')
    return policy
  }
  if (!isLegacy) throw invalidArgument('The parameter ForwardedValues is required.')
  const policy = readLegacyCacheSettings(behavior)
  const { minTtlSeconds, defaultTtlSeconds, maxTtlSeconds } = policy.ttl
  if (minTtlSeconds > defaultTtlSeconds || defaultTtlSeconds > maxTtlSeconds) {
    throw new ApiError('InvalidTTLOrder', 400, 'The TTLs must be in the order MinTTL, DefaultTTL, MaxTTL.')
  }
  return policy
}

function readErrorResponse(entry: XmlElement): CustomErrorResponse {
  const errorCode = Number(textAt(entry, 'ErrorCode'))
  if (!ERROR_CODES.has(errorCode)) {
    throw new ApiError('InvalidErrorCode', 400, `There is no custom error response for status ${errorCode}.`)
  }
  const path = textAt(entry, 'ResponsePagePath') ?? ''
  const responseCode = textAt(entry, 'ResponseCode') ?? ''
  if ((path === '') !== (responseCode === '')) {
    throw invalidArgument('ResponsePagePath and ResponseCode must be given together.')
  }
  if (path !== '' && !path.startsWith('/')) throw invalidArgument(`ResponsePagePath "${path}" must begin with a slash.`)
  if (responseCode !== '' && responseCode !== '200' && !ERROR_CODES.has(Number(responseCode))) {
    throw new ApiError('InvalidResponseCode', 400, `A custom error page cannot be sent with status ${responseCode}.`)
  }
  return {
    errorCode,
    page: path === '' ? undefined : { path, responseCode: Number(responseCode) },
    errorCachingMinTtlSeconds: Number(textAt(entry, 'ErrorCachingMinTTL') ?? 10),
  }
}
