import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readReferences, type ReferencesOptions } from './references.ts'
import { scanSite } from './scan.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'freshfront-references-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** What the first of the files names. */
async function parts(
  files: Readonly<Record<string, string>>,
  { prefix = '', hosts = [] }: Partial<ReferencesOptions> = {},
): Promise<readonly string[]> {
  for (const [name, body] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), body)
  }
  const site = await scanSite(folder, { prefix, filters: [], followSymlinks: false })
  const references = await readReferences(site.files, { prefix, hosts })
  return references.get(prefix + (Object.keys(files)[0] ?? '')) ?? []
}

describe('readReferences', () => {
  it.each([
    ['an image', '<img alt="a > b" src=logo.png>'],
    ['an image by its whole path', '<IMG SRC="/blog/logo.png">'],
    ['a query and a fragment', "<img src='logo.png?v=1#x'>"],
    ['an escaped name', '<img src="logo%2Epng">'],
    ['a set of images', '<img srcset="small.png, /blog/logo.png 2x">'],
    ['a poster', '<video poster=logo.png></video>'],
    ['an icon', '<link rel="shortcut icon" href=logo.png>'],
    ['a preview image', '<meta property="og:image" content="https://example.com/blog/logo.png">'],
    ['a style in the page', '<style>p { background: url( "logo.png" ) }</style>'],
    ['a style attribute', '<p style="background: url(&quot;logo.png&quot;)">'],
    ['a base', '<base href="/"><img src="blog/logo.png">'],
    ['a lone apostrophe before it', "<p don't><img src=logo.png>"],
    ['a picture in a drawing', '<svg><image xlink:href="logo.png"/></svg>'],
  ])('finds %s', async (_, html) => {
    const options = { hosts: ['example.com'] }
    expect(await parts({ 'blog/a.html': html, 'blog/logo.png': '' }, options)).toEqual(['blog/logo.png'])
  })

  it.each([
    ['a link to follow', '<a href="logo.png">'],
    ['the canonical address', '<link rel="canonical" href="logo.png">'],
    ['what is commented out', '<!-- <img src="logo.png"> -->'],
    ['text in a script', '<script type="text/template"><img src="logo.png"></script>'],
    ['another site', '<img src="https://example.com/blog/logo.png">'],
    ['data', '<img src="data:image/png;base64,AAAA">'],
    ['no URL', '<img src="http://[">'],
    ['a tag that is cut off', '<img src="logo.png"'],
  ])('takes %s for no part', async (_, html) => {
    expect(await parts({ 'blog/a.html': html, 'blog/logo.png': '' })).toEqual([])
  })

  it('finds scripts, modules, what they import, and import maps', async () => {
    const html = `<script type="importmap">{ "imports": { "x": "/x.js" }, "scopes": { "/": { "y": "./y.js" } } }</script>
      <script src="/a.js"></script><link rel="modulepreload" href="/b.js"><script type="module">import "./c.js"</script>`
    const none = { 'x.js': '', 'y.js': '', 'a.js': '', 'b.js': '', 'c.js': '' }
    expect(await parts({ 'page.html': html, ...none })).toEqual(
      ['a.js', 'b.js', 'c.js', 'x.js', 'y.js'].toSorted(by(html)),
    )
  })

  it('finds what a script loads by literal names', async () => {
    const script = [
      'import{a as b}from"./a.js";import "./b.js"',
      "export * from '../c.js'",
      'const d = () => import(/* webpackChunkName: "d" */ `./d.js`), e = import(`./${name}.js`)',
      'new Worker(new URL("./f.js", import.meta.url)); import lodash from "lodash"',
    ].join('\n')
    const none = { 'js/a.js': '', 'js/b.js': '', 'c.js': '', 'js/d.js': '', 'js/f.js': '', 'js/lodash': '' }
    expect(await parts({ 'js/main.js': script, ...none })).toEqual(['js/a.js', 'js/b.js', 'c.js', 'js/d.js', 'js/f.js'])
  })

  it('finds what a style sheet loads, relative to the sheet', async () => {
    const css = `@import "b.css"; @import url(c.css) print; @font-face { src: url('../f.woff2?#iefix') format("woff2") }`
    const none = { 'css/b.css': '', 'css/c.css': '', 'f.woff2': '' }
    expect(await parts({ 'css/a.css': css, ...none })).toEqual(['css/b.css', 'css/c.css', 'f.woff2'])
  })

  it('finds the pages in frames by their short addresses', async () => {
    const html = '<iframe src="/demo/"></iframe><iframe src="about"></iframe><iframe src="/team"></iframe>'
    const none = { 'demo/index.html': '', 'about.html': '', 'team/index.html': '' }
    expect(await parts({ 'a.html': html, ...none })).toEqual(['demo/index.html', 'about.html', 'team/index.html'])
  })

  it('finds names beyond ASCII and with characters that URLs escape', async () => {
    const html = '<img src="caf%C3%A9.png"><img src="100%.png"><img src="a b+c.png">'
    const none = { 'café.png': '', '100%.png': '', 'a b+c.png': '' }
    expect(await parts({ 'ü/a.html': html.replaceAll('src="', 'src="../'), ...none })).toEqual(Object.keys(none))
  })

  it('resolves below the prefix, whether the URLs hold it or not', async () => {
    const html = '<img src="/a.png"><img src="/blog/b.png"><img src="c.png">'
    const none = { 'a.png': '', 'b.png': '', 'c.png': '' }
    expect(await parts({ 'p.html': html, ...none }, { prefix: 'blog/' })).toEqual([
      'blog/a.png',
      'blog/b.png',
      'blog/c.png',
    ])
  })

  it('leaves out what is not among the files', async () => {
    expect(await parts({ 'a.html': '<img src="gone.png">', 'b.png': '' })).toEqual([])
  })
})

/** By the place where the text names them. */
function by(text: string): (a: string, b: string) => number {
  return (a, b) => text.indexOf(a) - text.indexOf(b)
}
