// A file's way into the bucket: in one request, or in parts when it is large. The bytes sent are the bytes scanned, or the upload fails:
// each request carries the digest it must have.

import { createHash } from 'node:crypto'
import { open, type FileHandle } from 'node:fs/promises'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
  type CompletedPart,
  type PutObjectCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3'
import pMap from 'p-map'
import { fileChanged, sourceNotReadable } from '../errors.ts'
import { isMultipartSize, partRanges, partsToEtag, type PartRange } from '../http/etag.ts'
import type { SiteFile } from '../model.ts'
import type { PutOptions } from '../ports.ts'
import { awsErrorCode } from './aws-errors.ts'
import type { InTurn } from './in-turn.ts'
import { metadataToInput } from './object-metadata.ts'
import { readWhole } from './read-whole.ts'
import { storageToInput } from './object-storage.ts'
import { endUnfinishedUploads, mayNotBeListed } from './unfinished-uploads.ts'

/** Parts under way at once. Large files go one after the other, so that this bounds memory: four parts of 8 MiB. */
const PARTS_AT_ONCE = 4

/** S3's words for: the body is not the one that the digest in the request was made of. */
const DIGEST_MISMATCHES = new Set(['BadDigest', 'XAmzContentSHA256Mismatch'])

export interface UploadWays {
  readonly s3: S3Client
  readonly bucket: string
  readonly largeFiles: InTurn
}

/** @returns the object's ETag. Rejects with the SDK's error, or `FILE_CHANGED`, `SOURCE_NOT_READABLE`. */
export async function uploadFile(ways: UploadWays, file: SiteFile, options: PutOptions): Promise<string> {
  const { acl, storage, confirm } = options
  const target = {
    Bucket: ways.bucket,
    Key: file.key,
    ...metadataToInput(file.metadata),
    ...storageToInput(storage),
    ...(acl !== undefined && { ACL: acl as NonNullable<PutObjectCommandInput['ACL']> }),
  }
  if (isMultipartSize(file.sizeBytes)) return ways.largeFiles(() => uploadInParts(ways.s3, target, file, confirm))
  return uploadWhole(ways.s3, target, file)
}

type Target = Pick<PutObjectCommandInput, 'ACL'> & { readonly Bucket: string; readonly Key: string }

async function uploadWhole(s3: S3Client, target: Target, file: SiteFile): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const body = await readWhole(file)
    try {
      const command = new PutObjectCommand({ ...target, Body: body, ContentMD5: toBase64(file.md5) })
      signWithKnownDigest(command, file.sha256)
      const { ETag } = await s3.send(command)
      return ETag ?? file.etag
    } catch (error) {
      if (!DIGEST_MISMATCHES.has(awsErrorCode(error))) throw error
      // Either the bytes were damaged on the way, once, or the file is no longer the one that was scanned.
      if (attempt > 1) throw fileChanged(file.filePath)
    }
  }
}

async function uploadInParts(
  s3: S3Client,
  target: Target,
  file: SiteFile,
  confirm: PutOptions['confirm'],
): Promise<string> {
  // Opened first: an upload that is begun must be ended, or its parts are billed for ever.
  const handle = await open(file.filePath).catch((cause: unknown) => {
    throw sourceNotReadable(file.filePath, { cause })
  })
  try {
    return await uploadOpened(s3, target, file, handle, confirm)
  } finally {
    await handle.close()
  }
}

async function uploadOpened(
  s3: S3Client,
  target: Target,
  file: SiteFile,
  handle: FileHandle,
  confirm: PutOptions['confirm'],
): Promise<string> {
  const { UploadId, $metadata } = await s3.send(new CreateMultipartUploadCommand(target))
  const upload = { Bucket: target.Bucket, Key: target.Key, UploadId }
  try {
    // Of an attempt whose answer was lost nobody knows the upload's id.
    if ($metadata.attempts !== 1) await endOtherUploads(s3, upload)
    const partMd5s: Buffer[] = []
    const parts = await pMap(
      partRanges(file.sizeBytes),
      async (range): Promise<CompletedPart> => {
        const body = await readRange(handle, range, file.filePath)
        const md5 = createHash('md5').update(body).digest()
        partMd5s[range.partNumber - 1] = md5
        const { ETag } = await s3.send(
          new UploadPartCommand({
            ...upload,
            PartNumber: range.partNumber,
            Body: body,
            ContentMD5: md5.toString('base64'),
          }),
        )
        return { PartNumber: range.partNumber, ...(ETag !== undefined && { ETag }) }
      },
      { concurrency: PARTS_AT_ONCE },
    )
    const md5OfPartMd5s = createHash('md5').update(Buffer.concat(partMd5s)).digest('hex')
    if (partsToEtag(md5OfPartMd5s, parts.length) !== file.etag) throw fileChanged(file.filePath)
    // The parts may have taken hours; only now readers get to see them.
    await confirm?.()
    const { ETag } = await s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: parts } }))
    // Ceph answers without one.
    return ETag || file.etag
  } catch (error) {
    // Parts of an upload that is neither completed nor aborted are kept, and billed, for ever. When this fails too, the first error is
    // what the user must know.
    await s3.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined)
    throw error
  }
}

async function endOtherUploads(
  s3: S3Client,
  { Bucket, Key, UploadId }: { readonly Bucket: string; readonly Key: string; readonly UploadId: string | undefined },
): Promise<void> {
  try {
    await endUnfinishedUploads(s3, { bucket: Bucket, prefix: Key }, (key, id) => key === Key && id !== UploadId)
  } catch (error) {
    if (!mayNotBeListed(error)) throw error
  }
}

async function readRange(handle: FileHandle, range: PartRange, filePath: string): Promise<Buffer> {
  const body = Buffer.allocUnsafe(range.endByte - range.startByte)
  let filled = 0
  while (filled < body.length) {
    const { bytesRead } = await handle.read(body, filled, body.length - filled, range.startByte + filled)
    if (bytesRead === 0) throw fileChanged(filePath)
    filled += bytesRead
  }
  return body
}

/** The scan has hashed the body already: signing takes that digest instead of hashing again, and S3 checks the bytes against it. */
function signWithKnownDigest(command: PutObjectCommand, sha256: string): void {
  command.middlewareStack.add(
    (next) => async (args) => {
      const request = args.request as { headers: Record<string, string> }
      request.headers['x-amz-content-sha256'] = sha256
      return next(args)
    },
    { step: 'build', name: 'freshfrontKnownDigest' },
  )
}

function toBase64(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64')
}
