// --from-git: which files of a folder a range of commits has changed, as git tells it.

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { filesNotListed, quote } from '../errors.ts'
import type { ChangedFile } from '../model.ts'

const run = promisify(execFile)
const GIT_TIMEOUT_MS = 60_000
/** A million long names. */
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024
const DEEPER_CLONE =
  'This clone has only the latest commits. With actions/checkout set fetch-depth: 0; elsewhere git fetch --unshallow gets the others.'

export interface ChangedFilesQuery {
  /** Absolute; lies in the repository. */
  readonly folder: string
  /** Whether the folder is the site. If not, the site is the whole repository that it lies in. */
  readonly isRoot: boolean
  /** `A..B`, `A...B` as git diff has them; `A` stands for `A..HEAD`. */
  readonly range: string
}

/**
 * What the commits differ in; changes that are not committed do not count. A renamed file is removed under one name and added under the
 * other.
 *
 * @throws {FreshfrontError} `FILES_NOT_LISTED`
 */
export async function readChangedFiles({ folder, isRoot, range }: ChangedFilesQuery): Promise<ChangedFile[]> {
  const git = async (cwd: string, ...args: string[]): Promise<string> => {
    try {
      const options = { timeout: GIT_TIMEOUT_MS, maxBuffer: MAX_OUTPUT_BYTES, cwd }
      return (await run('git', args, options)).stdout
    } catch (error) {
      throw new Error(reasonOf(error), { cause: error })
    }
  }
  const asked = async <T>(task: Promise<T>, fix: string): Promise<T> => {
    try {
      return await task
    } catch (error) {
      throw filesNotListed(range, error instanceof Error ? error.message : String(error), fix)
    }
  }
  const top = await asked(
    git(folder, 'rev-parse', '--show-toplevel'),
    'Run the command in the repository of the site, or name its folder with --root.',
  )
  const root = isRoot ? folder : top.replace(/\r?\n$/u, '')
  if (isRoot && (await isIgnored(folder))) {
    throw filesNotListed(
      range,
      `${quote(folder)} is ignored by git.`,
      'Use freshfront deploy: it compares what was built with what is live.',
    )
  }
  const isShallow = (await asked(git(root, 'rev-parse', '--is-shallow-repository'), SEE_GIT)).trim() === 'true'
  const [, from = '', dots = '..', to = ''] = /^(.*?)(?:(\.{2,3})(.*))?$/su.exec(range) ?? []
  const resolveCommit = async (revision: string): Promise<string> => {
    const name = revision === '' ? 'HEAD' : revision
    if (/^0+$/u.test(name)) {
      throw filesNotListed(
        range,
        'a hash of nothing but zeros stands for "there was nothing before".',
        "On the first push of a branch there is nothing to compare with: name the paths ('/*' for all), or another range.",
      )
    }
    const fix = isShallow ? DEEPER_CLONE : 'Name commits of this repository, such as HEAD~1..HEAD or v1.2..main.'
    // Nothing that begins with a hyphen is taken for an option, and what git diff gets is a hash.
    const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]
    const answer = asked(git(root, ...args), fix).catch(() => {
      throw filesNotListed(range, `there is no commit ${quote(name)} here.`, fix)
    })
    return (await answer).trim().split('\n').at(-1) ?? ''
  }
  const commits = `${await resolveCommit(from)}${dots}${await resolveCommit(to)}`
  const options = ['--name-status', '-z', '--no-renames', '--no-ext-diff', '--no-color', '--relative']
  const listing = git(root, 'diff', ...options, commits, '--', '.')
  return parseNameStatus(await asked(listing, isShallow ? DEEPER_CLONE : SEE_GIT))
}

const SEE_GIT = 'See what git says to the same command.'

/** `M␀a.html␀D␀b.html␀` */
function parseNameStatus(listing: string): ChangedFile[] {
  const fields = listing.split('\0')
  const files: ChangedFile[] = []
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [status = '', path = ''] = fields.slice(at, at + 2)
    files.push({ path, change: status === 'A' ? 'added' : status === 'D' ? 'removed' : 'changed' })
  }
  return files
}

async function isIgnored(folder: string): Promise<boolean> {
  try {
    await run('git', ['check-ignore', '--quiet', '.'], { timeout: GIT_TIMEOUT_MS, cwd: folder })
    return true
  } catch {
    // It ends with 1 where the folder is not ignored; what else may be wrong the next question finds out.
    return false
  }
}

/** What git has said last, or that there is no git. */
function reasonOf(error: unknown): string {
  const { stderr = '', code } = error as { readonly stderr?: string; readonly code?: unknown }
  if (code === 'ENOENT') return 'there is no git here, or no such folder.'
  const lines = stderr.split('\n').filter((line) => line !== '')
  const said = lines.find((line) => line.startsWith('fatal: ') || line.startsWith('error: ')) ?? lines[0]
  if (said !== undefined) return said.replace(/^(?:fatal|error): /u, '')
  return error instanceof Error ? error.message : String(error)
}
