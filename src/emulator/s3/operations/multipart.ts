// CreateMultipartUpload, UploadPart and AbortMultipartUpload, and the two listings of what is unfinished.
// Facts: S3 user guide, "Uploading and copying objects using multipart upload".

import { randomUUID } from 'node:crypto'
import { checksumElement, parseAlgorithm, readChecksum } from '../checksums.ts'
import { S3Error } from '../s3-error.ts'
import { compareKeys } from '../key-order.ts'
import type { UploadRecord, UploadedPart } from '../records.ts'
import { checkKey, readMetadata } from '../object-metadata.ts'
import type { BucketOperation, BucketRequest } from '../operation.ts'
import { emptyResponse, isoTime, readCount, wholeSeconds, xmlResponse } from '../operation.ts'
import type { ReceivedBody } from '../receive-body.ts'
import { receiveBody } from '../receive-body.ts'
import type { Upload } from '../store.ts'
import { OWNER } from './buckets.ts'
import { checksumHeaders, encryptionHeader } from './objects.ts'

const MAX_PART_NUMBER = 10_000
const MAX_LISTED = 1000

export const createMultipartUpload: BucketOperation = async (request) => {
  const { store, bucket, key, headers, clock } = request
  checkKey(key)
  const checksumAlgorithm = parseAlgorithm(headers['x-amz-checksum-algorithm'])
  const record: UploadRecord = {
    bucket: bucket.record.name,
    key,
    uploadId: randomUUID().replaceAll('-', ''),
    initiatedMs: wholeSeconds(clock.nowMs()),
    metadata: readMetadata(headers, bucket.record),
    checksumAlgorithm,
    checksumType: readChecksumType(headers['x-amz-checksum-type'], checksumAlgorithm),
  }
  await store.saveUpload(bucket, record)
  return xmlResponse(
    'InitiateMultipartUploadResult',
    { Bucket: bucket.record.name, Key: key, UploadId: record.uploadId },
    {
      ...encryptionHeader(),
      ...(checksumAlgorithm === undefined
        ? {}
        : { 'x-amz-checksum-algorithm': checksumAlgorithm, 'x-amz-checksum-type': record.checksumType }),
    },
  )
}

/** CRC64NVME covers the whole object, SHA only its parts' digests; the other CRCs go either way. */
function readChecksumType(
  asked: string | undefined,
  algorithm: UploadRecord['checksumAlgorithm'],
): UploadRecord['checksumType'] {
  const isCrc64 = algorithm === undefined || algorithm === 'CRC64NVME'
  const isSha = algorithm === 'SHA1' || algorithm === 'SHA256'
  const type = asked ?? (isCrc64 ? 'FULL_OBJECT' : 'COMPOSITE')
  const isKnown = type === 'FULL_OBJECT' || type === 'COMPOSITE'
  if (!isKnown || (isCrc64 && type === 'COMPOSITE') || (isSha && type === 'FULL_OBJECT')) {
    throw new S3Error(
      'InvalidRequest',
      `The ${type} checksum type cannot be used with the ${algorithm?.toLowerCase() ?? 'crc64nvme'} checksum algorithm.`,
    )
  }
  return type
}

export const uploadPart: BucketOperation = async (request) => {
  const { store, headers } = request
  const partNumber = readPartNumber(request)
  const { record } = requireUpload(request)
  const sent = readChecksum((name) => headers[name])?.algorithm
  if (sent !== undefined && record.checksumAlgorithm !== undefined && sent !== record.checksumAlgorithm) {
    throw new S3Error(
      'InvalidRequest',
      `Checksum Type mismatch occurred, expected checksum Type: ${record.checksumAlgorithm.toLowerCase()}, actual checksum Type: ${sent.toLowerCase()}`,
    )
  }
  const received = await receiveBody(store.storage, request, record.checksumAlgorithm)
  const part = await commitPart(request, record.uploadId, partNumber, received)
  return emptyResponse(200, { ETag: part.etag, ...encryptionHeader(), ...checksumHeaders(part) })
}

/** The part number that the query names. Throws `InvalidArgument`. */
export function readPartNumber({ query }: BucketRequest): number {
  const partNumber = Number(query.get('partNumber') ?? Number.NaN)
  if (!Number.isInteger(partNumber) || partNumber < 1 || partNumber > MAX_PART_NUMBER) {
    throw new S3Error('InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive', {
      ArgumentName: 'partNumber',
      ArgumentValue: query.get('partNumber') ?? '',
    })
  }
  return partNumber
}

/** Puts a stored body in the part's place; drops it when the upload has ended meanwhile. */
export async function commitPart(
  { store, bucket, clock }: BucketRequest,
  uploadId: string,
  partNumber: number,
  received: ReceivedBody,
): Promise<UploadedPart> {
  if (!bucket.uploads.has(uploadId)) {
    await store.storage.deleteBody(received.bodyId)
    throw noSuchUpload(uploadId)
  }
  const part: UploadedPart = {
    partNumber,
    bodyId: received.bodyId,
    sizeBytes: received.sizeBytes,
    etag: `"${received.md5.toString('hex')}"`,
    lastModifiedMs: wholeSeconds(clock.nowMs()),
    checksum: received.checksum,
  }
  await store.savePart(bucket, uploadId, part)
  return part
}

export const abortMultipartUpload: BucketOperation = async (request) => {
  const { store, bucket, query } = request
  return store.changeUpload(query.get('uploadId') ?? '', async () => {
    await store.deleteUpload(bucket, requireUpload(request).record.uploadId)
    return emptyResponse(204)
  })
}

export const listParts: BucketOperation = async (request) => {
  const { query, bucket, key } = request
  const { record, parts } = requireUpload(request)
  const maxParts = readCount(query, 'max-parts', MAX_LISTED, MAX_LISTED)
  const marker = readCount(query, 'part-number-marker', 0, MAX_PART_NUMBER)
  const behind = [...parts.values()]
    .filter((part) => part.partNumber > marker)
    .toSorted((a, b) => a.partNumber - b.partNumber)
  const page = behind.slice(0, maxParts)
  const isTruncated = behind.length > page.length
  return xmlResponse('ListPartsResult', {
    Bucket: bucket.record.name,
    Key: key,
    UploadId: record.uploadId,
    Initiator: OWNER,
    Owner: OWNER,
    StorageClass: record.metadata.storageClass,
    PartNumberMarker: marker,
    NextPartNumberMarker: page.at(-1)?.partNumber ?? 0,
    MaxParts: maxParts,
    IsTruncated: isTruncated,
    ChecksumAlgorithm: record.checksumAlgorithm,
    ChecksumType: record.checksumAlgorithm === undefined ? undefined : record.checksumType,
    Part: page.map((part) => ({
      PartNumber: part.partNumber,
      LastModified: isoTime(part.lastModifiedMs),
      ETag: part.etag,
      Size: part.sizeBytes,
      [checksumElement(part.checksum.algorithm)]: part.checksum.value,
    })),
  })
}

export const listMultipartUploads: BucketOperation = async ({ bucket, query }) => {
  if (query.has('delimiter') && query.get('delimiter') !== '') {
    throw new S3Error('NotImplemented', 'The emulator does not fold ListMultipartUploads at a delimiter.')
  }
  const prefix = query.get('prefix') ?? ''
  const keyMarker = query.get('key-marker') ?? ''
  const uploadIdMarker = query.get('upload-id-marker') ?? ''
  const maxUploads = readCount(query, 'max-uploads', MAX_LISTED, MAX_LISTED)
  const isBehindMarker = (record: UploadRecord) => {
    const order = compareKeys(record.key, keyMarker)
    return order > 0 || (order === 0 && uploadIdMarker !== '' && record.uploadId > uploadIdMarker)
  }
  const behind = [...bucket.uploads.values()]
    .map((upload) => upload.record)
    .filter((record) => record.key.startsWith(prefix) && isBehindMarker(record))
    .toSorted((a, b) => compareKeys(a.key, b.key) || (a.uploadId < b.uploadId ? -1 : 1))
  const page = behind.slice(0, maxUploads)
  const isTruncated = behind.length > page.length
  const encode = query.get('encoding-type') === 'url' ? encodeURIComponent : (text: string) => text
  return xmlResponse('ListMultipartUploadsResult', {
    Bucket: bucket.record.name,
    KeyMarker: encode(keyMarker),
    UploadIdMarker: uploadIdMarker,
    NextKeyMarker: isTruncated ? encode(page.at(-1)?.key ?? '') : undefined,
    NextUploadIdMarker: isTruncated ? page.at(-1)?.uploadId : undefined,
    Prefix: encode(prefix),
    EncodingType: query.get('encoding-type') ?? undefined,
    MaxUploads: maxUploads,
    IsTruncated: isTruncated,
    Upload: page.map((record) => ({
      Key: encode(record.key),
      UploadId: record.uploadId,
      Initiator: OWNER,
      Owner: OWNER,
      StorageClass: record.metadata.storageClass,
      Initiated: isoTime(record.initiatedMs),
    })),
  })
}

/** The upload that the query names. Throws `NoSuchUpload`, also when it is an upload of another key. */
export function requireUpload({ bucket, key, query }: BucketRequest): Upload {
  const uploadId = query.get('uploadId') ?? ''
  const upload = bucket.uploads.get(uploadId)
  if (upload === undefined || upload.record.key !== key) throw noSuchUpload(uploadId)
  return upload
}

function noSuchUpload(uploadId: string): S3Error {
  return new S3Error('NoSuchUpload', undefined, { UploadId: uploadId })
}
