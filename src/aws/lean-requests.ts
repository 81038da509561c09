// The short way to S3: signed by AWS's signer and sent over the shared connections, without the layers of the SDK in between, which cost more
// than all the rest on thousands of small objects. It knows answers only, no errors: whatever else happens (a redirect, a refusal, a lost
// connection) the caller does over through the SDK, which knows retries, regions and what each error means.

import { createHash, createHmac } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { S3Client } from '@aws-sdk/client-s3'
import { SignatureV4 } from '@smithy/signature-v4'
import type { Dispatcher } from 'undici'
import type { Key, RequestCounts } from '../model.ts'
import { exchange, patienceMs, type HttpAnswer } from './connections.ts'
import { buildQuery, encodeKey } from './request-path.ts'

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
}

/** @returns undefined when it was not sent, or nothing came back: it may or may not have been carried out then */
export type LeanRequests = (request: LeanRequest) => Promise<HttpAnswer | undefined>

export interface LeanRequestsOptions {
  readonly s3: S3Client
  readonly connections: Dispatcher
  readonly bucket: string
  /** Instead of AWS's own; then the bucket is in the path. */
  readonly endpointUrl: string | undefined
  /** Where the SDK, which knows profiles with an endpoint of their own, FIPS and redirects, has sent its last request to S3. */
  readonly lastTarget: () => S3Target | undefined
  /** Called for each request that is sent. */
  readonly onSend: (kind: keyof RequestCounts) => void
  /** Called when S3 asks to be asked less; the answer waits for it. */
  readonly onSlowDown: () => Promise<void>
}

export interface S3Target {
  readonly hostname: string
  /** That its requests are signed for. */
  readonly region: string
}

/** Header values that need no encoding. */
const PLAIN = /^[\u0020-\u007e]*$/u
const EMPTY_SHA256 = createHash('sha256').digest('hex')

export function leanRequests(options: LeanRequestsOptions): LeanRequests {
  const { s3, connections, bucket, endpointUrl, lastTarget, onSend, onSlowDown } = options
  const signer = new SignatureV4({
    service: 's3',
    region: async () => lastTarget()?.region ?? '',
    credentials: s3.config.credentials,
    sha256: NodeSha256,
    // S3 signs the path as it is sent. @see Amazon S3 API Reference, "Create a signed AWS API request"
    uriEscapePath: false,
    applyChecksum: false,
  })
  let known: { readonly target: S3Target; readonly url: URL } | undefined

  function findUrl(): URL | undefined {
    const target = lastTarget()
    if (target === undefined) return undefined
    if (known?.target.hostname !== target.hostname || known.target.region !== target.region) {
      const { url } = s3.config.endpointProvider({
        Bucket: bucket,
        Region: target.region,
        ...(endpointUrl !== undefined && { Endpoint: endpointUrl, ForcePathStyle: true }),
      })
      known = { target, url }
    }
    return known.url.hostname === target.hostname ? known.url : undefined
  }

  return async ({ method, key, query = {}, headers = {}, body, bodyBytes, sha256 = EMPTY_SHA256, counts }) => {
    const url = findUrl()
    if (url === undefined || !Object.values(headers).every((value) => PLAIN.test(value))) return undefined
    const sizeBytes = bodyBytes ?? (body instanceof Uint8Array ? body.length : 0)
    const path = `${url.pathname.replace(/\/$/u, '')}/${key === undefined ? '' : encodeKey(key)}`
    try {
      const signed = await signer.sign({
        method,
        protocol: url.protocol,
        hostname: url.hostname,
        path,
        query,
        headers: {
          host: url.host,
          ...(body !== undefined && { 'content-length': String(sizeBytes) }),
          'x-amz-content-sha256': sha256,
          ...headers,
        },
      })
      onSend(counts)
      const answer = await exchange(connections, {
        origin: url.origin,
        path: path + buildQuery(query),
        method,
        headers: signed.headers,
        body: typeof body === 'function' ? body() : (body ?? null),
        headersTimeout: patienceMs(sizeBytes),
      })
      if (answer.status === 503) await onSlowDown()
      return answer
    } catch {
      // The SDK finds the same trouble when it is asked, and says what it is.
      return undefined
    }
  }
}

/** What the signer hashes with. */
class NodeSha256 {
  readonly #hash: { update(data: string | Uint8Array): unknown; digest(): Buffer }

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as string | Uint8Array)
  }

  update(data: Uint8Array): void {
    this.#hash.update(data)
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest())
  }

  reset(): void {
    throw new Error('A digest is made once.')
  }
}
