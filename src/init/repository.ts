// Where a project lies in its git repository, and which branch is the default. Reads .git, and runs nothing.

import { readFile, stat } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'

export interface Repository {
  /** Absolute. Without a repository it is the project folder: there will be one some day. */
  readonly root: string
  /** Of the project below it, with `/`; `''` for the root. */
  readonly folder: string
  readonly defaultBranch?: string
}

/** @param projectFolder absolute */
export async function findRepository(projectFolder: string): Promise<Repository> {
  for (let root = projectFolder; ; root = dirname(root)) {
    if (await exists(join(root, '.git'))) {
      const defaultBranch = await readDefaultBranch(join(root, '.git'))
      const folder = relative(root, projectFolder).split(sep).join('/')
      return { root, folder, ...(defaultBranch !== undefined && { defaultBranch }) }
    }
    if (dirname(root) === root) return { root: projectFolder, folder: '' }
  }
}

/** What the remote says; else main or master, where there is one; else the branch that is checked out. */
async function readDefaultBranch(git: string): Promise<string | undefined> {
  const [remote, head] = await Promise.all(
    ['refs/remotes/origin/HEAD', 'HEAD'].map((name) => readFile(join(git, name), 'utf8').catch(() => '')),
  )
  const named = /^ref: refs\/remotes\/origin\/(\S+)$/mu.exec(remote ?? '')?.[1]
  if (named !== undefined) return named
  const packed = await readFile(join(git, 'packed-refs'), 'utf8').catch(() => '')
  for (const branch of ['main', 'master']) {
    if (packed.includes(` refs/heads/${branch}\n`) || (await exists(join(git, 'refs/heads', branch)))) return branch
  }
  return /^ref: refs\/heads\/(\S+)$/mu.exec(head ?? '')?.[1]
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}
