import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitBudget } from './choose-items.ts'

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)

describe('a budget that several distributions share', () => {
  it('goes where an item saves most', () => {
    expect(
      splitBudget(
        [
          [9, 4, 0],
          [100, 0],
        ],
        3,
      ),
    ).toEqual([1, 2])
    expect(
      splitBudget(
        [
          [9, 4, 0],
          [100, 0],
        ],
        4,
      ),
    ).toEqual([2, 2])
  })

  it('is not spent where it helps nothing', () => {
    expect(
      splitBudget(
        [
          [3, 3, 3],
          [0, 0],
        ],
        5,
      ),
    ).toEqual([1, 1])
  })

  it('gives each one item at least, however small it is', () => {
    expect(
      splitBudget(
        [
          [5, 0],
          [5, 0],
          [5, 0],
        ],
        1,
      ),
    ).toEqual([1, 1, 1])
  })

  it('is split as well as can be', () => {
    const losses = fc.array(fc.nat(20), { minLength: 1, maxLength: 4 }).map((list) => list.toSorted((a, b) => b - a))
    fc.assert(
      fc.property(fc.array(losses, { minLength: 1, maxLength: 3 }), fc.integer({ min: 3, max: 9 }), (all, maxItems) => {
        const lossOf = (shares: readonly number[]): number =>
          sum(all.map((own, index) => own[(shares[index] ?? 1) - 1] ?? Infinity))
        const splits = all.reduce<number[][]>(
          (found, own) => found.flatMap((shares) => own.map((_, extra) => [...shares, extra + 1])),
          [[]],
        )
        const best = Math.min(...splits.filter((shares) => sum(shares) <= maxItems).map(lossOf))
        const shares = splitBudget(all, maxItems)
        expect([sum(shares) <= maxItems, lossOf(shares)]).toEqual([true, best])
      }),
    )
  })
})
