// A file's bytes, put in one request by the short way.

import { createReadStream } from 'node:fs'
import type { SiteFile } from '../model.ts'
import type { PutOptions } from '../ports.ts'
import type { LeanRequests } from './lean-requests.ts'
import { metadataToHeaders } from './object-headers.ts'
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
