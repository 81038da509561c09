import { describe, expect, it } from 'vitest'
import { coverPaths, coverPathsWithin, fewestLosslessItems } from './path-cover.ts'
import type { WeightedUrl } from './path-url.ts'

const url = (path: string, need: WeightedUrl['need'], more: Partial<WeightedUrl> = {}): WeightedUrl => ({
  path,
  need,
  weight: 1,
  isExactItem: true,
  prefixLimit: path.length,
  ...more,
})
const must = (path: string, more: Partial<WeightedUrl> = {}): WeightedUrl => url(path, 'must', more)
const keep = (path: string, weight = 1): WeightedUrl => url(path, 'keep', { weight })
/** A name that cannot be sent as it is, only as a prefix up to the first doubtful character. */
const inexact = (path: string, prefixLimit: number): WeightedUrl => must(path, { isExactItem: false, prefixLimit })

const blog = [
  must('/blog/2023/a.html'),
  must('/blog/2024/b.html'),
  must('/blog/2024/c.html'),
  keep('/blog/2023/old.html', 5),
  keep('/blog/2024/d.html', 2),
  keep('/about.html', 7),
]

describe('coverPaths', () => {
  it('names each changed URL while the budget allows it', () => {
    const items = ['/blog/2023/a.html', '/blog/2024/b.html', '/blog/2024/c.html']
    expect(coverPaths(blog, 3)).toEqual({ items, loss: 0 })
    expect(coverPaths(blog, 1000)).toEqual({ items, loss: 0 })
  })

  it('folds where the least is lost', () => {
    expect(coverPaths(blog, 2)).toEqual({ items: ['/blog/2023/a.html', '/blog/2024/*'], loss: 2 })
    expect(coverPaths(blog, 1)).toEqual({ items: ['/blog/202*'], loss: 7 })
  })

  it('needs nothing where nothing must go, and can do nothing without an item', () => {
    expect(coverPaths([keep('/'), keep('/a')], 0)).toEqual({ items: [], loss: 0 })
    expect(coverPaths(blog, 0)).toBeUndefined()
  })

  it('empties the cache when URLs have nothing in common but the slash', () => {
    expect(coverPaths([must('/'), must('/a'), keep('/b')], 1)).toEqual({ items: ['/*'], loss: 1 })
  })

  it('counts nothing for URLs that nobody asks for any more', () => {
    const urls = [must('/a/1'), must('/a/2'), url('/a/3', 'free'), keep('/b')]
    expect(coverPaths(urls, 1)).toEqual({ items: ['/a/*'], loss: 0 })
  })

  it('takes a changed URL that begins another together with it, or alone', () => {
    const urls = [must('/docs'), must('/docs/a'), keep('/docs-old', 3)]
    expect(coverPaths(urls, 1)).toEqual({ items: ['/docs*'], loss: 3 })
    expect(coverPaths(urls, 2)).toEqual({ items: ['/docs', '/docs/a'], loss: 0 })
  })

  it('purges a name with a space by the prefix before it, and never by its path', () => {
    const urls = [inexact('/a%20b', 2), must('/c'), keep('/abc'), keep('/d')]
    expect(coverPaths(urls, 5)).toEqual({ items: ['/a*', '/c'], loss: 1 })
  })

  it('sends /dir/ beside /dir/*, where that prefix may miss the directory itself', () => {
    const urls = [must('/dir/', { prefixLimit: 4 }), must('/dir/a'), must('/dir/b'), keep('/dir-old'), keep('/dir/c')]
    expect(coverPaths(urls, 2)).toEqual({ items: ['/dir/', '/dir/*'], loss: 1 })
    expect(coverPaths(urls, 1)).toEqual({ items: ['/dir*'], loss: 2 })
  })

  it('purges all variants of a page with query strings by one prefix', () => {
    const urls = [inexact('/search', 7), inexact('/search?q=a', 11), inexact('/search?q=b', 11), keep('/sea', 1)]
    expect(coverPaths(urls, 5)).toEqual({ items: ['/search*'], loss: 0 })
    expect(coverPaths(urls.slice(1), 1)).toEqual({ items: ['/search?q=*'], loss: 0 })
  })

  it('never ends a prefix within a character', () => {
    // é, è and ê differ in the last byte only; at /caf%C3%A* CloudFront would meet half a character.
    const urls = [must('/caf%C3%A9'), must('/caf%C3%A8'), keep('/cafe'), keep('/caf%C3%AA')]
    expect(coverPaths(urls, 1)).toEqual({ items: ['/caf*'], loss: 2 })
  })

  it('never writes an item longer than 4,000 characters', () => {
    const long = `/${'x'.repeat(4100)}`
    const cover = coverPaths([inexact(`${long}a`, 4102), inexact(`${long}b`, 4102), keep('/x')], 9)
    expect(cover).toEqual({ items: [`/${'x'.repeat(3998)}*`], loss: 0 })
  })

  it('takes fewer prefixes when all else is equal, since CloudFront takes one of them a second', () => {
    const urls = [
      must('/a'),
      must('/b/1'),
      must('/b/2'),
      inexact('/c/1', 4),
      inexact('/c/2', 4),
      keep('/b/3'),
      keep('/c/3'),
    ]
    expect(coverPaths(urls, 4)).toEqual({ items: ['/a', '/b/1', '/b/2', '/c/*'], loss: 1 })
  })

  it('decides between equals by the first URL, whatever the order of the URLs', () => {
    const urls = [must('/a/1'), must('/a/2'), keep('/a/3'), must('/b/1'), must('/b/2'), keep('/b/3')]
    const cover = { items: ['/a/*', '/b/1', '/b/2'], loss: 1 }
    expect(coverPaths(urls, 3)).toEqual(cover)
    expect(coverPaths(urls.toReversed(), 3)).toEqual(cover)
  })

  it('decides by the first URL also deep in the tree', () => {
    const pages = (folder: string, count: number, kept: number): WeightedUrl[] => [
      ...Array.from({ length: count }, (_, page) => must(`${folder}${page}`)),
      keep(`${folder}kept`, kept),
    ]
    const urls = [must('/a'), ...pages('/r/x/', 2, 1), ...pages('/r/y/', 3, 2), keep('/r/z', 5)]
    const more = [...pages('/z/n/', 3, 1), must('/z/p'), keep('/z/q')]
    // As good: /a, /r/x/0, /r/x/1, /r/y/*, /z/n/*, /z/p.
    const items = ['/a', '/r/x/*', '/r/y/0', '/r/y/1', '/r/y/2', '/z/*']
    expect(coverPaths([...urls, ...more], 6)).toEqual({ items, loss: 3 })
  })

  it('follows a chain of URLs more than a thousand deep', () => {
    const chain = Array.from({ length: 1200 }, (_, index) => `/${'a'.repeat(index)}`)
    const urls = chain.flatMap((path) => [must(path), keep(`${path}b`)])
    expect(coverPaths(urls, 2)).toEqual({ items: ['/', '/a*'], loss: 1199 })
  })
})

describe('coverPathsWithin', () => {
  it('says for every budget what is lost at least', () => {
    const { leastLoss, coverWithin } = coverPathsWithin(blog, 5)
    expect(leastLoss).toEqual([Infinity, 7, 2, 0, 0, 0])
    expect(coverWithin(0)).toBeUndefined()
    expect(coverWithin(2)).toEqual({ items: ['/blog/2023/a.html', '/blog/2024/*'], loss: 2 })
    expect(coverWithin(5)?.items).toHaveLength(3)
  })

  it('loses nothing at any budget where nothing must go', () => {
    expect(coverPathsWithin([keep('/a')], 2).leastLoss).toEqual([0, 0, 0])
    expect(coverPathsWithin([keep('/a')], 2).coverWithin(0)).toEqual({ items: [], loss: 0 })
  })
})

describe('fewestLosslessItems', () => {
  it('folds only what has nothing else beside it', () => {
    const urls = [must('/a/1'), must('/a/2'), must('/b/1'), must('/b/2'), keep('/b/3')]
    expect(fewestLosslessItems(urls)).toEqual({ items: ['/a/*', '/b/1', '/b/2'], loss: 0 })
    expect(fewestLosslessItems([keep('/b/3')])).toEqual({ items: [], loss: 0 })
  })

  it('loses as little as it must where a name cannot be purged alone', () => {
    const urls = [inexact('/a%20b', 2), must('/ac'), keep('/a-c', 4), keep('/b')]
    expect(fewestLosslessItems(urls)).toEqual({ items: ['/a*'], loss: 4 })
  })
})
