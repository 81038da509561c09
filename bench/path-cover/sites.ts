// Sites of any size for bench/path-cover.ts, the same on every run.

import type { WeightedUrl } from '../../src/plan/cover/path-url.ts'

/**
 * Versioned documentation with long names: seven versions of a hundred sections. Half of what changed lies together in runs of 20 pages, the rest anywhere.
 */
export function makeSite(count: number, mustCount: number): WeightedUrl[] {
  const random = makeRandom()
  const must = new Set<number>()
  while (must.size < mustCount / 2) {
    const start = Math.floor(random() * count)
    for (let page = start; page < Math.min(start + 20, count) && must.size < mustCount / 2; page += 1) must.add(page)
  }
  while (must.size < mustCount) must.add(Math.floor(random() * count))
  const topicsPerSection = Math.max(1, Math.round(count / 700 / 20))
  return Array.from({ length: count }, (_, index) => {
    const version = index % 7
    const section = Math.floor(index / 7) % 100
    const topic = Math.floor(random() * topicsPerSection)
    const path = `/docs/v${version}/section-${section}/topic-${topic}/page-${index.toString(36)}.html`
    return makeUrl(path, must.has(index), Math.ceil(random() ** 3 * 200_000))
  })
}

/** The worst: a URL parts from the rest after every letter, so that no two groups can be joined early. Some thousand letters deep. */
export function makeCombs(mustCount: number): WeightedUrl[] {
  const random = makeRandom()
  return Array.from({ length: mustCount }, (_, index) => {
    const path = `/${Math.floor(index / 2000)}${'a'.repeat(index % 2000)}`
    return [makeUrl(`${path}b`, true, 0), makeUrl(`${path}c`, false, Math.ceil(random() * 200_000))]
  }).flat()
}

function makeUrl(path: string, isMust: boolean, weight: number): WeightedUrl {
  return { path, need: isMust ? 'must' : 'keep', weight, isExactItem: true, prefixLimit: path.length }
}

/** Park and Miller's generator. @returns numbers from 0 up to 1 */
function makeRandom(): () => number {
  let state = 20261123
  return () => {
    state = (state * 48271) % 0x7fffffff
    return state / 0x7fffffff
  }
}
