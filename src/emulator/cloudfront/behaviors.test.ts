import { describe, expect, it } from 'vitest'
import { matchesPathPattern, selectBehavior } from './behaviors.ts'

describe('matchesPathPattern', () => {
  it.each([
    ['*', '/anything/at?all', true],
    ['/images/*', '/images/a/b.png', true],
    ['images/*', '/images/a.png', true],
    ['/images/*', '/images', false],
    ['*.jpg', '/a/b.jpg', true],
    ['/*.jpg', '/a/b.jpg', true],
    ['*.jpg', '/a.jpgx', false],
    ['*.jpg', '/a.JPG', false],
    ['/a?.html', '/ab.html', true],
    ['/a?.html', '/a.html', false],
    ['/a?.html', '/abc.html', false],
    ['/a.b', '/axb', false],
    ['/$a+b', '/$a+b', true],
  ])('%s against %s: %s', (pattern, path, expected) => {
    expect(matchesPathPattern(pattern, path)).toBe(expected)
  })
})

describe('selectBehavior', () => {
  const behaviors = ['/blog/*', '/blog/new/*', '*'].map((pathPattern) => ({ pathPattern }))

  it('takes the first that matches, not the longest', () => {
    expect(selectBehavior(behaviors, '/blog/new/x').pathPattern).toBe('/blog/*')
  })

  it('falls back to the default behavior', () => {
    expect(selectBehavior(behaviors, '/about').pathPattern).toBe('*')
  })

  it.each(['//blog//x', '/about/../blog/x', '/./blog/x'])('folds %s before choosing', (path) => {
    expect(selectBehavior(behaviors, path).pathPattern).toBe('/blog/*')
  })
})
