// The embedded cloud: S3, CloudFront and edge locations on loopback, for trying the tool without an account and for tests.
//
// Gaps of this S3 against the real one, each refused with its own error rather than passed over in silence:
// - no versions, tags, event notifications, object lock, annotations; ACLs are read, and set by `x-amz-acl` on uploads alone
// - no GetObjectAttributes, SelectObjectContent, POST form uploads, `?partNumber` reads
// - no server-side encryption but SSE-S3; no SHA-512, MD5 or XXHash checksums; no SigV2 (`aws s3 presign` in us-east-1
//   needs `s3.signature_version = s3v4`) and no SigV4A
// - one account: a valid signature is the owner, who may do anything; everyone else reads what is public
// and passed over:
// - of a bucket policy only a Deny of s3:GetObject without conditions is heeded: `createBucket(name, { publicRead: true })`
//   opens a bucket
// - a website endpoint is found by `<bucket>.s3-website…` in `Host`, not by a bucket's name alone; it answers no CORS
//   preflight, and its redirects carry none of the object's headers
// - two writers at once are put in order, so ConditionalRequestConflict (409) never comes; nothing is ever SlowDown
// - a repeated CompleteMultipartUpload is answered as the first one only until the emulator ends
// The gaps of CloudFront are listed in `cloudfront/index.ts`.

import { join } from 'node:path'
import type { EmulatorClock } from './clock.ts'
import { realClock } from './clock.ts'
import type { CloudFront, CloudFrontOptions } from './cloudfront/index.ts'
import { createCloudFront } from './cloudfront/index.ts'
import type { HttpRequest, HttpResponse } from './http-message.ts'
import type { RequestCounts } from './request-counts.ts'
import { createRequestCounter, nameCloudFrontOperation } from './request-counts.ts'
import { folderStorage } from './s3/folder-storage.ts'
import type { S3 } from './s3/index.ts'
import { createS3 } from './s3/index.ts'
import { memoryStorage } from './s3/storage.ts'
import type { Intercepted, RunningServer } from './server.ts'
import { serveHttp } from './server.ts'
import type { Credentials } from './sigv4.ts'

export type { EmulatorClock, TurnableClock } from './clock.ts'
export { realClock, turnableClock } from './clock.ts'
export type {
  CloudFront,
  Edge,
  EntrySummary,
  NewBehavior,
  NewCachePolicy,
  NewDistribution,
  NewErrorResponse,
  NewFunction,
  NewOrigin,
  NewOriginGroup,
  NewTenant,
} from './cloudfront/index.ts'
export type { HttpRequest, HttpResponse } from './http-message.ts'
export type { RequestCounts } from './request-counts.ts'
export type { BucketOptions, WebsiteConfiguration } from './s3/index.ts'
export { INDEX_DOCUMENTS_FUNCTION } from './index-documents.ts'
export type { Intercepted } from './server.ts'
export type { Credentials } from './sigv4.ts'

export type EmulatorService = 's3' | 'cloudfront' | 'edge'

export interface EmulatorOptions {
  /** The machine's by default. Signatures are held to the machine's time whatever this says. */
  readonly clock?: EmulatorClock
  /** `memory`, the default, or a folder that a later start finds everything in again. */
  readonly storage?: 'memory' | { readonly folder: string }
  /** `127.0.0.1` by default. */
  readonly host?: string
  /** Any free ports by default; `edges` in the order of the edge locations. */
  readonly ports?: { readonly s3?: number; readonly cloudFront?: number; readonly edges?: readonly number[] }
  /** `us-east-1` by default. */
  readonly region?: string
  readonly credentials?: Credentials
  /** Edge locations, purge delays and the rest of what CloudFront can be told. */
  readonly cloudFront?: Omit<CloudFrontOptions, 'clock' | 'fetchFromBucket' | 'credentials' | 'region' | 'folder'>
  /** Told of every request that was not intercepted, with its answer. */
  readonly requestLog?: (entry: RequestLogEntry) => void
  /** Called before each request: may answer in its place, or break the connection before or after it is done. */
  readonly intercept?: (service: EmulatorService, request: HttpRequest) => Intercepted | Promise<Intercepted>
}

export interface RequestLogEntry {
  readonly service: EmulatorService
  readonly method: string
  readonly target: string
  readonly status: number
}

export interface Emulator {
  /** For `AWS_ENDPOINT_URL_S3`; path style and `<bucket>.localhost` both work, `<bucket>.s3-website.localhost` is the website. */
  readonly s3Url: string
  /** For `AWS_ENDPOINT_URL_CLOUDFRONT`. */
  readonly cloudFrontUrl: string
  /** Viewer requests go here with the distribution's domain name, or an alias, in `Host`. */
  readonly edges: readonly { readonly pop: string; readonly url: string }[]
  readonly region: string
  readonly credentials: Credentials
  readonly clock: EmulatorClock
  readonly s3: Pick<S3, 'createBucket'>
  readonly cloudFront: CloudFront
  /** Counts since the start. */
  readonly requests: RequestCounts
  /** What went wrong inside the emulator; a test may expect it to be empty. */
  readonly faults: readonly unknown[]
  /** Ends at once, kept-alive connections too. */
  close(): Promise<void>
}

const DEFAULT_CREDENTIALS: Credentials = {
  accessKeyId: 'FRESHFRONTLOCAL',
  secretAccessKey: 'freshfront-local-secret',
}

/**
 * Starts the embedded cloud.
 *
 * @throws {Error} when a port is taken, or the folder is in use by another process
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { host = '127.0.0.1', region = 'us-east-1', credentials = DEFAULT_CREDENTIALS, ports = {} } = options
  const clock = options.clock ?? realClock()
  const folder = typeof options.storage === 'object' ? options.storage.folder : undefined
  const storage = folder === undefined ? memoryStorage() : await folderStorage(join(folder, 's3'))
  const counter = createRequestCounter()
  const faults: unknown[] = []
  const servers: RunningServer[] = []

  const serve = async (
    service: EmulatorService,
    port: number,
    handle: (request: HttpRequest) => Promise<HttpResponse>,
  ) => {
    const server = await serveHttp({
      host,
      port,
      onFault: (error) => faults.push(error),
      intercept: options.intercept && ((request) => options.intercept?.(service, request)),
      async handle(request) {
        const response = await handle(request)
        options.requestLog?.({ service, method: request.method, target: request.target, status: response.status })
        return response
      },
    })
    servers.push(server)
    return server.url
  }
  const close = async () => {
    await Promise.all(servers.map((server) => server.close()))
    await storage.close()
  }

  try {
    const s3 = await createS3({
      clock,
      storage,
      credentials: [credentials],
      region,
      onOperation: (name) => counter.count('s3', name),
    })
    const cloudFront = await createCloudFront({
      ...options.cloudFront,
      clock,
      fetchFromBucket: s3.fetchFromBucket,
      credentials: [credentials],
      region,
      ...(folder === undefined ? {} : { folder: join(folder, 'cloudfront') }),
    })
    const s3Url = await serve('s3', ports.s3 ?? 0, (request) => s3.handle(request))
    const cloudFrontUrl = await serve('cloudfront', ports.cloudFront ?? 0, (request) => {
      counter.count('cloudFront', nameCloudFrontOperation(request.method, request.target))
      return cloudFront.handleApi(request)
    })
    const edges: { pop: string; url: string }[] = []
    for (const [i, edge] of cloudFront.edges.entries()) {
      const url = await serve('edge', ports.edges?.[i] ?? 0, (request) => {
        counter.count('edge', edge.pop)
        return edge.handle(request)
      })
      edges.push({ pop: edge.pop, url })
    }
    return {
      s3Url,
      cloudFrontUrl,
      edges,
      region,
      credentials,
      clock,
      s3,
      cloudFront,
      requests: counter.counts,
      faults,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
