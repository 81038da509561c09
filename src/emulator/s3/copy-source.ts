// What `x-amz-copy-source` of CopyObject and UploadPartCopy names, and its bytes under the copy's own conditions.
// Facts: S3 API reference, "CopyObject" and "UploadPartCopy".

import { NO_BODY } from '../http-message.ts'
import { decodePath } from './address.ts'
import { checkReadConditions } from './conditions.ts'
import type { BucketRequest } from './operation.ts'
import type { StoredObject } from './records.ts'
import { S3Error } from './s3-error.ts'
import type { ByteRange } from './storage.ts'
import type { Bucket } from './store.ts'

export interface CopySource {
  readonly bucket: Bucket
  readonly key: string
}

export interface CopyOriginal {
  readonly original: StoredObject
  readonly body: AsyncIterable<Uint8Array>
}

/** Throws when the header is malformed, or there is no such bucket. */
export function findCopySource({ headers, store }: BucketRequest): CopySource {
  const header = headers['x-amz-copy-source'] ?? ''
  const found = /^\/?([^/]+)\/(.+)$/.exec(header)
  if (found === null) {
    throw new S3Error('InvalidArgument', 'Copy Source must mention the source bucket and key: sourcebucket/sourcekey', {
      ArgumentName: 'x-amz-copy-source',
      ArgumentValue: header,
    })
  }
  if (/\?versionId=/.test(header)) throw new S3Error('NotImplemented', 'The emulator keeps no versions.')
  const bucketName = decodePath(found[1] ?? '')
  const bucket = store.buckets.get(bucketName)
  if (bucket === undefined) throw new S3Error('NoSuchBucket', undefined, { BucketName: bucketName })
  return { bucket, key: decodePath(found[2] ?? '') }
}

/** Opens the source, whole or what `pickRange` asks for. Throws `NoSuchKey` or `PreconditionFailed`. */
export async function openCopySource(
  { store, headers }: BucketRequest,
  source: CopySource,
  pickRange: (sizeBytes: number) => ByteRange | undefined = () => undefined,
): Promise<CopyOriginal> {
  return store.readObject(source.bucket, source.key, async (current) => {
    if (current === undefined) throw new S3Error('NoSuchKey', undefined, { Key: source.key })
    if (checkReadConditions(headers, current, 'x-amz-copy-source-') === 'not modified') {
      throw new S3Error('PreconditionFailed', undefined, { Condition: 'x-amz-copy-source-If-None-Match' })
    }
    const { sizeBytes, bodyId } = current
    const range = pickRange(sizeBytes) ?? { start: 0, end: sizeBytes - 1 }
    const body = sizeBytes === 0 ? NO_BODY : await store.storage.openBody(bodyId, range)
    return { original: current, body: streamBody(body) }
  })
}

async function* streamBody(body: Uint8Array | AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (body instanceof Uint8Array) yield body
  else yield* body
}
