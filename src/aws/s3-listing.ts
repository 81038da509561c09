// Bucket.listObjects over S3.

import { ListObjectsV2Command } from '@aws-sdk/client-s3'
import { compareKeys } from '../key-order.ts'
import type { Key } from '../model.ts'
import type { Bucket } from '../ports.ts'
import type { ListingPage } from './listing-xml.ts'
import type { S3Access } from './s3-access.ts'

export function s3Listing({ s3, name, asking }: S3Access): Bucket['listObjects'] {
  return async function* (prefix, { after, until } = {}) {
    let token: string | undefined
    do {
      const { objects, nextToken } = await asking('ListObjectsV2', () => listPage(prefix, after, token))
      yield until === undefined ? objects : objects.filter(({ key }) => compareKeys(key, until) <= 0)
      const lastKey = objects.at(-1)?.key
      // A page that ends with the last key of the range is full, and says that there are more: they are not of the range.
      const isPast = until !== undefined && lastKey !== undefined && compareKeys(lastKey, until) >= 0
      token = isPast ? undefined : nextToken
    } while (token !== undefined)
  }

  async function listPage(prefix: string, after: Key | undefined, token: string | undefined): Promise<ListingPage> {
    const page = await s3.send(
      // Without URL encoding a key with control characters makes the answer unreadable as XML.
      new ListObjectsV2Command({
        Bucket: name,
        Prefix: prefix,
        EncodingType: 'url',
        ...(token === undefined ? { StartAfter: after } : { ContinuationToken: token }),
      }),
    )
    const objects = (page.Contents ?? []).map((entry) => ({
      key: decodeListedKey(entry.Key ?? ''),
      etag: entry.ETag ?? '',
      sizeBytes: entry.Size ?? 0,
      lastModifiedMs: entry.LastModified?.getTime() ?? 0,
    }))
    return { objects, nextToken: page.IsTruncated === true ? page.NextContinuationToken : undefined }
  }
}

/** In a URL-encoded listing `+` stands for a space. */
function decodeListedKey(encoded: string): Key {
  return decodeURIComponent(encoded.replaceAll('+', '%20'))
}
