// One cache behavior of a distribution, read from its complete XML and checked as the API checks it. Lambda@Edge is not
// here, and refused rather than ignored.

import type { XmlElement } from '../xml.ts'
import { childAt, textAt } from '../xml.ts'
import { ApiError, invalidArgument } from './api-error.ts'
import type { CachePolicy } from './cache-policies.ts'
import { readLegacyCacheSettings } from './cache-policies.ts'
import type { OriginTarget } from './origin-config.ts'
import { noSuchOrigin } from './origin-config.ts'
import { listItems } from './xml-content.ts'

export type FunctionEvent = 'viewer-request' | 'viewer-response'

export interface CacheBehavior extends OriginTarget {
  /** `*` for the default behavior. */
  readonly pathPattern: string
  readonly allowedMethods: readonly string[]
  readonly compress: boolean
  readonly cachePolicy: CachePolicy
  /** The ARNs of the associated functions. */
  readonly functions: Readonly<Partial<Record<FunctionEvent, string>>>
}

/** What a config refers to by id or ARN. */
export interface Resources {
  findCachePolicy(id: string): CachePolicy | undefined
  /** Whether there is such a function, and it is published. */
  hasLiveFunction(arn: string): boolean
}

export function readBehavior(
  behavior: XmlElement,
  targets: ReadonlyMap<string, OriginTarget>,
  resources: Resources,
): CacheBehavior {
  const originId = textAt(behavior, 'TargetOriginId') ?? ''
  const target = targets.get(originId)
  if (target === undefined) throw noSuchOrigin(originId)
  if (listItems(behavior, 'LambdaFunctionAssociations').length > 0) {
    throw invalidArgument('The embedded CloudFront runs no Lambda@Edge: send no LambdaFunctionAssociations.')
  }
  return {
    ...target,
    pathPattern: textAt(behavior, 'PathPattern') ?? '*',
    allowedMethods: listItems(behavior, 'AllowedMethods').map((method) => method.text),
    compress: textAt(behavior, 'Compress') === 'true',
    cachePolicy: readCachePolicy(behavior, resources),
    functions: readFunctions(behavior, resources),
  }
}

function readFunctions(behavior: XmlElement, resources: Resources): CacheBehavior['functions'] {
  const functions: Partial<Record<FunctionEvent, string>> = {}
  for (const association of listItems(behavior, 'FunctionAssociations')) {
    const arn = textAt(association, 'FunctionARN') ?? ''
    const event = textAt(association, 'EventType') ?? ''
    if (event !== 'viewer-request' && event !== 'viewer-response') {
      throw invalidFunctionAssociation(`A function cannot be associated with the event type "${event}".`)
    }
    if (functions[event] !== undefined) {
      throw invalidFunctionAssociation(`A cache behavior has one function for ${event}, not two.`)
    }
    if (!resources.hasLiveFunction(arn)) {
      throw invalidFunctionAssociation(`The function ${arn} does not exist, or it is not published.`)
    }
    functions[event] = arn
  }
  return functions
}

function invalidFunctionAssociation(message: string): ApiError {
  return new ApiError('InvalidFunctionAssociation', 400, message)
}

function readCachePolicy(behavior: XmlElement, resources: Resources): CachePolicy {
  const policyId = textAt(behavior, 'CachePolicyId') ?? ''
  const isLegacy = childAt(behavior, 'ForwardedValues') !== undefined
  if (policyId !== '' && isLegacy) {
    throw invalidArgument('A cache behavior has either a CachePolicyId or ForwardedValues, not both.')
  }
  if (policyId !== '') {
    const policy = resources.findCachePolicy(policyId)
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
