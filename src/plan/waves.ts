// In which order files go live: what pages point to before the pages, and what leads visitors in comes last. Pure. By name for the time
// being.

import type { Key } from '../model.ts'

const PAGE = /\.(?:html?|xhtml)$/iu
const ENTRY_NAME =
  /^(?:index\.html?|404\.html?|403\.html?|error\.html?|sw\.js|service-worker\.js|sitemap[^/]*\.xml|feed[^/]*\.xml|atom\.xml|rss\.xml|index\.xml|feed\.json|robots\.txt|site\.webmanifest|manifest\.(?:json|webmanifest))$/iu

/**
 * 1: assets; 2: pages; 3: the documents through which visitors and crawlers come in (the root's index, service worker, error pages, feeds,
 * sitemap, manifest).
 *
 * @param prefix of the site: only its own root's documents are entries
 */
export function waveOf(key: Key, prefix: string): number {
  const name = key.slice(prefix.length)
  if (ENTRY_NAME.test(name)) return 3
  return PAGE.test(name) ? 2 : 1
}
