import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareKeys } from '../key-order.ts'
import { includesKey, isInRange, overlaps, rangeOfShard } from './shard-range.ts'

const keySets = fc.uniqueArray(fc.string({ unit: 'grapheme', minLength: 1 })).map((keys) => keys.toSorted(compareKeys))

describe('rangeOfShard', () => {
  it('cuts the keys in ranges of as many each', () => {
    const keys = ['a', 'b', 'c', 'd', 'e']
    expect(rangeOfShard(keys, { index: 1, count: 2 })).toEqual({ after: '', until: 'b' })
    expect(rangeOfShard(keys, { index: 2, count: 2 })).toEqual({ after: 'b' })
    expect(rangeOfShard(['a'], { index: 1, count: 3 })).toEqual({ after: '', until: '' })
  })

  it('gives every key to exactly one shard, whether it is of the site or not', () => {
    fc.assert(
      fc.property(keySets, fc.integer({ min: 1, max: 20 }), fc.string({ minLength: 1 }), (keys, count, other) => {
        const ranges = Array.from({ length: count }, (_, at) => rangeOfShard(keys, { index: at + 1, count }))
        for (const key of [...keys, other]) expect(ranges.filter((range) => isInRange(key, range))).toHaveLength(1)
        const sizes = ranges.map((range) => keys.filter((key) => isInRange(key, range)).length)
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
        expect(includesKey(keys, other)).toBe(keys.includes(other))
        expect(ranges.filter((range, at) => at > 0 && overlaps(range, ranges[at - 1] ?? range))).toEqual([])
      }),
    )
  })
})
