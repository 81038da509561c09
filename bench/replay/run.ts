// One history through every planner.

import { gzipSync } from 'node:zlib'
import { allowedPaths, isSameMonth } from '../../src/plan/budget.ts'
import { searchCovers } from '../../src/plan/cover/object-cover.ts'
import { type CoverItem, measureCover } from '../../src/plan/cover/object-measure.ts'
import { packHistory } from '../../src/plan/tags/upload-history.ts'
import type { History } from './history.ts'
import { mustPaths, pathsOnly, type Scheme, schemes, withTags } from './schemes.ts'
import { lastHistories, type ReplayedDeploy, replayDeploys } from './tagged-site.ts'

export const ITEM_COUNTS = [1, 3, 5, 10, 15, 30] as const

/** What some of the tags bring: the kinds that are left out. */
const LESS_TAGS: ReadonlyMap<string, string> = new Map([
  ['Tags without spans and lots', 'rxy'],
  ['Tags without any learned', 'bhcuvfgijrxy'],
])

/** Sums over the deploys of a history. */
export interface Tally {
  deploys: number
  /** Shares of live objects, and of their bytes, that were evicted and had not changed. */
  objects: number
  bytes: number
  items: number
  /** Deploys after which some cache may still hold an old page. */
  stale: number
}

export interface BudgetTally extends Tally {
  /** Deploys that evicted anything needlessly. */
  withNeedless: number
  /** The most paths in a month. */
  mostPaths: number
}

export interface Result {
  readonly name: string
  readonly generator: string
  readonly deploys: number
  /** Live objects, on average. */
  readonly objects: number
  readonly byScheme: ReadonlyMap<string, readonly Tally[]>
  /** Items that it takes to evict nothing needlessly, deploy by deploy. */
  readonly needs: { readonly tags: readonly number[]; readonly exactPaths: readonly number[] }
  readonly budgets: ReadonlyMap<string, BudgetTally>
  readonly record: {
    readonly keys: number
    readonly gzipBytes: number
    readonly meanTags: number
    readonly mostTags: number
  }
}

export function replayHistory(history: History): Result {
  const byScheme = new Map(
    [...schemes.map(({ name }) => name), ...LESS_TAGS.keys()].map((name) => [name, ITEM_COUNTS.map(emptyTally)]),
  )
  const budgets = [withTags, pathsOnly].map((scheme) => new MonthlyBudget(scheme))
  const needs = { tags: [] as number[], exactPaths: [] as number[] }
  const tagCounts: number[] = []
  let objects = 0
  for (const replayed of replayDeploys(history)) {
    const { universe } = replayed
    objects += universe.length / history.deploys.length
    tagCounts.push(...universe.flatMap(({ need, tagLists }) => (need === 'must' ? [tagLists[0]?.length ?? 0] : [])))
    needs.tags.push(searchCovers(universe, { maxItems: 1 }).losslessCount ?? Infinity)
    needs.exactPaths.push(mustPaths(universe).length)
    for (const scheme of schemes) {
      const cover = scheme.prepare(replayed, Math.max(...ITEM_COUNTS))
      for (const [i, count] of ITEM_COUNTS.entries()) add(byScheme.get(scheme.name)?.[i], replayed, cover(count))
    }
    for (const budget of budgets) budget.deploy(replayed)
  }
  for (const [name, without] of LESS_TAGS)
    for (const replayed of replayDeploys(history, without)) {
      const cover = withTags.prepare(replayed, Math.max(...ITEM_COUNTS))
      for (const [i, count] of ITEM_COUNTS.entries()) add(byScheme.get(name)?.[i], replayed, cover(count))
    }
  const packed = Object.fromEntries([...lastHistories(history)].map(([key, upload]) => [key, packHistory(upload)]))
  const keysOnly = Object.fromEntries(Object.keys(packed).map((key) => [key, 0]))
  return {
    name: history.name,
    generator: history.generator,
    deploys: history.deploys.length,
    objects,
    byScheme,
    needs,
    budgets: new Map(budgets.map(({ scheme, tally }) => [scheme.name, tally])),
    record: {
      keys: Object.keys(packed).length,
      gzipBytes: gzipSync(JSON.stringify(packed)).length - gzipSync(JSON.stringify(keysOnly)).length,
      meanTags: tagCounts.reduce((sum, count) => sum + count, 0) / Math.max(1, tagCounts.length),
      mostTags: Math.max(...tagCounts),
    },
  }
}

/** The free paths of the month, spread by the adaptive rule on the real dates. */
class MonthlyBudget {
  readonly scheme: Scheme
  readonly tally: BudgetTally = { ...emptyTally(), withNeedless: 0, mostPaths: 0 }
  readonly #times: number[] = []
  #usedPaths = 0

  constructor(scheme: Scheme) {
    this.scheme = scheme
  }

  deploy(replayed: ReplayedDeploy): void {
    const nowMs = replayed.deploy.date.getTime()
    if (!isSameMonth(nowMs, this.#times.at(-1) ?? 0)) this.#usedPaths = 0
    const allowed = allowedPaths({ nowMs, deployTimesMs: this.#times, usedPaths: this.#usedPaths })
    const items = this.scheme.prepare(replayed, Math.max(1, allowed))(Math.max(1, allowed))
    this.#times.push(nowMs)
    this.#usedPaths += items.length
    this.tally.mostPaths = Math.max(this.tally.mostPaths, this.#usedPaths)
    if (add(this.tally, replayed, items) > 0) this.tally.withNeedless += 1
  }
}

function emptyTally(): Tally {
  return { deploys: 0, objects: 0, bytes: 0, items: 0, stale: 0 }
}

/** @returns the share of objects evicted needlessly */
function add(tally: Tally | undefined, { universe, sizes }: ReplayedDeploy, items: readonly CoverItem[]): number {
  if (tally === undefined) return 0
  const { missed, lostObjects } = measureCover(universe, items)
  const bytes = measureCover(
    universe.map((object) => ({ ...object, weight: sizes.get(object.key) ?? 0 })),
    items,
  ).lostWeight
  const totalBytes = [...sizes.values()].reduce((sum, sizeBytes) => sum + sizeBytes, 0)
  tally.deploys += 1
  tally.objects += lostObjects / Math.max(1, universe.length)
  tally.bytes += bytes / Math.max(1, totalBytes)
  tally.items += items.length
  if (missed.length > 0) tally.stale += 1
  return lostObjects / Math.max(1, universe.length)
}
