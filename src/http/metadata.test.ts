import { describe, expect, it } from 'vitest'
import { sameMetadata } from './metadata.ts'

describe('sameMetadata', () => {
  it('does not mind the order of headers or of user metadata', () => {
    expect(
      sameMetadata(
        { contentType: 'text/html', cacheControl: 'no-cache', user: { a: '1', b: '2' } },
        { user: { b: '2', a: '1' }, cacheControl: 'no-cache', contentType: 'text/html' },
      ),
    ).toBe(true)
  })

  it('takes empty user metadata for none', () => {
    expect(sameMetadata({ contentType: 'text/html', user: {} }, { contentType: 'text/html' })).toBe(true)
  })

  it.each([
    [{ contentType: 'text/plain' }],
    [{ contentType: 'text/html', cacheControl: 'no-store' }],
    [{ contentType: 'text/html', user: { 'cache-tag': 'a' } }],
  ])('sees a difference in %j', (other) => {
    expect(sameMetadata({ contentType: 'text/html' }, other)).toBe(false)
  })
})
