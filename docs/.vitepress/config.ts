// The documentation site: all of docs/, with search that runs in the browser. Nothing is fetched from other hosts, fonts included.

import { readdirSync, readFileSync } from 'node:fs'

import { defineConfig, type DefaultTheme, type MarkdownRenderer } from 'vitepress'

export default defineConfig({
  title: 'Freshfront',
  description: 'Puts a static site on S3 behind CloudFront and refreshes exactly what changed',
  lang: 'en',
  srcExclude: ['node_modules/**'],
  markdown: {
    config(markdown) {
      unlinkSources(markdown)
      showBraces(markdown)
    },
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: { level: [2, 3] },
    nav: [
      { text: 'Start', link: '/start' },
      { text: 'Reference', link: '/reference/commands' },
      { text: 'Questions', link: '/faq' },
    ],
    sidebar: [
      {
        text: 'Begin',
        items: [
          { text: 'Start in five minutes', link: '/start' },
          { text: 'Questions', link: '/faq' },
          { text: 'In GitHub Actions', link: '/action' },
          { text: 'What is wrong: doctor', link: '/doctor' },
          { text: 'Policies: iam', link: '/iam' },
          { text: 'Headers and redirects', link: '/headers' },
          { text: 'Security', link: '/security' },
        ],
      },
      {
        text: 'Guides by generator',
        collapsed: true,
        items: listPages('guides'),
      },
      {
        text: 'Coming from',
        collapsed: true,
        items: [
          { text: 'aws s3 sync', link: '/moving/aws-cli' },
          { text: 's3-sync-action', link: '/moving/s3-sync-action' },
          { text: 's3_website', link: '/moving/s3-website' },
          { text: 's3deploy', link: '/moving/s3deploy' },
          { text: 'hugo deploy', link: '/moving/hugo-deploy' },
          { text: 'gatsby-plugin-s3', link: '/moving/gatsby-plugin-s3' },
        ],
      },
      {
        text: 'How it works',
        items: [
          { text: 'From keys to URLs', link: '/urls' },
          { text: 'How a deploy is planned', link: '/planning/' },
          ...listPages('planning'),
          { text: 'Beyond one machine', link: '/sharding' },
          { text: 'Invalidating by hand', link: '/invalidate' },
          { text: 'Nothing forgotten, measured', link: '/nothing-forgotten' },
          { text: 'Stale URLs, measured', link: '/stale-urls' },
          { text: 'Speed, measured', link: '/performance' },
        ],
      },
      {
        text: 'Reference',
        items: [
          { text: 'Commands and flags', link: '/reference/commands' },
          { text: 'Settings and variables', link: '/reference/settings' },
          { text: 'Exit codes', link: '/reference/exit-codes' },
          { text: 'Errors and warnings', link: '/reference/errors' },
          { text: 'JSON documents', link: '/reference/json' },
        ],
      },
      { text: 'Decisions', collapsed: true, items: listPages('decisions') },
    ],
  },
})

/** The pages of a folder, index apart, under their own titles. */
function listPages(folder: string): DefaultTheme.SidebarItem[] {
  const directory = new URL(`../${folder}/`, import.meta.url)
  return readdirSync(directory)
    .filter((name) => name.endsWith('.md') && name !== 'index.md')
    .sort()
    .map((name) => {
      const [, title = name] = /^# (.+)$/m.exec(readFileSync(new URL(name, directory), 'utf8')) ?? []
      return { text: title, link: `/${folder}/${name.replace(/\.md$/, '')}` }
    })
}

/** On GitHub a page may link to a source file; on the site, which has none, the name of the file stands alone. */
function unlinkSources(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push('unlink-sources', ({ tokens }) => {
    for (const { children } of tokens) {
      let isSource = false
      for (const token of children ?? []) {
        if (token.type === 'link_open') isSource = /\.tsx?$/.test(token.attrGet('href') ?? '')
        if (isSource && /^link_/.test(token.type)) Object.assign(token, { type: 'text', content: '' })
      }
    }
  })
}

/** `${{ github.token }}` in a sentence is code of a workflow, and none of the page's own. */
function showBraces(markdown: MarkdownRenderer): void {
  const render = markdown.renderer.rules.code_inline
  if (render === undefined) return
  markdown.renderer.rules.code_inline = (...args) => render(...args).replace(/^<code(?! v-pre)/, '<code v-pre')
}
