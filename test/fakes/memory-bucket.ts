// The Bucket port over a Map: for tests of single steps. It keeps to the same contract as the real ones, see ports.contract.ts.

import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fileChanged, preconditionFailed } from '../../src/errors.ts'
import type { Key, LiveObject, ObjectMetadata } from '../../src/model.ts'
import type { Bucket, WriteCondition } from '../../src/ports.ts'

export interface MemoryBucket extends Bucket {
  readonly stored: Map<Key, { readonly body: Uint8Array; readonly etag: string; readonly metadata: ObjectMetadata }>
}

const KEYS_PER_PAGE = 1000

export function memoryBucket(name: string = 'site'): MemoryBucket {
  const stored: MemoryBucket['stored'] = new Map()
  const put = (key: Key, body: Uint8Array, etag: string, metadata: ObjectMetadata): string => {
    stored.set(key, { body, etag, metadata })
    return etag
  }
  const listed = (key: Key): LiveObject | undefined => {
    const object = stored.get(key)
    return object && { key, etag: object.etag, sizeBytes: object.body.length, lastModifiedMs: 0 }
  }
  return {
    name,
    store: 'memory',
    stored,
    async *listObjects(prefix, { after, until } = {}) {
      const keys = [...stored.keys()]
        .filter((key) => key.startsWith(prefix) && (after === undefined || compareBytes(key, after) > 0))
        .toSorted(compareBytes)
      // As S3 has it: a page is full whatever the range, and what is past its end is left out here.
      for (let start = 0; start === 0 || start < keys.length; start += KEYS_PER_PAGE) {
        const page = keys.slice(start, start + KEYS_PER_PAGE)
        yield page.flatMap((key) => (until === undefined || compareBytes(key, until) <= 0 ? (listed(key) ?? []) : []))
        if (until !== undefined && compareBytes(page.at(-1) ?? '', until) >= 0) return
      }
    },
    async headObject(key) {
      const object = listed(key)
      const metadata = stored.get(key)?.metadata
      return object && metadata && { ...object, metadata }
    },
    async getDocument(key) {
      const object = stored.get(key)
      return object && { etag: object.etag, body: object.body }
    },
    async getDocumentUnless(key, etag) {
      const object = stored.get(key)
      if (object === undefined) return undefined
      return object.etag === etag ? 'not modified' : { etag: object.etag, body: object.body }
    },
    async putDocument(key, body, contentType, condition) {
      if (condition !== undefined && !holds(condition, stored.get(key)?.etag)) throw preconditionFailed(key)
      return put(key, body, `"${md5(body)}"`, { contentType, cacheControl: 'no-store' })
    },
    async deleteDocument(key, { ifMatch }) {
      if (stored.get(key)?.etag !== ifMatch) throw preconditionFailed(key)
      stored.delete(key)
    },
    async putFile(file) {
      const body = await readFile(file.filePath)
      if (createHash('sha256').update(body).digest('hex') !== file.sha256) throw fileChanged(file.filePath)
      return put(file.key, body, file.etag, file.metadata)
    },
    async copyObject(file, { key, etag }) {
      const object = stored.get(key)
      if (object?.etag !== etag) throw preconditionFailed(key)
      return put(file.key, object.body, etag, file.metadata)
    },
    // A file goes in whole here: nothing is ever unfinished.
    async endUnfinishedUploads() {},
    async readWebsite() {
      return undefined
    },
    async deleteObjects(keys, { confirm } = {}) {
      for (let start = 0; start < keys.length; start += KEYS_PER_PAGE) {
        await confirm?.()
        for (const key of keys.slice(start, start + KEYS_PER_PAGE)) stored.delete(key)
      }
      return []
    },
  }
}

function compareBytes(a: Key, b: Key): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

function holds(condition: WriteCondition, etag: string | undefined): boolean {
  return 'ifMatch' in condition ? etag === condition.ifMatch : etag === undefined
}

function md5(body: Uint8Array): string {
  return createHash('md5').update(body).digest('hex')
}
