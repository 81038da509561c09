import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findBehavior, pathMatches } from './behaviors.ts'

describe('pathMatches', () => {
  it.each([
    ['/', '*', true],
    ['/a/b', '*', true],
    ['/images/a.jpg', '/images/*', true],
    ['/images/a.jpg', 'images/*.jpg', true],
    ['/images/2026/a.jpg', 'images/*.jpg', true],
    ['/Images/a.jpg', 'images/*', false],
    ['/images', 'images/*', false],
    ['/a1.js', 'a?.js', true],
    ['/a.js', 'a?.js', false],
    ['/ab/cd/ef', 'a*c*f', true],
    ['/ab/cd/ef', 'a*c*g', false],
    ['/aa', 'a*a', true],
    ['/a', 'a*a', false],
    ['/index.html', '/index.html', true],
    ['/index.html.map', '/index.html', false],
    ['/a.b', 'a+b', false],
    ['/a**', 'a**', true],
  ])('%s against %s: %s', (path, pattern, matches) => {
    expect(pathMatches(path, pattern)).toBe(matches)
  })

  it('agrees with the pattern written as a regular expression', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.'), maxLength: 8 })
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.', '*', '?'), minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(text, pattern, (path, written) => {
        const expression = written
          .replace(/^\//u, '')
          .replace(/[.?*]/gu, (c) => ({ '.': '\\.', '?': '.', '*': '.*' })[c] ?? c)
        expect(pathMatches(`/${path.replace(/^\//u, '')}`, written)).toBe(
          new RegExp(`^${expression}$`, 'u').test(path.replace(/^\//u, '')),
        )
      }),
    )
  })
})

describe('findBehavior', () => {
  it('takes the first that matches, not the best', () => {
    const behavior = (pathPattern: string) => ({
      pathPattern,
      targetOriginId: 'o',
      queryStringsInCacheKey: false,
      minTtlSeconds: 0,
      maxTtlSeconds: 31_536_000,
    })
    const behaviors = [behavior('/api/*'), behavior('/api/v2/*'), behavior('*')]
    expect(findBehavior('/api/v2/x', behaviors)?.pathPattern).toBe('/api/*')
    expect(findBehavior('/index.html', behaviors)?.pathPattern).toBe('*')
  })
})
