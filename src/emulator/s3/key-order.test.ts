import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareKeys, insertKey, removeKey } from './key-order.ts'

describe('compareKeys', () => {
  it('puts a private-use character before an emoji, as UTF-8 does and UTF-16 does not', () => {
    expect(['\u{1f600}', '\ue000', 'z', 'a/', 'a'].toSorted(compareKeys)).toEqual([
      'a',
      'a/',
      'z',
      '\ue000',
      '\u{1f600}',
    ])
  })

  it('agrees with the order of the bytes for any two keys', () => {
    const key = fc.string({ unit: 'binary' })
    fc.assert(
      fc.property(key, key, (a, b) => {
        expect(Math.sign(compareKeys(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)))
      }),
    )
  })
})

describe('insertKey and removeKey', () => {
  it('keep any set of keys sorted and single', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 3 })), fc.array(fc.nat(20)), (added, removed) => {
        const keys: string[] = []
        const expected = new Set<string>()
        for (const key of added) {
          insertKey(keys, key)
          expected.add(key)
        }
        for (const at of removed) {
          const key = added[at]
          if (key === undefined) continue
          removeKey(keys, key)
          expected.delete(key)
        }
        expect(keys).toEqual([...expected].toSorted(compareKeys))
      }),
    )
  })
})
