// Verifies AWS Signature Version 4 on a raw request, for S3 and CloudFront alike: the Authorization header, presigned
// URLs, and bodies signed whole, chunk by chunk (`aws-chunked.ts`) or not at all.
// Facts: S3 API reference, "Authenticating Requests (AWS Signature Version 4)", and IAM user guide, "AWS Signature
// Version 4 for API requests".

import { createHash, createHmac } from 'node:crypto'
import type { ChunkSigning } from './aws-chunked.ts'
import { decodeAwsChunked } from './aws-chunked.ts'
import { BodyRefused } from './body-refused.ts'
import type { HttpRequest } from './http-message.ts'
import { readBody } from './http-message.ts'
import {
  canonicalizeHeader,
  canonicalizePath,
  canonicalizeQuery,
  parseQuery,
  splitOnce,
  valueOf,
} from './sigv4-canonical.ts'
import type { Claim, SignatureRefused } from './sigv4-claim.ts'
import { ALGORITHM, readClaim, refuse, timestampToMs } from './sigv4-claim.ts'

export type { SignatureRefused } from './sigv4-claim.ts'
export { isSigned } from './sigv4-claim.ts'

export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

export interface SignatureOptions {
  readonly credentials: readonly Credentials[]
  /** The service named in the credential scope: `s3`, `cloudfront`. */
  readonly service: string
  /** The machine's time, not the emulator's: clients sign with their own clock. */
  readonly nowMs: number
}

export interface SignatureAccepted {
  readonly ok: true
  readonly accessKeyId: string
  /** The region named in the credential scope; whether it is the right one is the service's business. */
  readonly region: string
  readonly presigned: boolean
  /** The payload, decoded when it was aws-chunked. Iterating throws `BodyRefused` when it is not what was signed. */
  readonly body: AsyncIterable<Uint8Array>
  /** Trailers of an aws-chunked body, names in lower case; filled when `body` has ended. */
  readonly trailers: ReadonlyMap<string, string>
}

export type SignatureVerdict = SignatureAccepted | SignatureRefused

const MAX_SKEW_MS = 15 * 60 * 1000

/** Checks the signature of a request; its body is checked while it is read. */
export async function verifySignature(request: HttpRequest, options: SignatureOptions): Promise<SignatureVerdict> {
  const isS3 = options.service === 's3'
  const [path, queryText] = splitOnce(request.target, '?')
  const query = parseQuery(queryText)
  if (query === undefined) return refuse('InvalidURI', "Couldn't parse the specified URI.", 400)
  const claim = readClaim(request, query, isS3)
  if ('ok' in claim) return claim

  if (claim.service !== options.service) {
    return malformed(claim, `Credential should be scoped to correct service: '${options.service}'.`)
  }
  const known = options.credentials.find((one) => one.accessKeyId === claim.accessKeyId)
  if (known === undefined) {
    return isS3
      ? refuse('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.', 403)
      : refuse('InvalidClientTokenId', 'The security token included in the request is invalid.', 403)
  }
  if (known.sessionToken !== claim.token) {
    return isS3
      ? refuse('InvalidToken', 'The provided token is malformed or otherwise invalid.', 400)
      : refuse('InvalidClientTokenId', 'The security token included in the request is invalid.', 403)
  }
  const late = checkTime(claim, options)
  if (late !== undefined) return late

  const unsigned = findUnsignedHeader(request, claim)
  if (unsigned !== undefined) {
    return refuse('AccessDenied', `There were headers present in the request which were not signed: ${unsigned}`, 403)
  }

  let body = request.body
  let payloadHash = request.headers['x-amz-content-sha256']
  if (claim.presigned) payloadHash ??= valueOf(query, 'X-Amz-Content-Sha256') ?? 'UNSIGNED-PAYLOAD'
  if (payloadHash === undefined) {
    if (isS3) return refuse('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256', 400)
    const whole = await readBody(body)
    payloadHash = sha256(whole)
    body = once(whole)
  }

  const canonicalPath = canonicalizePath(path, isS3)
  if (canonicalPath === undefined) return refuse('InvalidURI', "Couldn't parse the specified URI.", 400)
  const canonicalRequest = [
    request.method,
    canonicalPath,
    canonicalizeQuery(query),
    ...claim.signedHeaders.map((name) => `${name}:${canonicalizeHeader(request.headers[name] ?? '')}`),
    '',
    claim.signedHeaders.join(';'),
    payloadHash,
  ].join('\n')
  const signingKey = deriveSigningKey(known.secretAccessKey, claim)
  const stringToSign = [ALGORITHM, claim.timestamp, claim.scope, sha256(canonicalRequest)].join('\n')
  if (hmac(signingKey, stringToSign).toString('hex') !== claim.signature) {
    return refuse(
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
      403,
    )
  }

  const trailers = new Map<string, string>()
  const accepted = {
    ok: true,
    accessKeyId: claim.accessKeyId,
    region: claim.region,
    presigned: claim.presigned,
    trailers,
  } as const
  const context: ChunkSigning = {
    signingKey,
    timestamp: claim.timestamp,
    scope: claim.scope,
    signature: claim.signature,
  }
  switch (payloadHash) {
    case 'UNSIGNED-PAYLOAD':
      return { ...accepted, body }
    case 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD':
    case 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER':
    case 'STREAMING-UNSIGNED-PAYLOAD-TRAILER': {
      const decodedLength = Number(request.headers['x-amz-decoded-content-length'] ?? Number.NaN)
      if (!Number.isSafeInteger(decodedLength)) {
        return refuse('MissingContentLength', 'You must provide the Content-Length HTTP header.', 411)
      }
      const signing = payloadHash === 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' ? undefined : context
      return { ...accepted, body: decodeAwsChunked(body, { decodedLength, signing, trailers }) }
    }
    default:
      if (!/^[0-9a-f]{64}$/.test(payloadHash)) {
        return refuse(
          'InvalidArgument',
          'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.',
          400,
        )
      }
      return { ...accepted, body: checkSha256(body, payloadHash) }
  }
}

function checkTime(claim: Claim, options: SignatureOptions): SignatureRefused | undefined {
  const signedMs = timestampToMs(claim.timestamp) ?? 0
  if (claim.expiresSeconds !== undefined) {
    if (options.nowMs > signedMs + claim.expiresSeconds * 1000)
      return refuse('AccessDenied', 'Request has expired', 403)
    if (signedMs > options.nowMs + MAX_SKEW_MS) return refuse('AccessDenied', 'Request is not valid yet', 403)
    return undefined
  }
  if (Math.abs(options.nowMs - signedMs) <= MAX_SKEW_MS) return undefined
  return options.service === 's3'
    ? refuse('RequestTimeTooSkewed', 'The difference between the request time and the current time is too large.', 403)
    : refuse('SignatureDoesNotMatch', `Signature expired or not yet current: ${claim.timestamp}`, 403)
}

/** A header that changes what a request does must be signed, or anyone on the way could add it. */
function findUnsignedHeader(request: HttpRequest, claim: Claim): string | undefined {
  return Object.keys(request.headers).find(
    (name) => name.startsWith('x-amz-') && name !== 'x-amz-content-sha256' && !claim.signedHeaders.includes(name),
  )
}

function deriveSigningKey(secretAccessKey: string, claim: Claim): Buffer {
  const dateKey = hmac(`AWS4${secretAccessKey}`, claim.date)
  return hmac(hmac(hmac(dateKey, claim.region), claim.service), 'aws4_request')
}

async function* checkSha256(body: AsyncIterable<Uint8Array>, expected: string): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  for await (const chunk of body) {
    hash.update(chunk)
    yield chunk
  }
  if (hash.digest('hex') !== expected) {
    throw new BodyRefused(
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    )
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}

function malformed(claim: Claim, detail: string): SignatureRefused {
  return claim.presigned
    ? refuse('AuthorizationQueryParametersError', `Error parsing the X-Amz-Credential parameter; ${detail}`, 400)
    : refuse('AuthorizationHeaderMalformed', `The authorization header is malformed; ${detail}`, 400)
}
