import { describe, expect, it } from 'vitest'
import type { KeyRange } from '../ports.ts'
import { splitKeys } from './key-ranges.ts'

/** `000000` and on: of as many keys. */
const numbered = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => String(index).padStart(6, '0'))

describe('splitKeys', () => {
  it.each<[string, readonly string[], number, string | undefined, readonly KeyRange[]]>([
    ['nothing that is known', [], 8, undefined, [{}]],
    ['as many keys as a page holds', numbered(1000), 8, undefined, [{}]],
    ['one key more than that', numbered(1001), 8, undefined, [{ until: '000999' }, { after: '000999' }]],
    [
      'two full pages, with no empty range behind them',
      numbered(2000),
      8,
      undefined,
      [{ until: '000999' }, { after: '000999' }],
    ],
    [
      'at every 1,000th key',
      numbered(2500),
      8,
      undefined,
      [{ until: '000999' }, { after: '000999', until: '001999' }, { after: '001999' }],
    ],
    [
      'at every 2,000th where there are more pages than ranges, from where the listing begins',
      numbered(2500).toReversed(),
      2,
      'start',
      [{ after: 'start', until: '001999' }, { after: '001999' }],
    ],
    ['one range, where no more may be listed at once', numbered(2500), 1, undefined, [{}]],
    ['one range from a key on, where all fits on a page', numbered(10), 8, 'start', [{ after: 'start' }]],
  ])('cuts %s', (_, known, maxRanges, after, ranges) => {
    expect(splitKeys(known, maxRanges, after)).toEqual(ranges)
  })

  it('cuts in the order of UTF-8, in which a listing comes', () => {
    const known = [...numbered(999), '\u{1F600}', '\uFF5E']
    expect(splitKeys(known, 8)).toEqual([{ until: '\uFF5E' }, { after: '\uFF5E' }])
  })
})
