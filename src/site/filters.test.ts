import { describe, expect, it } from 'vitest'
import type { FilterRule } from '../model.ts'
import { compileFilters, compileFolderExclusion } from './filters.ts'

const exclude = (pattern: string): FilterRule => ({ kind: 'exclude', pattern })
const include = (pattern: string): FilterRule => ({ kind: 'include', pattern })

describe('a pattern', () => {
  // Every expected value was asked of the AWS CLI's own filter (1.45).
  it.each([
    ['index.html', 'index.html', true],
    ['index.html', 'blog/index.html', false],
    ['*', '.htaccess', true],
    ['*.html', 'index.html', true],
    ['*.html', 'blog/2026/index.html', true],
    ['*.html', '.hidden.html', true],
    ['*.html', 'index.html.bak', false],
    ['*.HTML', 'index.html', false],
    ['drafts', 'drafts/a.md', false],
    ['drafts/*', 'drafts/2026/a.md', true],
    ['/index.html', 'index.html', false],
    ['**/a.md', 'a.md', false],
    ['**/a.md', 'x/y/a.md', true],
    ['a*b*c', 'a/b/b/c', true],
    ['a*b*c', 'acb', false],
    ['?.css', 'a.css', true],
    ['a?b', 'a/b', true],
    ['?.css', '😀.css', true],
    ['?.css', 'ab.css', false],
    ['[ab].css', 'b.css', true],
    ['[!ab].css', 'b.css', false],
    ['[!ab].css', 'c.css', true],
    ['v[0-9].js', 'v7.js', true],
    ['v[9-0].js', 'v7.js', false],
    ['v[!9-0].js', 'v7.js', true],
    ['[]].css', '].css', true],
    ['[^a].css', '^.css', true],
    ['[a.css', '[a.css', true],
    ['[a-].css', '-.css', true],
    ['{a,b}.css', 'a.css', false],
    ['{a,b}.css', '{a,b}.css', true],
    ['!a.css', '!a.css', true],
    ['+(a).css', 'aa.css', false],
    ['a.css', 'axcss', false],
    ['\\*.css', 'a.css', false],
    ['\\*.css', '\\a.css', true],
    ['', 'a', false],
  ])('%s, asked for %s: %s', (pattern, path, matches) => {
    expect(compileFilters([exclude(pattern)])(path)).toBe(!matches)
  })

  it('matches a name however its accents are spelled', () => {
    expect(compileFilters([exclude('cafe\u0301.html')])('caf\u00e9.html')).toBe(false)
    expect(compileFilters([exclude('caf\u00e9.html')])('cafe\u0301.html')).toBe(false)
  })

  it('of several stars still answers at once', () => {
    const startedMs = performance.now()
    expect(compileFilters([exclude('*a*a*b')])('a'.repeat(1500))).toBe(true)
    expect(performance.now() - startedMs).toBeLessThan(1000)
  })
})

describe('compileFilters', () => {
  it('includes everything when there are no rules', () => {
    expect(compileFilters([])('.well-known/security.txt')).toBe(true)
  })

  it('lets the last rule that matches decide', () => {
    const includes = compileFilters([exclude('*'), include('*.html'), exclude('drafts/*')])
    expect(['a.css', 'a.html', 'drafts/a.html'].map(includes)).toEqual([false, true, false])
  })

  it('does nothing with an include that comes before the exclude', () => {
    expect(compileFilters([include('*.html'), exclude('*')])('a.html')).toBe(false)
  })
})

describe('compileFolderExclusion', () => {
  it('is sure about a folder that an exclude takes in to the end', () => {
    const excludesFolder = compileFolderExclusion([exclude('node_modules/*')])
    expect(['node_modules', 'node_modules/lit', 'docs/node_modules'].map(excludesFolder)).toEqual([true, true, false])
  })

  it('is not sure when an include comes later, or when the exclude asks how the name ends', () => {
    expect(compileFolderExclusion([exclude('*'), include('*.html')])('docs')).toBe(false)
    expect(compileFolderExclusion([exclude('docs/*.html')])('docs')).toBe(false)
    expect(compileFolderExclusion([exclude('docs')])('docs')).toBe(false)
  })

  it('is sure again when an exclude comes after that', () => {
    expect(compileFolderExclusion([exclude('*'), include('*.html'), exclude('docs/*')])('docs')).toBe(true)
  })
})
