// The Bucket port by the short way, and through the SDK for whatever that does not know: what is large, rare, or has failed. The SDK is not
// even loaded before it is needed.

import { preconditionFailed } from '../errors.ts'
import { isMultipartSize } from '../http/etag.ts'
import { compareKeys } from '../key-order.ts'
import type { Key } from '../model.ts'
import type { Bucket } from '../ports.ts'
import type { LeanObjects } from './lean-objects.ts'
import { readWhole } from './read-whole.ts'

/** @see Amazon S3 API Reference, DeleteObjects */
const MAX_KEYS_PER_DELETE = 1000
/** Characters that XML 1.0 cannot carry. */
const NOT_IN_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/u
/** A larger file is streamed from disk while it is sent, so that many under way at once take little memory. */
const STREAMED_BYTES = 1024 * 1024

export interface LeanBucketOptions {
  readonly name: string
  /** See Bucket. */
  readonly store: string
  readonly lean: LeanObjects
  /** The same bucket through the SDK. */
  readonly sdk: () => Promise<Bucket>
}

export function leanBucket({ name, store, lean, sdk }: LeanBucketOptions): Bucket {
  /** Whether the store takes an ETag in If-Match with its quotes: see conditional-requests.ts. */
  let quotes = true

  return {
    name,
    store,

    async *listObjects(prefix, { after, until } = {}) {
      let token: string | undefined
      let last: Key | undefined = after
      do {
        const page = await lean.listPage(prefix, { after, token })
        if (page === undefined) {
          yield* (await sdk()).listObjects(prefix, {
            ...(last !== undefined && { after: last }),
            ...(until !== undefined && { until }),
          })
          return
        }
        const { objects, nextToken } = page
        yield until === undefined ? objects : objects.filter(({ key }) => compareKeys(key, until) <= 0)
        last = objects.at(-1)?.key ?? last
        // A page that ends with the last key of the range is full, and says that there are more: they are not of the range.
        const isPast = until !== undefined && last !== undefined && compareKeys(last, until) >= 0
        token = isPast ? undefined : nextToken
      } while (token !== undefined)
    },

    async headObject(key) {
      const answer = await lean.head(key)
      return answer === undefined ? (await sdk()).headObject(key) : answer === 'missing' ? undefined : answer
    },

    async getDocument(key) {
      const answer = await lean.get(key)
      if (answer === undefined || answer === 'not modified') return (await sdk()).getDocument(key)
      return answer === 'missing' ? undefined : answer
    },

    async getDocumentUnless(key, etag) {
      const answer = await lean.get(key, etag)
      return answer === undefined
        ? (await sdk()).getDocumentUnless(key, etag)
        : answer === 'missing'
          ? undefined
          : answer
    },

    // A write that was sent without an answer may have been carried out, so that its condition does not hold for the second one: as with a
    // request that the SDK sends again. The caller looks who was faster.
    async putDocument(key, body, contentType, condition) {
      const metadata = { contentType, cacheControl: 'no-store' }
      const etag =
        condition !== undefined && 'ifMatch' in condition
          ? await onMatch(key, condition.ifMatch, (ifMatch) => lean.put(key, body, metadata, { ifMatch }))
          : await lean.put(key, body, metadata, condition)
      if (etag === 'refused') throw preconditionFailed(key)
      return etag ?? (await sdk()).putDocument(key, body, contentType, condition)
    },

    async deleteDocument(key, { ifMatch }) {
      const deleted = await onMatch(key, ifMatch, (etag) => lean.delete(key, etag))
      if (deleted === 'refused') throw preconditionFailed(key)
      if (deleted === undefined) await (await sdk()).deleteDocument(key, { ifMatch })
    },

    async putFile(file, options) {
      if (isMultipartSize(file.sizeBytes)) return (await sdk()).putFile(file, options)
      const body = file.sizeBytes > STREAMED_BYTES ? undefined : await readWhole(file)
      const etag = await lean.putFile(file, body, options)
      if (etag !== undefined) return etag
      await options.confirm?.()
      return (await sdk()).putFile(file, options)
    },

    async copyObject(file, source, options) {
      const etag = await lean.copy(name, file, source, options)
      if (etag !== undefined) return etag
      await options.confirm?.()
      return (await sdk()).copyObject(file, source, options)
    },

    async deleteObjects(keys, options = {}) {
      const rest: Key[] = keys.filter((key) => NOT_IN_XML.test(key))
      const bulk = keys.filter((key) => !NOT_IN_XML.test(key))
      for (let start = 0; start < bulk.length; start += MAX_KEYS_PER_DELETE) {
        const some = bulk.slice(start, start + MAX_KEYS_PER_DELETE)
        const [only] = some
        await options.confirm?.()
        const deleted = some.length === 1 && only !== undefined ? await lean.delete(only) : await lean.deleteMany(some)
        if (deleted !== true) rest.push(...some)
      }
      return rest.length === 0 ? [] : (await sdk()).deleteObjects(rest, options)
    },

    endUnfinishedUploads: async (prefix, isAbandoned) => (await sdk()).endUnfinishedUploads(prefix, isAbandoned),
    readWebsite: async () => (await sdk()).readWebsite(),
  }

  /** Spells the ETag as the store wants it, which is found out at the first refusal of one that the object has. */
  async function onMatch<T>(
    key: Key,
    etag: string,
    send: (etag: string) => Promise<T | 'refused' | undefined>,
  ): Promise<T | 'refused' | undefined> {
    const bare = etag.replaceAll('"', '')
    const answer = await send(quotes ? etag : bare)
    if (answer !== 'refused' || !quotes) return answer
    const head = await lean.head(key)
    if (head === undefined) return undefined
    if (head === 'missing' || head.etag !== etag) return answer
    const again = await send(bare)
    if (again !== 'refused' && again !== undefined) quotes = false
    return again
  }
}
