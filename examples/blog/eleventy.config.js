// How Eleventy builds this blog. Only node: is imported and every path is taken from this file's own place,
// so a copy of the folder builds anywhere, into any output folder, with the same bytes each time.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

const contentDir = path.join(import.meta.dirname, 'content')
const assetsDir = path.join(contentDir, 'assets')

/** `site.css` → `/assets/site.3f2a91c0.css`: a changed file gets a new address, so it never needs an invalidation. */
function fingerprint(fileName) {
  const { name, ext } = path.parse(fileName)
  const hash = createHash('sha256').update(readFileSync(path.join(assetsDir, fileName)))
  return `/assets/${name}.${hash.digest('hex').slice(0, 8)}${ext}`
}

/** Width and height from the PNG's header chunk: the browser keeps the room free while the image loads. */
function pngSize(fileName) {
  const bytes = readFileSync(path.join(assetsDir, fileName))
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
}

const changedAt = (entry) => entry.data.updated ?? entry.date
const longDate = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' })

export default function configure(eleventy) {
  // What is ignored by git can still be a source: a copy of this folder may lie in an ignored place.
  eleventy.setUseGitIgnore(false)
  eleventy.setTemplateFormats(['md', 'njk'])

  // `public` is copied as it is, `assets` under names that hold a hash of the content.
  const assetUrls = new Map(readdirSync(assetsDir).map((fileName) => [fileName, fingerprint(fileName)]))
  eleventy.addPassthroughCopy({ [path.join(contentDir, 'public')]: '.' })
  for (const [fileName, url] of assetUrls) eleventy.addPassthroughCopy({ [path.join(assetsDir, fileName)]: url })

  const assetUrl = (fileName) => {
    const url = assetUrls.get(fileName)
    if (!url) throw new Error(`There is no ${fileName} in content/assets. Fix the name, or add the file.`)
    return url
  }
  eleventy.addFilter('assetUrl', assetUrl)
  eleventy.addShortcode('figure', (fileName, alt, caption) => {
    const { width, height } = pngSize(fileName)
    const image = `<img src="${assetUrl(fileName)}" alt="${alt}" width="${width}" height="${height}" loading="lazy">`
    return `<figure>${image}<figcaption>${caption}</figcaption></figure>`
  })

  // Addresses: pages may have names outside ASCII; feeds and sitemaps want them whole and percent-encoded.
  eleventy.addFilter('encodeUrl', encodeURI)
  eleventy.addFilter('absoluteUrl', (url, base) => new URL(url, base).href)
  eleventy.addFilter('absoluteLinks', (html, base) => html.replaceAll(/(href|src)="\//g, `$1="${base}/`))

  // Dates come from front matter alone, never from the clock or the file system.
  eleventy.addFilter('longDate', (date) => longDate.format(date))
  eleventy.addFilter('isoDay', (date) => date.toISOString().slice(0, 10))
  eleventy.addFilter('changedAt', changedAt)
  eleventy.addFilter('lastChangeOf', (entries) => new Date(Math.max(...entries.map(changedAt))))

  const postsOf = (collections) => collections.getAllSorted().filter((entry) => entry.data.layout === 'post.njk')
  eleventy.addCollection('posts', postsOf)
  eleventy.addCollection('topics', (collections) => {
    const posts = postsOf(collections)
    const names = new Set(posts.flatMap((post) => post.data.tags))
    return [...names]
      .sort((a, b) => (a < b ? -1 : 1))
      .map((name) => ({ name, posts: posts.filter((post) => post.data.tags.includes(name)) }))
  })

  // Eleventy wants its input folder relative to the working directory.
  return {
    dir: { input: path.relative('', contentDir), includes: '../layouts' },
    markdownTemplateEngine: 'njk',
  }
}
