// CopyObject, also onto itself: the only way to change an object's metadata.
// Facts: S3 API reference, "CopyObject".

import { checksumElement, parseAlgorithm } from '../checksums.ts'
import { findCopySource, openCopySource } from '../copy-source.ts'
import { S3Error } from '../s3-error.ts'
import type { ObjectMetadata, StoredObject } from '../records.ts'
import { checkKey, readMetadata } from '../object-metadata.ts'
import type { BucketOperation } from '../operation.ts'
import { isoTime, wholeSeconds, xmlResponse } from '../operation.ts'
import { storeBody } from '../receive-body.ts'
import { commitObject, encryptionHeader } from './objects.ts'

export const copyObject: BucketOperation = async (request) => {
  const { bucket, key, headers, clock } = request
  checkKey(key)
  const source = findCopySource(request)
  const directive = headers['x-amz-metadata-directive'] ?? 'COPY'
  if (directive !== 'COPY' && directive !== 'REPLACE') {
    throw new S3Error('InvalidArgument', 'Unknown metadata directive.', {
      ArgumentName: 'x-amz-metadata-directive',
      ArgumentValue: directive,
    })
  }
  const written = readMetadata(headers, bucket.record)
  const { original, body } = await openCopySource(request, source)
  const algorithm = parseAlgorithm(headers['x-amz-checksum-algorithm']) ?? original.checksum.algorithm
  // A copy has one body of its own: a multipart source becomes a plain object, with an ETag to match.
  const received = await storeBody(request.store.storage, body, algorithm)

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
