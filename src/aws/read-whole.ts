// The bytes of a small file that was scanned.

import { readFile as readFileWithCallback } from 'node:fs'
import { promisify } from 'node:util'
import { fileChanged, sourceNotReadable } from '../errors.ts'
import type { SiteFile } from '../model.ts'

// Half the cost of its namesake in fs/promises, which makes a FileHandle for each file.
const readFile = promisify(readFileWithCallback)

/** Rejects with `FILE_CHANGED`, `SOURCE_NOT_READABLE`. */
export async function readWhole(file: SiteFile): Promise<Buffer> {
  const body = await readFile(file.filePath).catch((cause: unknown) => {
    throw sourceNotReadable(file.filePath, { cause })
  })
  if (body.length !== file.sizeBytes) throw fileChanged(file.filePath)
  return body
}
