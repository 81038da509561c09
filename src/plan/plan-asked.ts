// What was asked for, as URLs and as changed files × distributions → the items of each. Pure: the other files of this folder, composed.

import type { Config, Debt, Finding, PlannedItem, SiteState } from '../model.ts'
import { allowanceOf, priceOfPathsUsd } from './allowance.ts'
import type { AskedPaths } from './asked-paths.ts'
import { describeCachedSite, describeOthers, type StaleUrl } from './cached-site.ts'
import { chooseItems } from './choose-items.ts'
import type { CachedObject } from './cover/universe.ts'
import { describeItems } from './describe-items.ts'
import type { StaleKey } from './diff.ts'
import { foldBlindly, itemsAskedFor, withoutAskedFor } from './fold-asked.ts'
import { wholeScope } from './purge-scope.ts'
import { findStaleness, type Staleness } from './staleness.ts'
import type { TagHash } from './tags/cache-tag-list.ts'
import type { UrlSpace } from './url-space.ts'

export interface AskedInput {
  /** One for each distribution. */
  readonly targets: readonly { readonly asked: AskedPaths; readonly space: UrlSpace }[]
  readonly prefix: string
  /** Keys of changed files. */
  readonly stale: readonly StaleKey[]
  /** What Freshfront knows of the site; undefined: nothing. */
  readonly known: { readonly state: SiteState; readonly debt: Debt | undefined; readonly toTag: TagHash } | undefined
  /** Without `maxPaths` the limit is what the month allows where the site is known; where it is not, there is none. */
  readonly invalidation: Config['invalidation']
  readonly nowMs: number
}

export interface AskedPlan {
  /** In the order of the targets. */
  readonly items: readonly (readonly PlannedItem[])[]
  readonly settleSeconds: number
  readonly settleReasons: readonly string[]
  readonly warnings: readonly Finding[]
  /** Set where it would cost money that nobody has allowed. */
  readonly overFree: { readonly paths: number; readonly freeLeft: number; readonly priceUsd: number } | undefined
}

interface Target {
  /** Items that nothing can be taken from: tags, and the whole where URLs cannot be told. */
  readonly fixed: readonly PlannedItem[]
  readonly urls: readonly StaleUrl[]
  readonly items: readonly string[]
  /** What else the caches hold; empty: not known. */
  readonly others: readonly CachedObject[]
  readonly staleness: Staleness
}

export function planAsked(input: AskedInput): AskedPlan {
  const { known, invalidation, nowMs } = input
  const maxPaths = invalidation?.maxPaths
  const allowance = allowanceOf({
    state: known?.state,
    debt: known?.debt,
    config: invalidation === undefined ? {} : { invalidation },
    nowMs,
    accountPaths: undefined,
  })
  const limit = maxPaths ?? (known === undefined ? Infinity : allowance.allowed)
  const targets = input.targets.map((target) => describeTarget(target, input))
  const chosen = chooseWithin(targets, limit)
  const items = targets.map((target, index) => describeChosen(target, chosen[index] ?? []))
  const paths = items.reduce((sum, each) => sum + each.length, 0)
  const priceUsd = priceOfPathsUsd(paths - allowance.freeLeft)
  const isAllowed = maxPaths !== undefined || priceUsd <= (invalidation?.maxCostUsd ?? 0)
  return {
    items,
    settleSeconds: Math.max(0, ...targets.map(({ staleness }) => staleness.settleSeconds)),
    settleReasons: [...new Set(targets.flatMap(({ staleness }) => staleness.settleReason ?? []))],
    warnings: [...warnOfFolding(targets, chosen), ...(maxPaths === undefined ? [] : warnOfLimit(paths, maxPaths))],
    overFree: isAllowed ? undefined : { paths, freeLeft: allowance.freeLeft, priceUsd },
  }
}

function describeTarget({ asked, space }: AskedInput['targets'][number], input: AskedInput): Target {
  const { prefix, stale, known } = input
  const recorded = new Map(Object.entries(known?.state.objects ?? {}))
  const staleness = findStaleness({
    stale,
    space,
    prefix,
    isKnown: true,
    recorded: (key) => recorded.get(key),
    isBound: () => false,
  })
  const purge = staleness.everything === undefined ? staleness.purge : []
  const described = {
    space,
    prefix,
    purge,
    recorded,
    // Whoever puts files there by other means gives them no tags: only paths are sure to reach them.
    before: undefined,
    toTag: known?.toTag ?? (() => ''),
    foreign: [],
    isFree: () => false,
  }
  const site = describeCachedSite(described)
  const urls = [...asked.urls, ...site.staleUrls]
  const whole = wholeItems(staleness, prefix, space)
  const tags = asked.tags.map((tag): PlannedItem => ({ item: `#${tag}`, reasons: ['asked for'] }))
  const staleKeys = new Set(purge.map(({ key }) => key))
  const others = recorded.size === 0 ? [] : describeOthers(described, staleKeys, urls.length)
  const isWhole = whole.some(({ item }) => item === '/*')
  const left = isWhole ? [] : urls
  return {
    // Everything covers what tags would.
    fixed: isWhole ? whole : [...tags, ...whole],
    urls: left,
    items: itemsAskedFor(left),
    others: others.some(({ weight }) => weight > 0) ? withoutAskedFor(others, left) : [],
    staleness,
  }
}

function wholeItems({ everything }: Staleness, prefix: string, space: UrlSpace): PlannedItem[] {
  if (everything === undefined) return []
  const items = everything.scope === 'distribution' ? ['/*'] : wholeScope(prefix, space)
  return items.map((item) => ({ item, reasons: [everything.because] }))
}

/** As it was asked for where that is few enough; else the cover that loses the least, each distribution getting its share. */
function chooseWithin(targets: readonly Target[], limit: number): (readonly string[])[] {
  const fixed = targets.reduce((sum, target) => sum + target.fixed.length, 0)
  const total = targets.reduce((sum, { items }) => sum + items.length, fixed)
  if (total <= limit) return targets.map(({ items }) => items)
  const folding = targets.filter(({ items }) => items.length > 0)
  const left = Math.max(folding.length, limit - fixed)
  if (folding.every(({ others }) => others.length > 0)) {
    const chosen = chooseItems(
      folding.map(({ urls, others }) => ({ objects: [...urls.map(toObject), ...others], staleUrls: urls })),
      left,
    )
    return targets.map((target) => chosen[folding.indexOf(target)]?.items ?? [])
  }
  const shares = shareOut(
    folding.map(({ items }) => items.length),
    left,
  )
  return targets.map((target) => {
    const share = shares[folding.indexOf(target)]
    return share === undefined ? [] : foldBlindly(target.items, share)
  })
}

/** Whole shares of at least 1, in proportion to what is wanted, and no more than that in all. */
function shareOut(wanted: readonly number[], total: number): number[] {
  const sum = wanted.reduce((all, count) => all + count, 0)
  const spare = Math.max(0, total - wanted.length)
  return wanted.map((count) => 1 + Math.floor((spare * count) / sum))
}

function toObject({ key, url }: StaleUrl): CachedObject {
  return { key, need: 'must', weight: 1, urls: [url], tagLists: [] }
}

function describeChosen({ fixed, urls, others }: Target, chosen: readonly string[]): PlannedItem[] {
  const objects = [...urls.map(toObject), ...others]
  return [...fixed, ...describeItems(chosen, { objects, staleUrls: urls })]
}

function warnOfFolding(targets: readonly Target[], chosen: readonly (readonly string[])[]): Finding[] {
  return targets.flatMap(({ items }, index): Finding[] => {
    const sent = chosen[index]?.length ?? 0
    if (sent >= items.length) return []
    const message = `${items.length} paths are folded into ${sent}, which also refreshes what else begins like them.`
    return [{ code: 'PATHS_FOLDED', message }]
  })
}

function warnOfLimit(paths: number, maxPaths: number): Finding[] {
  if (paths <= Math.max(1, maxPaths)) return []
  const message = `${paths} paths are sent, though ${maxPaths} were allowed: tags are not folded, and each distribution needs one at least.`
  return [{ code: 'OVER_MAX_PATHS', message }]
}
