import { describe, expect, it } from 'vitest'

import { wellKnownOutputFolders } from '../config/output-folders.ts'
import { detectGenerator } from './detect-generator.ts'
import { generators } from './generators.ts'
import type { Project } from './project.ts'

/** Names alone with `''`; the others hold their text. */
function project(texts: Readonly<Record<string, string>>): Project {
  return { names: Object.keys(texts), texts }
}

function packageJson(dependencies: readonly string[], scripts: Readonly<Record<string, string>> = {}): string {
  return JSON.stringify({ scripts, devDependencies: Object.fromEntries(dependencies.map((name) => [name, '^1.0.0'])) })
}

const npm = { 'package-lock.json': '' }
const angular = {
  projects: {
    shop: {
      architect: {
        build: { builder: '@angular-devkit/build-angular:application', options: { outputPath: 'dist/shop' } },
      },
    },
  },
}

const table: readonly [string, Readonly<Record<string, string>>, string | undefined, string | undefined][] = [
  [
    'Astro',
    { 'package.json': packageJson(['astro', 'vite'], { build: 'astro check && astro build' }), ...npm },
    'npm run build',
    'dist',
  ],
  [
    'Astro',
    {
      'package.json': packageJson(['astro']),
      'astro.config.mjs': "export default defineConfig({\n  // outDir: './old',\n  outDir: './build/',\n})",
      ...npm,
    },
    'npx astro build',
    'build',
  ],
  [
    'Next.js',
    {
      'package.json': packageJson(['next', 'react'], { build: 'next build' }),
      'next.config.ts': "const c = { output: 'export' }",
      'pnpm-lock.yaml': '',
    },
    'pnpm run build',
    'out',
  ],
  [
    'Next.js',
    {
      'package.json': packageJson(['next'], { build: 'next build' }),
      'next.config.mjs': 'export default { output: "export", distDir: "build" }',
      ...npm,
    },
    'npm run build',
    'build',
  ],
  [
    'Gatsby',
    { 'package.json': packageJson(['gatsby'], { build: 'gatsby build' }), 'yarn.lock': '' },
    'yarn run build',
    'public',
  ],
  ['Hugo', { 'hugo.toml': "baseURL = 'https://example.org/'\n" }, 'hugo --minify', 'public'],
  [
    'Hugo',
    {
      'config.yaml': 'baseURL: https://example.org/\npublishDir: "site" # for the server\n',
      'package.json': packageJson(['postcss', 'vite'], { build: 'postcss x' }),
      ...npm,
    },
    'hugo --minify',
    'site',
  ],
  [
    'Jekyll',
    { '_config.yml': 'title: Blog\n', Gemfile: 'gem "jekyll", "~> 4.3"\n' },
    'JEKYLL_ENV=production bundle exec jekyll build',
    '_site',
  ],
  [
    'Jekyll',
    { '_config.yml': 'destination: ./out\n', Gemfile: "gem 'github-pages'\n" },
    'JEKYLL_ENV=production bundle exec jekyll build',
    'out',
  ],
  [
    'Eleventy',
    {
      'package.json': packageJson(['@11ty/eleventy']),
      'eleventy.config.js': "return { dir: { input: 'src', output: 'www' } }",
      ...npm,
    },
    'npx eleventy',
    'www',
  ],
  [
    'Eleventy',
    { 'package.json': packageJson(['@11ty/eleventy', 'vite'], { prod: 'eleventy --output=dist' }), ...npm },
    'npm run prod',
    'dist',
  ],
  [
    'Docusaurus',
    { 'package.json': packageJson(['@docusaurus/core'], { build: 'docusaurus build --out-dir public' }), ...npm },
    'npm run build',
    'public',
  ],
  [
    'VitePress',
    {
      'package.json': packageJson(['vitepress', 'vue'], { 'docs:build': 'vitepress build docs' }),
      'docs/.vitepress/config.mts': 'export default {}',
      ...npm,
    },
    'npm run docs:build',
    'docs/.vitepress/dist',
  ],
  [
    'VitePress',
    {
      'package.json': packageJson(['vitepress']),
      '.vitepress/config.js': "export default { outDir: '../public' }",
      ...npm,
    },
    'npx vitepress build',
    undefined,
  ],
  [
    'VuePress',
    { 'package.json': packageJson(['vuepress']), 'docs/.vuepress/config.js': '', ...npm },
    'npx vuepress build docs',
    'docs/.vuepress/dist',
  ],
  ['MkDocs', { 'mkdocs.yml': 'site_name: Docs\nsite_dir: public\n' }, 'mkdocs build --strict', 'public'],
  [
    'Vite',
    { 'package.json': packageJson(['vite'], { build: 'tsc -b && vite build' }), 'index.html': '', 'bun.lock': '' },
    'bun run build',
    'dist',
  ],
  [
    'Vite',
    { 'package.json': packageJson(['vite'], { build: 'vite build --outDir www' }), ...npm },
    'npm run build',
    'www',
  ],
  [
    'Angular',
    {
      'package.json': packageJson(['@angular/core', '@angular/cli'], { build: 'ng build' }),
      'angular.json': JSON.stringify(angular),
      ...npm,
    },
    'npm run build',
    'dist/shop/browser',
  ],
  [
    'Angular',
    {
      'package.json': packageJson(['@angular/core']),
      'angular.json':
        '{"projects":{"old":{"architect":{"build":{"builder":"@angular-devkit/build-angular:browser"}}}}}',
      ...npm,
    },
    'npx ng build',
    'dist/old',
  ],
  [
    'Create React App',
    { 'package.json': packageJson(['react-scripts'], { build: 'react-scripts build' }), ...npm },
    'npm run build',
    'build',
  ],
  [
    'Nuxt',
    { 'package.json': packageJson(['nuxt'], { build: 'nuxt build', generate: 'nuxt generate' }), ...npm },
    'npm run generate',
    '.output/public',
  ],
  [
    'Nuxt',
    { 'package.json': packageJson(['nuxt'], { build: 'nuxt build' }), ...npm },
    'npx nuxt generate',
    '.output/public',
  ],
  ['Nuxt', { 'package.json': '{"dependencies":{"nuxt":"^2.15.8"}}', ...npm }, 'npx nuxt generate', 'dist'],
  [
    'SvelteKit',
    {
      'package.json': packageJson(['@sveltejs/kit', '@sveltejs/adapter-static', 'vite'], { build: 'vite build' }),
      'svelte.config.js': "adapter({ pages: 'public' })",
      ...npm,
    },
    'npm run build',
    'public',
  ],
  [
    'React Router',
    {
      'package.json': packageJson(['@react-router/dev', 'vite'], { build: 'react-router build' }),
      'react-router.config.ts': 'export default { ssr: false }',
      ...npm,
    },
    'npm run build',
    'build/client',
  ],
  [
    'Vue CLI',
    {
      'package.json': packageJson(['@vue/cli-service']),
      'vue.config.js': "module.exports = { outputDir: 'out' }",
      ...npm,
    },
    'npx vue-cli-service build',
    'out',
  ],
  [
    'Hexo',
    { 'package.json': packageJson(['hexo'], { build: 'hexo generate' }), '_config.yml': 'public_dir: docs\n', ...npm },
    'npm run build',
    'docs',
  ],
  ['Zola', { 'config.toml': 'base_url = "https://example.org"\n' }, 'zola build', 'public'],
  ['Bridgetown', { Gemfile: 'gem "bridgetown"\n' }, 'bin/bridgetown deploy', 'output'],
  ['Middleman', { Gemfile: "gem 'middleman', '~> 4'\n" }, 'bundle exec middleman build', 'build'],
  [
    'Sphinx',
    { 'docs/conf.py': "extensions = ['sphinx.ext.autodoc']\n" },
    'sphinx-build -b html docs docs/_build/html',
    'docs/_build/html',
  ],
  [
    'Pelican',
    { 'pelicanconf.py': "OUTPUT_PATH = 'www'\n", 'publishconf.py': '' },
    'pelican content -s publishconf.py',
    'www',
  ],
  ['mdBook', { 'book.toml': '[build]\nbuild-dir = "html"\n' }, 'mdbook build', 'html'],
  [
    'Parcel',
    { 'package.json': packageJson(['parcel'], { build: 'parcel build src/index.html --dist-dir www' }), ...npm },
    'npm run build',
    'www',
  ],
  [
    'Storybook',
    { 'package.json': packageJson(['storybook'], { build: 'tsc', 'build-storybook': 'storybook build' }), ...npm },
    'npm run build-storybook',
    'storybook-static',
  ],
]

describe('detectGenerator', () => {
  it.each(table)('recognizes %s', (generator, texts, buildCommand, outputFolder) => {
    const site = detectGenerator(project(texts))
    expect([site.generator, site.buildCommand, site.outputFolder]).toEqual([generator, buildCommand, outputFolder])
    expect(site.remarks).toEqual([])
  })

  it('knows a fixture for each generator', () => {
    expect(new Set(table.map(([name]) => name))).toEqual(new Set(generators.map(({ name }) => name)))
  })

  it('puts sites, unless told otherwise, where the folder of a site is looked for', () => {
    for (const generator of generators) {
      expect(wellKnownOutputFolders).toContain(generator.outputFolder(project({})))
    }
  })

  it.each([
    ['output: ', { 'package.json': packageJson(['next']), ...npm }],
    ['adapter-static', { 'package.json': packageJson(['@sveltejs/kit']), ...npm }],
    ['ssr: false', { 'package.json': packageJson(['@react-router/dev']), ...npm }],
    ["output: 'server'", { 'package.json': packageJson(['astro']), 'astro.config.ts': "{ output: 'server' }", ...npm }],
    ['no lock file', { 'package.json': packageJson(['gatsby']) }],
  ])('says what stands in the way of a static site: %s', (words, texts) => {
    const { remarks } = detectGenerator(project(texts as Record<string, string>))
    expect(remarks).toHaveLength(1)
    expect(remarks[0]).toContain(words)
  })

  it('takes files as they are where nothing builds them', () => {
    expect(detectGenerator(project({ 'index.html': '', 'style.css': '' }))).toMatchObject({
      runtime: 'none',
      outputFolder: '.',
    })
    expect(detectGenerator(project({ 'public/index.html': '' }))).toMatchObject({
      runtime: 'none',
      outputFolder: 'public',
    })
  })

  it('takes a build script of which it knows nothing, with the folder that was built before', () => {
    const texts = {
      'package.json': packageJson([], { build: 'node make.js' }),
      'index.html': '',
      'out/index.html': '',
      ...npm,
    }
    expect(detectGenerator(project(texts))).toMatchObject({ buildCommand: 'npm run build', outputFolder: 'out' })
  })

  it('says nothing about an empty folder, or about settings that cannot be read', () => {
    const nothing = { runtime: 'none', readsHistory: false, remarks: [] }
    expect(detectGenerator(project({}))).toEqual(nothing)
    expect(detectGenerator(project({ 'package.json': '{"scripts": {' }))).toEqual(nothing)
    expect(detectGenerator(project({ 'package.json': '[]', 'angular.json': 'null' }))).toEqual(nothing)
  })

  it('runs no script whose name a shell would take for more than a name', () => {
    const texts = { 'package.json': packageJson(['astro'], { '$(id)': 'astro build' }), ...npm }
    expect(detectGenerator(project(texts)).buildCommand).toBe('npx astro build')
  })
})
