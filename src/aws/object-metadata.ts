// ObjectMetadata ↔ the SDK's input and output fields.

import type { HeadObjectCommandOutput, PutObjectCommandInput } from '@aws-sdk/client-s3'
import type { ObjectMetadata } from '../model.ts'

type StoredHeaders = Pick<
  PutObjectCommandInput,
  | 'ContentType'
  | 'CacheControl'
  | 'ContentDisposition'
  | 'ContentEncoding'
  | 'ContentLanguage'
  | 'Expires'
  | 'WebsiteRedirectLocation'
  | 'Metadata'
>

export function metadataToInput(metadata: ObjectMetadata): StoredHeaders {
  return {
    ContentType: metadata.contentType,
    ...(metadata.cacheControl !== undefined && { CacheControl: metadata.cacheControl }),
    ...(metadata.contentDisposition !== undefined && { ContentDisposition: metadata.contentDisposition }),
    ...(metadata.contentEncoding !== undefined && { ContentEncoding: metadata.contentEncoding }),
    ...(metadata.contentLanguage !== undefined && { ContentLanguage: metadata.contentLanguage }),
    ...(metadata.expires !== undefined && { Expires: new Date(metadata.expires) }),
    ...(metadata.websiteRedirectLocation !== undefined && {
      WebsiteRedirectLocation: metadata.websiteRedirectLocation,
    }),
    ...(metadata.user !== undefined && { Metadata: { ...metadata.user } }),
  }
}

export function headToMetadata(head: HeadObjectCommandOutput): ObjectMetadata {
  return {
    contentType: head.ContentType ?? 'binary/octet-stream',
    ...(head.CacheControl !== undefined && { cacheControl: head.CacheControl }),
    ...(head.ContentDisposition !== undefined && { contentDisposition: head.ContentDisposition }),
    ...(head.ContentEncoding !== undefined && { contentEncoding: head.ContentEncoding }),
    ...(head.ContentLanguage !== undefined && { contentLanguage: head.ContentLanguage }),
    ...(head.ExpiresString !== undefined && { expires: head.ExpiresString }),
    ...(head.WebsiteRedirectLocation !== undefined && { websiteRedirectLocation: head.WebsiteRedirectLocation }),
    ...(head.Metadata !== undefined && Object.keys(head.Metadata).length > 0 && { user: head.Metadata }),
  }
}
