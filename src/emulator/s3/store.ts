// Everything the emulated S3 holds: buckets, objects and unfinished uploads in memory, written through to storage before
// an operation answers. Readers see a write whole or not at all, and from its answer on always (strong consistency).
// Facts: S3 user guide, "Amazon S3 data consistency model".

import { compareKeys, insertKey, removeKey } from './key-order.ts'
import type { BucketRecord, StoredObject, UploadRecord, UploadedPart } from './records.ts'
import type { S3Storage } from './storage.ts'

export interface Bucket {
  readonly record: BucketRecord
  readonly objects: ReadonlyMap<string, StoredObject>
  /** Every key, in listing order. */
  readonly keys: readonly string[]
  readonly uploads: ReadonlyMap<string, Upload>
  /** What uploads became, by upload id: a client whose answer was lost asks again. Not kept in storage. */
  readonly completed: ReadonlyMap<string, CompletedUpload>
}

export interface CompletedUpload {
  readonly key: string
  readonly object: StoredObject
}

export interface Upload {
  readonly record: UploadRecord
  readonly parts: ReadonlyMap<number, UploadedPart>
}

interface MutableBucket extends Bucket {
  record: BucketRecord
  readonly objects: Map<string, StoredObject>
  keys: string[]
  readonly uploads: Map<string, MutableUpload>
  readonly completed: Map<string, CompletedUpload>
}

interface MutableUpload extends Upload {
  readonly parts: Map<number, UploadedPart>
}

type StoredRecord =
  | { readonly kind: 'bucket'; readonly bucket: BucketRecord }
  | { readonly kind: 'object'; readonly bucket: string; readonly key: string; readonly object: StoredObject }
  | { readonly kind: 'upload'; readonly upload: UploadRecord }
  | { readonly kind: 'part'; readonly bucket: string; readonly uploadId: string; readonly part: UploadedPart }

export interface S3Store {
  readonly storage: S3Storage
  readonly buckets: ReadonlyMap<string, Bucket>
  saveBucket(record: BucketRecord): Promise<void>
  deleteBucket(name: string): Promise<void>
  /**
   * Changes one key, after every change of that key begun before and before every one begun after. `change` gets the
   * object as it is and returns what it becomes, `undefined` for gone; what it throws leaves the key as it was.
   */
  changeObject<T extends StoredObject | undefined>(
    bucket: Bucket,
    key: string,
    change: (current: StoredObject | undefined) => T,
  ): Promise<T>
  /** Reads one key; until `read` has ended its body stays. */
  readObject<T>(bucket: Bucket, key: string, read: (current: StoredObject | undefined) => Promise<T>): Promise<T>
  saveUpload(bucket: Bucket, record: UploadRecord): Promise<void>
  savePart(bucket: Bucket, uploadId: string, part: UploadedPart): Promise<void>
  /** Forgets an upload with its parts and their bodies; `object` is what became of it. */
  deleteUpload(bucket: Bucket, uploadId: string, object?: StoredObject): Promise<void>
  /** Runs what must not meet itself for one upload: completing and aborting. */
  changeUpload<T>(uploadId: string, change: () => Promise<T>): Promise<T>
}

/** Opens what the storage holds. */
export async function openStore(storage: S3Storage): Promise<S3Store> {
  const buckets = await loadBuckets(storage)
  const runInOrder = createSequencer()

  const own = (bucket: Bucket): MutableBucket => {
    const found = buckets.get(bucket.record.name)
    if (found !== bucket) throw new Error(`Bucket ${bucket.record.name} was deleted meanwhile.`)
    return found
  }

  return {
    storage,
    buckets,

    async saveBucket(record) {
      await storage.saveRecord(bucketName(record.name), { kind: 'bucket', bucket: record } satisfies StoredRecord)
      const known = buckets.get(record.name)
      if (known === undefined) buckets.set(record.name, createBucket(record))
      else known.record = record
    },

    async deleteBucket(name) {
      buckets.delete(name)
      await storage.deleteRecord(bucketName(name))
    },

    changeObject: (bucket, key, change) =>
      runInOrder(objectName(bucket.record.name, key), async () => {
        const { objects, keys } = own(bucket)
        const current = objects.get(key)
        const next = change(current)
        if (next === current) return next
        const name = objectName(bucket.record.name, key)
        if (next === undefined) {
          await storage.deleteRecord(name)
          objects.delete(key)
          removeKey(keys, key)
        } else {
          const record: StoredRecord = { kind: 'object', bucket: bucket.record.name, key, object: next }
          await storage.saveRecord(name, record)
          objects.set(key, next)
          if (current === undefined) insertKey(keys, key)
        }
        if (current !== undefined && current.bodyId !== next?.bodyId) await storage.deleteBody(current.bodyId)
        return next
      }),

    readObject: (bucket, key, read) =>
      runInOrder(objectName(bucket.record.name, key), () => read(bucket.objects.get(key))),

    async saveUpload(bucket, record) {
      await storage.saveRecord(uploadName(record.uploadId), { kind: 'upload', upload: record } satisfies StoredRecord)
      own(bucket).uploads.set(record.uploadId, { record, parts: new Map() })
    },

    async savePart(bucket, uploadId, part) {
      const record: StoredRecord = { kind: 'part', bucket: bucket.record.name, uploadId, part }
      await storage.saveRecord(partName(uploadId, part.partNumber), record)
      const upload = own(bucket).uploads.get(uploadId)
      const old = upload?.parts.get(part.partNumber)
      upload?.parts.set(part.partNumber, part)
      if (old !== undefined) await storage.deleteBody(old.bodyId)
    },

    changeUpload: (uploadId, change) => runInOrder(uploadName(uploadId), change),

    async deleteUpload(bucket, uploadId, object) {
      const { uploads, completed } = own(bucket)
      const upload = uploads.get(uploadId)
      uploads.delete(uploadId)
      if (upload !== undefined && object !== undefined) completed.set(uploadId, { key: upload.record.key, object })
      await storage.deleteRecord(uploadName(uploadId))
      for (const part of upload?.parts.values() ?? []) {
        await storage.deleteRecord(partName(uploadId, part.partNumber))
        await storage.deleteBody(part.bodyId)
      }
    },
  }
}

async function loadBuckets(storage: S3Storage): Promise<Map<string, MutableBucket>> {
  const buckets = new Map<string, MutableBucket>()
  const records = (await storage.loadRecords()).map(([, record]) => record as StoredRecord)
  const bodyIds = new Set<string>()
  for (const record of records) {
    if (record.kind !== 'bucket') continue
    buckets.set(record.bucket.name, createBucket(record.bucket))
  }
  for (const record of records) {
    if (record.kind === 'upload') {
      const { bucket, uploadId } = record.upload
      buckets.get(bucket)?.uploads.set(uploadId, { record: record.upload, parts: new Map() })
    }
  }
  for (const record of records) {
    if (record.kind === 'object') {
      buckets.get(record.bucket)?.objects.set(record.key, record.object)
      bodyIds.add(record.object.bodyId)
    }
    if (record.kind === 'part') {
      const upload = buckets.get(record.bucket)?.uploads.get(record.uploadId)
      upload?.parts.set(record.part.partNumber, record.part)
      if (upload !== undefined) bodyIds.add(record.part.bodyId)
    }
  }
  for (const bucket of buckets.values()) bucket.keys = [...bucket.objects.keys()].toSorted(compareKeys)
  await storage.keepOnlyBodies(bodyIds)
  return buckets
}

function createBucket(record: BucketRecord): MutableBucket {
  return { record, objects: new Map(), keys: [], uploads: new Map(), completed: new Map() }
}

/** Runs tasks of the same name one after the other, in the order of the calls; tasks of different names together. */
function createSequencer(): <T>(name: string, task: () => Promise<T>) => Promise<T> {
  const tails = new Map<string, Promise<unknown>>()
  return async (name, task) => {
    const before = tails.get(name) ?? Promise.resolve()
    const result = before.then(task)
    const tail = result.catch(() => undefined)
    tails.set(name, tail)
    try {
      return await result
    } finally {
      if (tails.get(name) === tail) tails.delete(name)
    }
  }
}

function bucketName(name: string): string {
  return `bucket/${name}`
}

function objectName(bucket: string, key: string): string {
  return `object/${bucket}/${key}`
}

function uploadName(uploadId: string): string {
  return `upload/${uploadId}`
}

function partName(uploadId: string, partNumber: number): string {
  return `part/${uploadId}/${partNumber}`
}
