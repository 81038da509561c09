// The proof by exhaustion: on small random sites, the dynamic program against all sets of all items that could be written at all.
// FRESHFRONT_RUNS and FRESHFRONT_SEED run it longer or again.

import { env } from 'node:process'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { coverPaths, coverPathsWithin, fewestLosslessItems, type PathCover } from './path-cover.ts'
import type { WeightedUrl } from './path-url.ts'

const runs = Number(env['FRESHFRONT_RUNS'] ?? 2000)
const { FRESHFRONT_SEED: seed } = env
const MOST_ITEMS = 5

const paths = fc
  .array(fc.constantFrom('a', 'a', 'b', '/', '-', '%C3%A9', '%C3%A8', '%20', '%FF'), { maxLength: 4 })
  .map((units) => `/${units.join('')}`)
const url: fc.Arbitrary<WeightedUrl> = paths.chain((text) =>
  fc.record({
    path: fc.constant(text),
    need: fc.constantFrom('must', 'must', 'keep', 'keep', 'free'),
    weight: fc.integer({ min: 0, max: 3 }),
    isExactItem: fc.constantFrom(true, true, false),
    prefixLimit: fc.oneof(
      { weight: 3, arbitrary: fc.constant(text.length) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: text.length }) },
    ),
  }),
)
const oddSites = fc.uniqueArray(url, { selector: (each) => each.path, maxLength: 11 })

/** Few directories of pages that weigh the same: many covers are equal, so that the last rules decide. */
const evenSites = fc
  .array(fc.record({ changed: fc.nat(3), kept: fc.nat(2), isNested: fc.boolean() }), { minLength: 2, maxLength: 4 })
  .map((folders) =>
    folders.flatMap(({ changed, kept, isNested }, index) => [
      ...Array.from({ length: changed }, (_, page) => plainUrl(`/${index}/${isNested ? page & 1 : ''}${page}`, 'must')),
      ...Array.from({ length: kept }, (_, page) => plainUrl(`/${index}/${isNested ? page & 1 : ''}k${page}`, 'keep')),
    ]),
  )
const sites = fc.oneof(oddSites, evenSites)

it(`finds what trying all sets of items finds: ${runs} random sites`, { timeout: 60_000 + runs * 20 }, () => {
  fc.assert(
    fc.property(sites, (urls) => {
      const best = tryAllCovers(urls)
      const budgets = [...best.keys()]
      const { leastLoss, coverWithin } = coverPathsWithin(urls, MOST_ITEMS)
      expect(leastLoss).toEqual(best.map((cover) => cover?.loss ?? Infinity))
      expect(budgets.map(coverWithin)).toEqual(best)
      expect(budgets.map((budget) => coverPaths(urls.toReversed(), budget))).toEqual(best)
      const lossless = fewestLosslessItems(urls)
      const unlimited = lossless.items.length <= MOST_ITEMS ? best[MOST_ITEMS] : coverPaths(urls, urls.length)
      expect(lossless).toEqual(unlimited)
    }),
    { numRuns: runs, ...(seed === undefined ? {} : { seed: Number(seed) }) },
  )
})

function plainUrl(text: string, need: WeightedUrl['need']): WeightedUrl {
  return { path: text, need, weight: 1, isExactItem: true, prefixLimit: text.length }
}

interface Candidate {
  readonly item: string
  readonly isPrefix: boolean
  /** One bit for each must-URL that it purges for sure. */
  readonly purges: number
  /** One bit for each keep-URL that it evicts. */
  readonly evicts: number
}

interface Tried {
  readonly chosen: readonly Candidate[]
  readonly loss: number
  readonly prefixes: number
}

/** The best cover of at most 0, 1, 2 … items, by the words of `coverPaths`. */
function tryAllCovers(urls: readonly WeightedUrl[]): (PathCover | undefined)[] {
  const must = urls.filter(({ need }) => need === 'must').toSorted(compareByAnchor)
  const keep = urls.filter(({ need }) => need === 'keep')
  const candidates = listCandidates(must, keep)
  const bestByCount = Array.from({ length: MOST_ITEMS + 1 }, (): Tried | undefined => undefined)
  const everything = (1 << must.length) - 1
  const lossOf = (evicts: number): number =>
    keep.reduce((sum, { weight }, bit) => sum + (evicts & (1 << bit) ? weight : 0), 0)

  const chooseMore = (chosen: readonly Candidate[], from: number, purges: number, evicts: number): void => {
    if (purges === everything) {
      const tried = { chosen, loss: lossOf(evicts), prefixes: chosen.filter(({ isPrefix }) => isPrefix).length }
      const before = bestByCount[chosen.length]
      if (before === undefined || isBetter(tried, before, candidates, must.length)) bestByCount[chosen.length] = tried
    }
    if (purges === everything || chosen.length === MOST_ITEMS) return
    for (let index = from; index < candidates.length; index += 1) {
      const next = candidates[index]!
      // Without an item that purges nothing more, the set is better.
      if ((purges | next.purges) !== purges)
        chooseMore([...chosen, next], index + 1, purges | next.purges, evicts | next.evicts)
    }
  }
  chooseMore([], 0, 0, 0)

  let best: Tried | undefined
  return bestByCount.map((tried) => {
    if (tried !== undefined && (best === undefined || tried.loss < best.loss)) best = tried
    if (best === undefined) return undefined
    return { items: best.chosen.map((item) => findLongest(item, candidates).item).toSorted(), loss: best.loss }
  })
}

/** Of two covers with as many items. */
function isBetter(a: Tried, b: Tried, candidates: readonly Candidate[], mustCount: number): boolean {
  if (a.loss !== b.loss) return a.loss < b.loss
  if (a.prefixes !== b.prefixes) return a.prefixes < b.prefixes
  const widthOf = (tried: Tried, bit: number): number => {
    const item = findLongest(
      tried.chosen.find(({ purges }) => purges & (1 << bit))!,
      candidates,
    )
    return item.isPrefix ? item.item.length : Infinity
  }
  for (let bit = 0; bit < mustCount; bit += 1) {
    const [widthA, widthB] = [widthOf(a, bit), widthOf(b, bit)]
    if (widthA !== widthB) return widthA < widthB
  }
  return false
}

/** How an item is written in the end: as long as it can be. */
function findLongest(item: Candidate, candidates: readonly Candidate[]): Candidate {
  return candidates.findLast(({ isPrefix, purges }) => isPrefix && item.isPrefix && purges === item.purges) ?? item
}

/**
 * Every beginning of every URL that decodes and purges something, the longest last, and every exact path. What purges and evicts the same
 * is tried once.
 */
function listCandidates(must: readonly WeightedUrl[], keep: readonly WeightedUrl[]): Candidate[] {
  const bitsOf = (list: readonly WeightedUrl[], isHit: (each: WeightedUrl) => boolean): number =>
    list.reduce((bits, each, bit) => (isHit(each) ? bits | (1 << bit) : bits), 0)
  const texts = must.flatMap((each) => Array.from(each.path, (_, index) => each.path.slice(0, index + 1)))
  const prefixes = new Map<string, Candidate>()
  for (const text of texts.toSorted((a, b) => a.length - b.length)) {
    const purges = bitsOf(must, ({ path, prefixLimit }) => path.startsWith(text) && text.length <= prefixLimit)
    const evicts = bitsOf(keep, ({ path }) => path.startsWith(text))
    const prefix = { item: `${text}*`, isPrefix: true, purges, evicts }
    if (purges !== 0 && decodes(text)) {
      prefixes.delete(`${purges} ${evicts}`)
      prefixes.set(`${purges} ${evicts}`, prefix)
    }
  }
  const exact = must.filter(({ isExactItem }) => isExactItem)
  return [...prefixes.values()].concat(
    exact.map((each) => ({ item: each.path, isPrefix: false, purges: 1 << must.indexOf(each), evicts: 0 })),
  )
}

function compareByAnchor(a: WeightedUrl, b: WeightedUrl): number {
  const anchorOf = ({ path, prefixLimit }: WeightedUrl): string => path.slice(0, prefixLimit)
  const compare = (x: string, y: string): number => Number(x > y) - Number(x < y)
  return compare(anchorOf(a), anchorOf(b)) || compare(a.path, b.path)
}

function decodes(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}
