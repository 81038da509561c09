// The builds that fault tests deploy one after the other: from each to the next one page changes, one comes, one goes, and a stylesheet and
// a film that is uploaded in parts change.

/** Key → bytes. */
export type Build = Readonly<Record<string, Uint8Array>>

/** More than 8 MiB: two parts. */
const FILM_BYTES = 9 * 1024 * 1024

export const CONTENT_TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  mp4: 'video/mp4',
}

/** @param version 1 or more */
export function buildOf(version: number, hasFilm: boolean): Build {
  return {
    'index.html': Buffer.from(`<p>index ${version}`),
    'about.html': Buffer.from('<p>about'),
    [`news/${version}/index.html`]: Buffer.from(`<p>news ${version}`),
    'site.css': Buffer.from(`p { order: ${version} }`),
    ...(hasFilm && { 'film.mp4': Buffer.alloc(FILM_BYTES, `film ${version} `) }),
    '404.html': Buffer.from('<p>not found'),
  }
}

/** What readers ask for: every spelling of what these builds hold, and something that never exists. */
export function urlsOf(versions: readonly number[]): string[] {
  const fixed = [
    '/',
    '/index.html',
    '/about.html',
    '/about.html?v=1',
    '/site.css',
    '/film.mp4',
    '/404.html',
    '/missing/',
  ]
  return [
    ...fixed,
    ...versions.flatMap((version) => [`/news/${version}/index.html`, `/news/${version}/`, `/news/${version}`]),
  ]
}
