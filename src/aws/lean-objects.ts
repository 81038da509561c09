// What a deploy asks S3 for again and again, by the short way. Each of these gives undefined where the answer is not one of those that it
// knows: then the caller asks through the SDK.

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { CopySource, Key, LiveObject, ObjectMetadata, ObjectStorage, SiteFile } from '../model.ts'
import type { PutOptions, StoredDocument, WriteCondition } from '../ports.ts'
import type { LeanRequests } from './lean-requests.ts'
import { parseListing, type ListingPage } from './listing-xml.ts'
import { headersToMetadata, metadataToHeaders } from './object-headers.ts'
import { storageToHeaders } from './object-storage.ts'
import { encodeKey } from './request-path.ts'

export interface LeanObjects {
  listPage(
    prefix: string,
    from: { readonly after?: Key | undefined; readonly token?: string | undefined },
  ): Promise<ListingPage | undefined>
  head(key: Key): Promise<LiveObject | 'missing' | undefined>
  /** @param unlessEtag given: `not modified` when the object still is the one with that ETag */
  get(key: Key, unlessEtag?: string): Promise<StoredDocument | 'missing' | 'not modified' | undefined>
  /** @param body undefined: it is streamed from disk. @returns the object's ETag */
  putFile(
    file: SiteFile,
    body: Uint8Array | undefined,
    options: Pick<PutOptions, 'acl' | 'storage'>,
  ): Promise<string | undefined>
  /** Of a small object, under a condition or none. @returns its ETag, or `refused` when the condition does not hold */
  put(key: Key, body: Uint8Array, metadata: ObjectMetadata, condition?: WriteCondition): Promise<string | undefined>
  /** @returns the ETag of the copy */
  copy(bucket: string, file: SiteFile, source: CopySource, options: PutOptions): Promise<string | undefined>
  /** @returns true once there is no such object, or `refused` when it is another one than expected */
  delete(key: Key, ifMatch?: string): Promise<true | 'refused' | undefined>
  /** Up to 1,000. @returns true when none of them is left */
  deleteMany(keys: readonly Key[]): Promise<true | undefined>
}

export function leanObjects(request: LeanRequests): LeanObjects {
  return {
    async listPage(prefix, { after, token }) {
      const answer = await request({
        method: 'GET',
        query: {
          'list-type': '2',
          'encoding-type': 'url',
          prefix,
          ...(token !== undefined ? { 'continuation-token': token } : after !== undefined && { 'start-after': after }),
        },
        counts: 'list',
      })
      return answer?.status === 200 ? parseListing(answer.body) : undefined
    },

    async head(key) {
      const answer = await request({ method: 'HEAD', key, counts: 'head' })
      if (answer?.status === 404) return 'missing'
      const { etag, 'content-length': size, 'last-modified': modified = '' } = answer?.headers ?? {}
      if (answer?.status !== 200 || etag === undefined) return undefined
      const metadata = headersToMetadata(answer.headers)
      return { key, etag, sizeBytes: Number(size), lastModifiedMs: Date.parse(modified), metadata }
    },

    async get(key, unlessEtag) {
      const headers = unlessEtag === undefined ? {} : { 'if-none-match': unlessEtag }
      const answer = await request({ method: 'GET', key, headers, counts: 'get' })
      if (answer?.status === 304 && unlessEtag !== undefined) return 'not modified'
      if (answer?.status === 404 && errorCode(answer.body) === 'NoSuchKey') return 'missing'
      const etag = answer?.headers['etag']
      return answer?.status === 200 && etag !== undefined ? { etag, body: answer.body } : undefined
    },

    async put(key, body, metadata, condition) {
      const answer = await request({
        method: 'PUT',
        key,
        headers: { ...digestHeaders(body), ...metadataToHeaders(metadata), ...conditionHeaders(condition) },
        body,
        sha256: createHash('sha256').update(body).digest('hex'),
        counts: 'put',
      })
      if (answer?.status === 412) return 'refused'
      return answer?.status === 200 ? answer.headers['etag'] : undefined
    },

    async putFile(file, body, { acl, storage }) {
      const answer = await request({
        method: 'PUT',
        key: file.key,
        headers: {
          'content-md5': Buffer.from(file.md5, 'hex').toString('base64'),
          ...(acl !== undefined && { 'x-amz-acl': acl }),
          ...storageToHeaders(storage),
          ...metadataToHeaders(file.metadata),
        },
        body: body ?? (() => createReadStream(file.filePath, { highWaterMark: PIECE_BYTES })),
        bodyBytes: file.sizeBytes,
        // The scan has hashed the body already; S3 checks the bytes against it.
        sha256: file.sha256,
        counts: 'put',
      })
      return answer?.status === 200 ? (answer.headers['etag'] ?? file.etag) : undefined
    },

    async copy(bucket, file, source, { acl, storage }) {
      const answer = await request({
        method: 'PUT',
        key: file.key,
        headers: {
          'x-amz-copy-source': `${bucket}/${encodeKey(source.key)}`,
          'x-amz-copy-source-if-match': source.etag,
          'x-amz-metadata-directive': 'REPLACE',
          ...copiedTags(storage, source.key !== file.key),
          ...(acl !== undefined && { 'x-amz-acl': acl }),
          // A copy is stored anew: by default in STANDARD, and encrypted as the bucket does.
          ...storageToHeaders(storage),
          ...metadataToHeaders(file.metadata),
        },
        counts: 'copy',
        takesLong: true,
      })
      // A copy that fails late does so in the body of a 200. @see Amazon S3 API Reference, CopyObject
      const [, etag] = answer?.status === 200 ? (COPIED_ETAG.exec(answer.body.toString()) ?? []) : []
      return etag === undefined ? undefined : `"${etag}"`
    },

    async delete(key, ifMatch) {
      const headers = ifMatch === undefined ? {} : { 'if-match': ifMatch }
      const answer = await request({ method: 'DELETE', key, headers, counts: 'delete' })
      if (answer?.status === 412) return 'refused'
      return answer?.status === 204 ? true : undefined
    },

    async deleteMany(keys) {
      const objects = keys.map((key) => `<Object><Key>${escapeXml(key)}</Key></Object>`).join('')
      const body = Buffer.from(
        `<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Quiet>true</Quiet>${objects}</Delete>`,
      )
      const answer = await request({
        method: 'POST',
        query: { delete: '' },
        headers: { ...digestHeaders(body), 'content-type': 'application/xml' },
        body,
        sha256: createHash('sha256').update(body).digest('hex'),
        counts: 'delete',
        takesLong: true,
      })
      const isDone = answer?.status === 200 && answer.body.includes('DeleteResult') && !answer.body.includes('<Error')
      return isDone ? true : undefined
    },
  }
}

/** Ceph writes it without quotes. */
const COPIED_ETAG = /<ETag>(?:&quot;|&#34;|")?([^<&"]+)/u

/** Of a file that is streamed. */
const PIECE_BYTES = 256 * 1024

function conditionHeaders(condition: WriteCondition | undefined): Record<string, string> {
  if (condition === undefined) return {}
  return 'ifMatch' in condition ? { 'if-match': condition.ifMatch } : { 'if-none-match': '*' }
}

/** An object's own tags stay where the settings name none; those of another never come along. */
function copiedTags(storage: ObjectStorage | undefined, isOther: boolean): Record<string, string> {
  return storage?.tags !== undefined || isOther ? { 'x-amz-tagging-directive': 'REPLACE' } : {}
}

function digestHeaders(body: Uint8Array): Record<string, string> {
  return { 'content-md5': createHash('md5').update(body).digest('base64') }
}

function errorCode(body: Buffer): string | undefined {
  return /<Code>([^<]+)<\/Code>/u.exec(body.toString())?.[1]
}

/** A carriage return written as itself would be read as a line feed. @see XML 1.0, 2.11 */
function escapeXml(text: string): string {
  return text.replace(/[&<>\r\n\t]/gu, (character) => `&#${character.charCodeAt(0)};`)
}
