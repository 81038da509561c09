// Where the emulated S3 keeps things: bodies under ids, and small JSON records under names. `memoryStorage` forgets at
// exit; `folderStorage` (own file) finds everything again.

import { randomUUID } from 'node:crypto'
import { readBody } from '../http-message.ts'

export interface ByteRange {
  readonly start: number
  /** Inclusive. */
  readonly end: number
}

export interface S3Storage {
  /** Every record saved before, once, at the start. */
  loadRecords(): Promise<readonly (readonly [name: string, record: unknown])[]>
  /** Replaces the record whole: a reader of the storage sees the old or the new, never half. */
  saveRecord(name: string, record: unknown): Promise<void>
  deleteRecord(name: string): Promise<void>
  /** Keeps a body and returns its id; keeps nothing when `body` throws. */
  writeBody(body: AsyncIterable<Uint8Array>): Promise<string>
  /** The body can be read to its end even if it is deleted meanwhile. */
  openBody(id: string, range: ByteRange): Promise<Uint8Array | AsyncIterable<Uint8Array>>
  deleteBody(id: string): Promise<void>
  /** Deletes bodies that no record names: left by a process that was killed between the two writes. */
  keepOnlyBodies(ids: ReadonlySet<string>): Promise<void>
  close(): Promise<void>
}

/** Keeps everything in this process. */
export function memoryStorage(): S3Storage {
  const bodies = new Map<string, Buffer>()
  return {
    loadRecords: async () => [],
    saveRecord: async () => {},
    deleteRecord: async () => {},
    async writeBody(body) {
      const bytes = await readBody(body)
      const id = randomUUID()
      bodies.set(id, bytes)
      return id
    },
    async openBody(id, range) {
      const bytes = bodies.get(id)
      if (bytes === undefined) throw new Error(`The memory storage has no body ${id}.`)
      return bytes.subarray(range.start, range.end + 1)
    },
    async deleteBody(id) {
      bodies.delete(id)
    },
    keepOnlyBodies: async () => {},
    close: async () => {},
  }
}
