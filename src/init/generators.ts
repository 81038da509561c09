// The site generators that are known: how each is recognized, built, and where it puts the site. Data, most of it.
// The first that is recognized counts, so those that are built upon others stand before them.

import {
  asObject,
  findFiles,
  parseObject,
  readPackageJson,
  readPlainSetting,
  readScriptSetting,
  textOf,
  type Project,
} from './project.ts'

/** What a runner needs before it can build. */
export type Runtime = 'node' | 'ruby' | 'python' | 'hugo' | 'zola' | 'mdbook' | 'none'

export interface Generator {
  readonly name: string
  readonly runtime: Runtime
  isUsed(project: Project): boolean
  /** What builds the site where no script of package.json does; for Node, as `npx` takes it. */
  readonly command: string | ((project: Project) => string)
  /** What a script of package.json says when it builds the site; those named so are looked at in this order. */
  readonly script?: { readonly says: RegExp; readonly never?: RegExp; readonly names: readonly string[] }
  /** Flags of the command that name the output folder. */
  readonly outputFlags?: readonly string[]
  /** Where the site is put, below the project folder, by its settings or its default. */
  outputFolder(project: Project): string
  /** What stands in the way of a static site, one sentence each. */
  remarks?(project: Project): readonly string[]
  /** Whether pages tell when they were last changed, which takes the whole history of the repository. */
  readonly readsHistory?: true
}

function hasPackage(...names: readonly string[]): (project: Project) => boolean {
  return (project) => names.some((name) => readPackageJson(project).dependencies[name] !== undefined)
}

function hasGem(project: Project, gem: string): boolean {
  return new RegExp(`(?:gem\\s+["']${gem}["']|^ {4}${gem} \\()`, 'mu').test(
    `${project.texts['Gemfile'] ?? ''}\n${project.texts['Gemfile.lock'] ?? ''}`,
  )
}

const buildScript = (says: RegExp): { says: RegExp; names: readonly string[] } => ({
  says,
  names: [
    'build',
    'docs:build',
    'build:docs',
    'site:build',
    'build:site',
    'build:prod',
    'production',
    'generate',
    'export',
  ],
})

/** The folder that `.vitepress` or `.vuepress` lies in: `docs`, or `''`. */
function docsFolder(project: Project, dotFolder: string): string {
  const [settings] = findFiles(project, new RegExp(`(?:^|/)${dotFolder.replace('.', '\\.')}/`, 'u'))
  return settings === undefined ? 'docs' : settings.slice(0, settings.indexOf(dotFolder)).replace(/\/$/u, '')
}

const next = /^next\.config\.[cm]?[jt]s$/u
const nuxt = /^nuxt\.config\.[cm]?[jt]s$/u
const astro = /^astro\.config\.[cm]?[jt]s$/u
const vite = /^vite\.config\.[cm]?[jt]s$/u
const hugo = /^(?:hugo|config|config\/_default\/(?:hugo|config))\.(?:toml|ya?ml|json)$/u
const mkdocs = /^mkdocs\.ya?ml$/u

export const generators: readonly Generator[] = [
  {
    name: 'Docusaurus',
    runtime: 'node',
    isUsed: hasPackage('@docusaurus/core', 'docusaurus'),
    command: 'docusaurus build',
    script: buildScript(/\bdocusaurus build\b/u),
    outputFlags: ['--out-dir'],
    outputFolder: () => 'build',
    readsHistory: true,
  },
  {
    name: 'VitePress',
    runtime: 'node',
    isUsed: hasPackage('vitepress'),
    command: (project) => `vitepress build ${docsFolder(project, '.vitepress')}`.trimEnd(),
    script: buildScript(/\bvitepress build\b/u),
    outputFlags: ['--outDir'],
    outputFolder: (project) => {
      const folder = docsFolder(project, '.vitepress')
      const settings = textOf(project, /(?:^|\/)\.vitepress\/config(?:\/index)?\.[cm]?[jt]s$/u)
      return below(folder, readScriptSetting(settings, 'outDir') ?? '.vitepress/dist')
    },
    readsHistory: true,
  },
  {
    name: 'VuePress',
    runtime: 'node',
    isUsed: hasPackage('vuepress', '@vuepress/cli', 'vuepress-vite', 'vuepress-webpack'),
    command: (project) => `vuepress build ${docsFolder(project, '.vuepress')}`.trimEnd(),
    script: buildScript(/\bvuepress(?:-vite|-webpack)? build\b/u),
    outputFlags: ['-d', '--dest'],
    outputFolder: (project) => {
      const settings = textOf(project, /(?:^|\/)\.vuepress\/config\.[cm]?[jt]s$/u)
      return readScriptSetting(settings, 'dest') ?? below(docsFolder(project, '.vuepress'), '.vuepress/dist')
    },
    readsHistory: true,
  },
  {
    name: 'Gatsby',
    runtime: 'node',
    isUsed: hasPackage('gatsby'),
    command: 'gatsby build',
    script: buildScript(/\bgatsby build\b/u),
    outputFolder: () => 'public',
  },
  {
    name: 'Next.js',
    runtime: 'node',
    isUsed: hasPackage('next'),
    command: 'next build',
    script: buildScript(/\bnext (?:build|export)\b/u),
    outputFlags: ['-o', '--outdir'],
    outputFolder: (project) => {
      const settings = textOf(project, next)
      return (isExported(project) ? readScriptSetting(settings, 'distDir') : undefined) ?? 'out'
    },
    remarks: (project) =>
      isExported(project) ||
      Object.values(readPackageJson(project).scripts).some((text) => text.includes('next export'))
        ? []
        : ["Next.js writes a static site only with output: 'export' in its configuration."],
  },
  {
    name: 'Nuxt',
    runtime: 'node',
    isUsed: hasPackage('nuxt', 'nuxt3', 'nuxt-edge'),
    command: 'nuxt generate',
    script: {
      says: /\b(?:nuxi?|nuxt) generate\b|\bnuxt build --prerender\b/u,
      never: /\b(?:nuxi?|nuxt) build\b/u,
      names: ['generate', 'build'],
    },
    outputFolder: (project) => (usesMajor(project, 'nuxt', 2) ? 'dist' : '.output/public'),
    remarks: (project) =>
      /\bssr\s*:\s*true\b[^]*\bpreset\s*:\s*["']node/u.test(textOf(project, nuxt))
        ? ['Nuxt is configured for a server; nuxt generate writes the pages that it can reach.']
        : [],
  },
  {
    name: 'SvelteKit',
    runtime: 'node',
    isUsed: hasPackage('@sveltejs/kit'),
    command: 'vite build',
    script: buildScript(/\bvite build\b/u),
    outputFolder: (project) => readScriptSetting(textOf(project, /^svelte\.config\.[cm]?[jt]s$/u), 'pages') ?? 'build',
    remarks: (project) =>
      hasPackage('@sveltejs/adapter-static')(project)
        ? []
        : ['SvelteKit writes a static site only with @sveltejs/adapter-static.'],
  },
  {
    name: 'Astro',
    runtime: 'node',
    isUsed: hasPackage('astro'),
    command: 'astro build',
    script: buildScript(/\bastro build\b/u),
    outputFlags: ['--outDir'],
    outputFolder: (project) => readScriptSetting(textOf(project, astro), 'outDir') ?? 'dist',
    remarks: (project) =>
      readScriptSetting(textOf(project, astro), 'output') === 'server'
        ? ["Astro is configured for a server (output: 'server'): only prerendered pages are in its output folder."]
        : [],
  },
  {
    name: 'Eleventy',
    runtime: 'node',
    isUsed: hasPackage('@11ty/eleventy'),
    command: 'eleventy',
    script: buildScript(/\beleventy\b/u),
    outputFlags: ['--output'],
    outputFolder: (project) =>
      readScriptSetting(textOf(project, /^(?:\.eleventy|eleventy\.config)\.[cm]?[jt]s$/u), 'output') ?? '_site',
  },
  {
    name: 'Hexo',
    runtime: 'node',
    isUsed: hasPackage('hexo'),
    command: 'hexo generate',
    script: buildScript(/\bhexo (?:generate|g)\b/u),
    outputFolder: (project) => readPlainSetting(project.texts['_config.yml'] ?? '', 'public_dir') ?? 'public',
  },
  {
    name: 'Angular',
    runtime: 'node',
    isUsed: hasPackage('@angular/core', '@angular/cli'),
    command: 'ng build',
    script: buildScript(/\bng build\b/u),
    outputFlags: ['--output-path'],
    outputFolder: angularOutput,
  },
  {
    name: 'Create React App',
    runtime: 'node',
    isUsed: hasPackage('react-scripts'),
    command: 'react-scripts build',
    script: buildScript(/\b(?:react-scripts|craco|react-app-rewired) build\b/u),
    outputFolder: () => 'build',
  },
  {
    name: 'React Router',
    runtime: 'node',
    isUsed: hasPackage('@react-router/dev'),
    command: 'react-router build',
    script: buildScript(/\breact-router build\b/u),
    outputFolder: () => 'build/client',
    remarks: (project) =>
      /\bssr\s*:\s*false\b/u.test(textOf(project, /^react-router\.config\.[cm]?[jt]s$/u))
        ? []
        : ['React Router writes a static site only with ssr: false in its configuration.'],
  },
  {
    name: 'Vue CLI',
    runtime: 'node',
    isUsed: hasPackage('@vue/cli-service'),
    command: 'vue-cli-service build',
    script: buildScript(/\bvue-cli-service build\b/u),
    outputFlags: ['--dest'],
    outputFolder: (project) => readScriptSetting(textOf(project, /^vue\.config\.[cm]?[jt]s$/u), 'outputDir') ?? 'dist',
  },
  {
    name: 'Hugo',
    runtime: 'hugo',
    isUsed: (project) => {
      const [settings = ''] = findFiles(project, hugo)
      if (settings === '') return false
      return (
        /hugo\./u.test(settings) || /^\s*["']?(?:baseURL|languageCode|theme)["']?\s*[:=]/imu.test(textOf(project, hugo))
      )
    },
    command: 'hugo --minify',
    script: buildScript(/\bhugo\b/u),
    outputFlags: ['-d', '--destination'],
    outputFolder: (project) => readPlainSetting(textOf(project, hugo), 'publishDir') ?? 'public',
    readsHistory: true,
  },
  {
    name: 'Zola',
    runtime: 'zola',
    isUsed: (project) => /^\s*base_url\s*=/mu.test(project.texts['config.toml'] ?? ''),
    command: 'zola build',
    outputFolder: (project) => readPlainSetting(project.texts['config.toml'] ?? '', 'output_dir') ?? 'public',
  },
  {
    name: 'Bridgetown',
    runtime: 'ruby',
    isUsed: (project) => hasGem(project, 'bridgetown'),
    command: 'bin/bridgetown deploy',
    outputFolder: () => 'output',
  },
  {
    name: 'Middleman',
    runtime: 'ruby',
    isUsed: (project) => hasGem(project, 'middleman'),
    command: 'bundle exec middleman build',
    outputFolder: () => 'build',
  },
  {
    name: 'Jekyll',
    runtime: 'ruby',
    isUsed: (project) =>
      hasGem(project, 'jekyll') ||
      hasGem(project, 'github-pages') ||
      findFiles(project, /^_config\.ya?ml$/u).length > 0,
    command: 'JEKYLL_ENV=production bundle exec jekyll build',
    outputFolder: (project) => readPlainSetting(textOf(project, /^_config\.ya?ml$/u), 'destination') ?? '_site',
  },
  {
    name: 'MkDocs',
    runtime: 'python',
    isUsed: (project) => findFiles(project, mkdocs).length > 0,
    command: 'mkdocs build --strict',
    outputFolder: (project) => readPlainSetting(textOf(project, mkdocs), 'site_dir') ?? 'site',
    readsHistory: true,
  },
  {
    name: 'Sphinx',
    runtime: 'python',
    isUsed: (project) => sphinxFolder(project) !== undefined,
    command: (project) => {
      const folder = sphinxFolder(project) ?? 'docs'
      return `sphinx-build -b html ${folder} ${folder}/_build/html`
    },
    outputFolder: (project) => `${sphinxFolder(project) ?? 'docs'}/_build/html`,
  },
  {
    name: 'Pelican',
    runtime: 'python',
    isUsed: (project) => project.names.includes('pelicanconf.py'),
    command: (project) =>
      project.names.includes('publishconf.py') ? 'pelican content -s publishconf.py' : 'pelican content',
    outputFolder: (project) => readPlainSetting(project.texts['pelicanconf.py'] ?? '', 'OUTPUT_PATH') ?? 'output',
  },
  {
    name: 'mdBook',
    runtime: 'mdbook',
    isUsed: (project) => project.names.includes('book.toml'),
    command: 'mdbook build',
    outputFolder: (project) => readPlainSetting(project.texts['book.toml'] ?? '', 'build-dir') ?? 'book',
  },
  {
    name: 'Vite',
    runtime: 'node',
    isUsed: hasPackage('vite'),
    command: 'vite build',
    script: buildScript(/\bvite build\b/u),
    outputFlags: ['--outDir'],
    outputFolder: (project) => readScriptSetting(textOf(project, vite), 'outDir') ?? 'dist',
  },
  {
    name: 'Parcel',
    runtime: 'node',
    isUsed: hasPackage('parcel', 'parcel-bundler'),
    command: 'parcel build',
    script: buildScript(/\bparcel build\b/u),
    outputFlags: ['--dist-dir', '-d', '--out-dir'],
    outputFolder: () => 'dist',
  },
  {
    name: 'Storybook',
    runtime: 'node',
    isUsed: hasPackage('storybook', '@storybook/cli'),
    command: 'storybook build',
    script: {
      says: /\b(?:storybook build|build-storybook)\b/u,
      names: ['build-storybook', 'storybook:build', 'build'],
    },
    outputFlags: ['-o', '--output-dir'],
    outputFolder: () => 'storybook-static',
  },
]

function isExported(project: Project): boolean {
  return readScriptSetting(textOf(project, next), 'output') === 'export'
}

function usesMajor(project: Project, name: string, major: number): boolean {
  return new RegExp(`^[^\\d]*${major}(?:\\D|$)`, 'u').test(readPackageJson(project).dependencies[name] ?? '')
}

/** @see Angular docs, "Build system migration": the application builder writes what browsers get into a folder of its own */
function angularOutput({ texts }: Project): string {
  const settings = parseObject(texts['angular.json'] ?? '{}')
  const projects = asObject(settings['projects'])
  const name = typeof settings['defaultProject'] === 'string' ? settings['defaultProject'] : Object.keys(projects)[0]
  if (name === undefined) return 'dist'
  const architect = asObject(asObject(projects[name])['architect'] ?? asObject(projects[name])['targets'])
  const build = asObject(architect['build'])
  const path = asObject(build['options'])['outputPath']
  const { base, browser = 'browser' } = asObject(path)
  const folder = typeof path === 'string' ? path : typeof base === 'string' ? base : `dist/${name}`
  return String(build['builder']).endsWith(':application') ? below(folder, String(browser)) : folder
}

function sphinxFolder(project: Project): string | undefined {
  const settings = findFiles(project, /^(?:(?:docs?|source|docs\/source|doc\/source)\/)?conf\.py$/u)
  const [name] = settings.filter((each) =>
    /\bsphinx\b|^extensions\s*=|^html_theme\s*=/mu.test(project.texts[each] ?? ''),
  )
  return name?.includes('/') === true ? name.slice(0, name.lastIndexOf('/')) : name === undefined ? undefined : '.'
}

function below(folder: string, path: string): string {
  return [folder, path].filter((part) => part !== '' && part !== '.').join('/')
}
