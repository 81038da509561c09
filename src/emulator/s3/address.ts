// Which bucket and key a raw request target means, path style (`/bucket/key`) or virtual-host style (`bucket.s3.…/key`).
// Works on the raw path: `new URL()` would fold `..` and lose keys.
// Facts: S3 user guide, "Virtual hosting of general purpose buckets".

import type { HttpRequest } from '../http-message.ts'
import { splitOnce } from '../sigv4-canonical.ts'
import { S3Error } from './s3-error.ts'

export interface Address {
  /** `''`: the service itself. */
  readonly bucket: string
  /** `''`: the bucket itself. */
  readonly key: string
  readonly query: URLSearchParams
}

const VIRTUAL_HOST = /^(.+?)\.(?:s3[.-].+|localhost)$/

/** Throws `InvalidURI` when the path is not percent-encoded UTF-8. */
export function readAddress(request: HttpRequest): Address {
  const [path, queryText] = splitOnce(request.target, '?')
  const host = (request.headers['host'] ?? '').replace(/:\d+$/, '').toLowerCase()
  const fromHost = host.startsWith('s3.') || host.startsWith('s3-') ? undefined : VIRTUAL_HOST.exec(host)?.[1]
  const [bucket, rawKey] = fromHost === undefined ? splitOnce(path.slice(1), '/') : [fromHost, path.slice(1)]
  return { bucket: decodePath(bucket), key: decodePath(rawKey), query: new URLSearchParams(queryText) }
}

/** Decodes percent-escapes and nothing else: in a signed request `+` is a plus. Throws `InvalidURI`. */
export function decodePath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    throw new S3Error('InvalidURI')
  }
}
