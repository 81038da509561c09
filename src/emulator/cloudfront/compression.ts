// What CloudFront compresses by itself, and what becomes of the response.
// Facts: CloudFront Developer Guide, "Serve compressed files".

import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { AcceptEncoding } from './cache-key.ts'
import type { StoredResponse } from './cache-store.ts'

const MIN_SIZE_BYTES = 1_000
const MAX_SIZE_BYTES = 10_000_000
const STATUSES = new Set([200, 403, 404])

const APPLICATION =
  'dash+xml eot font font-sfnt javascript json opentype otf pdf pkcs7-mime protobuf rss+xml truetype ttf vnd.apple.mpegurl ' +
  'vnd.mapbox-vector-tile vnd.ms-fontobject wasm xhtml+xml xml x-font-opentype x-font-truetype x-font-ttf x-httpd-cgi ' +
  'x-javascript x-mpegurl x-opentype x-otf x-perl x-ttf'
const TEXT = 'css csv html javascript js plain richtext tab-separated-values xml x-component x-java-source x-script'

const COMPRESSIBLE_TYPES = new Set([
  ...APPLICATION.split(' ').map((subtype) => `application/${subtype}`),
  ...['eot', 'opentype', 'otf', 'ttf'].map((subtype) => `font/${subtype}`),
  'image/svg+xml',
  ...TEXT.split(' ').map((subtype) => `text/${subtype}`),
  'vnd.apple.mpegurl',
])

function isCompressible(response: Pick<StoredResponse, 'status' | 'headers' | 'sizeBytes'>): boolean {
  const type = (response.headers['content-type'] ?? '').split(';')[0] ?? ''
  const sizeBytes = response.sizeBytes ?? 0
  return (
    STATUSES.has(response.status) &&
    response.headers['content-encoding'] === undefined &&
    COMPRESSIBLE_TYPES.has(type.trim().toLowerCase()) &&
    sizeBytes >= MIN_SIZE_BYTES &&
    sizeBytes <= MAX_SIZE_BYTES
  )
}

/** The response in the best encoding of the cache key, brotli before gzip; as it is when it may not be compressed. */
export async function compressResponse(response: StoredResponse, accepted: AcceptEncoding): Promise<StoredResponse> {
  if (accepted === '' || !isCompressible(response)) return response
  const encoding = accepted === 'gzip' ? 'gzip' : 'br'
  const body = encoding === 'br' ? await compressWithBrotli(response.body) : await promisify(gzip)(response.body)
  const { etag, ...headers } = response.headers
  const weakEtag = etag === undefined ? undefined : weakenEtag(etag)
  return {
    ...response,
    body,
    sizeBytes: body.length,
    headers: {
      ...headers,
      'content-encoding': encoding,
      vary: headers['vary'] === undefined ? 'Accept-Encoding' : `${headers['vary']}, Accept-Encoding`,
      ...(weakEtag === undefined ? {} : { etag: weakEtag }),
    },
  }
}

/** The best quality would take seconds for a large file; 5 is what servers use on the way. */
function compressWithBrotli(body: Buffer): Promise<Buffer> {
  return promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })
}

/** `"x"` becomes `W/"x"`; one without quotes is dropped. */
function weakenEtag(etag: string): string | undefined {
  if (/^W\/".*"$/.test(etag)) return etag
  return /^".*"$/.test(etag) ? `W/${etag}` : undefined
}
