// What the guides say of each generator; make-guides.ts has their common text.

export interface Generator {
  /** Of the page: `docs/guides/astro.md`. */
  readonly slug: string
  readonly name: string
  readonly build: string
  /** Where the build writes to, from the root of the project. */
  readonly folder: string
  /** What has to be set before, if anything. */
  readonly before?: string
  /** How its pages are named. */
  readonly pages: 'folders' | 'files' | 'either' | 'one'
  /** Assets with a fingerprint in their names, as a behavior of the distribution would match them. */
  readonly fingerprinted?: string
  /** What is worth knowing; Markdown. */
  readonly notes: readonly string[]
}

export const generators: readonly Generator[] = [
  {
    slug: 'astro',
    name: 'Astro',
    build: 'npx astro build',
    folder: 'dist',
    pages: 'folders',
    fingerprinted: '/_astro/*',
    notes: [
      '`build.format: "file"` in `astro.config.mjs` writes `about.html` instead of `about/index.html`; then the function has to append `.html`.',
      'With server rendering (`output: "server"`) only `dist/client` is static, and its pages are not in it.',
    ],
  },
  {
    slug: 'next',
    name: 'Next.js (static export)',
    build: 'npx next build',
    folder: 'out',
    before: 'Set `output: "export"` in `next.config.js`.',
    pages: 'either',
    fingerprinted: '/_next/static/*',
    notes: [
      'Without `trailingSlash: true` pages are `about.html`; with it they are `about/index.html`.',
      'The build id is part of the path of a manifest, `_next/static/BUILD_ID/`, and is written into every page: all pages change with every build. ' +
        'A fixed one, `generateBuildId: () => "site"`, keeps pages equal that are equal, but then these manifests keep their names while their contents change, so do not tell browsers that they are immutable.',
      'Open tabs fetch parts of the old build: they stay for three releases and seven days (`--keep-assets`).',
    ],
  },
  {
    slug: 'gatsby',
    name: 'Gatsby',
    build: 'npx gatsby build',
    folder: 'public',
    pages: 'folders',
    fingerprinted: '/static/*',
    notes: [
      '`page-data/**/*.json` belongs to pages and keeps its names: it must not be told to be immutable. It changes with its page and is purged with it.',
      '`public` is also a cache of earlier builds. Begin a release with `npx gatsby clean` when old files should go.',
      'Every page names the hash of the webpack build, so that a change of any script changes all pages. `freshfront plan` says when that is so.',
    ],
  },
  {
    slug: 'hugo',
    name: 'Hugo',
    build: 'hugo --minify --cleanDestinationDir',
    folder: 'public',
    pages: 'folders',
    notes: [
      'Without `--cleanDestinationDir` Hugo leaves pages in `public` that you have removed, and they stay live.',
      'Assets have a fingerprint only where the theme pipes them through `fingerprint`.',
      '`lastmod` from git (`enableGitInfo`) needs the whole history: `fetch-depth: 0` in `actions/checkout`. Without it every page gets the date of the build and changes each time.',
      'A theme that prints the time of the build does the same: see `ignore` in [settings](../reference/settings.md).',
    ],
  },
  {
    slug: 'jekyll',
    name: 'Jekyll',
    build: 'JEKYLL_ENV=production bundle exec jekyll build',
    folder: '_site',
    pages: 'either',
    notes: [
      '`permalink: pretty` writes `about/index.html`, otherwise it is `about.html`.',
      '`feed.xml` holds the time of the build and changes with every build. It is one small file.',
    ],
  },
  {
    slug: 'eleventy',
    name: 'Eleventy',
    build: 'npx @11ty/eleventy',
    folder: '_site',
    pages: 'folders',
    notes: [
      'Eleventy does not remove what it no longer writes: delete `_site` before a build for release.',
      'Assets have no fingerprint unless you add one.',
    ],
  },
  {
    slug: 'docusaurus',
    name: 'Docusaurus',
    build: 'npx docusaurus build',
    folder: 'build',
    pages: 'either',
    fingerprinted: '/assets/*',
    notes: [
      'Without `trailingSlash` in `docusaurus.config.js` pages are `docs/intro/index.html`; with `trailingSlash: false` they are `docs/intro.html`.',
      'Every page names `runtime~main.HASH.js`, which knows the hashes of all other scripts, so that a change of one text changes all pages. A deploy then purges by few prefixes or tags.',
      '`showLastUpdateTime` needs the whole history in CI: `fetch-depth: 0`.',
    ],
  },
  {
    slug: 'vitepress',
    name: 'VitePress',
    build: 'npx vitepress build docs',
    folder: 'docs/.vitepress/dist',
    pages: 'files',
    fingerprinted: '/assets/*',
    notes: [
      'With `cleanUrls: true` the links have no `.html`, and the function has to append it. Without it no function is needed.',
      'The hashes of all pages are written into every page, so that a change of one text changes all pages. A deploy then purges by few prefixes or tags.',
      '`lastUpdated` needs the whole history in CI: `fetch-depth: 0`.',
    ],
  },
  {
    slug: 'mkdocs',
    name: 'MkDocs',
    build: 'mkdocs build --strict',
    folder: 'site',
    pages: 'folders',
    notes: [
      '`sitemap.xml.gz` holds the time of the build. It is one small file.',
      'The front page of some themes ends with a comment with the build date, which changes `index.html` each time: `"ignore": ["^Build Date UTC : .*$"]`.',
      '`search/search_index.json` keeps its name and changes with every text: do not tell browsers to keep it.',
      'Versions side by side are prefixes: `freshfront deploy site --prefix 2.1/` deploys one and leaves the others alone.',
    ],
  },
  {
    slug: 'vite',
    name: 'Vite',
    build: 'npx vite build',
    folder: 'dist',
    pages: 'one',
    fingerprinted: '/assets/*',
    notes: [
      'What lies in `public/` is copied under its own name, without a fingerprint.',
      'A deploy that changes scripts changes `index.html` and new assets: one page to purge, nothing else. Lazily loaded parts of the old build stay for open tabs (`--keep-assets`).',
    ],
  },
  {
    slug: 'create-react-app',
    name: 'Create React App',
    build: 'npm run build',
    folder: 'build',
    pages: 'one',
    fingerprinted: '/static/*',
    notes: [
      'A service worker (`service-worker.js`) goes live last, when all that it names is there.',
      '`asset-manifest.json` keeps its name: do not tell browsers to keep it.',
    ],
  },
  {
    slug: 'angular',
    name: 'Angular',
    build: 'npx ng build',
    folder: 'dist/PROJECT/browser',
    pages: 'one',
    notes: [
      'Production builds set `outputHashing: "all"`: scripts and styles have a fingerprint and lie beside `index.html`.',
      'Older builders write to `dist/PROJECT`, without `browser`.',
      '`ngsw.json` of the service worker keeps its name and is purged when it changes.',
    ],
  },
  {
    slug: 'nuxt',
    name: 'Nuxt (generated)',
    build: 'npx nuxt generate',
    folder: '.output/public',
    pages: 'folders',
    fingerprinted: '/_nuxt/*',
    notes: [
      '`dist` is a symbolic link to `.output/public`; name the folder itself.',
      'A build id is written into every page and into `_nuxt/builds/`: all pages change with every build. A fixed `buildId` in `nuxt.config.ts` keeps equal pages equal, at the price that open tabs do not notice new versions.',
      '`_payload.json` belongs to a page and is purged with it. `200.html` and `404.html` are for error responses.',
    ],
  },
  {
    slug: 'sveltekit',
    name: 'SvelteKit',
    build: 'npx vite build',
    folder: 'build',
    before: 'Use `@sveltejs/adapter-static`.',
    pages: 'either',
    fingerprinted: '/_app/immutable/*',
    notes: [
      'Pages are `about.html`; with `export const trailingSlash = "always"` they are `about/index.html`.',
      '`_app/version.json` and a name in every page hold the time of the build: all pages change with every build. `kit.version.name` set to a digest of the sources, or to the commit, keeps a repeated build of one commit equal.',
      'With a `fallback` page, missing URLs have to answer with it: see below.',
    ],
  },
]
