// Which folders here look like a built site? Reads the disk; only to suggest, never to decide.

import { stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Where generators write to unless told otherwise. */
export const wellKnownOutputFolders: readonly string[] = [
  'public', // Hugo, Gatsby, Zola
  'dist', // Astro, Vite, Parcel
  '_site', // Eleventy, Jekyll
  'build', // Docusaurus, SvelteKit
  'out', // Next.js
  'site', // MkDocs
  '.output/public', // Nuxt
  'output', // Pelican
  'book', // mdBook
  'www', // Stencil
  'build/client', // React Router
  '.vitepress/dist',
  'docs/.vitepress/dist',
  '.vuepress/dist',
  'docs/.vuepress/dist',
  'docs/_build/html', // Sphinx
  'storybook-static',
]

/** @returns those below `cwd` that hold an index.html, as a user would write them */
export async function findOutputFolders(cwd: string): Promise<readonly string[]> {
  const built = await Promise.all(wellKnownOutputFolders.map((folder) => isFile(join(cwd, folder, 'index.html'))))
  return wellKnownOutputFolders.filter((_, position) => built[position])
}

async function isFile(path: string): Promise<boolean> {
  const status = await stat(path).catch(() => undefined)
  return status?.isFile() ?? false
}
