// The bytes of a small file that was scanned.

import { readFileSync } from 'node:fs'
import { fileChanged, sourceNotReadable } from '../errors.ts'
import type { SiteFile } from '../model.ts'

/** Rejects with `FILE_CHANGED`, `SOURCE_NOT_READABLE`. */
export async function readWhole(file: SiteFile): Promise<Buffer> {
  let body: Buffer
  try {
    // The scan has just read it, so that it is in memory; to ask a thread for it takes ten times as long as to read it.
    body = readFileSync(file.filePath)
  } catch (cause) {
    throw sourceNotReadable(file.filePath, { cause })
  }
  if (body.length !== file.sizeBytes) throw fileChanged(file.filePath)
  return body
}
