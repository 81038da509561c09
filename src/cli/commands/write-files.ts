// Files that init has composed → the disk, after showing what would change in those that are there.

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, relative, sep } from 'node:path'

import { fileNotWritable, filesDiffer } from '../../errors.ts'
import { renderLineDiff } from '../../init/line-diff.ts'
import type { CliContext } from '../context.ts'
import type { Prompt } from '../prompt.ts'

export interface NewFile {
  /** Absolute. */
  readonly path: string
  /** Undefined when there is none yet. */
  readonly before: string | undefined
  readonly after: string
}

export interface WriteFlags {
  readonly force?: boolean
  readonly dryRun?: boolean
}

/**
 * Writes all of the files, or none when one of them is there with another content and nobody has said that it may go.
 *
 * @throws {FreshfrontError} `FILES_DIFFER`, `FILE_NOT_WRITABLE`
 */
export async function writeFiles(
  { cwd, terminal }: Pick<CliContext, 'cwd' | 'terminal'>,
  files: readonly NewFile[],
  { force = false, dryRun = false }: WriteFlags,
  prompt: Prompt | undefined,
): Promise<void> {
  const changed = files.filter(({ before, after }) => before !== after)
  for (const { path, before, after } of files) {
    const name = nameFrom(cwd, path)
    if (before === after) terminal.writeResult(`${name} is as it should be.`)
    else if (before !== undefined || dryRun) terminal.writeResult(`${name}\n${renderLineDiff(before ?? '', after)}\n`)
  }
  if (dryRun) return
  const overwritten = changed.filter(({ before }) => before !== undefined).map(({ path }) => nameFrom(cwd, path))
  if (overwritten.length > 0 && !force) {
    const answer = await prompt?.ask(`Write ${overwritten.join(' and ')}? y or n`, 'n')
    if (!/^y(?:es)?$/iu.test(answer ?? '')) throw filesDiffer(overwritten)
  }
  for (const { path, after } of changed) await writeOne(cwd, path, after)
  if (changed.length > 0) terminal.writeResult(`Wrote ${changed.map(({ path }) => nameFrom(cwd, path)).join(' and ')}.`)
}

async function writeOne(cwd: string, path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
  } catch (cause) {
    throw fileNotWritable(nameFrom(cwd, path), { cause })
  }
}

/** @returns undefined when there is no such file; other trouble is thrown */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) {
      return undefined
    }
    throw error
  }
}

/** As a user would write it from the current folder. */
export function nameFrom(cwd: string, path: string): string {
  const name = relative(cwd, path)
  return (name.startsWith('..') ? path : name).split(sep).join('/')
}
