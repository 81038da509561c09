// Multipart uploads that were begun and never ended: their parts are kept, and billed, until somebody ends them.

import {
  AbortMultipartUploadCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3'
import type { Key } from '../model.ts'
import { awsErrorCode } from './aws-errors.ts'

/**
 * Ends those below `prefix` that `isAbandoned`. One that has ended meanwhile counts as ended. Rejects with the SDK's error.
 *
 * @see Amazon S3 API Reference, ListMultipartUploads
 */
export async function endUnfinishedUploads(
  s3: S3Client,
  at: { readonly bucket: string; readonly prefix: string },
  isAbandoned: (key: Key, uploadId: string) => boolean,
): Promise<void> {
  const Bucket = at.bucket
  let markers: { KeyMarker?: string; UploadIdMarker?: string } | undefined = {}
  while (markers !== undefined) {
    const page: ListMultipartUploadsCommandOutput = await s3.send(
      new ListMultipartUploadsCommand({ Bucket, Prefix: at.prefix, ...markers }),
    )
    for (const { Key = '', UploadId = '' } of page.Uploads ?? []) {
      if (isAbandoned(Key, UploadId)) await endUpload(s3, { Bucket, Key, UploadId })
    }
    const { IsTruncated, NextKeyMarker, NextUploadIdMarker } = page
    markers =
      IsTruncated === true && NextKeyMarker !== undefined
        ? { KeyMarker: NextKeyMarker, ...(NextUploadIdMarker !== undefined && { UploadIdMarker: NextUploadIdMarker }) }
        : undefined
  }
}

/** A store or a policy without this right: then only a lifecycle rule ends them, and a deploy goes on. */
export function mayNotBeListed(error: unknown): boolean {
  return ['AccessDenied', 'NotImplemented', 'MethodNotAllowed'].includes(awsErrorCode(error))
}

async function endUpload(s3: S3Client, upload: { Bucket: string; Key: Key; UploadId: string }): Promise<void> {
  try {
    await s3.send(new AbortMultipartUploadCommand(upload))
  } catch (error) {
    if (awsErrorCode(error) !== 'NoSuchUpload') throw error
  }
}
