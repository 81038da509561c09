// The cache behaviors that lead to the bucket: what tells cached copies apart, how long they stay, how they travel. Pure.

import type { BehaviorSetup, CacheBehavior, DistributionFacts, SetupFacts, SetupFinding } from '../model.ts'
import { finding, type CheckCode } from './checks.ts'
import { valueOf } from './judge-bucket.ts'

/** CachingOptimized has 1 second, which nobody notices. */
const HARMLESS_MIN_TTL_SECONDS = 1

type Behavior = CacheBehavior & BehaviorSetup

export function judgeBehaviors(
  { distribution, setup }: DistributionFacts,
  facts: SetupFacts,
  origins: readonly { readonly id: string; readonly endpoint: 'rest' | 'website' }[],
): SetupFinding[] {
  const targets = new Set(origins.map(({ id }) => id))
  for (const { id, originIds } of distribution.originGroups) {
    if (originIds.some((origin) => targets.has(origin))) targets.add(id)
  }
  const behaviors = distribution.behaviors.flatMap((behavior, position): Behavior[] => {
    const details = setup.behaviors[position]
    return details === undefined || !targets.has(behavior.targetOriginId) ? [] : [{ ...behavior, ...details }]
  })
  const caching = behaviors.filter(({ maxTtlSeconds }) => maxTtlSeconds > 0)
  const { id } = distribution
  const found: SetupFinding[] = []
  const judge = (code: CheckCode, of: readonly Behavior[], what: (names: string) => string): void => {
    const names = of.map(({ pathPattern }) => pathPattern).join(', ')
    if (of.length > 0) found.push(finding(code, what(`${names} of ${id}`), { distribution: id }))
  }

  judge(
    'HOST_SENT_TO_ORIGIN',
    behaviors.filter(({ sendsHost }) => sendsHost),
    (names) => `The behavior ${names} sends the viewer's Host to S3.`,
  )
  judge(
    'QUERY_STRINGS_IN_CACHE_KEY',
    caching.filter((each) => each.queryStringsInCacheKey),
    (names) => `The behavior ${names} has query strings in its cache key.`,
  )
  judge(
    'CACHE_KEY_SPLIT',
    caching.filter((each) => each.keyCookies || otherHeaders(each).length > 0),
    (names) => {
      const parts = new Set(caching.flatMap((each) => [...otherHeaders(each), ...(each.keyCookies ? ['cookies'] : [])]))
      return `The behavior ${names} has ${[...parts].join(', ')} in its cache key.`
    },
  )
  found.push(...judgeMinimum(caching, id, facts))
  judge(
    'NO_COMPRESSION',
    behaviors.filter(({ compresses }) => !compresses.gzip && !compresses.brotli),
    (names) => `The behavior ${names} does not compress.`,
  )
  judge(
    'NO_BROTLI',
    behaviors.filter(({ compresses }) => compresses.gzip && !compresses.brotli),
    (names) => `The behavior ${names} compresses with gzip alone.`,
  )
  judge(
    'HTTP_ALLOWED',
    behaviors.filter(({ allowsHttp }) => allowsHttp),
    (names) => `The behavior ${names} answers plain HTTP.`,
  )
  return found
}

/** Host has a finding of its own. */
function otherHeaders({ keyHeaders }: BehaviorSetup): string[] {
  return keyHeaders.filter((name) => name !== 'host' && name !== 'accept-encoding')
}

function judgeMinimum(caching: readonly Behavior[], id: string, { state }: SetupFacts): SetupFinding[] {
  const high = caching.filter(({ minTtlSeconds }) => minTtlSeconds > HARMLESS_MIN_TTL_SECONDS)
  if (high.length === 0) return []
  const names = high.map(({ pathPattern, minTtlSeconds }) => `${pathPattern} of ${id} (${minTtlSeconds} s)`).join(', ')
  const what = `The behavior ${names} keeps everything for a minimum TTL`
  const [key] = valueOf(state)?.uncacheableKeys ?? []
  return key === undefined
    ? [finding('MIN_TTL', `${what}.`, { distribution: id })]
    : [finding('MIN_TTL_OVER_NO_STORE', `${what}, ${key} too, which asks not to be kept.`, { distribution: id })]
}
