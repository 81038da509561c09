// The short way to S3: signed by AWS's signer and sent over the shared connections, without the layers of the SDK in between, which cost more
// than all the rest on thousands of small objects. It knows answers only, no errors: whatever else happens (a redirect, a refusal, a lost
// connection) the caller does over through the SDK, which knows retries, regions and what each error means.

import { createHash, createHmac } from 'node:crypto'
import type { Readable } from 'node:stream'
import { SignatureV4 } from '@smithy/signature-v4'
import type { Key, RequestCounts } from '../model.ts'
import { exchange, LONG_WORK_MS, patienceMs, type HttpAnswer, type Connections } from './connections.ts'
import { buildQuery, encodeKey } from './request-path.ts'
import type { S3Target } from './s3-target.ts'

export interface LeanRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'
  /** Undefined: the bucket itself. */
  readonly key?: Key
  readonly query?: Readonly<Record<string, string>>
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>
  /** A stream is made when it is sent. */
  readonly body?: Uint8Array | (() => Readable)
  /** Of the body, which S3 checks against it. */
  readonly sha256?: string
  readonly bodyBytes?: number
  readonly counts: keyof RequestCounts
  /** Whether S3 itself has much to do before it answers. */
  readonly takesLong?: boolean
}

/** @returns undefined when it was not sent, or nothing came back: it may or may not have been carried out then */
export type LeanRequests = (request: LeanRequest) => Promise<HttpAnswer | undefined>

export interface LeanRequestsOptions {
  readonly connections: Connections
  readonly credentials: () => Promise<AwsCredentials>
  /** Undefined: only the SDK can say. */
  readonly target: () => S3Target | undefined
  /** Called for each request that is sent. */
  readonly onSend: (kind: keyof RequestCounts) => void
  /** Called when S3 asks to be asked less; the answer waits for it. */
  readonly onSlowDown: () => Promise<void>
}

export interface AwsCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** Header values that need no encoding. */
const PLAIN = /^[\u0020-\u007e]*$/u
const EMPTY_SHA256 = createHash('sha256').digest('hex')

export function leanRequests({
  connections,
  credentials,
  target,
  onSend,
  onSlowDown,
}: LeanRequestsOptions): LeanRequests {
  const signer = signerFor('s3', credentials)
  return async ({
    method,
    key,
    query = {},
    headers = {},
    body,
    bodyBytes,
    sha256 = EMPTY_SHA256,
    counts,
    takesLong = false,
  }) => {
    const to = target()
    if (to === undefined || !Object.values(headers).every((value) => PLAIN.test(value))) return undefined
    const sizeBytes = bodyBytes ?? (body instanceof Uint8Array ? body.length : 0)
    const path = `${to.basePath}/${key === undefined ? '' : encodeKey(key)}`
    try {
      const unsigned = {
        method,
        protocol: to.protocol,
        hostname: to.hostname,
        path,
        query,
        headers: {
          host: to.host,
          ...(body !== undefined && { 'content-length': String(sizeBytes) }),
          'x-amz-content-sha256': sha256,
          ...headers,
        },
      }
      const signed = await signer.sign(unsigned, { signingRegion: to.region })
      onSend(counts)
      const answer = await exchange(connections, {
        origin: to.origin,
        path: path + buildQuery(query),
        method,
        headers: signed.headers,
        body: typeof body === 'function' ? body() : (body ?? null),
        ...(takesLong
          ? { headersTimeout: LONG_WORK_MS, bodyTimeout: LONG_WORK_MS }
          : { headersTimeout: patienceMs(sizeBytes) }),
      })
      if (isSlowDown(answer.status)) await onSlowDown()
      return answer
    } catch {
      // The SDK finds the same trouble when it is asked, and says what it is.
      return undefined
    }
  }
}

/** 503 is S3's; Cloudflare R2 and Google's store answer 429. @see Amazon S3 API Reference, "Error responses" */
export function isSlowDown(status: number | undefined): boolean {
  return status === 503 || status === 429
}

export function signerFor(service: 's3' | 'cloudfront', credentials: () => Promise<AwsCredentials>): SignatureV4 {
  return new SignatureV4({
    service,
    // CloudFront is global. @see CloudFront API Reference
    region: 'us-east-1',
    credentials,
    sha256: NodeSha256,
    // S3 signs the path as it is sent. @see Amazon S3 API Reference, "Create a signed AWS API request"
    uriEscapePath: service !== 's3',
    applyChecksum: false,
  })
}

/**
 * What the signer hashes with. It asks for the HMAC of the same access key, under the same secret, once for every request, to know whether the
 * signing key that it keeps is still the right one: that one is kept here.
 */
class NodeSha256 {
  static #kept: { readonly secret: string; readonly data: string; readonly digest: Uint8Array } | undefined
  readonly #secret: string | Uint8Array | undefined
  #data: string | Uint8Array = ''

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#secret = secret as string | Uint8Array | undefined
  }

  update(data: string | Uint8Array): void {
    this.#data = this.#data.length === 0 ? data : Buffer.concat([Buffer.from(this.#data), Buffer.from(data)])
  }

  async digest(): Promise<Uint8Array> {
    const secret = this.#secret
    if (secret === undefined) return createHash('sha256').update(this.#data).digest()
    const data = String(this.#data)
    const kept = NodeSha256.#kept
    if (typeof secret === 'string' && kept?.secret === secret && kept.data === data) return kept.digest
    const digest = createHmac('sha256', secret).update(this.#data).digest()
    if (typeof secret === 'string') NodeSha256.#kept = { secret, data, digest }
    return digest
  }

  reset(): void {
    this.#data = ''
  }
}
