// ObjectMetadata ↔ the headers of a request or an answer.

import type { ObjectMetadata } from '../model.ts'

const USER_PREFIX = 'x-amz-meta-'

/** @see Amazon S3 API Reference, PutObject, "Request Syntax" */
export function metadataToHeaders(metadata: ObjectMetadata): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': metadata.contentType }
  const set = (name: string, value: string | undefined): void => {
    if (value !== undefined) headers[name] = value
  }
  set('cache-control', metadata.cacheControl)
  set('content-disposition', metadata.contentDisposition)
  set('content-encoding', metadata.contentEncoding)
  set('content-language', metadata.contentLanguage)
  set('expires', metadata.expires)
  set('x-amz-website-redirect-location', metadata.websiteRedirectLocation)
  for (const [name, value] of Object.entries(metadata.user ?? {})) headers[USER_PREFIX + name] = value
  return headers
}

/** @param headers names in lower case. @see Amazon S3 API Reference, HeadObject, "Response Syntax" */
export function headersToMetadata(headers: Readonly<Record<string, string>>): ObjectMetadata {
  const user = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    name.startsWith(USER_PREFIX) ? [[name.slice(USER_PREFIX.length), value]] : [],
  )
  const optional = {
    cacheControl: headers['cache-control'],
    contentDisposition: headers['content-disposition'],
    contentEncoding: headers['content-encoding'],
    contentLanguage: headers['content-language'],
    expires: headers['expires'],
    websiteRedirectLocation: headers['x-amz-website-redirect-location'],
  }
  return {
    contentType: headers['content-type'] ?? 'binary/octet-stream',
    ...(Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)) as Partial<
      Record<keyof typeof optional, string>
    >),
    ...(user.length > 0 && { user: Object.fromEntries(user) }),
  }
}
