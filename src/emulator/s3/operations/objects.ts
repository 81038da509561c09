// PutObject, GetObject, HeadObject, GetObjectTagging, DeleteObject.

import type { HttpResponse } from '../../http-message.ts'
import { NO_BODY } from '../../http-message.ts'
import { checksumHeader } from '../checksums.ts'
import { checkDeleteCondition, checkReadConditions, checkWriteConditions, holdsIfRange } from '../conditions.ts'
import { S3Error } from '../s3-error.ts'
import type { StoredObject } from '../records.ts'
import { checkKey, metadataHeaders, readMetadata } from '../object-metadata.ts'
import type { BucketOperation, BucketRequest } from '../operation.ts'
import { commonHeaders, emptyResponse, wholeSeconds, xmlResponse } from '../operation.ts'
import { readRange } from '../range.ts'
import { isReadDenied } from '../read-denied.ts'
import { receiveBody } from '../receive-body.ts'
import type { ByteRange } from '../storage.ts'

const OVERRIDES: Readonly<Record<string, string>> = {
  'response-content-type': 'Content-Type',
  'response-content-language': 'Content-Language',
  'response-content-disposition': 'Content-Disposition',
  'response-content-encoding': 'Content-Encoding',
  'response-cache-control': 'Cache-Control',
  'response-expires': 'Expires',
}

export const putObject: BucketOperation = async (request) => {
  const { store, bucket, key, headers, clock } = request
  checkKey(key)
  const metadata = readMetadata(headers, bucket.record)
  // Asked twice: early so that a refused body need not be sent, and again when the key's turn has come.
  checkWriteConditions(headers, bucket.objects.get(key), key)
  const received = await receiveBody(store.storage, request)
  const object: StoredObject = {
    bodyId: received.bodyId,
    sizeBytes: received.sizeBytes,
    etag: `"${received.md5.toString('hex')}"`,
    lastModifiedMs: wholeSeconds(clock.nowMs()),
    metadata,
    checksum: received.checksum,
  }
  await commitObject(request, object)
  return emptyResponse(200, { ETag: object.etag, ...encryptionHeader(), ...checksumHeaders(object) })
}

/** Puts a stored body in the key's place, under the write conditions of the request; drops the body when they fail. */
export async function commitObject(request: BucketRequest, object: StoredObject): Promise<void> {
  const { store, bucket, key, headers } = request
  try {
    await store.changeObject(bucket, key, (current) => {
      checkWriteConditions(headers, current, key)
      return object
    })
  } catch (error) {
    await store.storage.deleteBody(object.bodyId)
    throw error
  }
}

export const getObject: BucketOperation = (request) => readObject(request, true)

export const headObject: BucketOperation = (request) => readObject(request, false)

async function readObject(request: BucketRequest, withBody: boolean): Promise<HttpResponse> {
  const { store, bucket, key, headers } = request
  checkKey(key)
  return store.readObject(bucket, key, async (current) => {
    const object = requireReadable(request, current)
    if (checkReadConditions(headers, object) === 'not modified') return notModified(object)

    const range = holdsIfRange(headers, object) ? readRange(headers['range'], object.sizeBytes) : undefined
    const sent = range ?? { start: 0, end: object.sizeBytes - 1 }
    const isEmpty = object.sizeBytes === 0 || !withBody
    return {
      status: range === undefined ? 200 : 206,
      headers: {
        ...objectHeaders(object),
        ...rangeHeaders(object, range),
        ...overrideHeaders(request),
        ...(headers['x-amz-checksum-mode']?.toUpperCase() === 'ENABLED' && range === undefined
          ? checksumHeaders(object)
          : {}),
      },
      body: isEmpty ? NO_BODY : await store.storage.openBody(object.bodyId, sent),
    }
  })
}

/** Who may read what. A caller that may not list is not told that a key is missing. */
function requireReadable(request: BucketRequest, current: StoredObject | undefined): StoredObject {
  if (!mayRead(request, current)) throw new S3Error('AccessDenied')
  if (current !== undefined) return current
  throw mayList(request) ? new S3Error('NoSuchKey', undefined, { Key: request.key }) : new S3Error('AccessDenied')
}

/** Whether the caller may read the object; `undefined`: a key that the bucket has not got. */
export function mayRead({ principal, bucket, key }: BucketRequest, object: StoredObject | undefined): boolean {
  if (isReadDenied(bucket.record.policy, { principal, bucket: bucket.record.name, key })) return false
  return principal !== 'anonymous' || bucket.record.publicRead || object?.metadata.publicRead === true
}

/** Whether the caller may list the bucket. */
export function mayList({ principal, bucket }: BucketRequest): boolean {
  const { publicRead, listableByCloudFront } = bucket.record
  return principal === 'owner' || (listableByCloudFront && (principal === 'cloudfront' || publicRead))
}

function objectHeaders(object: StoredObject): Record<string, string> {
  return {
    ...commonHeaders(),
    'Last-Modified': new Date(object.lastModifiedMs).toUTCString(),
    ETag: object.etag,
    ...encryptionHeader(),
    ...metadataHeaders(object.metadata),
    'Accept-Ranges': 'bytes',
  }
}

function rangeHeaders(object: StoredObject, range: ByteRange | undefined): Record<string, string> {
  if (range === undefined) return { 'Content-Length': String(object.sizeBytes) }
  return {
    'Content-Length': String(range.end - range.start + 1),
    'Content-Range': `bytes ${range.start}-${range.end}/${object.sizeBytes}`,
  }
}

function notModified(object: StoredObject): HttpResponse {
  const all = objectHeaders(object)
  const kept = ['Last-Modified', 'ETag', 'Cache-Control', 'Expires'].filter((name) => all[name] !== undefined)
  return emptyResponse(304, Object.fromEntries(kept.map((name) => [name, all[name] ?? ''])))
}

function overrideHeaders({ query, principal }: BucketRequest): Record<string, string> {
  const asked = Object.entries(OVERRIDES).filter(([name]) => query.has(name))
  if (asked.length > 0 && principal === 'anonymous') {
    throw new S3Error('InvalidRequest', 'Request specific response headers cannot be used for anonymous GET requests.')
  }
  return Object.fromEntries(asked.map(([name, header]) => [header, query.get(name) ?? '']))
}

export function checksumHeaders({ checksum }: Pick<StoredObject, 'checksum'>): Record<string, string> {
  return { [checksumHeader(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type }
}

/** Every object is encrypted with S3's own keys since January 2023. */
export function encryptionHeader(): Record<string, string> {
  return { 'x-amz-server-side-encryption': 'AES256' }
}

/** No object here has tags; `aws s3 cp` asks before it copies in parts. */
export const getObjectTagging: BucketOperation = async ({ bucket, key }) => {
  if (!bucket.objects.has(key)) throw new S3Error('NoSuchKey', undefined, { Key: key })
  return xmlResponse('Tagging', { TagSet: '' })
}

export const deleteObject: BucketOperation = async ({ store, bucket, key, headers }) => {
  checkKey(key)
  await store.changeObject(bucket, key, (current) => {
    checkDeleteCondition(headers['if-match'], current)
    return undefined
  })
  return emptyResponse(204)
}
