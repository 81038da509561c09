// Keeps the emulated S3 in a folder: a file per body, a JSON file per record. File names are ids and hashes, never
// derived from a key, so that no key can reach outside the folder or clash with another by letter case.
// Safe against a killed process (temporary file, then rename), not against a power cut (nothing is fsynced).

import { createHash, randomUUID } from 'node:crypto'
import type { Dirent } from 'node:fs'
import { createWriteStream } from 'node:fs'
import { mkdir, open, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { S3Storage } from './storage.ts'

const FORMAT_VERSION = 1
/** Bodies up to this size are read at once: cheaper than a stream. */
const SMALL_BODY_BYTES = 256 * 1024

interface RecordFile {
  readonly formatVersion: number
  readonly name: string
  readonly record: unknown
}

/**
 * Opens the folder, making it if need be, for this process alone.
 *
 * @throws {Error} when another living process has the folder open
 */
export async function folderStorage(folder: string): Promise<S3Storage> {
  const bodiesFolder = join(folder, 'bodies')
  const recordsFolder = join(folder, 'records')
  const lockFile = join(folder, 'process-id')
  await mkdir(bodiesFolder, { recursive: true })
  await mkdir(recordsFolder, { recursive: true })
  await lockFolder(folder, lockFile)

  const bodyFile = (id: string) => join(bodiesFolder, id)
  const recordFile = (name: string) => join(recordsFolder, `${createHash('sha256').update(name).digest('hex')}.json`)

  return {
    async loadRecords() {
      const records: (readonly [string, unknown])[] = []
      for (const entry of await readdir(recordsFolder, { withFileTypes: true })) {
        const file = join(recordsFolder, entry.name)
        if (isTemporary(entry)) {
          await rm(file)
          continue
        }
        const { formatVersion, name, record } = JSON.parse(await readFile(file, 'utf8')) as RecordFile
        if (formatVersion !== FORMAT_VERSION) {
          throw new Error(
            `${file} has format version ${formatVersion}, this emulator reads ${FORMAT_VERSION}. Delete ${folder} to start afresh.`,
          )
        }
        records.push([name, record])
      }
      return records
    },

    async saveRecord(name, record) {
      const content: RecordFile = { formatVersion: FORMAT_VERSION, name, record }
      const temporary = join(recordsFolder, `${randomUUID()}.tmp`)
      await writeFile(temporary, JSON.stringify(content))
      await rename(temporary, recordFile(name))
    },

    async deleteRecord(name) {
      await rm(recordFile(name), { force: true })
    },

    async writeBody(body) {
      const id = randomUUID()
      const temporary = `${bodyFile(id)}.tmp`
      try {
        await pipeline(body, createWriteStream(temporary))
      } catch (error) {
        await rm(temporary, { force: true })
        throw error
      }
      await rename(temporary, bodyFile(id))
      return id
    },

    async openBody(id, range) {
      const file = await open(bodyFile(id))
      const sizeBytes = range.end - range.start + 1
      if (sizeBytes > SMALL_BODY_BYTES) return file.createReadStream({ start: range.start, end: range.end })
      try {
        const { buffer } = await file.read(Buffer.alloc(sizeBytes), 0, sizeBytes, range.start)
        return buffer
      } finally {
        await file.close()
      }
    },

    async deleteBody(id) {
      await rm(bodyFile(id), { force: true })
    },

    async keepOnlyBodies(ids) {
      for (const name of await readdir(bodiesFolder)) {
        if (!ids.has(name)) await rm(bodyFile(name))
      }
    },

    async close() {
      await rm(lockFile, { force: true })
    },
  }
}

/** Two processes would each hold their own idea of the folder in memory. */
async function lockFolder(folder: string, lockFile: string): Promise<void> {
  const holder = Number(await readFile(lockFile, 'utf8').catch(() => ''))
  if (holder > 0 && holder !== process.pid && isAlive(holder)) {
    throw new Error(
      `${folder} is in use by the emulator of process ${holder}. Stop it first, or delete ${lockFile} if that is no emulator.`,
    )
  }
  await writeFile(lockFile, String(process.pid))
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0)
    return true
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function isTemporary(entry: Dirent): boolean {
  return entry.name.endsWith('.tmp')
}
