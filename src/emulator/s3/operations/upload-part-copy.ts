// UploadPartCopy: a part made from an object, or a range of it. How `aws s3 cp s3://… s3://…` copies what is large.
// Facts: S3 API reference, "UploadPartCopy".

import { DEFAULT_ALGORITHM, checksumElement } from '../checksums.ts'
import { findCopySource, openCopySource } from '../copy-source.ts'
import type { BucketOperation } from '../operation.ts'
import { isoTime, xmlResponse } from '../operation.ts'
import { storeBody } from '../receive-body.ts'
import { S3Error } from '../s3-error.ts'
import type { ByteRange } from '../storage.ts'
import { commitPart, readPartNumber, requireUpload } from './multipart.ts'
import { encryptionHeader } from './objects.ts'

export const uploadPartCopy: BucketOperation = async (request) => {
  const { store, headers } = request
  const partNumber = readPartNumber(request)
  const { record } = requireUpload(request)
  const { body } = await openCopySource(request, findCopySource(request), (sizeBytes) =>
    readSourceRange(headers['x-amz-copy-source-range'], sizeBytes),
  )
  const received = await storeBody(store.storage, body, record.checksumAlgorithm ?? DEFAULT_ALGORITHM)
  const part = await commitPart(request, record.uploadId, partNumber, received)
  return xmlResponse(
    'CopyPartResult',
    {
      LastModified: isoTime(part.lastModifiedMs),
      ETag: part.etag,
      [checksumElement(part.checksum.algorithm)]: part.checksum.value,
    },
    encryptionHeader(),
  )
}

/** Stricter than `Range`: both ends must be given and lie within the object. */
function readSourceRange(header: string | undefined, sizeBytes: number): ByteRange | undefined {
  if (header === undefined) return undefined
  const found = /^bytes=(\d+)-(\d+)$/.exec(header)
  const range = { start: Number(found?.[1]), end: Number(found?.[2]) }
  const argument = { ArgumentName: 'x-amz-copy-source-range', ArgumentValue: header }
  if (found === null || range.start > range.end) {
    throw new S3Error(
      'InvalidArgument',
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
      argument,
    )
  }
  if (range.end >= sizeBytes) {
    throw new S3Error(
      'InvalidArgument',
      `Range specified is not valid for source object of size: ${sizeBytes}`,
      argument,
    )
  }
  return range
}
