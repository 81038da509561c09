// The cache policies that the account made for itself, beside the managed ones.
// Facts: CloudFront API Reference, CreateCachePolicy and CachePolicyConfig; Developer Guide, "Quotas", Quotas on policies.

import type { EmulatorClock } from '../clock.ts'
import type { XmlElement } from '../xml.ts'
import { childAt, textAt } from '../xml.ts'
import { ApiError, invalidArgument } from './api-error.ts'
import type { CachePolicy, ManagedCachePolicy, NamesChosen } from './cache-policies.ts'
import { findManagedCachePolicy, MANAGED_CACHE_POLICIES } from './cache-policies.ts'
import type { SeededRandom } from './seeded-random.ts'
import { HEX, UPPER_CASE } from './seeded-random.ts'
import type { Ttl } from './ttl.ts'
import { listItems } from './xml-content.ts'

export interface OwnCachePolicy extends CachePolicy {
  readonly id: string
  readonly comment: string
  readonly etag: string
  readonly lastModifiedMs: number
}

export interface CachePolicies {
  /** Managed ones first. */
  list(type?: 'managed' | 'custom'): readonly (ManagedCachePolicy | OwnCachePolicy)[]
  find(id: string): ManagedCachePolicy | OwnCachePolicy | undefined
  /** @throws {ApiError} `NoSuchCachePolicy` */
  get(id: string): ManagedCachePolicy | OwnCachePolicy
  create(sent: NewOwnCachePolicy): OwnCachePolicy
  /** @param isInUse whether a behavior refers to it */
  remove(id: string, ifMatch: string | undefined, isInUse: boolean): void
}

export type NewOwnCachePolicy = CachePolicy & { readonly comment: string }

export interface CachePoliciesOptions {
  readonly clock: EmulatorClock
  readonly random: SeededRandom
  readonly saved: readonly OwnCachePolicy[]
  readonly onChange: () => void
}

const MAX_POLICIES = 20
const MAX_NAMES = 10

export function createCachePolicies({ clock, random, saved, onChange }: CachePoliciesOptions): CachePolicies {
  const own = new Map(saved.map((one) => [one.id, one]))

  function get(id: string): ManagedCachePolicy | OwnCachePolicy {
    const found = findManagedCachePolicy(id) ?? own.get(id)
    if (found === undefined) throw new ApiError('NoSuchCachePolicy', 404, 'The cache policy does not exist.')
    return found
  }

  return {
    list(type) {
      if (type === 'managed') return MANAGED_CACHE_POLICIES
      return type === 'custom' ? [...own.values()] : [...MANAGED_CACHE_POLICIES, ...own.values()]
    },
    find: (id) => findManagedCachePolicy(id) ?? own.get(id),
    get,
    create(sent) {
      checkPolicy(sent)
      const names = [...MANAGED_CACHE_POLICIES, ...own.values()].map(({ name }) => name)
      if (names.includes(sent.name)) {
        throw new ApiError('CachePolicyAlreadyExists', 409, `A cache policy named "${sent.name}" already exists.`)
      }
      if (own.size >= MAX_POLICIES) {
        throw new ApiError('TooManyCachePolicies', 400, `An account has at most ${MAX_POLICIES} cache policies.`)
      }
      const id = [8, 4, 4, 4, 12].map((length) => random.text(length, HEX)).join('-')
      const policy = { ...sent, id, etag: `E${random.text(13, UPPER_CASE)}`, lastModifiedMs: clock.nowMs() }
      own.set(id, policy)
      onChange()
      return policy
    },
    remove(id, ifMatch, isInUse) {
      const found = get(id)
      if (!('etag' in found)) throw new ApiError('IllegalDelete', 400, 'A managed cache policy cannot be deleted.')
      if (ifMatch === undefined) {
        throw new ApiError('InvalidIfMatchVersion', 400, 'The If-Match version is missing or not valid.')
      }
      if (ifMatch !== found.etag) throw new ApiError('PreconditionFailed', 412, 'The If-Match version does not match.')
      if (isInUse) throw new ApiError('CachePolicyInUse', 409, 'The cache policy is attached to a cache behavior.')
      own.delete(id)
      onChange()
    },
  }
}

/** Reads a CachePolicyConfig; the TTLs that it leaves out are filled in. */
export function readCachePolicyConfig(config: XmlElement): NewOwnCachePolicy {
  const inKey = childAt(config, 'ParametersInCacheKeyAndForwardedToOrigin')
  if (inKey === undefined) throw invalidArgument('The parameter ParametersInCacheKeyAndForwardedToOrigin is required.')
  const headers = readNames(inKey, 'Headers', 'HeaderBehavior')
  if (headers.behavior !== 'none' && headers.behavior !== 'whitelist') {
    throw invalidArgument('The parameter HeaderBehavior must be none or whitelist.')
  }
  return {
    name: textAt(config, 'Name') ?? '',
    comment: textAt(config, 'Comment') ?? '',
    ttl: readTtl(config),
    gzip: textAt(inKey, 'EnableAcceptEncodingGzip') === 'true',
    brotli: textAt(inKey, 'EnableAcceptEncodingBrotli') === 'true',
    headers: headers.names.map((name) => name.toLowerCase()),
    cookies: readNames(inKey, 'Cookies', 'CookieBehavior'),
    queryStrings: readNames(inKey, 'QueryStrings', 'QueryStringBehavior'),
  }
}

function readTtl(config: XmlElement): Ttl {
  const seconds = (name: string): number | undefined => {
    const text = textAt(config, name)
    return text === undefined ? undefined : Number(text)
  }
  const minTtlSeconds = seconds('MinTTL') ?? 0
  const maxTtlSeconds = seconds('MaxTTL') ?? Math.max(31_536_000, seconds('DefaultTTL') ?? minTtlSeconds)
  const defaultTtlSeconds = seconds('DefaultTTL') ?? Math.min(Math.max(86_400, minTtlSeconds), maxTtlSeconds)
  return { minTtlSeconds, defaultTtlSeconds, maxTtlSeconds }
}

function readNames(inKey: XmlElement, what: string, behaviorName: string): NamesChosen {
  const config = childAt(inKey, `${what}Config`)
  const behavior = (config && textAt(config, behaviorName)) ?? 'none'
  const names = config === undefined ? [] : listItems(config, what).map((name) => name.text)
  if (behavior !== 'none' && behavior !== 'whitelist' && behavior !== 'allExcept' && behavior !== 'all') {
    throw invalidArgument(`The parameter ${behaviorName} is invalid: ${behavior}.`)
  }
  const needsNames = behavior === 'whitelist' || behavior === 'allExcept'
  if (needsNames !== names.length > 0) throw invalidArgument(`${behaviorName} ${behavior} does not go with its names.`)
  return { behavior, names }
}

function checkPolicy(policy: NewOwnCachePolicy): void {
  const { name, ttl, headers, cookies, queryStrings, gzip, brotli } = policy
  if (!/^[\w-]{1,128}$/.test(name)) throw invalidArgument(`"${name}" is not a name for a cache policy.`)
  if (ttl.minTtlSeconds > ttl.defaultTtlSeconds || ttl.defaultTtlSeconds > ttl.maxTtlSeconds) {
    throw invalidArgument('The TTLs must be in the order MinTTL, DefaultTTL, MaxTTL.')
  }
  const lists = { Headers: headers, Cookies: cookies.names, QueryStrings: queryStrings.names }
  for (const [what, names] of Object.entries(lists)) {
    if (names.length <= MAX_NAMES) continue
    throw new ApiError(`TooMany${what}InCachePolicy`, 400, `A cache policy names at most ${MAX_NAMES} ${what}.`)
  }
  const isKeyPlain =
    headers.length === 0 && cookies.behavior === 'none' && queryStrings.behavior === 'none' && !gzip && !brotli
  if (ttl.maxTtlSeconds === 0 && !isKeyPlain) {
    throw invalidArgument('A policy with caching disabled must have nothing in its cache key.')
  }
}
