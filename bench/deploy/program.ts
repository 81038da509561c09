// Finds the programs of this machine.

import { execFile } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'

/** The first of that name in PATH which is no version manager's shim: those start a shell before the program. */
export async function findProgram(name: string): Promise<string | undefined> {
  for (const dir of (process.env['PATH'] ?? '').split(':')) {
    if (basename(dir) === 'shims') continue
    const file = join(dir, name)
    const isThere = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (isThere) return file
  }
  return undefined
}

/** @returns what it prints first, or undefined where it cannot be run so */
export async function firstLine(file: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(file, [...args])
    return stdout.split('\n')[0]
  } catch {
    // It is there and does not do what we need: the same as not there.
    return undefined
  }
}
