// CopyObject, also onto itself: the only way to change an object's metadata.
// Facts: S3 API reference, "CopyObject".

import { NO_BODY } from '../../http-message.ts'
import { decodePath } from '../address.ts'
import { checksumElement, parseAlgorithm } from '../checksums.ts'
import { checkReadConditions } from '../conditions.ts'
import { S3Error } from '../s3-error.ts'
import type { ObjectMetadata, StoredObject } from '../records.ts'
import { checkKey, readMetadata } from '../object-metadata.ts'
import type { BucketOperation, BucketRequest } from '../operation.ts'
import { isoTime, wholeSeconds, xmlResponse } from '../operation.ts'
import type { ReceivedBody } from '../receive-body.ts'
import { storeBody } from '../receive-body.ts'
import type { Bucket } from '../store.ts'
import { commitObject, encryptionHeader } from './objects.ts'

export const copyObject: BucketOperation = async (request) => {
  const { bucket, key, headers, clock } = request
  checkKey(key)
  const source = findSource(request)
  const directive = headers['x-amz-metadata-directive'] ?? 'COPY'
  if (directive !== 'COPY' && directive !== 'REPLACE') {
    throw new S3Error('InvalidArgument', 'Unknown metadata directive.', {
      ArgumentName: 'x-amz-metadata-directive',
      ArgumentValue: directive,
    })
  }
  const written = readMetadata(headers, bucket.record)
  const { original, received } = await copyBody(request, source)

  const isSelf = source.bucket === bucket && source.key === key
  if (isSelf && directive === 'COPY' && !changesSomething(headers, original, written)) {
    await request.store.storage.deleteBody(received.bodyId)
    throw new S3Error(
      'InvalidRequest',
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    )
  }
  const object: StoredObject = {
    bodyId: received.bodyId,
    sizeBytes: received.sizeBytes,
    etag: `"${received.md5.toString('hex')}"`,
    lastModifiedMs: wholeSeconds(clock.nowMs()),
    metadata: directive === 'REPLACE' ? written : keepMetadata(original.metadata, written),
    checksum: received.checksum,
  }
  await commitObject(request, object)
  return xmlResponse(
    'CopyObjectResult',
    {
      LastModified: isoTime(object.lastModifiedMs),
      ETag: object.etag,
      [checksumElement(object.checksum.algorithm)]: object.checksum.value,
      ChecksumType: object.checksum.type,
    },
    encryptionHeader(),
  )
}

interface CopySource {
  readonly bucket: Bucket
  readonly key: string
}

function findSource({ headers, store }: BucketRequest): CopySource {
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

/** A copy has one body of its own: a multipart source becomes a plain object, with an ETag to match. */
async function copyBody(
  { store, headers }: BucketRequest,
  source: CopySource,
): Promise<{ original: StoredObject; received: ReceivedBody }> {
  const { original, body } = await store.readObject(source.bucket, source.key, async (current) => {
    if (current === undefined) throw new S3Error('NoSuchKey', undefined, { Key: source.key })
    if (checkReadConditions(headers, current, 'x-amz-copy-source-') === 'not modified') {
      throw new S3Error('PreconditionFailed', undefined, { Condition: 'x-amz-copy-source-If-None-Match' })
    }
    const range = { start: 0, end: current.sizeBytes - 1 }
    return {
      original: current,
      body: current.sizeBytes === 0 ? NO_BODY : await store.storage.openBody(current.bodyId, range),
    }
  })
  const algorithm = parseAlgorithm(headers['x-amz-checksum-algorithm']) ?? original.checksum.algorithm
  return {
    original,
    received: await storeBody(store.storage, body instanceof Uint8Array ? single(body) : body, algorithm),
  }
}

/** `COPY` keeps what describes the content; storage class, redirect and ACL are the request's. */
function keepMetadata(original: ObjectMetadata, written: ObjectMetadata): ObjectMetadata {
  const { 'x-amz-website-redirect-location': _, ...kept } = original.headers
  const location = written.headers['x-amz-website-redirect-location']
  return {
    ...written,
    headers: location === undefined ? kept : { ...kept, 'x-amz-website-redirect-location': location },
    user: original.user,
  }
}

function changesSomething(
  headers: Readonly<Record<string, string>>,
  original: StoredObject,
  written: ObjectMetadata,
): boolean {
  return (
    (headers['x-amz-storage-class'] !== undefined && written.storageClass !== original.metadata.storageClass) ||
    headers['x-amz-website-redirect-location'] !== undefined ||
    headers['x-amz-server-side-encryption'] !== undefined ||
    headers['x-amz-checksum-algorithm'] !== undefined
  )
}

async function* single(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
