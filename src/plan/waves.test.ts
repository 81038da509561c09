import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { siteFile } from '../../test/fakes/nouns.ts'
import type { UploadReason } from '../model.ts'
import { kindOf, orderRemovals, orderUploads } from './waves.ts'

function waves(
  keys: readonly string[],
  references: Readonly<Record<string, readonly string[]>> = {},
  reason: UploadReason = 'new',
): string[][] {
  const ordered = orderUploads(
    keys.map((key) => ({ key, reason })),
    new Map(Object.entries(references)),
    '',
  )
  const count = ordered.at(-1)?.wave ?? 0
  return Array.from({ length: count }, (_, index) =>
    ordered.filter(({ wave }) => wave === index + 1).map(({ key }) => key),
  )
}

describe('kindOf', () => {
  it.each([
    ['assets/site.3f2a91c0.css', 'fingerprinted asset'],
    ['images/a.png', 'asset'],
    ['.well-known/security.txt', 'asset'],
    ['blog/feed.xml', 'asset'],
    ['about/index.html', 'page'],
    ['posts/a.htm', 'page'],
    ['posts/3f2a91c0.html', 'page'],
    ['index.html', 'entry'],
    ['404.html', 'entry'],
    ['sw.js', 'entry'],
    ['feed.xml', 'entry'],
    ['sitemap-0.xml', 'entry'],
    ['site.webmanifest', 'entry'],
  ])('%s is a %s', (key, kind) => {
    expect(kindOf(key, '')).toBe(kind)
  })

  it('takes the root of the prefix for the root', () => {
    expect(kindOf('blog/index.html', 'blog/')).toBe('entry')
    expect(kindOf('blog/a/index.html', 'blog/')).toBe('page')
  })
})

describe('orderUploads', () => {
  it('uploads redirects last, when what they lead to is there', () => {
    const page = siteFile('new/index.html')
    const old = siteFile('old', '')
    const redirect = { ...old, metadata: { ...old.metadata, websiteRedirectLocation: '/new/' } }
    const uploads = [redirect, page].map((file) => ({ key: file.key, reason: 'new' as const, file }))
    expect(orderUploads(uploads, new Map(), '').map(({ key, wave }) => [key, wave])).toEqual([
      ['new/index.html', 1],
      ['old', 2],
    ])
  })

  const site = ['index.html', 'a.html', 'logo.png', 'site.3f2a91c0.css']

  it('puts new fingerprinted assets before other assets, pages and what leads visitors in', () => {
    expect(waves(site)).toEqual([['site.3f2a91c0.css'], ['logo.png'], ['a.html'], ['index.html']])
  })

  it('puts a fingerprinted name whose bytes changed among the other assets', () => {
    expect(waves(site, {}, 'bytes changed')).toEqual([['logo.png', 'site.3f2a91c0.css'], ['a.html'], ['index.html']])
  })

  it('puts a part before what names it, level by level', () => {
    expect(waves(['a.css', 'b.css', 'font.woff2', 'p.html'], { 'a.css': ['b.css'], 'b.css': ['font.woff2'] })).toEqual([
      ['font.woff2'],
      ['b.css'],
      ['a.css'],
      ['p.html'],
    ])
  })

  it('brings a part forward that would go later by its name, with its own parts', () => {
    expect(
      waves(['p.html', 'manifest.json', 'icon.png', 'app.3f2a91c0.js'], {
        'p.html': ['manifest.json'],
        'app.3f2a91c0.js': ['icon.png'],
      }),
    ).toEqual([['icon.png'], ['app.3f2a91c0.js'], ['manifest.json'], ['p.html']])
  })

  it('breaks a circle by the kinds of the files, and leaves those of a kind together', () => {
    expect(
      waves(['a.html', 'b.html', 'x.js', 'y.js'], {
        'a.html': ['b.html'],
        'b.html': ['a.html'],
        'x.js': ['y.js', 'a.html'],
        'y.js': ['x.js'],
      }),
    ).toEqual([
      ['a.html', 'b.html'],
      ['x.js', 'y.js'],
    ])
    expect(waves(['a.html', 'x.js'], { 'a.html': ['x.js'], 'x.js': ['a.html'] })).toEqual([['x.js'], ['a.html']])
  })

  it('holds for a chain of ten thousand files', () => {
    const keys = Array.from({ length: 10_000 }, (_, index) => `${index}.js`)
    const references = Object.fromEntries(keys.slice(1).map((key, index) => [key, [keys[index] ?? '']]))
    const ordered = orderUploads(
      keys.map((key) => ({ key, reason: 'new' as const })),
      new Map(Object.entries(references)),
      '',
    )
    expect(ordered.map(({ key }) => key)).toEqual(keys)
    expect(ordered.at(-1)?.wave).toBe(10_000)
  })

  it('never puts a file before its part unless they are in a circle', () => {
    const names = ['index.html', 'a.html', 'b.html', 'a.css', 'b.js', 'c.3f2a91c0.js', 'sw.js', 'i.png']
    const files = fc.uniqueArray(fc.tuple(fc.constantFrom(...names), fc.subarray(names)), {
      selector: ([key]) => key,
    })
    fc.assert(
      fc.property(files, (entries) => {
        const references = new Map(entries)
        const reaches = (from: string, to: string, seen: Set<string> = new Set()): boolean =>
          (references.get(from) ?? []).some((part) => {
            if (!references.has(part) || seen.has(part)) return false
            seen.add(part)
            return part === to || reaches(part, to, seen)
          })
        const ordered = orderUploads(
          entries.map(([key]) => ({ key, reason: 'new' as const })),
          references,
          '',
        )
        const waveOf = new Map(ordered.map(({ key, wave }) => [key, wave]))
        expect([...waveOf.keys()].toSorted()).toEqual([...references.keys()].toSorted())
        for (const [key, parts] of references) {
          for (const part of parts) {
            if (!references.has(part) || reaches(part, key)) continue
            expect(waveOf.get(part)).toBeLessThan(waveOf.get(key) ?? 0)
          }
        }
      }),
    )
  })
})

describe('orderRemovals', () => {
  it('takes pages away before what they may name', () => {
    const reason = 'no longer in the site' as const
    expect(
      orderRemovals(
        [
          { key: 'a.css', reason },
          { key: 'a.html', reason },
        ],
        '',
      ),
    ).toEqual([
      { key: 'a.html', reason, wave: 1 },
      { key: 'a.css', reason, wave: 2 },
    ])
  })
})
