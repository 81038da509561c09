// freshfront.json on the disk → its content, as it was written. Reads the disk.

import { readFile } from 'node:fs/promises'
import { dirname, relative, resolve, sep } from 'node:path'

import { configNotFound, configNotJson, configNotReadable } from '../errors.ts'
import { findJsonMistake } from './json-position.ts'

const CONFIG_FILE_NAME = 'freshfront.json'

export interface ConfigFile {
  /** As a user would write it from the current folder. */
  readonly name: string
  /** The folder that paths in it are relative to; absolute. */
  readonly dir: string
  /** Parsed, not checked. */
  readonly content: unknown
}

/**
 * Reads the configuration file, if there is one.
 *
 * @param named the value of --config; without it freshfront.json of `cwd` is read if it is there
 * @throws {FreshfrontError} `CONFIG_NOT_FOUND` for a named one that is missing, `CONFIG_NOT_READABLE`, `CONFIG_NOT_JSON`
 */
export async function readConfigFile(cwd: string, named: string | undefined): Promise<ConfigFile | undefined> {
  const filePath = resolve(cwd, named ?? CONFIG_FILE_NAME)
  const name = nameFrom(cwd, filePath)
  let text: string
  try {
    text = await readFile(filePath, 'utf8')
  } catch (cause) {
    if (!isMissing(cause)) throw configNotReadable(name, { cause })
    if (named !== undefined) throw configNotFound(name)
    return undefined
  }
  return { name, dir: dirname(filePath), content: parseJson(name, text) }
}

function parseJson(name: string, text: string): unknown {
  // Editors on Windows put a byte order mark in front, which JSON does not know.
  const json = text.replace(/^\uFEFF/, '')
  try {
    return JSON.parse(json)
  } catch (cause) {
    const mistake = findJsonMistake(json)
    if (mistake === undefined) throw cause
    throw configNotJson(
      `${name}:${mistake.line}:${mistake.column}`,
      mistake.message,
      json.trim() === ''
        ? 'Write at least {}, or delete the file.'
        : 'Correct the JSON there: keys and texts in double quotes, commas between them and none at the end, no comments.',
    )
  }
}

function nameFrom(cwd: string, filePath: string): string {
  const name = relative(cwd, filePath)
  return (name.startsWith('..') ? filePath : name).split(sep).join('/')
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}
