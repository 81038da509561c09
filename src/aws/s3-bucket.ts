// The Bucket port over S3, through the SDK: complete, and slow to load. lean-bucket.ts is what is asked first.

import {
  CopyObjectCommand,
  GetBucketWebsiteCommand,
  HeadObjectCommand,
  type GetBucketWebsiteCommandOutput,
  type ObjectCannedACL,
  type S3Client,
} from '@aws-sdk/client-s3'
import { preconditionFailed } from '../errors.ts'
import type { BucketWebsite, LiveObject } from '../model.ts'
import type { Bucket, Clock } from '../ports.ts'
import { awsErrorCode, isMissingKey } from './aws-errors.ts'
import { uploadFile } from './file-upload.ts'
import { inTurn } from './in-turn.ts'
import { headToMetadata, metadataToInput } from './object-metadata.ts'
import { storageToInput } from './object-storage.ts'
import { encodeKey } from './request-path.ts'
import { retrying } from './retry.ts'
import { accessS3, type S3Surroundings } from './s3-access.ts'
import { s3Deletes } from './s3-deletes.ts'
import { s3Documents } from './s3-documents.ts'
import { s3Listing } from './s3-listing.ts'
import { endUnfinishedUploads, mayNotBeListed } from './unfinished-uploads.ts'

/** The source is another object by now, or in an archive. @see Amazon S3 API Reference, "Error responses" */
const NO_SUCH_SOURCE: ReadonlySet<string> = new Set(['PreconditionFailed', 'InvalidObjectState'])

export interface S3BucketOptions extends S3Surroundings {
  readonly s3: S3Client
  readonly name: string
  /** See Bucket. */
  readonly store: string
  readonly clock: Clock
}

export function s3Bucket({ s3, name, store, clock, ...surroundings }: S3BucketOptions): Bucket {
  const largeFiles = inTurn()
  const access = accessS3({ s3, name, clock }, surroundings)
  const { asking } = access

  return {
    name,
    store,
    listObjects: s3Listing(access),
    deleteObjects: s3Deletes(access),
    ...s3Documents(access),

    async headObject(key) {
      return asking(
        'HeadObject',
        async (): Promise<LiveObject | undefined> => {
          try {
            const head = await s3.send(new HeadObjectCommand({ Bucket: name, Key: key }))
            return {
              key,
              etag: head.ETag ?? '',
              sizeBytes: head.ContentLength ?? 0,
              lastModifiedMs: head.LastModified?.getTime() ?? 0,
              metadata: headToMetadata(head),
            }
          } catch (error) {
            if (isMissingKey(error)) return undefined
            throw error
          }
        },
        { key },
      )
    },

    async putFile(file, options) {
      // A multipart upload that S3 has lost begins anew, like one that collided with another.
      const isPassing = (code: string): boolean =>
        code === 'NoSuchUpload' || code === 'OperationAborted' || code === 'ConditionalRequestConflict'
      return asking(
        'PutObject',
        () => {
          let attempts = 0
          const upload = async (): Promise<string> => {
            attempts += 1
            if (attempts > 1) await options.confirm?.()
            return uploadFile({ s3, bucket: name, largeFiles }, file, options)
          }
          return retrying(upload, clock, isPassing)
        },
        {
          key: file.key,
          ...(options.acl !== undefined && { acl: options.acl }),
        },
      )
    },

    async copyObject(file, source, { acl, storage }) {
      const copy = new CopyObjectCommand({
        Bucket: name,
        Key: file.key,
        CopySource: `${name}/${encodeKey(source.key)}`,
        CopySourceIfMatch: source.etag,
        MetadataDirective: 'REPLACE',
        ...metadataToInput(file.metadata),
        // A copy is stored anew: by default in STANDARD, and encrypted as the bucket does.
        ...storageToInput(storage),
        // An object's own tags stay where the settings name none; those of another never come along.
        ...((storage?.tags !== undefined || source.key !== file.key) && { TaggingDirective: 'REPLACE' as const }),
        ...(acl !== undefined && { ACL: acl as ObjectCannedACL }),
      })
      return asking(
        'CopyObject',
        async () => {
          try {
            return quoted((await s3.send(copy)).CopyObjectResult?.ETag ?? source.etag)
          } catch (error) {
            if (!isMissingKey(error) && !NO_SUCH_SOURCE.has(awsErrorCode(error))) throw error
            throw preconditionFailed(source.key, { cause: error })
          }
        },
        { key: file.key, ...(acl !== undefined && { acl }) },
      )
    },

    async endUnfinishedUploads(prefix, isAbandoned) {
      await asking('ListMultipartUploads', async () => {
        try {
          await endUnfinishedUploads(s3, { bucket: name, prefix }, isAbandoned)
        } catch (error) {
          if (!mayNotBeListed(error)) throw error
        }
      })
    },

    async readWebsite() {
      return asking('GetBucketWebsite', async () => {
        try {
          return toBucketWebsite(await s3.send(new GetBucketWebsiteCommand({ Bucket: name })))
        } catch (error) {
          const code = awsErrorCode(error)
          if (code === 'NoSuchWebsiteConfiguration' || code === 'AccessDenied') return undefined
          throw error
        }
      })
    },
  }
}

export function toBucketWebsite(answer: GetBucketWebsiteCommandOutput): BucketWebsite {
  const { IndexDocument, ErrorDocument, RoutingRules } = answer
  return {
    indexDocument: IndexDocument?.Suffix ?? 'index.html',
    ...(ErrorDocument?.Key !== undefined && { errorDocument: ErrorDocument.Key }),
    redirectsMissingKeys: (RoutingRules ?? []).some(
      ({ Condition }) => Condition?.HttpErrorCodeReturnedEquals !== undefined,
    ),
  }
}

/** Ceph writes the ETag of a copy without its quotes. */
function quoted(etag: string): string {
  return etag.startsWith('"') ? etag : `"${etag}"`
}
