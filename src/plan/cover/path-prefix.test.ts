import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findPrefixEnd } from './path-prefix.ts'

describe('findPrefixEnd', () => {
  it('ends a prefix after any plain character', () => {
    expect(findPrefixEnd('/blog/2024', 0, 8)).toBe(8)
    expect(findPrefixEnd('/blog', 0, 99)).toBe(5)
  })

  it('ends no prefix where none may be longer than asked for', () => {
    expect(findPrefixEnd('/blog', 5, 5)).toBe(0)
    expect(findPrefixEnd('/%20b', 1, 3)).toBe(0)
  })

  it.each([
    ['an escape', '/a%20b', [1, 2, 2, 2, 5, 6]],
    ['a character of two bytes', '/%C3%A9b', [1, 1, 1, 1, 1, 1, 7, 8]],
    ['lower-case hexadecimal digits', '/%e2%82%ac', [1, 1, 1, 1, 1, 1, 1, 1, 1, 10]],
    ['an escape that means nothing', '/a%zzb', [1, 2, 2, 2, 2, 2]],
    ['a byte that begins no character', '/a%FFb', [1, 2, 2, 2, 2, 2]],
  ])('does not end within %s', (_, path, ends) => {
    expect(ends.map((_end, index) => findPrefixEnd(path, 0, index + 1))).toEqual(ends)
  })

  it('leaves room for the star', () => {
    expect(findPrefixEnd(`/${'x'.repeat(5000)}`, 0, 5000)).toBe(3999)
    expect(findPrefixEnd(`/${'x'.repeat(3996)}%20`, 0, 5000)).toBe(3997)
  })

  it('ends where the text decodes, for any bytes', () => {
    const byte = fc.integer({ min: 0x80, max: 0xff }).map((value) => `%${value.toString(16)}`)
    const unit = fc.oneof(byte, fc.constantFrom('a', '%', '%41', '%C3%A9', '%E2%82%AC', '%F0%9F%98%80'))
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 6 }), (units) => {
        const path = `/${units.join('')}`
        let longest = 0
        for (let end = 1; end <= path.length; end += 1) {
          if (decodes(path.slice(0, end))) longest = end
          expect(findPrefixEnd(path, 0, end)).toBe(longest)
        }
      }),
      { numRuns: 200 },
    )
  })
})

function decodes(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}
