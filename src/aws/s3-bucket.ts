// The Bucket port over S3.

import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketWebsiteCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type GetBucketWebsiteCommandOutput,
  type ObjectCannedACL,
  type S3Client,
} from '@aws-sdk/client-s3'
import { FreshfrontError, preconditionFailed } from '../errors.ts'
import { compareKeys } from '../key-order.ts'
import type { BucketWebsite, Key, LiveObject } from '../model.ts'
import type { Bucket, Clock, DeleteFailure, StoredDocument } from '../ports.ts'
import { awsErrorCode, isMissingKey, isNotModified, toFreshfrontError } from './aws-errors.ts'
import { conditionalRequests } from './conditional-requests.ts'
import { uploadFile } from './file-upload.ts'
import { inTurn } from './in-turn.ts'
import type { LeanPut } from './lean-put.ts'
import { headToMetadata, metadataToInput } from './object-metadata.ts'
import { storageToInput } from './object-storage.ts'
import { retrying } from './retry.ts'
import { endUnfinishedUploads, mayNotBeListed } from './unfinished-uploads.ts'

/** @see Amazon S3 API Reference, DeleteObjects */
const MAX_KEYS_PER_DELETE = 1000
/** Characters that XML 1.0 cannot carry: such keys are deleted one by one. */
const NOT_IN_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/u
/** The source is another object by now, or in an archive. @see Amazon S3 API Reference, "Error responses" */
const NO_SUCH_SOURCE: ReadonlySet<string> = new Set(['PreconditionFailed', 'InvalidObjectState'])

export interface S3BucketOptions {
  readonly s3: S3Client
  readonly name: string
  /** See Bucket. */
  readonly store: string
  readonly clock: Clock
  readonly leanPut: LeanPut
  /** For messages. */
  readonly endpoint: string
  readonly region: string
  readonly profile?: string
}

export function s3Bucket({ s3, name, store, clock, leanPut, ...surroundings }: S3BucketOptions): Bucket {
  const largeFiles = inTurn()
  const asking = async <T>(
    operation: string,
    task: () => Promise<T>,
    about: { key?: Key; acl?: string } = {},
  ): Promise<T> => {
    try {
      return await retrying(task, clock)
    } catch (error) {
      throw toFreshfrontError(error, { service: 'S3', operation, target: name, ...surroundings, ...about })
    }
  }

  const onCondition = conditionalRequests(async (key) => {
    const head = await s3.send(new HeadObjectCommand({ Bucket: name, Key: key }))
    return head.ETag
  })

  return {
    name,
    store,

    async *listObjects(prefix, { after, until } = {}) {
      let token: string | undefined
      do {
        const page = await asking('ListObjectsV2', () =>
          s3.send(
            // Without URL encoding a key with control characters makes the answer unreadable as XML.
            new ListObjectsV2Command({
              Bucket: name,
              Prefix: prefix,
              EncodingType: 'url',
              ...(token === undefined ? { StartAfter: after } : { ContinuationToken: token }),
            }),
          ),
        )
        const objects = (page.Contents ?? []).map((entry) => ({
          key: decodeListedKey(entry.Key ?? ''),
          etag: entry.ETag ?? '',
          sizeBytes: entry.Size ?? 0,
          lastModifiedMs: entry.LastModified?.getTime() ?? 0,
        }))
        yield until === undefined ? objects : objects.filter(({ key }) => compareKeys(key, until) <= 0)
        const lastKey = objects.at(-1)?.key
        // A page that ends with the last key of the range is full, and says that there are more: they are not of the range.
        const isPast = until !== undefined && lastKey !== undefined && compareKeys(lastKey, until) >= 0
        token = page.IsTruncated === true && !isPast ? page.NextContinuationToken : undefined
      } while (token !== undefined)
    },

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

    async getDocument(key) {
      return asking('GetObject', () => readDocument(key), { key })
    },

    async getDocumentUnless(key, etag) {
      return asking(
        'GetObject',
        async () => {
          try {
            return await readDocument(key, etag)
          } catch (error) {
            if (isNotModified(error)) return 'not modified'
            throw error
          }
        },
        { key },
      )
    },

    async putDocument(key, body, contentType, condition) {
      const put = { Bucket: name, Key: key, Body: body, ContentType: contentType, CacheControl: 'no-store' }
      return asking(
        'PutObject',
        async () => {
          const { ETag } =
            condition === undefined
              ? await s3.send(new PutObjectCommand(put))
              : await onCondition(key, 'ifMatch' in condition ? condition.ifMatch : undefined, (IfMatch) =>
                  s3.send(
                    new PutObjectCommand({ ...put, ...(IfMatch === undefined ? { IfNoneMatch: '*' } : { IfMatch }) }),
                  ),
                )
          return ETag ?? ''
        },
        { key },
      )
    },

    async deleteDocument(key, { ifMatch }) {
      const send = (condition: { IfMatch?: string }): Promise<unknown> =>
        s3.send(new DeleteObjectCommand({ Bucket: name, Key: key, ...condition }))
      await asking(
        'DeleteObject',
        async () => {
          try {
            await onCondition(key, ifMatch, (IfMatch = ifMatch) => send({ IfMatch }))
          } catch (error) {
            if (!(error instanceof FreshfrontError && error.code === 'CONDITIONS_NOT_SUPPORTED')) throw error
            await send({})
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
            return uploadFile({ s3, bucket: name, leanPut, largeFiles }, file, options)
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
        CopySource: `${name}/${source.key.split('/').map(encodeURIComponent).join('/')}`,
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

    async deleteObjects(keys) {
      const failures: DeleteFailure[] = []
      const bulk = keys.filter((key) => !NOT_IN_XML.test(key))
      if (bulk.length === 1) await deleteOne(bulk[0] ?? '')
      else {
        for (let start = 0; start < bulk.length; start += MAX_KEYS_PER_DELETE) {
          failures.push(...(await deleteMany(bulk.slice(start, start + MAX_KEYS_PER_DELETE))))
        }
      }
      for (const key of keys) {
        if (NOT_IN_XML.test(key)) await deleteOne(key)
      }
      return failures

      async function deleteOne(key: Key): Promise<void> {
        try {
          await retrying(() => s3.send(new DeleteObjectCommand({ Bucket: name, Key: key })), clock)
        } catch (error) {
          const { message } = toFreshfrontError(error, {
            service: 'S3',
            operation: 'DeleteObject',
            target: name,
            key,
            ...surroundings,
          })
          failures.push({ key, code: awsErrorCode(error), message })
        }
      }
    },
  }

  async function readDocument(key: Key, unlessEtag?: string): Promise<StoredDocument | undefined> {
    const condition = unlessEtag === undefined ? {} : { IfNoneMatch: unlessEtag }
    try {
      const { ETag, Body } = await s3.send(new GetObjectCommand({ Bucket: name, Key: key, ...condition }))
      return { etag: ETag ?? '', body: (await Body?.transformToByteArray()) ?? new Uint8Array() }
    } catch (error) {
      if (isMissingKey(error)) return undefined
      throw error
    }
  }

  async function deleteMany(keys: readonly Key[]): Promise<DeleteFailure[]> {
    const { Errors } = await asking('DeleteObjects', () =>
      s3.send(
        new DeleteObjectsCommand({ Bucket: name, Delete: { Objects: keys.map((Key) => ({ Key })), Quiet: true } }),
      ),
    )
    return (Errors ?? []).map(({ Key, Code, Message }) => ({
      key: Key ?? '',
      code: Code ?? 'Unknown',
      message: Message ?? 'S3 gave no reason',
    }))
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

/** In a URL-encoded listing `+` stands for a space. */
function decodeListedKey(encoded: string): Key {
  return decodeURIComponent(encoded.replaceAll('+', '%20'))
}
