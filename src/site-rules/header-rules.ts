// Which response headers a site may ask for, and who can send them: S3 with the object, a CloudFront response headers policy, or nobody.
// Pure.

/** Stored with the object and replayed. @see Amazon S3 User Guide, "Working with object metadata" */
const STORED: ReadonlySet<string> = new Set([
  'cache-control',
  'content-type',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
  'x-amz-website-redirect-location',
])

/** Written by servers themselves. @see CloudFront Developer Guide, "Restrictions on edge functions": disallowed and read-only headers */
const SERVERS_OWN =
  /^(?:accept-ranges|age|connection|content-length|content-range|date|etag|expect|host|keep-alive|last-modified|location|proxy-.*|set-cookie|te|trailer|transfer-encoding|upgrade|via|x-accel-.*|x-amz-(?!meta-|website-redirect-location$).*|x-cache|x-edge-.*)$/u

/** @param name in any case */
export function isStoredHeader(name: string): boolean {
  const lower = name.toLowerCase()
  return STORED.has(lower) || lower.startsWith('x-amz-meta-')
}

/** @returns what is wrong with a header that a user sets; undefined when it is right. @see RFC 9110 §5.1, §5.5 */
export function remarkOnHeader(name: string, value: string): string | undefined {
  const lower = name.toLowerCase()
  if (!/^[\w!#$%&'*+.^`|~-]+$/u.test(name)) return `"${name}" is not the name of a header.`
  if (lower === 'basic-auth') return 'Basic-Auth is a word of Netlify: S3 and CloudFront serve the site to everybody.'
  if (SERVERS_OWN.test(lower)) return `${name} is written by S3 or CloudFront itself and cannot be set.`
  if (value.trim() === '') return `${name} has no value.`
  if (!/^[\x20-\x7e]+$/u.test(value)) return `The value of ${name} is not printable ASCII.`
  if (lower === 'expires' && Number.isNaN(Date.parse(value)))
    return `${name} takes a date such as Wed, 21 Oct 2026 07:28:00 GMT.`
  if (lower === 'content-type' && !/^[\w.+-]+\/[\w.+-]+\s*(?:;.*)?$/u.test(value))
    return `${name} takes a type such as text/html; charset=utf-8.`
  if (lower === 'x-amz-website-redirect-location' && !/^(?:\/|https?:\/\/)/u.test(value))
    return `${name} takes a path that begins with /, or a whole URL.`
  return undefined
}
