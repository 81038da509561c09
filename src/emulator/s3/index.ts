// The emulated S3. One request: address → detect → authenticate → run, and one place where a refusal becomes S3's XML.
// Requests to a bucket's website endpoint part from these at the door.

import { BodyRefused } from '../body-refused.ts'
import type { EmulatorClock } from '../clock.ts'
import type { HttpRequest, HttpResponse } from '../http-message.ts'
import type { FetchFromBucket } from '../origin.ts'
import type { Credentials } from '../sigv4.ts'
import { splitOnce } from '../sigv4-canonical.ts'
import type { Address } from './address.ts'
import { decodePath, readAddress } from './address.ts'
import type { Caller } from './authenticate.ts'
import { anonymousCaller, authenticate, checkRegion } from './authenticate.ts'
import type { OperationName } from './detect.ts'
import { detectOperation } from './detect.ts'
import { S3Error, errorResponse } from './s3-error.ts'
import type { BucketOptions } from './records.ts'
import type { BucketRequest, ServiceRequest } from './operation.ts'
import { BUCKET_OPERATIONS, SERVICE_OPERATIONS } from './operations.ts'
import { saveBucket } from './operations/buckets.ts'
import type { S3Storage } from './storage.ts'
import { openStore } from './store.ts'
import { answerWebsite } from './website/answer-website.ts'
import { readWebsiteHost } from '../website-host.ts'

export type { BucketOptions } from './records.ts'
export type { WebsiteConfiguration } from './website/configuration.ts'

export interface S3Options {
  readonly clock: EmulatorClock
  readonly storage: S3Storage
  readonly credentials: readonly Credentials[]
  /** Where buckets are made when nothing else is said. */
  readonly region: string
  /** The time signatures are held to; the machine's by default, since clients sign with that. */
  readonly signatureNowMs?: () => number
  /** Told of every request to the API, before it is authenticated. */
  readonly onOperation?: (name: OperationName) => void
}

export interface S3 {
  /** Answers a request to the REST API, or to the website endpoint that its `Host` names. Rejects only for faults of the emulator, or of the connection. */
  handle(request: HttpRequest): Promise<HttpResponse>
  /** How an edge location reads; `Date` is by the emulator's clock. */
  readonly fetchFromBucket: FetchFromBucket
  /** Makes a bucket, or changes what `options` names of an existing one. Throws for an invalid name. */
  createBucket(name: string, options?: BucketOptions): Promise<void>
}

/** Opens the storage and serves what is in it. */
export async function createS3(options: S3Options): Promise<S3> {
  const { clock, region, credentials } = options
  const store = await openStore(options.storage)

  async function run(operation: OperationName, address: Address, caller: Caller): Promise<HttpResponse> {
    const { bucket: bucketName, key, query } = address
    const request: ServiceRequest = { ...caller, store, clock, bucketName, key, query }
    if (operation === 'ListBuckets' || operation === 'CreateBucket') {
      if (caller.principal !== 'owner') throw new S3Error('AccessDenied')
      return SERVICE_OPERATIONS[operation](request)
    }
    const bucket = store.buckets.get(bucketName)
    if (bucket === undefined) throw new S3Error('NoSuchBucket', undefined, { BucketName: bucketName })
    checkRegion(caller, operation, bucket.record.region)
    if (caller.principal !== 'owner' && !PUBLIC_OPERATIONS.includes(operation)) throw new S3Error('AccessDenied')
    return BUCKET_OPERATIONS[operation]({ ...request, bucket } satisfies BucketRequest)
  }

  return {
    async handle(request) {
      const website = readWebsiteHost(request.headers['host'] ?? '')
      if (website !== undefined) return answerWebsite({ ...request, ...website }, store, clock)

      const resource = splitOnce(request.target, '?')[0]
      try {
        const address = readAddress(request)
        const operation = detectOperation(request.method, address, request.headers)
        options.onOperation?.(operation)
        const caller = await authenticate(request, address, {
          credentials,
          nowMs: options.signatureNowMs?.() ?? Date.now(),
        })
        if ('ok' in caller) return errorResponse(caller, { method: request.method, resource })
        return await run(operation, address, caller)
      } catch (error) {
        return answerError(error, { method: request.method, resource })
      }
    },

    async fetchFromBucket({ bucket, method, path, headers, access, endpoint }) {
      const [rawKey, queryText] = splitOnce(path, '?')
      const date = { Date: new Date(clock.nowMs()).toUTCString() }
      if (endpoint === 'website') {
        const request = { bucket, region: undefined, method, target: path, headers }
        const response = await answerWebsite(request, store, clock)
        return { ...response, headers: { ...response.headers, ...date } }
      }
      try {
        // In an anonymous or CloudFront request S3 reads `+` as a space, as it does in a query.
        const key = decodePath(rawKey.slice(1).replaceAll('+', ' '))
        const address: Address = { bucket, key, query: new URLSearchParams(queryText) }
        const operation = detectOperation(method, address, headers)
        const principal = access === 'signed' ? 'cloudfront' : 'anonymous'
        const response = await run(operation, address, { ...anonymousCaller(headers), principal })
        return { ...response, headers: { ...response.headers, ...date } }
      } catch (error) {
        const response = answerError(error, { method, resource: rawKey })
        return { ...response, headers: { ...response.headers, ...date } }
      }
    },

    createBucket: (name, bucketOptions = {}) =>
      saveBucket(store, name, bucketOptions, { region, nowMs: clock.nowMs() }),
  }
}

/** What others than the owner may ask for; each still asks whether this caller may. */
const PUBLIC_OPERATIONS: readonly OperationName[] = ['GetObject', 'HeadObject', 'ListObjects', 'ListObjectsV2']

function answerError(error: unknown, request: { method: string; resource: string }): HttpResponse {
  if (error instanceof S3Error || error instanceof BodyRefused) return errorResponse(error, request)
  throw error
}
