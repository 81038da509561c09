import { describe, expect, it } from 'vitest'
import { checkInvalidationItems, isWildcard } from './invalidation-paths.ts'

describe('checkInvalidationItems', () => {
  it.each([
    '/',
    '/*',
    '/a*b',
    '/a%20b.html',
    '/caf%C3%A9',
    "/a,b;c=d@e:f$g!h(i)+&'.html",
    '/a?v=1',
    '/%2A',
    '#tag',
    '#section:blog',
    `/${'a'.repeat(3999)}`,
  ])('takes %s', (item) => {
    expect(() => checkInvalidationItems([item])).not.toThrow()
  })

  it.each([
    'a.html',
    '*',
    '/~user',
    '/a b',
    '/a\tb',
    '/café',
    '/100%',
    '/a"b',
    '/a<b',
    '/a#b',
    '/{a}',
    '/[slug].js',
    '/a|b',
    '/a\\b',
    '/a^b',
    '/a`b',
    '#',
    '#a,b',
    '#a b',
    `/${'a'.repeat(4000)}`,
    `#${'a'.repeat(257)}`,
  ])('refuses the whole batch for %s', (item) => {
    expect(() => checkInvalidationItems(['/good', item])).toThrow(expect.objectContaining({ code: 'InvalidArgument' }))
  })

  it('refuses an empty batch', () => {
    expect(() => checkInvalidationItems([])).toThrow(expect.objectContaining({ code: 'InvalidArgument' }))
  })
})

describe('isWildcard', () => {
  it('is a path whose last character is the asterisk', () => {
    expect(['/*', '/a*', '/a*b', '#a*'].map(isWildcard)).toEqual([true, true, false, false])
  })
})
