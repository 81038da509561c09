// The folder of a project → the names and settings in it that tell how its site is built. Reads the disk, and runs nothing.

import type { Dirent } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

import { findOutputFolders } from '../config/output-folders.ts'
import type { Project } from './project.ts'

/** Where generators keep settings besides the root. */
const settingsFolders: readonly string[] = [
  '.vitepress',
  '.vuepress',
  'docs',
  'docs/.vitepress',
  'docs/.vuepress',
  'docs/source',
  'doc',
  'source',
  'config/_default',
]

/** Files that say something about the build; the others are known by name only. */
const telling: RegExp =
  /(?:^|\/)(?:package\.json|angular\.json|netlify\.toml|book\.toml|pyproject\.toml|Gemfile(?:\.lock)?|[\w-]*requirements[\w-]*\.txt|conf\.py|pelicanconf\.py|_config\.ya?ml|mkdocs\.ya?ml|(?:hugo|config)\.(?:toml|ya?ml|json)|\.eleventy\.[cm]?js|[\w-]*\.?config\.[cm]?[jt]s|gatsby-config\.[jt]s|\.tool-versions|\.hugo-version)$/u

/** Settings are small; whatever is larger is something else. */
const TELLING_MAX_BYTES = 256 * 1024

export async function readProject(folder: string): Promise<Project> {
  const lists = await Promise.all(['', ...settingsFolders].map((below) => listFiles(folder, below)))
  const built = (await findOutputFolders(folder)).map((name) => `${name}/index.html`)
  const names = [...lists.flat(), ...built].toSorted()
  const texts = await Promise.all(
    names
      .filter((name) => telling.test(name))
      .map(async (name) => [name, await readSmall(join(folder, name))] as const),
  )
  return {
    names,
    texts: Object.fromEntries(texts.filter((entry): entry is [string, string] => entry[1] !== undefined)),
  }
}

async function listFiles(folder: string, below: string): Promise<readonly string[]> {
  let entries: Dirent[]
  try {
    entries = await readdir(join(folder, below), { withFileTypes: true })
  } catch (error) {
    if (below !== '' && isMissing(error)) return []
    throw error
  }
  return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => (below === '' ? name : `${below}/${name}`))
}

async function readSmall(path: string): Promise<string | undefined> {
  const status = await stat(path).catch(() => undefined)
  if (status?.isFile() !== true || status.size > TELLING_MAX_BYTES) return undefined
  return readFile(path, 'utf8')
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}
