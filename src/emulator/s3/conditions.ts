// Conditional requests: which preconditions of a read, a write, a copy source or a delete hold.
// Facts: RFC 9110 §13; S3 user guide, "How to prevent object overwrites with conditional writes" and "… conditional deletes".

import { S3Error } from './s3-error.ts'
import type { StoredObject } from './records.ts'

type Headers = Readonly<Record<string, string>>

/** Whether a read is answered with the object or with 304. Throws `PreconditionFailed`. `prefix`: `x-amz-copy-source-`. */
export function checkReadConditions(headers: Headers, object: StoredObject, prefix = ''): 'send' | 'not modified' {
  const ifMatch = headers[`${prefix}if-match`]
  const ifNoneMatch = headers[`${prefix}if-none-match`]
  const ifModifiedSinceMs = readHttpDate(headers[`${prefix}if-modified-since`])
  const ifUnmodifiedSinceMs = readHttpDate(headers[`${prefix}if-unmodified-since`])
  if (ifMatch !== undefined) {
    if (!matchesEtag(ifMatch, object.etag)) throw preconditionFailed('If-Match')
  } else if (ifUnmodifiedSinceMs !== undefined && object.lastModifiedMs > ifUnmodifiedSinceMs) {
    throw preconditionFailed('If-Unmodified-Since')
  }
  if (ifNoneMatch !== undefined) return matchesEtag(ifNoneMatch, object.etag) ? 'not modified' : 'send'
  return ifModifiedSinceMs !== undefined && object.lastModifiedMs <= ifModifiedSinceMs ? 'not modified' : 'send'
}

/** Throws unless a write may replace `current`. */
export function checkWriteConditions(headers: Headers, current: StoredObject | undefined, key: string): void {
  const ifNoneMatch = headers['if-none-match']
  const ifMatch = headers['if-match']
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch !== '*') throw new S3Error('NotImplemented', undefined, { Header: 'If-None-Match' })
    if (current !== undefined) throw preconditionFailed('If-None-Match')
  }
  if (ifMatch !== undefined) {
    if (current === undefined) throw new S3Error('NoSuchKey', undefined, { Key: key })
    if (!matchesEtag(ifMatch, current.etag)) throw preconditionFailed('If-Match')
  }
}

/** Throws unless a delete that expects `ifMatch` (an ETag or `*`) may remove `current`. */
export function checkDeleteCondition(ifMatch: string | undefined, current: StoredObject | undefined): void {
  if (ifMatch === undefined) return
  if (current === undefined || !matchesEtag(ifMatch, current.etag)) throw preconditionFailed('If-Match')
}

/** Whether `If-Range` lets the range through: the object is still the one the client holds a part of. */
export function holdsIfRange(headers: Headers, object: StoredObject): boolean {
  const ifRange = headers['if-range']
  if (ifRange === undefined) return true
  const sinceMs = readHttpDate(ifRange)
  return sinceMs === undefined ? matchesEtag(ifRange, object.etag) : object.lastModifiedMs === sinceMs
}

/** Clients send ETags with and without quotes, alone, in lists and as `*`; S3 takes all. */
function matchesEtag(header: string, etag: string): boolean {
  return header.split(',').some((one) => {
    const wanted = one.trim().replace(/^W\//, '')
    return wanted === '*' || wanted === etag || `"${wanted}"` === etag
  })
}

function readHttpDate(header: string | undefined): number | undefined {
  if (header === undefined || !/^\w{3,9},? /.test(header)) return undefined
  const ms = Date.parse(header)
  return Number.isNaN(ms) ? undefined : ms
}

function preconditionFailed(condition: string): S3Error {
  return new S3Error('PreconditionFailed', undefined, { Condition: condition })
}
