import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { itemCovers, keyToInvalidationItem, keyToViewerPath, MAX_ITEM_CHARACTERS } from './paths.ts'

describe('keyToInvalidationItem', () => {
  it.each([
    ['a/b.html', '/a/b.html'],
    ['a,b;c=d@e:f$g!h(i).html', '/a,b;c=d@e:f$g!h(i).html'],
    ['a&b.html', '/a&b.html'],
    ['café.html', '/caf%C3%A9.html'],
    ['日本.html', '/%E6%97%A5%E6%9C%AC.html'],
    ['"<{`}>.html', '/%22%3C%7B%60%7D%3E.html'],
    ['a\u0007b', '/a%07b'],
    ['', '/'],
  ])('writes %j exactly as %s', (key, item) => {
    expect(keyToInvalidationItem(key)).toEqual({ item, exact: true })
  })

  it.each([
    ['a b.html', '/a*'],
    ['a+b.html', '/a*'],
    ['~user/x.html', '/*'],
    ['docs/~x', '/docs/*'],
    ["it's.html", '/it*'],
    ['100%.html', '/100*'],
    ['a#b', '/a*'],
    ['a?b', '/a*'],
    ['[slug].js', '/*'],
    ['a*b', '/a*'],
    ['a*', '/a*'],
    ['a\\b', '/a*'],
    ['blog/cafe\u0301.html', '/blog/caf*'],
  ])('widens %j, which has several spellings or none, to the prefix %s', (key, item) => {
    expect(keyToInvalidationItem(key)).toEqual({ item, exact: false })
  })

  it('cuts a path over 4,000 characters to a prefix that fits and is whole', () => {
    const { item, exact } = keyToInvalidationItem('é'.repeat(700))
    expect(exact).toBe(false)
    expect(item.length).toBeLessThanOrEqual(MAX_ITEM_CHARACTERS)
    expect(item).toMatch(/^\/(%C3%A9)+(%C3)?\*$/)
  })

  it('never writes an item that CloudFront refuses, and always covers the path a browser sends', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (key) => {
        const { item } = keyToInvalidationItem(key)
        expect(item).toMatch(/^\/(?:[A-Za-z0-9$\-_.!(),/:;@=&]|%[0-9A-F]{2})*\*?$/)
        expect(itemCovers(item, keyToViewerPath(key))).toBe(true)
      }),
    )
  })
})

describe('itemCovers', () => {
  it.each([
    ['/dir/*', '/dir/', true],
    ['/dir/*', '/dir/a/b?x', true],
    ['/dir/*', '/dir', false],
    ['/dir*', '/directory', true],
    ['/dir*', '/Dir', false],
    ['/a.html', '/a.html', true],
    ['/a.html', '/a.html?v=1', false],
    ['/a.html*', '/a.html.map', true],
    ['/a*b', '/axb', false],
    ['/*', '/anything', true],
  ])('%s covers %s: %s', (item, path, covered) => {
    expect(itemCovers(item, path)).toBe(covered)
  })
})
