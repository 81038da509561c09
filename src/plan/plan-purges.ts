// What is invalidated on each distribution, and what that costs beside other ways to do it. Pure.

import type {
  Config,
  Debt,
  Distribution,
  InvalidationItem,
  Key,
  LiveSnapshot,
  PlannedCost,
  PlannedItem,
  RecordedObject,
  SiteState,
} from '../model.ts'
import { type Allowance, allowanceOf, priceOfPathsUsd } from './allowance.ts'
import { hasSwitchedTagsOn } from './cache-tags.ts'
import { type CachedSite, describeCachedSite } from './cached-site.ts'
import { type ChosenItems, chooseItems } from './choose-items.ts'
import { fewestLosslessItems } from './cover/path-cover.ts'
import { describeItems } from './describe-items.ts'
import type { StaleKey } from './diff.ts'
import { wholeScope } from './purge-scope.ts'
import { findStaleness, type Staleness } from './staleness.ts'
import type { TagHash } from './tags/cache-tag-list.ts'
import type { RunFunction, UrlSpace } from './url-space.ts'

export interface PurgesInput {
  readonly live: LiveSnapshot
  readonly state: SiteState | undefined
  readonly debt: Debt | undefined
  readonly stale: readonly StaleKey[]
  readonly config: Pick<Config, 'urls' | 'invalidation'>
  readonly recorded: ReadonlyMap<Key, RecordedObject>
  readonly toTag: TagHash
  /** Objects below the prefix that are not recorded and stay. */
  readonly foreign: readonly Key[]
  /** Names proven to stand for their bytes: see fingerprint-evidence.ts. */
  readonly isBound: (key: Key) => boolean
  readonly runFunction: RunFunction
  readonly nowMs: number
  /** Paths that the whole account has used this month, where CloudFront was asked. */
  readonly accountPaths: number | undefined
}

export interface Purge {
  readonly distribution: Distribution
  readonly space: UrlSpace
  readonly staleness: Staleness
  readonly items: readonly PlannedItem[]
}

export interface Purges {
  readonly purges: readonly Purge[]
  readonly cost: PlannedCost
}

interface Target {
  readonly space: UrlSpace
  readonly staleness: Staleness
  readonly site: CachedSite
}

export function planPurges(input: PurgesInput): Purges {
  const targets = input.live.distributions.map((distribution) => describeTarget(distribution, input))
  const whole = new Map(targets.map((target) => [target, wholeItems(target, input.live.prefix)]))
  const wholeCount = [...whole.values()].reduce((sum, items) => sum + items.length, 0)
  const searched = targets.filter(
    ({ site, staleness }) => staleness.everything === undefined && site.staleUrls.length > 0,
  )
  const allowance = allowanceOf(input)
  const chosen = chooseItems(
    searched.map(({ site }) => site),
    allowance.allowed - wholeCount,
  )
  const itemsOf = (target: Target): PlannedItem[] => {
    const found = chosen[searched.indexOf(target)]
    return found === undefined ? (whole.get(target) ?? []) : describeItems(found.items, target.site)
  }
  const purges = targets.map((target) => {
    const { space, staleness } = target
    return { distribution: space.distribution, space, staleness, items: itemsOf(target) }
  })
  return { purges, cost: costOf(searched, chosen, wholeCount, allowance) }
}

function describeTarget(distribution: Distribution, input: PurgesInput): Target {
  const { live, stale, config, recorded, foreign, toTag, isBound, runFunction } = input
  const { bucket, website, prefix } = live
  const before = input.state?.distributions[distribution.id]
  const space: UrlSpace = { bucket, distribution, website, urls: config.urls, runFunction }
  const staleness = findStaleness({
    stale,
    space,
    prefix,
    isKnown: before !== undefined,
    // Copies without tags would be out of reach of every later purge by tag.
    untagged: hasSwitchedTagsOn(distribution, before),
    recorded: (key) => recorded.get(key),
    isBound,
  })
  const isFree = (key: Key): boolean => recorded.get(key)?.left !== undefined && isBound(key)
  const purge = staleness.everything === undefined ? staleness.purge : []
  const site = describeCachedSite({ space, prefix, purge, recorded, foreign, before, toTag, isFree })
  return { space, staleness, site }
}

function wholeItems({ staleness, space }: Target, prefix: string): PlannedItem[] {
  if (staleness.everything === undefined) return []
  const { because, scope } = staleness.everything
  const items = scope === 'distribution' ? ['/*'] : wholeScope(prefix, space)
  return items.map((item: InvalidationItem) => ({ item, reasons: [because] }))
}

function costOf(
  searched: readonly Target[],
  chosen: readonly ChosenItems[],
  wholeCount: number,
  { freeLeft, allowed, allowedBy }: Allowance,
): PlannedCost {
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
  const priced = (paths: number): { paths: number; priceUsd: number } => ({
    paths,
    priceUsd: priceOfPathsUsd(paths - freeLeft),
  })
  const { paths, priceUsd } = priced(wholeCount + sum(chosen.map(({ items }) => items.length)))
  const keeps = searched.map(
    ({ site }) => site.objects.filter(({ need, weight }) => need === 'keep' && weight === 1).length,
  )
  return {
    paths,
    evicts: sum(chosen.map(({ evicts }) => evicts)),
    isWhole: wholeCount > 0,
    freeLeft,
    allowed,
    allowedBy,
    priceUsd,
    exactPaths: priced(wholeCount + sum(searched.map(({ site }) => countExactPaths(site)))),
    everything: { ...priced(wholeCount + searched.length), evicts: sum(keeps) },
  }
}

/** A path for each URL; where there is no exact one, the prefix that covers it. */
function countExactPaths({ staleUrls }: CachedSite): number {
  const urls = new Map(staleUrls.map(({ url }) => [url.path, { ...url, need: 'must' as const, weight: 0 }]))
  const items = [...urls.values()].map((url) =>
    url.isExactItem ? url.path : (fewestLosslessItems([url]).items[0] ?? '/*'),
  )
  return new Set(items).size
}
