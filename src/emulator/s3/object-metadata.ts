// What a PUT, a copy or a multipart upload says about an object besides its bytes, and how GET and HEAD say it again.
// Facts: S3 user guide, "Working with object metadata"; S3 API reference, "PutObject".

import { S3Error } from './s3-error.ts'
import type { BucketRecord, ObjectMetadata } from './records.ts'

/** System metadata with the spelling of its response header. */
const SYSTEM_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'Content-Type',
  'cache-control': 'Cache-Control',
  'content-encoding': 'Content-Encoding',
  'content-language': 'Content-Language',
  'content-disposition': 'Content-Disposition',
  expires: 'Expires',
  'x-amz-website-redirect-location': 'x-amz-website-redirect-location',
}

const STORAGE_CLASSES = [
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER',
  'DEEP_ARCHIVE',
  'GLACIER_IR',
]

/** Bytes of all names and values of user metadata, without `x-amz-meta-`. */
const MAX_USER_METADATA_BYTES = 2048
const MAX_KEY_BYTES = 1024

/** Headers that ask for what the emulator has not got: refused, never ignored. */
const UNSUPPORTED_HEADERS =
  /^x-amz-(tagging$|object-lock-|server-side-encryption-|copy-source-server-side-encryption-|request-payer$|write-offset-bytes$)/

/** Reads and checks the metadata headers of a write. Throws what S3 would refuse. */
export function readMetadata(headers: Readonly<Record<string, string>>, bucket: BucketRecord): ObjectMetadata {
  checkWriteHeaders(headers)
  const system: Record<string, string> = { 'content-type': 'binary/octet-stream' }
  for (const name of Object.keys(SYSTEM_HEADERS)) {
    const value = name === 'content-encoding' ? withoutAwsChunked(headers[name]) : headers[name]
    if (value !== undefined && value !== '') system[name] = value
  }
  const location = system['x-amz-website-redirect-location']
  if (location !== undefined && !/^(\/|https?:\/\/)/.test(location)) throw new S3Error('InvalidRedirectLocation')

  return {
    headers: system,
    user: readUserMetadata(headers),
    storageClass: readStorageClass(headers),
    publicRead: readAcl(headers, bucket),
  }
}

/** Throws `KeyTooLongError`. */
export function checkKey(key: string): void {
  const sizeBytes = Buffer.byteLength(key)
  if (sizeBytes > MAX_KEY_BYTES) {
    throw new S3Error('KeyTooLongError', undefined, { Size: String(sizeBytes), MaxSizeAllowed: String(MAX_KEY_BYTES) })
  }
}

/** The storage class a write names, `STANDARD` when it names none. */
function readStorageClass(headers: Readonly<Record<string, string>>): string {
  const storageClass = headers['x-amz-storage-class'] ?? 'STANDARD'
  if (!STORAGE_CLASSES.includes(storageClass)) throw new S3Error('InvalidStorageClass')
  return storageClass
}

/** The stored metadata as response headers. */
export function metadataHeaders(metadata: ObjectMetadata): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(metadata.headers)) headers[SYSTEM_HEADERS[name] ?? name] = value
  for (const [name, value] of Object.entries(metadata.user)) headers[`x-amz-meta-${name}`] = encodeMetadataValue(value)
  if (metadata.storageClass !== 'STANDARD') headers['x-amz-storage-class'] = metadata.storageClass
  return headers
}

function checkWriteHeaders(headers: Readonly<Record<string, string>>): void {
  const unsupported = Object.keys(headers).find((name) => UNSUPPORTED_HEADERS.test(name))
  if (unsupported !== undefined) throw new S3Error('NotImplemented', undefined, { Header: unsupported })
  const encryption = headers['x-amz-server-side-encryption']
  if (encryption !== undefined && encryption !== 'AES256') {
    throw new S3Error('NotImplemented', undefined, { Header: 'x-amz-server-side-encryption' })
  }
}

function readUserMetadata(headers: Readonly<Record<string, string>>): Record<string, string> {
  const user: Record<string, string> = {}
  let sizeBytes = 0
  for (const [header, value] of Object.entries(headers)) {
    if (!header.startsWith('x-amz-meta-')) continue
    const name = header.slice('x-amz-meta-'.length)
    user[name] = value
    sizeBytes += Buffer.byteLength(name) + Buffer.byteLength(value)
  }
  if (sizeBytes > MAX_USER_METADATA_BYTES) {
    throw new S3Error('MetadataTooLarge', undefined, {
      Size: String(sizeBytes),
      MaxSizeAllowed: String(MAX_USER_METADATA_BYTES),
    })
  }
  return user
}

/** Whether the canned ACL opens the object to anyone. Throws where the bucket's owner has turned ACLs off. */
function readAcl(headers: Readonly<Record<string, string>>, bucket: BucketRecord): boolean {
  const acl = headers['x-amz-acl']
  const hasGrants = Object.keys(headers).some((name) => name.startsWith('x-amz-grant-'))
  if (bucket.objectOwnership === 'BucketOwnerEnforced') {
    if (hasGrants || (acl !== undefined && acl !== 'bucket-owner-full-control')) {
      throw new S3Error('AccessControlListNotSupported')
    }
    return false
  }
  return acl === 'public-read' || acl === 'public-read-write'
}

/** `aws-chunked` describes the transfer, not the object. */
function withoutAwsChunked(contentEncoding: string | undefined): string | undefined {
  return contentEncoding
    ?.split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== 'aws-chunked')
    .join(',')
}

/** Metadata that is not ASCII comes back as RFC 2047 writes it. */
function encodeMetadataValue(value: string): string {
  return /^[\t\x20-\x7e]*$/.test(value) ? value : `=?UTF-8?B?${Buffer.from(value).toString('base64')}?=`
}
