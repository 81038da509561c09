// What the tests of the embedded CloudFront run in: a bucket in memory, the API behind the official SDK, the edge
// locations on real ports, and a clock that stands still until it is turned.

import { createHash } from 'node:crypto'
import { request as sendHttp } from 'node:http'
import { CloudFrontClient } from '@aws-sdk/client-cloudfront'
import type { CloudFront, CloudFrontOptions } from '../src/emulator/cloudfront/index.ts'
import { createCloudFront } from '../src/emulator/cloudfront/index.ts'
import type { TurnableClock } from '../src/emulator/clock.ts'
import { turnableClock } from '../src/emulator/clock.ts'
import type { HttpResponse } from '../src/emulator/http-message.ts'
import { NO_BODY } from '../src/emulator/http-message.ts'
import type { OriginRequest } from '../src/emulator/origin.ts'
import { serveHttp } from '../src/emulator/server.ts'

export interface FakeBucket {
  /** In whatever bucket is asked. */
  put(key: string, body: string, headers?: Readonly<Record<string, string>>): void
  /** In this bucket only. */
  putIn(bucket: string, key: string, body: string, headers?: Readonly<Record<string, string>>): void
  remove(key: string): void
  /** The website endpoint's answer for a path, from now on. */
  redirect(path: string, location: string, headers?: Readonly<Record<string, string>>): void
  /** Every answer from now on: a status, `unreachable`, or undefined for the real thing. */
  failWith(failure: number | 'unreachable' | undefined): void
  /** Every answer waits until the function that is returned is called. */
  hold(): () => void
  /** What a key that does not exist is answered with; 403 is what S3 says to who may not list. */
  missingStatus: number
  readonly requests: OriginRequest[]
  fetch(request: OriginRequest): Promise<HttpResponse>
  answer(request: OriginRequest): HttpResponse
}

export interface ViewerResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Buffer
  readonly text: string
}

export interface World {
  readonly clock: TurnableClock
  readonly bucket: FakeBucket
  readonly cloudFront: CloudFront
  readonly client: CloudFrontClient
  readonly apiUrl: string
  /** Asks an edge location over HTTP, the target byte for byte. */
  view(
    target: string,
    options?: { edge?: number; method?: string; headers?: Record<string, string>; body?: string },
  ): Promise<ViewerResponse>
  connect(credentials: { accessKeyId: string; secretAccessKey: string }, region?: string): CloudFrontClient
  close(): Promise<void>
}

export const CREDENTIALS = { accessKeyId: 'AKIDLOCAL', secretAccessKey: 'local-secret' }

export async function startWorld(options: Partial<CloudFrontOptions> = {}): Promise<World> {
  const clock = turnableClock()
  const bucket = createFakeBucket()
  const cloudFront = await createCloudFront({
    clock,
    fetchFromBucket: (request) => bucket.fetch(request),
    credentials: [CREDENTIALS],
    region: 'eu-west-1',
    ...options,
  })
  const faults: unknown[] = []
  const serve = (handle: CloudFront['handleApi']) =>
    serveHttp({ host: '127.0.0.1', port: 0, handle, onFault: (error) => faults.push(error) })
  const api = await serve((request) => cloudFront.handleApi(request))
  const edges = await Promise.all(cloudFront.edges.map((edge) => serve((request) => edge.handle(request))))
  const connect: World['connect'] = (credentials, region = 'us-east-1') =>
    new CloudFrontClient({ endpoint: api.url, region, credentials, maxAttempts: 1 })
  const client = connect(CREDENTIALS)
  return {
    clock,
    bucket,
    cloudFront,
    client,
    apiUrl: api.url,
    connect,
    view: (target, { edge = 0, method = 'GET', headers = {}, body } = {}) =>
      sendRaw(edges[edge]?.url ?? '', { target, method, headers, body }),
    async close() {
      client.destroy()
      await Promise.all([api, ...edges].map((server) => server.close()))
      if (faults.length > 0) throw new AggregateError(faults, 'The emulator broke while it was tested.')
    },
  }
}

function createFakeBucket(): FakeBucket {
  const objects = new Map<string, { body: Buffer; etag: string; headers: Readonly<Record<string, string>> }>()
  const requests: OriginRequest[] = []
  const redirects = new Map<string, Readonly<Record<string, string>>>()
  let failure: number | 'unreachable' | undefined
  let held: Promise<void> = Promise.resolve()
  const keep = (name: string, text: string, headers: Readonly<Record<string, string>> = {}) => {
    const body = Buffer.from(text)
    const etag = `"${createHash('md5').update(body).digest('hex')}"`
    const lastModified = 'Wed, 31 Dec 2025 00:00:00 GMT'
    objects.set(name, {
      body,
      etag,
      headers: { 'Content-Type': 'text/html', ...headers, ETag: etag, 'Last-Modified': lastModified },
    })
  }
  const answer = (status: number, headers: Record<string, string>, body: Uint8Array): HttpResponse => ({
    status,
    headers: { 'x-amz-request-id': 'R1', 'x-amz-id-2': 'H1', Server: 'AmazonS3', ...headers },
    body,
  })
  return {
    missingStatus: 404,
    requests,
    put: keep,
    putIn: (bucket, key, text, headers) => keep(`${bucket}:${key}`, text, headers),
    redirect: (path, location, headers = {}) => void redirects.set(path, { ...headers, Location: location }),
    hold() {
      const { promise, resolve } = withResolvers()
      held = promise
      return resolve
    },
    remove: (key) => void objects.delete(key),
    failWith(wanted) {
      failure = wanted
    },
    async fetch(request) {
      requests.push(request)
      // What the bucket holds is read before the wait: the answer is on its way.
      const response = this.answer(request)
      await held
      return response
    },
    answer(request) {
      if (failure === 'unreachable') throw new Error('connection refused')
      if (failure !== undefined) return answer(failure, {}, Buffer.from('<Error/>'))
      const key = decodeURIComponent(request.path.slice(1))
      const redirected = request.endpoint === 'website' ? redirects.get(request.path) : undefined
      if (redirected !== undefined) return answer(302, redirected, NO_BODY)
      const found = objects.get(`${request.bucket}:${key}`) ?? objects.get(key)
      if (found === undefined) {
        return answer(this.missingStatus, { 'Content-Type': 'application/xml' }, Buffer.from('<Error>missing</Error>'))
      }
      const headers = { ...found.headers, 'Content-Length': String(found.body.length) }
      if (request.headers['if-none-match'] === found.etag) return answer(304, { ETag: found.etag }, NO_BODY)
      return answer(200, headers, request.method === 'HEAD' ? NO_BODY : found.body)
    },
  }
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

function sendRaw(
  url: string,
  { target, method, headers, body }: { target: string; method: string; headers: object; body: string | undefined },
): Promise<ViewerResponse> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const outgoing = sendHttp({ hostname, port, path: target, method, headers: { ...headers } }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const whole = Buffer.concat(chunks)
        const received = Object.fromEntries(
          Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
        )
        resolve({ status: response.statusCode ?? 0, headers: received, body: whole, text: whole.toString('utf8') })
      })
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
