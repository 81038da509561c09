// What the site was built from: the commit that the user or the CI system names, else the one that is checked out.

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Environment } from '../config/environment.ts'
import type { Commit } from '../model.ts'

const run = promisify(execFile)
/** A repository on a network disk may hang; no deploy waits for it. */
const GIT_TIMEOUT_MS = 10_000

/**
 * @param named by --release; when git does not know it, it is a name whose age is not known
 * @returns undefined when nobody names a commit and there is no git repository
 */
export async function readCommit(
  cwd: string,
  named: string | undefined,
  env: Environment,
): Promise<Commit | undefined> {
  if (named !== undefined) return (await askGit(cwd, named)) ?? { id: named }
  const ofCi = env['GITHUB_SHA'] || undefined
  // A job may deploy another repository than the one that it runs for.
  return (ofCi === undefined ? undefined : await askGit(cwd, ofCi)) ?? (await askGit(cwd, 'HEAD'))
}

async function askGit(cwd: string, revision: string): Promise<Commit | undefined> {
  const args = ['-C', cwd, 'log', '-1', '--no-show-signature', '--format=%H %ct', '--end-of-options', revision, '--']
  try {
    const { stdout } = await run('git', args, { timeout: GIT_TIMEOUT_MS })
    const [, id, seconds] = /^([0-9a-f]{40,64}) (\d+)\n/.exec(stdout) ?? []
    if (id === undefined) return undefined
    return { id, committedAt: new Date(Number(seconds) * 1000).toISOString() }
  } catch {
    // No git, no repository, no commit, or no such one: all of them mean that git does not know.
    return undefined
  }
}
