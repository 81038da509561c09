import { describe, expect, it } from 'vitest'
import type { HeaderRule } from '../model.ts'
import { compileStoredHeaders, keepUnstored } from './stored-headers.ts'

function rule(pattern: string, set: HeaderRule['set'], detach: readonly string[] = []): HeaderRule {
  return { pattern, set, detach }
}

const html = 'text/html; charset=utf-8'

describe('compileStoredHeaders', () => {
  it('stores all that S3 can replay', () => {
    const set = {
      'cache-control': 'no-cache',
      'Content-Type': 'text/plain',
      'Content-Disposition': 'attachment',
      'Content-Encoding': 'gzip',
      'Content-Language': 'de',
      Expires: '2026-10-21T07:28:00Z',
      'X-Amz-Website-Redirect-Location': '/b',
      'X-Amz-Meta-Owner': 'me',
      'X-Frame-Options': 'DENY',
    }
    expect(compileStoredHeaders([rule('*.html', set)], undefined)('a.html', 'a.html')).toEqual({
      contentType: 'text/plain',
      cacheControl: 'no-cache',
      contentDisposition: 'attachment',
      contentEncoding: 'gzip',
      contentLanguage: 'de',
      expires: 'Wed, 21 Oct 2026 07:28:00 GMT',
      websiteRedirectLocation: '/b',
      user: { owner: 'me' },
    })
  })

  it('lets the last rule that matches decide, after the Cache-Control of the settings', () => {
    const rules = [
      rule('/*', { 'Cache-Control': 'max-age=1', 'X-Amz-Meta-A': '1' }),
      rule('blog/*', { 'Cache-Control': 'max-age=2' }),
    ]
    const describe = compileStoredHeaders(rules, 'max-age=9')
    expect(describe('a.html', 'x/a.html').cacheControl).toBe('max-age=1')
    expect(describe('blog/a.html', 'x/blog/a.html')).toEqual({
      contentType: html,
      cacheControl: 'max-age=2',
      user: { a: '1' },
    })
    expect(compileStoredHeaders([], 'max-age=9')('a.html', 'a.html').cacheControl).toBe('max-age=9')
  })

  it('takes headers away again', () => {
    const rules = [rule('/*', { 'Cache-Control': 'max-age=1' }), rule('/blog/', {}, ['cache-control', 'content-type'])]
    expect(compileStoredHeaders(rules, undefined)('blog/index.html', 'k')).toEqual({
      contentType: 'application/octet-stream',
    })
  })

  it('gives each kind of file its recommended Cache-Control', () => {
    const describe = compileStoredHeaders([], 'recommended')
    const byName = (name: string): string | undefined => describe(name, name).cacheControl
    const forEver = 'public, max-age=31536000, immutable'
    const untilPurged = 'max-age=0, s-maxage=31536000, must-revalidate'
    expect(byName('assets/site.3f2a91c0.css')).toBe(forEver)
    expect(byName('_astro/page.Bx3kD9_2.js')).toBe(forEver)
    expect(byName('index.html')).toBe(untilPurged)
    expect(byName('posts/3f2a91c0.html')).toBe(untilPurged)
    expect(byName('logo.svg')).toBe(untilPurged)
  })
})

describe('keepUnstored', () => {
  it('leaves what S3 cannot replay', () => {
    const rules = [
      rule('/*', { 'X-Frame-Options': 'DENY', 'Cache-Control': 'no-cache' }),
      rule('/a', { Expires: 'x' }, ['X-Frame-Options', 'Cache-Control']),
      rule('/b', { 'x-amz-meta-a': '1' }),
    ]
    expect(keepUnstored(rules)).toEqual([
      rule('/*', { 'X-Frame-Options': 'DENY' }),
      rule('/a', {}, ['X-Frame-Options']),
    ])
  })
})
