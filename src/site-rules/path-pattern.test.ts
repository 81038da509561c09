import { describe, expect, it } from 'vitest'
import { compilePathPattern, pathsOfFile } from './path-pattern.ts'

describe('compilePathPattern', () => {
  it.each([
    ['/*', '/', true],
    ['/*', '/a/b.html', true],
    ['/blog/*', '/blog', true],
    ['/blog/*', '/blogs', false],
    ['/*.pdf', '/docs/a.pdf', true],
    ['/a.b', '/axb', false],
    ['/blog/:slug', '/blog/one', true],
    ['/blog/:slug', '/blog/one/two', false],
    ['/:lang/docs/*.html', '/de/docs/a/b.html', true],
    ['/caf%C3%A9', '/café', true],
    ['/100%', '/100%', true],
    ['/*/x/*/y', '/1/x/2/y', true],
    ['/*/x/*/y', '/1/x/2/z', false],
  ])('%s for %s is %s', (pattern, path, expected) => {
    expect(compilePathPattern(pattern)(path)).toBe(expected)
  })

  it('takes no time for a pattern of many stars', () => {
    expect(compilePathPattern(`/${'*a'.repeat(20)}b`)(`/${'a'.repeat(1000)}`)).toBe(false)
  })
})

describe('pathsOfFile', () => {
  it.each([
    ['index.html', ['/index.html', '/']],
    ['blog/index.html', ['/blog/index.html', '/blog/', '/blog']],
    ['about.html', ['/about.html', '/about']],
    ['a.css', ['/a.css']],
  ])('%s is asked for as %j', (file, expected) => {
    expect(pathsOfFile(file)).toEqual(expected)
  })
})
