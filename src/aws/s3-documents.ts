// Freshfront's own small objects over S3: read whole, written and deleted under conditions.

import { DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { FreshfrontError } from '../errors.ts'
import type { Key } from '../model.ts'
import type { Bucket, StoredDocument, WriteCondition } from '../ports.ts'
import { isMissingKey, isNotModified } from './aws-errors.ts'
import { conditionalRequests } from './conditional-requests.ts'
import type { S3Access } from './s3-access.ts'

type Documents = Pick<Bucket, 'getDocument' | 'getDocumentUnless' | 'putDocument' | 'deleteDocument'>

export function s3Documents({ s3, name, asking }: S3Access): Documents {
  const onCondition = conditionalRequests(async (key) => {
    const head = await s3.send(new HeadObjectCommand({ Bucket: name, Key: key }))
    return head.ETag
  })

  return {
    async getDocument(key) {
      return asking('GetObject', () => read(key) as Promise<StoredDocument | undefined>, { key })
    },

    async getDocumentUnless(key, etag) {
      return asking('GetObject', () => read(key, etag), { key })
    },

    async putDocument(key, body, contentType, condition) {
      return asking(
        'PutObject',
        async () => {
          if (condition === undefined) return put(key, body, contentType)
          const ifMatch = 'ifMatch' in condition ? condition.ifMatch : undefined
          return onCondition(key, ifMatch, (etag) =>
            put(key, body, contentType, etag === undefined ? { ifNoneMatch: true } : { ifMatch: etag }),
          )
        },
        { key },
      )
    },

    async deleteDocument(key, { ifMatch }) {
      const send = (etag?: string): Promise<unknown> =>
        s3.send(new DeleteObjectCommand({ Bucket: name, Key: key, ...(etag !== undefined && { IfMatch: etag }) }))
      await asking(
        'DeleteObject',
        async () => {
          try {
            await onCondition(key, ifMatch, (etag = ifMatch) => send(etag))
          } catch (error) {
            if (!(error instanceof FreshfrontError && error.code === 'CONDITIONS_NOT_SUPPORTED')) throw error
            await send()
          }
        },
        { key },
      )
    },
  }

  async function read(key: Key, unlessEtag?: string): Promise<StoredDocument | 'not modified' | undefined> {
    const condition = unlessEtag === undefined ? {} : { IfNoneMatch: unlessEtag }
    try {
      const { ETag, Body } = await s3.send(new GetObjectCommand({ Bucket: name, Key: key, ...condition }))
      return { etag: ETag ?? '', body: (await Body?.transformToByteArray()) ?? new Uint8Array() }
    } catch (error) {
      if (isMissingKey(error)) return undefined
      if (unlessEtag !== undefined && isNotModified(error)) return 'not modified'
      throw error
    }
  }

  async function put(key: Key, body: Uint8Array, contentType: string, condition?: WriteCondition): Promise<string> {
    const { ETag } = await s3.send(
      new PutObjectCommand({
        Bucket: name,
        Key: key,
        Body: body,
        ContentType: contentType,
        CacheControl: 'no-store',
        ...(condition === undefined
          ? {}
          : 'ifMatch' in condition
            ? { IfMatch: condition.ifMatch }
            : { IfNoneMatch: '*' }),
      }),
    )
    return ETag ?? ''
  }
}
