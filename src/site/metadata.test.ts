import { describe, expect, it } from 'vitest'
import { describeObject } from './metadata.ts'

describe('describeObject', () => {
  it.each([
    ['index.html', 'text/html; charset=utf-8'],
    ['blog/INDEX.HTM', 'text/html; charset=utf-8'],
    ['page.xhtml', 'application/xhtml+xml; charset=utf-8'],
    ['assets/app.3f9a1c.js', 'text/javascript; charset=utf-8'],
    ['assets/app.mjs', 'text/javascript; charset=utf-8'],
    ['assets/app.cjs', 'text/javascript; charset=utf-8'],
    ['assets/app.js.map', 'application/json; charset=utf-8'],
    ['assets/app.css', 'text/css; charset=utf-8'],
    ['search.json', 'application/json; charset=utf-8'],
    ['schema.jsonld', 'application/ld+json; charset=utf-8'],
    ['places.geojson', 'application/geo+json; charset=utf-8'],
    ['site.webmanifest', 'application/manifest+json; charset=utf-8'],
    ['sitemap.xml', 'application/xml; charset=utf-8'],
    ['feed.xml', 'application/xml; charset=utf-8'],
    ['atom.xml', 'application/xml; charset=utf-8'],
    ['index.atom', 'application/atom+xml; charset=utf-8'],
    ['index.rss', 'application/rss+xml; charset=utf-8'],
    ['robots.txt', 'text/plain; charset=utf-8'],
    ['notes.md', 'text/markdown; charset=utf-8'],
    ['table.csv', 'text/csv; charset=utf-8'],
    ['subtitles.vtt', 'text/vtt; charset=utf-8'],
    ['events.ics', 'text/calendar; charset=utf-8'],
    ['openapi.yaml', 'text/yaml; charset=utf-8'],
    ['logo.svg', 'image/svg+xml; charset=utf-8'],
    ['favicon.ico', 'image/vnd.microsoft.icon'],
    ['photo.jpg', 'image/jpeg'],
    ['photo.PNG', 'image/png'],
    ['photo.webp', 'image/webp'],
    ['photo.avif', 'image/avif'],
    ['film.mp4', 'video/mp4'],
    ['font.woff2', 'font/woff2'],
    ['font.woff', 'font/woff'],
    ['font.ttf', 'font/ttf'],
    ['font.otf', 'font/otf'],
    ['font.eot', 'application/vnd.ms-fontobject'],
    ['engine.wasm', 'application/wasm'],
    ['paper.pdf', 'application/pdf'],
    ['release.zip', 'application/zip'],
    ['release.tgz', 'application/gzip'],
    ['app.js.gz', 'application/gzip'],
    ['app.js.br', 'application/octet-stream'],
    ['CNAME', 'text/plain; charset=utf-8'],
    ['LICENSE', 'text/plain; charset=utf-8'],
    ['.nojekyll', 'text/plain; charset=utf-8'],
    ['apple-app-site-association', 'application/json; charset=utf-8'],
    ['.well-known/apple-app-site-association', 'application/json; charset=utf-8'],
    ['shop/.well-known/matrix/server', 'application/json; charset=utf-8'],
    ['.well-known/security.txt', 'text/plain; charset=utf-8'],
    ['.well-known/acme-challenge/x9Kp', 'text/plain; charset=utf-8'],
    ['.well-known/openpgpkey/hu/iy9q119eutrkn8s1mk4r39qejnbu3n5q', 'application/octet-stream'],
    ['about', 'application/octet-stream'],
    ['html', 'application/octet-stream'],
    ['v1.2', 'application/octet-stream'],
    ['ends.', 'application/octet-stream'],
    ['a.constructor', 'application/octet-stream'],
  ])('%s is %s', (key, contentType) => {
    expect(describeObject(key)).toEqual({ contentType })
  })

  it('gives every object the Cache-Control that was asked for', () => {
    expect(describeObject('a.css', { cacheControl: 'max-age=60' })).toEqual({
      contentType: 'text/css; charset=utf-8',
      cacheControl: 'max-age=60',
    })
  })
})
