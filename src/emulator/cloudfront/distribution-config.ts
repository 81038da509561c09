// A distribution's configuration as the edge locations use it, read from the complete XML and checked as the API checks it.

import type { XmlElement } from '../xml.ts'
import { childAt, textAt } from '../xml.ts'
import { ApiError, invalidArgument } from './api-error.ts'
import type { CacheBehavior, Resources } from './behavior-config.ts'
import { readBehavior } from './behavior-config.ts'
import { readOriginTargets } from './origin-config.ts'
import { listItems } from './xml-content.ts'

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
  /** In the order in which they are tried: the default behavior comes last. */
  readonly behaviors: readonly CacheBehavior[]
  readonly errorResponses: readonly CustomErrorResponse[]
  /** In lower case; undefined where the distribution reads no cache tags. */
  readonly cacheTagHeader: string | undefined
  readonly staging: boolean
  /** `tenant-only`: a template, reached by the domains of its tenants only. */
  readonly connectionMode: 'direct' | 'tenant-only'
  /** What tenants must or may say, where `{{name}}` stands in an origin; empty for a direct distribution. */
  readonly parameters: readonly ParameterDefinition[]
}

export interface ParameterDefinition {
  readonly name: string
  readonly required: boolean
  readonly defaultValue: string | undefined
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
export function readDistributionConfig(config: XmlElement, resources: Resources): DistributionConfig {
  const targets = readOriginTargets(config)
  const defaultBehavior = childAt(config, 'DefaultCacheBehavior')
  const behaviors = [
    ...listItems(config, 'CacheBehaviors'),
    ...(defaultBehavior === undefined ? [] : [defaultBehavior]),
  ]
  const connectionMode = textAt(config, 'ConnectionMode') === 'tenant-only' ? 'tenant-only' : 'direct'
  if (connectionMode === 'tenant-only') checkTenantOnly(config, behaviors)
  return {
    callerReference: textAt(config, 'CallerReference') ?? '',
    comment: textAt(config, 'Comment') ?? '',
    enabled: textAt(config, 'Enabled') === 'true',
    aliases: listItems(config, 'Aliases').map((alias) => alias.text.toLowerCase()),
    defaultRootObject: textAt(config, 'DefaultRootObject') ?? '',
    behaviors: behaviors.map((behavior) => readBehavior(behavior, targets, resources)),
    errorResponses: listItems(config, 'CustomErrorResponses').map(readErrorResponse),
    cacheTagHeader: textAt(config, 'CacheTagConfig', 'HeaderName')?.toLowerCase(),
    staging: textAt(config, 'Staging') === 'true',
    connectionMode,
    parameters: (childAt(config, 'TenantConfig', 'ParameterDefinitions')?.children ?? []).map(readParameter),
  }
}

function readParameter(parameter: XmlElement): ParameterDefinition {
  return {
    name: textAt(parameter, 'Name') ?? '',
    required: textAt(parameter, 'Definition', 'StringSchema', 'Required') === 'true',
    defaultValue: textAt(parameter, 'Definition', 'StringSchema', 'DefaultValue'),
  }
}

/** Developer Guide, "Unsupported features" of multi-tenant distributions. */
function checkTenantOnly(config: XmlElement, behaviors: readonly XmlElement[]): void {
  if (listItems(config, 'Aliases').length > 0) {
    throw invalidArgument('A tenant-only distribution has no aliases: its tenants have domains.')
  }
  if (behaviors.some((behavior) => childAt(behavior, 'ForwardedValues') !== undefined)) {
    throw invalidArgument('A tenant-only distribution takes cache policies, not ForwardedValues.')
  }
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
