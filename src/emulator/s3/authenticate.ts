// Who is asking: the owner by a valid signature, or anyone. Signature facts live in `../sigv4.ts`.

import type { HttpRequest } from '../http-message.ts'
import type { Credentials, SignatureRefused } from '../sigv4.ts'
import { isSigned, verifySignature } from '../sigv4.ts'
import type { Address } from './address.ts'
import { S3Error } from './s3-error.ts'

/** `owner`: signed; `cloudfront`: through origin access control; `anonymous`: unsigned. */
export type Principal = 'owner' | 'cloudfront' | 'anonymous'

export interface Caller {
  readonly principal: Principal
  /** The region the caller signed for; `undefined` when unsigned. */
  readonly signedRegion: string | undefined
  /** The request's headers, with those that a presigned URL carries in its query. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: AsyncIterable<Uint8Array>
  readonly trailers: ReadonlyMap<string, string>
}

/** A caller who shows no signature and sends no body. */
export function anonymousCaller(headers: Readonly<Record<string, string>>): Caller {
  return { principal: 'anonymous', signedRegion: undefined, headers, body: emptyBody(), trailers: new Map() }
}

async function* emptyBody(): AsyncGenerator<Uint8Array> {}

/** Who is asking, or what S3 answers when the signature does not hold. */
export async function authenticate(
  request: HttpRequest,
  address: Address,
  options: { readonly credentials: readonly Credentials[]; readonly nowMs: number },
): Promise<Caller | SignatureRefused> {
  const { headers, body } = request
  if (!isSigned(request)) {
    return { principal: 'anonymous', signedRegion: undefined, headers, body, trailers: new Map() }
  }
  const verdict = await verifySignature(request, { ...options, service: 's3' })
  if (!verdict.ok) return verdict
  return {
    principal: 'owner',
    signedRegion: verdict.region,
    headers: verdict.presigned ? { ...queryHeaders(address.query), ...headers } : headers,
    body: verdict.body,
    trailers: verdict.trailers,
  }
}

/** Throws when the bucket lives in another region than the caller signed for; the answer names the right one. */
export function checkRegion(caller: Caller, operation: string, bucketRegion: string): void {
  if (caller.signedRegion === undefined || caller.signedRegion === bucketRegion) return
  if (operation === 'HeadBucket') throw new S3Error('PermanentRedirect', undefined, { BucketRegion: bucketRegion })
  throw new S3Error(
    'AuthorizationHeaderMalformed',
    `The authorization header is malformed; the region '${caller.signedRegion}' is wrong; expecting '${bucketRegion}'`,
    { Region: bucketRegion },
  )
}

/** Presigners move `x-amz-…` headers into the query, where S3 reads them all the same. */
function queryHeaders(query: URLSearchParams): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of query) {
    const lowered = name.toLowerCase()
    if (lowered.startsWith('x-amz-')) headers[lowered] = value
  }
  return headers
}
