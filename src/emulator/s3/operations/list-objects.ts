// ListObjectsV2 and ListObjects: keys in UTF-8 byte order, folded at a delimiter, in pages.
// Facts: S3 API reference, "ListObjectsV2" and "ListObjects".

import type { XmlContent } from '../../xml.ts'
import { S3Error } from '../s3-error.ts'
import { compareKeys, lowerBound } from '../key-order.ts'
import type { StoredObject } from '../records.ts'
import type { BucketOperation, BucketRequest } from '../operation.ts'
import { isoTime, readCount, xmlResponse } from '../operation.ts'
import type { Bucket } from '../store.ts'
import { OWNER } from './buckets.ts'
import { mayList } from './objects.ts'

const MAX_KEYS = 1000

export const listObjectsV2: BucketOperation = async (request) => {
  const { query, bucket } = request
  requireListable(request)
  const encode = readEncoding(query)
  const prefix = query.get('prefix') ?? ''
  const delimiter = query.get('delimiter') ?? ''
  const maxKeys = readCount(query, 'max-keys', MAX_KEYS, MAX_KEYS)
  const token = query.get('continuation-token') ?? undefined
  const startAfter = query.get('start-after') ?? undefined
  const after = token === undefined ? (startAfter ?? '') : decodeToken(token)
  const page = listPage(bucket, { prefix, delimiter, maxKeys, after, skipGroup: token !== undefined })

  return xmlResponse('ListBucketResult', {
    Name: bucket.record.name,
    Prefix: encode(prefix),
    Delimiter: delimiter === '' ? undefined : encode(delimiter),
    StartAfter: startAfter === undefined ? undefined : encode(startAfter),
    ContinuationToken: token,
    NextContinuationToken: page.next === undefined ? undefined : encodeToken(page.next),
    KeyCount: page.keys.length + page.groups.length,
    MaxKeys: maxKeys,
    EncodingType: query.get('encoding-type') ?? undefined,
    IsTruncated: page.next !== undefined,
    Contents: page.keys.map((key) => describeObject(bucket, key, encode, query.get('fetch-owner') === 'true')),
    CommonPrefixes: page.groups.map((group) => ({ Prefix: encode(group) })),
  })
}

export const listObjects: BucketOperation = async (request) => {
  const { query, bucket } = request
  requireListable(request)
  const encode = readEncoding(query)
  const prefix = query.get('prefix') ?? ''
  const delimiter = query.get('delimiter') ?? ''
  const marker = query.get('marker') ?? ''
  const maxKeys = readCount(query, 'max-keys', MAX_KEYS, MAX_KEYS)
  const page = listPage(bucket, { prefix, delimiter, maxKeys, after: marker, skipGroup: true })

  return xmlResponse('ListBucketResult', {
    Name: bucket.record.name,
    Prefix: encode(prefix),
    Marker: encode(marker),
    NextMarker: page.next !== undefined && delimiter !== '' ? encode(page.next) : undefined,
    Delimiter: delimiter === '' ? undefined : encode(delimiter),
    MaxKeys: maxKeys,
    EncodingType: query.get('encoding-type') ?? undefined,
    IsTruncated: page.next !== undefined,
    Contents: page.keys.map((key) => describeObject(bucket, key, encode, true)),
    CommonPrefixes: page.groups.map((group) => ({ Prefix: encode(group) })),
  })
}

interface PageRequest {
  readonly prefix: string
  /** `''`: fold nothing. */
  readonly delimiter: string
  readonly maxKeys: number
  /** Only keys behind this one. */
  readonly after: string
  /** `after` may be a common prefix of the page before, which is then not listed again. */
  readonly skipGroup: boolean
}

interface Page {
  readonly keys: readonly string[]
  readonly groups: readonly string[]
  /** The last key or common prefix of this page, when there are more. */
  readonly next: string | undefined
}

function listPage(bucket: Bucket, { prefix, delimiter, maxKeys, after, skipGroup }: PageRequest): Page {
  const all = bucket.keys
  const keys: string[] = []
  const groups: string[] = []
  let last: string | undefined
  let at = lowerBound(all, (key) => compareKeys(key, prefix) < 0 || (after !== '' && compareKeys(key, after) <= 0))

  for (;;) {
    const key = all[at]
    if (key === undefined || !key.startsWith(prefix) || maxKeys === 0) return { keys, groups, next: undefined }
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
    const group = cut === -1 ? undefined : key.slice(0, cut + delimiter.length)
    const isListedBefore = group !== undefined && skipGroup && group === after
    if (!isListedBefore) {
      if (keys.length + groups.length === maxKeys) return { keys, groups, next: last }
      if (group === undefined) keys.push(key)
      else groups.push(group)
      last = group ?? key
    }
    // One step over the whole group, however many keys it folds.
    at =
      group === undefined
        ? at + 1
        : lowerBound(all, (other) => compareKeys(other, group) < 0 || other.startsWith(group))
  }
}

function describeObject(bucket: Bucket, key: string, encode: (text: string) => string, withOwner: boolean): XmlContent {
  const object: StoredObject | undefined = bucket.objects.get(key)
  if (object === undefined) throw new Error(`Key ${key} is listed but not stored.`)
  return {
    Key: encode(key),
    LastModified: isoTime(object.lastModifiedMs),
    ETag: object.etag,
    ChecksumAlgorithm: object.checksum.algorithm,
    ChecksumType: object.checksum.type,
    Size: object.sizeBytes,
    ...(withOwner ? { Owner: OWNER } : {}),
    StorageClass: object.metadata.storageClass,
  }
}

function requireListable(request: BucketRequest): void {
  if (!mayList(request)) throw new S3Error('AccessDenied')
}

/** `encoding-type=url` is form encoding with slashes kept: a space becomes `+`. */
function readEncoding(query: URLSearchParams): (text: string) => string {
  const encodingType = query.get('encoding-type')
  if (encodingType === null) return (text) => text
  if (encodingType !== 'url') {
    throw new S3Error('InvalidArgument', 'Invalid Encoding Method specified in Request', {
      ArgumentName: 'encoding-type',
      ArgumentValue: encodingType,
    })
  }
  return (text) => new URLSearchParams([['', text]]).toString().slice(1).replaceAll('%2F', '/')
}

function encodeToken(last: string): string {
  return Buffer.from(`1${last}`).toString('base64')
}

/** Throws `InvalidArgument` for a token that no page gave out. */
function decodeToken(token: string): string {
  const text = Buffer.from(token, 'base64').toString('utf8')
  if (!text.startsWith('1') || encodeToken(text.slice(1)) !== token) {
    throw new S3Error('InvalidArgument', 'The continuation token provided is incorrect', {
      ArgumentName: 'continuation-token',
      ArgumentValue: token,
    })
  }
  return text.slice(1)
}
