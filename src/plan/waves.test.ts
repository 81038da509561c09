import { describe, expect, it } from 'vitest'
import { waveOf } from './waves.ts'

describe('waveOf', () => {
  it.each([
    ['assets/site.3f2a91c0.css', 1],
    ['images/a.png', 1],
    ['.well-known/security.txt', 1],
    ['about/index.html', 2],
    ['posts/a.htm', 2],
    ['index.html', 3],
    ['404.html', 3],
    ['sw.js', 3],
    ['feed.xml', 3],
    ['sitemap.xml', 3],
    ['sitemap-0.xml', 3],
    ['site.webmanifest', 3],
    ['blog/feed.xml', 1],
  ])('puts %s into wave %i', (key, wave) => {
    expect(waveOf(key, '')).toBe(wave)
  })

  it('takes the root of the prefix for the root', () => {
    expect(waveOf('blog/index.html', 'blog/')).toBe(3)
    expect(waveOf('blog/a/index.html', 'blog/')).toBe(2)
  })
})
