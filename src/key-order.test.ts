import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareKeys, sortByKey } from './key-order.ts'

describe('compareKeys', () => {
  it('sorts a dash and a dot before the slash, and upper case before lower', () => {
    expect(['blog/a', 'blog-old/a', 'blog.html', 'blog', 'Blog'].toSorted(compareKeys)).toEqual([
      'Blog',
      'blog',
      'blog-old/a',
      'blog.html',
      'blog/a',
    ])
  })

  it('sorts an emoji after a full-width letter, as UTF-8 does and UTF-16 does not', () => {
    expect(['😀', 'ｚ'].toSorted()).toEqual(['😀', 'ｚ'])
    expect(['😀', 'ｚ'].toSorted(compareKeys)).toEqual(['ｚ', '😀'])
  })

  it('sorts many as it sorts two', () => {
    const keys = fc.array(fc.string({ unit: fc.constantFrom('a', '/', 'ｚ', '😀', '\ue000') }))
    const some = fc.oneof(keys, fc.array(fc.string()))
    fc.assert(
      fc.property(some, (keys) => {
        const sorted = sortByKey(keys.map((key) => ({ key }))).map(({ key }) => key)
        expect(sorted).toEqual(keys.toSorted(compareKeys))
      }),
    )
  })

  it('sorts as the UTF-8 bytes do', () => {
    const keys = fc.string({ unit: 'binary' })
    fc.assert(
      fc.property(keys, keys, (one, other) => {
        expect(Math.sign(compareKeys(one, other))).toBe(Buffer.compare(Buffer.from(one), Buffer.from(other)))
      }),
    )
  })
})
