import { describe, expect, it } from 'vitest'
import type { Purge } from './purge-matching.ts'
import { createPurgeMatcher, readCacheTags } from './purge-matching.ts'

function isPurged(url: string, items: string[], changes: Partial<Purge> = {}, tagged?: string): boolean {
  const purge: Purge = {
    distributionId: 'E1',
    items,
    cacheTagHeader: 'x-amz-meta-cache-tag',
    wildcardAtDirectory: 'purges-directory',
    ...changes,
  }
  const cacheTags = readCacheTags(
    tagged === undefined ? {} : { 'x-amz-meta-cache-tag': tagged },
    'x-amz-meta-cache-tag',
  )
  const entry = { distributionId: 'E1', tenantId: undefined, url, viewerUrls: new Set([url]), cacheTags }
  return createPurgeMatcher(purge)(entry)
}

describe('createPurgeMatcher', () => {
  it.each([
    ['/dir/*', ['/dir/', '/dir/a', '/dir/a/b?x'], ['/dir', '/dir?x', '/directory']],
    ['/dir*', ['/dir', '/dir/', '/dir/a', '/dir?x', '/directory'], ['/Dir', '/di']],
    ['/a.html', ['/a.html'], ['/a.html?v=1', '/A.html']],
    ['/a.html?v=1', ['/a.html?v=1'], ['/a.html', '/a.html?v=1&w=2']],
    ['/a.html*', ['/a.html', '/a.html?v=1', '/a.html.map'], ['/a.htm']],
    ['/a*b', ['/a*b'], ['/axb']],
    ['/*', ['/', '/a', '/a/b?c'], []],
    ['/caf%C3%A9', ['/caf%C3%A9'], ['/café', '/caf%c3%a9']],
    ['/a+b', ['/a+b'], ['/a%2Bb', '/a%20b']],
  ])('%s purges %j but not %j', (item, purged, kept) => {
    expect(purged.filter((url) => !isPurged(url, [item]))).toEqual([])
    expect(kept.filter((url) => isPurged(url, [item]))).toEqual([])
  })

  it.each(['/a%2Bb', '/%7Euser', '/%2A', '/a%3Fv=1', '/%41'])(
    'takes %s, encoded where it must be raw, and purges nothing with it',
    (item) => {
      expect(isPurged(item, [item])).toBe(false)
      expect(isPurged(decodeURIComponent(item), [item])).toBe(false)
    },
  )

  it('purges by tag, whatever the letter case, and neither untagged nor other-tagged responses', () => {
    expect(isPurged('/x', ['#t1'], {}, 'T1, t2')).toBe(true)
    expect(isPurged('/x', ['#T2'], {}, 'T1, t2')).toBe(true)
    expect(isPurged('/x', ['#t1'], {}, 't11')).toBe(false)
    expect(isPurged('/x', ['#t1'])).toBe(false)
  })

  it('purges by tag only under the header the distribution reads tags from now', () => {
    expect(isPurged('/x', ['#t1'], { cacheTagHeader: 'edge-tag' }, 't1')).toBe(false)
    expect(isPurged('/x', ['#t1'], { cacheTagHeader: undefined }, 't1')).toBe(false)
  })

  it('leaves other distributions alone', () => {
    expect(isPurged('/x', ['/*'], { distributionId: 'E2' })).toBe(false)
  })

  it('can be made to leave /dir/ standing under /dir/*, as one operator measured', () => {
    const leaves = { wildcardAtDirectory: 'leaves-directory' } as const
    expect(isPurged('/dir/', ['/dir/*'], leaves)).toBe(false)
    expect(isPurged('/dir/a', ['/dir/*'], leaves)).toBe(true)
    expect(isPurged('/', ['/*'], leaves)).toBe(true)
  })

  it('reads at most fifty tags of a response', () => {
    const many = Array.from({ length: 51 }, (_, index) => `t${index}`).join(',')
    expect(isPurged('/x', ['#t49'], {}, many)).toBe(true)
    expect(isPurged('/x', ['#t50'], {}, many)).toBe(false)
  })
})
