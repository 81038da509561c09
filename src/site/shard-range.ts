// Which files of a site a shard takes: ranges of keys in the order of a bucket listing, with as many files in each. Pure.

import type { Key, ShardRange, Shard } from '../model.ts'
import { compareKeys } from '../key-order.ts'

/**
 * By number, not by size: names are known after a walk, sizes only after a question to the disk for every file, in every shard.
 *
 * @param keys of all files, sorted
 */
export function rangeOfShard(keys: readonly Key[], { index, count }: Shard): ShardRange {
  const lastBefore = (shards: number): Key => keys[Math.floor((shards * keys.length) / count) - 1] ?? ''
  return { after: lastBefore(index - 1), ...(index < count && { until: lastBefore(index) }) }
}

export function isInRange(key: Key, { after, until }: ShardRange): boolean {
  return compareKeys(key, after) > 0 && (until === undefined || compareKeys(key, until) <= 0)
}

export function overlaps(one: ShardRange, other: ShardRange): boolean {
  const isBefore = (a: ShardRange, b: ShardRange): boolean =>
    a.until !== undefined && compareKeys(a.until, b.after) <= 0
  return !isBefore(one, other) && !isBefore(other, one)
}

/** @param keys sorted */
export function includesKey(keys: readonly Key[], key: Key): boolean {
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const order = compareKeys(keys[middle] ?? '', key)
    if (order === 0) return true
    if (order < 0) low = middle + 1
    else high = middle
  }
  return false
}
