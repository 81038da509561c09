// What different planners would purge after a deploy, given so many items.

import { type CoverSearch, searchCovers } from '../../src/plan/cover/object-cover.ts'
import type { CoverItem } from '../../src/plan/cover/object-measure.ts'
import { coverPathsWithin } from '../../src/plan/cover/path-cover.ts'
import type { WeightedUrl } from '../../src/plan/cover/path-url.ts'
import type { CachedObject } from '../../src/plan/cover/universe.ts'
import { peers } from '../stale-urls/peer-planners.ts'
import type { ReplayedDeploy } from './tagged-site.ts'

export interface Scheme {
  readonly name: string
  /** @returns the items for each number of items from 1 to `maxItems`, asked for in any order */
  prepare(replayed: ReplayedDeploy, maxItems: number): (count: number) => readonly CoverItem[]
}

/** Tags with paths and prefixes; never worse than the best paths. */
export const withTags: Scheme = {
  name: 'Tags',
  prepare({ universe }, maxItems) {
    const pathCover = bestPaths(universe, maxItems)
    const search: CoverSearch = searchCovers(universe, { maxItems, pathCover })
    return (count) => search.find(count).items
  },
}

/** The best that paths and prefixes can do. */
export const pathsOnly: Scheme = {
  name: 'Paths, exact optimum',
  prepare: ({ universe }, maxItems) => bestPaths(universe, maxItems),
}

/** Exact paths while they are few enough, then `/top/*` for each top directory, then everything. */
const topDirectories: Scheme = {
  name: 'Top directories',
  prepare({ universe }) {
    const paths = mustPaths(universe)
    const folded = [...new Set(paths.map((path) => /^\/[^/]+\//u.exec(`${path}`)?.[0] ?? path))].map((path) =>
      path.endsWith('/') && path !== '/' ? `${path}*` : path,
    )
    // `/x` of `/x/index.html` lies beside the directory.
    const covered = [...new Set([...folded, ...paths.filter((path) => !folded.some((item) => covers(item, path)))])]
    return (count) => [paths, covered].find((items) => items.length <= count) ?? everythingItems(universe)
  },
}

/** The same whatever the number of items: more than eight are folded two directories up. */
const s3deploy: Scheme = {
  name: 's3deploy',
  prepare({ deploy: { added, changed, removed } }) {
    const peer = peers.find(({ name }) => name === 's3deploy')
    const changes = { added: [...added.keys()], changed: [...changed.keys()], removed: [...removed] }
    const items =
      peer?.planPaths(changes, { prefix: '', websiteIndex: undefined, distributions: [{ originPath: '' }] })[0] ?? []
    return () => items
  },
}

const everything: Scheme = {
  name: '`/*`',
  prepare:
    ({ universe }) =>
    () =>
      everythingItems(universe),
}

export const schemes: readonly Scheme[] = [withTags, pathsOnly, topDirectories, s3deploy, everything]

/** The paths that a planner without prefixes sends. */
export function mustPaths(universe: readonly CachedObject[]): string[] {
  return universe.flatMap(({ need, urls }) => (need === 'must' ? urls.map(({ path }) => path) : []))
}

function everythingItems(universe: readonly CachedObject[]): readonly CoverItem[] {
  return universe.some(({ need }) => need === 'must') ? ['/*'] : []
}

function bestPaths(universe: readonly CachedObject[], maxItems: number): (count: number) => readonly CoverItem[] {
  const urls = universe.flatMap(({ need, weight, urls: all }) =>
    all.map(({ path, isExactItem, prefixLimit }): WeightedUrl => ({
      path,
      need,
      weight: weight / all.length,
      isExactItem,
      prefixLimit,
    })),
  )
  const covers = coverPathsWithin(urls, maxItems)
  return (count) => covers.coverWithin(count)?.items ?? ['/*']
}

function covers(item: string, path: string): boolean {
  return item.endsWith('*') ? path.startsWith(item.slice(0, -1)) : path === item
}
