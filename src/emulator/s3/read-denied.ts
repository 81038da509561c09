// Whether a bucket policy denies somebody an object: a Deny wins over whatever else would let them read. Statements with
// conditions, NotAction, NotPrincipal or NotResource are passed over.
// Facts: IAM user guide, "Policy evaluation logic"; S3 user guide, "Bucket policies for Amazon S3".

import type { Principal } from './authenticate.ts'

interface Statement {
  readonly Effect?: unknown
  readonly Principal?: unknown
  readonly Action?: unknown
  readonly Resource?: unknown
  readonly Condition?: unknown
}

/** `owner` is denied only by a Deny of everyone, which is how people lock themselves out. */
export function isReadDenied(
  policy: string | undefined,
  { principal, bucket, key }: { readonly principal: Principal; readonly bucket: string; readonly key: string },
): boolean {
  if (policy === undefined) return false
  const { Statement: statements } = JSON.parse(policy) as { readonly Statement?: unknown }
  return listOf(statements).some((one) => {
    const { Effect, Principal: named, Action, Resource, Condition } = one as Statement
    return (
      Effect === 'Deny' &&
      Condition === undefined &&
      names(named, principal) &&
      listOf(Action).some((action) => matches('s3:getobject', String(action).toLowerCase())) &&
      listOf(Resource).some((pattern) => matches(`${bucket}/${key}`, String(pattern).replace(/^arn:[^:]*:s3:::/, '')))
    )
  })
}

function names(named: unknown, principal: Principal): boolean {
  if (named === '*') return true
  const { AWS, Service } = (named ?? {}) as { readonly AWS?: unknown; readonly Service?: unknown }
  if (listOf(AWS).includes('*')) return true
  return principal === 'cloudfront' && listOf(Service).includes('cloudfront.amazonaws.com')
}

/** `*` is any text, `?` any character; `${*}` is an asterisk. */
function matches(text: string, pattern: string): boolean {
  const parts = pattern.match(/\$\{[$*?]\}|\*+|[^]/gu) ?? []
  const source = parts.map((part) => {
    if (part.startsWith('*')) return '.*'
    if (part === '?') return '.'
    return (part.length > 1 ? (part[2] ?? '') : part).replace(/[\\^$.|?*+()[\]{}]/u, '\\$&')
  })
  return new RegExp(`^${source.join('')}$`, 'su').test(text)
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value]
}
