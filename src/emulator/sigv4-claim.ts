// What a request says about its own signature, in the Authorization header or in the query of a presigned URL: read, not
// yet believed.

import type { HttpRequest } from './http-message.ts'
import type { QueryPair } from './sigv4-canonical.ts'
import { splitOnce, valueOf } from './sigv4-canonical.ts'

/** The only algorithm read here; SigV2 and SigV4A are refused. */
export const ALGORITHM = 'AWS4-HMAC-SHA256'

export interface SignatureRefused {
  readonly ok: false
  readonly code: string
  readonly message: string
  readonly status: number
}

export interface Claim {
  readonly presigned: boolean
  readonly accessKeyId: string
  readonly scope: string
  readonly date: string
  readonly region: string
  readonly service: string
  readonly timestamp: string
  readonly signedHeaders: readonly string[]
  readonly signature: string
  readonly token: string | undefined
  readonly expiresSeconds: number | undefined
}

const MAX_EXPIRES_SECONDS = 7 * 24 * 60 * 60

/** Whether a request claims any signature at all, valid or not. */
export function isSigned(request: HttpRequest): boolean {
  return (
    request.headers['authorization'] !== undefined ||
    /[?&](X-Amz-Algorithm|Signature|AWSAccessKeyId)=/.test(request.target)
  )
}

/** Reads the claim, or says why there is none to read; `isS3` chooses the service's words. */
export function readClaim(request: HttpRequest, query: readonly QueryPair[], isS3: boolean): Claim | SignatureRefused {
  const authorization = request.headers['authorization']
  if (authorization !== undefined) {
    if (!authorization.startsWith(`${ALGORITHM} `)) {
      return isS3
        ? refuse(
            'InvalidRequest',
            `The authorization mechanism you have provided is not supported. Please use ${ALGORITHM}.`,
            400,
          )
        : refuse('IncompleteSignature', `Authorization header requires '${ALGORITHM}'.`, 403)
    }
    const fields = new Map(
      authorization
        .slice(ALGORITHM.length)
        .split(',')
        .map((field) => splitOnce(field.trim(), '=')),
    )
    return makeClaim({
      presigned: false,
      credential: fields.get('Credential'),
      signedHeaders: fields.get('SignedHeaders'),
      signature: fields.get('Signature'),
      timestamp: request.headers['x-amz-date'] ?? httpDateToTimestamp(request.headers['date']),
      token: request.headers['x-amz-security-token'],
      expiresSeconds: undefined,
    })
  }
  const algorithm = valueOf(query, 'X-Amz-Algorithm')
  if (algorithm !== undefined) {
    const expiresSeconds = Number(valueOf(query, 'X-Amz-Expires') ?? Number.NaN)
    if (algorithm !== ALGORITHM) {
      return refuse('AuthorizationQueryParametersError', `X-Amz-Algorithm only supports "${ALGORITHM}"`, 400)
    }
    if (!Number.isInteger(expiresSeconds) || expiresSeconds < 0 || expiresSeconds > MAX_EXPIRES_SECONDS) {
      return refuse('AuthorizationQueryParametersError', 'X-Amz-Expires must be between 0 and 604800 seconds', 400)
    }
    return makeClaim({
      presigned: true,
      credential: valueOf(query, 'X-Amz-Credential'),
      signedHeaders: valueOf(query, 'X-Amz-SignedHeaders'),
      signature: valueOf(query, 'X-Amz-Signature'),
      timestamp: valueOf(query, 'X-Amz-Date'),
      token: valueOf(query, 'X-Amz-Security-Token'),
      expiresSeconds,
    })
  }
  if (isSigned(request)) {
    return refuse(
      'InvalidRequest',
      `The authorization mechanism you have provided is not supported. Please use ${ALGORITHM}.`,
      400,
    )
  }
  return isS3
    ? refuse('AccessDenied', 'Access Denied', 403)
    : refuse('MissingAuthenticationToken', 'Request is missing Authentication Token', 403)
}

function makeClaim(parts: {
  presigned: boolean
  credential: string | undefined
  signedHeaders: string | undefined
  signature: string | undefined
  timestamp: string | undefined
  token: string | undefined
  expiresSeconds: number | undefined
}): Claim | SignatureRefused {
  const { presigned, credential, signedHeaders, signature, timestamp, token, expiresSeconds } = parts
  const malformedCode = presigned ? 'AuthorizationQueryParametersError' : 'AuthorizationHeaderMalformed'
  const found = /^(.+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request$/.exec(credential ?? '')
  if (found === null || signedHeaders === undefined || signature === undefined) {
    return refuse(
      malformedCode,
      'The authorization is malformed; Credential, SignedHeaders and Signature are required.',
      400,
    )
  }
  const [, accessKeyId = '', date = '', region = '', service = ''] = found
  if (timestamp === undefined || timestampToMs(timestamp) === undefined || !timestamp.startsWith(date)) {
    return refuse('AccessDenied', 'AWS authentication requires a valid Date or x-amz-date header', 403)
  }
  const names = signedHeaders.split(';')
  if (!names.includes('host')) {
    return refuse(malformedCode, "The authorization is malformed; 'Host' must be a 'SignedHeader'.", 400)
  }
  const scope = [date, region, service, 'aws4_request'].join('/')
  return {
    presigned,
    accessKeyId,
    scope,
    date,
    region,
    service,
    timestamp,
    signedHeaders: names,
    signature,
    token,
    expiresSeconds,
  }
}

/** `20260131T235959Z` to milliseconds; `undefined` when it is not such a time. */
export function timestampToMs(timestamp: string): number | undefined {
  const iso = timestamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z')
  const ms = iso === timestamp ? Number.NaN : Date.parse(iso)
  return Number.isNaN(ms) ? undefined : ms
}

function httpDateToTimestamp(date: string | undefined): string | undefined {
  const ms = Date.parse(date ?? '')
  if (Number.isNaN(ms)) return undefined
  return `${new Date(ms).toISOString().replaceAll(/[-:]/g, '').slice(0, 15)}Z`
}

/** The verdict on a request that is not let in. */
export function refuse(code: string, message: string, status: number): SignatureRefused {
  return { ok: false, code, message, status }
}
