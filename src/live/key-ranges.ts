// How a listing is split: the key space cut at keys that are known, so that its parts can be listed side by side. Pure.

import { compareKeys } from '../key-order.ts'
import type { Key } from '../model.ts'
import type { KeyRange } from '../ports.ts'

/** @see Amazon S3 API Reference, ListObjectsV2 */
export const KEYS_PER_PAGE = 1000

/**
 * The most parts that are listed side by side. A part wastes at most one request, so that a listing takes at most ⌈objects / 1000⌉ + 8
 * whatever lies in the bucket, and ⌈objects / 1000⌉ where all that does was known.
 */
export const MAX_RANGES = 8

/**
 * Cuts at every 1,000th known key, or a multiple, so that each page is full: S3 fills pages from where a range begins.
 *
 * @param known keys that are expected to be listed, in any order
 * @param after where the first range begins
 * @returns ranges that hold every key once; a single one when all fits on a page
 */
export function splitKeys(known: readonly Key[], maxRanges: number, after?: Key): KeyRange[] {
  const pages = Math.ceil(known.length / KEYS_PER_PAGE)
  const start: KeyRange = after === undefined ? {} : { after }
  const ranges = Math.min(maxRanges, pages)
  if (ranges <= 1) return [start]
  const keysPerRange = Math.ceil(pages / ranges) * KEYS_PER_PAGE
  const sorted = sortKeys(known)
  const cuts: Key[] = []
  for (let at = keysPerRange; at < sorted.length; at += keysPerRange) cuts.push(sorted[at - 1] ?? '')
  return [...cuts, undefined].map((until, index) => {
    const from = index === 0 ? after : cuts[index - 1]
    return { ...(from !== undefined && { after: from }), ...(until !== undefined && { until }) }
  })
}

/** A site's keys come sorted from the scan, and so does the state that is made of them: then looking is enough. */
function sortKeys(keys: readonly Key[]): readonly Key[] {
  const isSorted = keys.every((key, index) => index === 0 || compareKeys(keys[index - 1] ?? '', key) <= 0)
  return isSorted ? keys : keys.toSorted(compareKeys)
}
