// When are two sets of stored headers the same? Pure.

import type { ObjectMetadata } from '../model.ts'

/** True when S3 would replay the same headers for both. User metadata compares by name, whatever the order. */
export function sameMetadata(a: ObjectMetadata, b: ObjectMetadata): boolean {
  if (a === b) return true
  for (const name of HEADERS) if (a[name] !== b[name]) return false
  return a.user === b.user || sameUserMetadata(a.user ?? {}, b.user ?? {})
}

/** All of them: a name that is missing here is a type error. */
const HEADERS = Object.keys({
  contentType: true,
  cacheControl: true,
  contentDisposition: true,
  contentEncoding: true,
  contentLanguage: true,
  expires: true,
  websiteRedirectLocation: true,
} satisfies Record<HeaderName, true>) as readonly HeaderName[]

type HeaderName = Exclude<keyof ObjectMetadata, 'user'>

function sameUserMetadata(a: UserMetadata, b: UserMetadata): boolean {
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && a[name] === b[name])
}

type UserMetadata = NonNullable<ObjectMetadata['user']>
