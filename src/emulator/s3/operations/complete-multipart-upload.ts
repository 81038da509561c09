// CompleteMultipartUpload: checks the parts the client names and makes one object of them.
// Facts: S3 API reference, "CompleteMultipartUpload"; S3 user guide, "Checking object integrity for multipart uploads".

import { createHash } from 'node:crypto'
import type { HttpResponse } from '../../http-message.ts'
import { readBody } from '../../http-message.ts'
import type { XmlElement } from '../../xml.ts'
import { childrenNamed, textAt } from '../../xml.ts'
import type { Checksum } from '../checksums.ts'
import { DEFAULT_ALGORITHM, checksumElement, createHasher, readChecksum } from '../checksums.ts'
import { S3Error } from '../s3-error.ts'
import type { StoredObject, UploadRecord, UploadedPart } from '../records.ts'
import type { BucketOperation, BucketRequest } from '../operation.ts'
import { parseDocument, wholeSeconds, xmlResponse } from '../operation.ts'
import { storeBody } from '../receive-body.ts'
import type { S3Storage } from '../storage.ts'
import type { Upload } from '../store.ts'
import { requireUpload } from './multipart.ts'
import { commitObject, encryptionHeader } from './objects.ts'

const MIN_PART_BYTES = 5 * 1024 * 1024

export const completeMultipartUpload: BucketOperation = async (request) => {
  const { store, bucket, key, query } = request
  const document = parseDocument(await readBody(request.body), 'CompleteMultipartUpload')
  return store.changeUpload(query.get('uploadId') ?? '', async () => {
    const earlier = bucket.completed.get(query.get('uploadId') ?? '')
    if (earlier?.key === key) return describeObject(request, earlier.object)
    return describeObject(request, await completeUpload(request, requireUpload(request), document))
  })
}

async function completeUpload(request: BucketRequest, upload: Upload, document: XmlElement): Promise<StoredObject> {
  const { store, bucket, headers, clock } = request
  const { record } = upload
  const parts = readParts(document, upload)

  const algorithm = record.checksumAlgorithm ?? DEFAULT_ALGORITHM
  const received = await storeBody(store.storage, joinBodies(store.storage, parts), algorithm, (_, fullObject) =>
    checkWholeObject(headers, parts, record.checksumType === 'COMPOSITE' ? composeChecksum(record, parts) : fullObject),
  )
  const object: StoredObject = {
    bodyId: received.bodyId,
    sizeBytes: received.sizeBytes,
    etag: `"${hashEtags(parts)}-${parts.length}"`,
    lastModifiedMs: wholeSeconds(clock.nowMs()),
    metadata: record.metadata,
    checksum: record.checksumType === 'COMPOSITE' ? composeChecksum(record, parts) : received.checksum,
  }
  await commitObject(request, object)
  await store.deleteUpload(bucket, record.uploadId, object)
  return object
}

function describeObject({ bucket, key, headers }: BucketRequest, object: StoredObject): HttpResponse {
  return xmlResponse(
    'CompleteMultipartUploadResult',
    {
      Location: `http://${headers['host'] ?? 'localhost'}/${bucket.record.name}/${encodeURIComponent(key)}`,
      Bucket: bucket.record.name,
      Key: key,
      ETag: object.etag,
      [checksumElement(object.checksum.algorithm)]: object.checksum.value,
      ChecksumType: object.checksum.type,
    },
    encryptionHeader(),
  )
}

/** The stored parts that the document names, in its order, each checked. */
function readParts(document: XmlElement, upload: Upload): UploadedPart[] {
  const entries = childrenNamed(document, 'Part')
  if (entries.length === 0) throw new S3Error('MalformedXML')
  const parts = entries.map((entry) => readPart(entry, upload))
  for (const [i, part] of parts.entries()) {
    const before = parts[i - 1]
    if (before === undefined) continue
    if (before.partNumber >= part.partNumber) throw new S3Error('InvalidPartOrder')
    if (before.sizeBytes < MIN_PART_BYTES) {
      throw new S3Error('EntityTooSmall', undefined, {
        ProposedSize: String(before.sizeBytes),
        MinSizeAllowed: String(MIN_PART_BYTES),
        PartNumber: String(before.partNumber),
        ETag: before.etag,
      })
    }
  }
  return parts
}

function readPart(entry: XmlElement, { record, parts }: Upload): UploadedPart {
  const partNumber = Number(textAt(entry, 'PartNumber') ?? Number.NaN)
  if (!Number.isInteger(partNumber)) throw new S3Error('MalformedXML')
  const etag = (textAt(entry, 'ETag') ?? '').replaceAll('"', '')
  const part = parts.get(partNumber)
  const details = { UploadId: record.uploadId, PartNumber: String(partNumber), ETag: etag }
  if (part === undefined || part.etag !== `"${etag}"`) throw new S3Error('InvalidPart', undefined, details)

  const promised = textAt(entry, checksumElement(part.checksum.algorithm))
  if (promised !== undefined && promised !== part.checksum.value) throw new S3Error('InvalidPart', undefined, details)
  if (promised === undefined && record.checksumType === 'COMPOSITE') {
    throw new S3Error(
      'InvalidRequest',
      `The upload was created using a ${part.checksum.algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${partNumber} in the request.`,
    )
  }
  return part
}

/** Holds the finished object to the size and the checksum that the request promises. */
function checkWholeObject(
  headers: Readonly<Record<string, string>>,
  parts: readonly UploadedPart[],
  checksum: Checksum,
): void {
  const promisedSize = headers['x-amz-mp-object-size']
  const sizeBytes = parts.reduce((sum, part) => sum + part.sizeBytes, 0)
  if (promisedSize !== undefined && Number(promisedSize) !== sizeBytes) {
    throw new S3Error(
      'InvalidRequest',
      `The provided 'x-amz-mp-object-size' header does not match what was computed: ${sizeBytes}.`,
    )
  }
  const promised = readChecksum((name) => headers[name]?.replace(/-\d+$/, ''))
  if (promised === undefined) return
  const value = checksum.value.replace(/-\d+$/, '')
  if (promised.algorithm !== checksum.algorithm || promised.value !== value) {
    throw new S3Error('BadDigest', `The ${promised.algorithm} you specified did not match the calculated checksum.`)
  }
}

/** The digest of the parts' digests, and their number. */
function composeChecksum(record: UploadRecord, parts: readonly UploadedPart[]): Checksum {
  const algorithm = record.checksumAlgorithm ?? DEFAULT_ALGORITHM
  const hasher = createHasher(algorithm)
  for (const part of parts) hasher.update(Buffer.from(part.checksum.value, 'base64'))
  return { algorithm, type: 'COMPOSITE', value: `${hasher.digest().toString('base64')}-${parts.length}` }
}

function hashEtags(parts: readonly UploadedPart[]): string {
  const hash = createHash('md5')
  for (const part of parts) hash.update(Buffer.from(part.etag.replaceAll('"', ''), 'hex'))
  return hash.digest('hex')
}

async function* joinBodies(storage: S3Storage, parts: readonly UploadedPart[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    if (part.sizeBytes === 0) continue
    const body = await storage.openBody(part.bodyId, { start: 0, end: part.sizeBytes - 1 })
    if (body instanceof Uint8Array) yield body
    else yield* body
  }
}
