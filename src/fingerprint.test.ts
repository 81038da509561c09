import { describe, expect, it } from 'vitest'
import { looksFingerprinted } from './fingerprint.ts'

describe('looksFingerprinted', () => {
  it.each([
    ['Vite', 'assets/index-BvQ2y7aL.js'],
    ['Vite, without a digit', 'assets/index-BvQHyxaL.css'],
    ['Vite, with separators in the hash', 'assets/index-C_-x9aBc.js'],
    ['webpack', 'main.3f2a91c0b2d4e5f60718.js'],
    ['webpack, a chunk', 'static/js/787.8a3f2b1c.chunk.js'],
    ['webpack, a source map', 'static/js/main.8a3f2b1c.js.map'],
    ['Hugo', 'css/main.min.4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945.css'],
    ['Hugo, an image', 'posts/sunset_hu15210517121918042184.jpg'],
    ['Hugo, an older image', 'posts/sunset_hu59e56ffff1bc1d8d122b1403d34e039f_90587_300x200_fit_q75_box.jpg'],
    ['Astro', '_astro/index.DZcMfDRv.css'],
    ['Astro, an image', 'site/_astro/photo.CeVyVpqQ_Z1xyzab.webp'],
    ['Next', '_next/static/chunks/main-app-3a1b2c3d4e5f6a7b.js'],
    ['Next, a font', '_next/static/media/e4af272ccee01ff0-s.p.woff2'],
    ['Next, of one build', '_next/static/Kx3Yh2d9_aBcDeFgHiJkL/_buildManifest.js'],
    ['esbuild', 'app-4QTVJX2M.js'],
    ['esbuild, a chunk without a digit', 'chunk-TQOVTPNR.js'],
    ['SvelteKit', '_app/immutable/chunks/CxBhEfab.js'],
    ['Bun', 'index-3nq2ydfp.js'],
    ['Parcel', 'index.8a3f2b1c.js'],
    ['a hash alone', 'css/3f2a91c0b2d4e5f6.css'],
  ])('knows the names of %s: %s', (_, key) => {
    expect(looksFingerprinted(key)).toBe(true)
  })

  it.each([
    'jquery-3.6.0.min.js',
    'bootstrap.bundle.min.js',
    'bootstrap5.css',
    '2026-01-01-post.html',
    'report-20260101.pdf',
    'photo-12345678.jpg',
    'deadbeef.js',
    'cafe-deadbeef.css',
    'notes-defaced.txt',
    'fonts/OpenSans-SemiBold.woff2',
    'fonts/Inter-ExtraBold.woff2',
    'a-JSONView.js',
    'icon-iPhone15.png',
    'docs.TEMPLATE.md',
    'swagger-ui-es-bundle-core.js',
    'swagger-ui-standalone-preset.js.map',
    'favicon-32x32.png',
    'hero-1920x1080.jpg',
    'my-page-one.css',
    'LICENSE',
    'feedface/index.css',
  ])('takes %s for a plain name', (key) => {
    expect(looksFingerprinted(key)).toBe(false)
  })
})
