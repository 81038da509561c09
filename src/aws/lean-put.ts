// A file's bytes, put in one request by the short way.

import { createReadStream } from 'node:fs'
import type { ObjectMetadata, SiteFile } from '../model.ts'
import type { PutOptions } from '../ports.ts'
import type { LeanRequests } from './lean-requests.ts'
import { storageToHeaders } from './object-storage.ts'

/** @returns the object's ETag, or undefined when the object must be put another way; it may or may not be there then */
export type LeanPut = (
  file: SiteFile,
  body: Uint8Array | undefined,
  options: Pick<PutOptions, 'acl' | 'storage'>,
) => Promise<string | undefined>

export function leanPut(request: LeanRequests): LeanPut {
  return async (file, body, { acl, storage }) => {
    const answer = await request({
      method: 'PUT',
      key: file.key,
      headers: {
        'content-md5': Buffer.from(file.md5, 'hex').toString('base64'),
        ...(acl !== undefined && { 'x-amz-acl': acl }),
        ...storageToHeaders(storage),
        ...metadataToHeaders(file.metadata),
      },
      body: body ?? (() => createReadStream(file.filePath, { highWaterMark: 256 * 1024 })),
      bodyBytes: file.sizeBytes,
      // The scan has hashed the body already; S3 checks the bytes against it.
      sha256: file.sha256,
      counts: 'put',
    })
    return answer?.status === 200 ? (answer.headers['etag'] ?? file.etag) : undefined
  }
}

/** @see Amazon S3 API Reference, PutObject, "Request Syntax" */
function metadataToHeaders(metadata: ObjectMetadata): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': metadata.contentType }
  const set = (name: string, value: string | undefined): void => {
    if (value !== undefined) headers[name] = value
  }
  set('cache-control', metadata.cacheControl)
  set('content-disposition', metadata.contentDisposition)
  set('content-encoding', metadata.contentEncoding)
  set('content-language', metadata.contentLanguage)
  set('expires', metadata.expires)
  set('x-amz-website-redirect-location', metadata.websiteRedirectLocation)
  for (const [name, value] of Object.entries(metadata.user ?? {})) headers[`x-amz-meta-${name}`] = value
  return headers
}
