// From names to ports: finds credentials, region and endpoints as every AWS tool does, and connects to both services.

import { randomBytes } from 'node:crypto'
import { CloudFrontClient } from '@aws-sdk/client-cloudfront'
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { endpointInvalid } from '../errors.ts'
import type { Ports } from '../ports.ts'
import { cloudFrontDistributions } from './cloudfront-distributions.ts'
import { edgeViewer } from './edge-viewer.ts'
import { openConnections } from './connections.ts'
import { awsInspector } from './inspector.ts'
import { leanRequests } from './lean-requests.ts'
import { meterRequests } from './request-meter.ts'
import { s3Bucket } from './s3-bucket.ts'
import { systemClock } from './system-clock.ts'
import { systemProcesses } from './system-processes.ts'
import { undiciHandler } from './undici-handler.ts'

export interface ConnectOptions {
  readonly bucket: string
  readonly region?: string
  readonly profile?: string
  /** S3's, as `--endpoint-url` of `aws s3`. */
  readonly endpointUrl?: string
  readonly cloudFrontEndpointUrl?: string
  /** Instead of those that the SDK finds. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string }
  /** Requests under way at once. */
  readonly concurrency: number
}

/** The SDK waits 100 ms, 200 ms, 400 ms … between attempts, with jitter. */
const MAX_ATTEMPTS = 6
/** What was refused waits so long, up to twice that, before the SDK tries it again at its own pace. */
const SLOW_DOWN_MS = 200
/** CloudFront is global: one endpoint, signed for this region. @see CloudFront API Reference */
const CLOUDFRONT_REGION = 'us-east-1'

/** Sends nothing yet: a wrong name or missing credentials show at the first request. */
export async function connectAws(options: ConnectOptions): Promise<Ports> {
  const { profile, credentials } = options
  const s3EndpointUrl =
    options.endpointUrl ?? fromEnvironment('AWS_ENDPOINT_URL_S3') ?? fromEnvironment('AWS_ENDPOINT_URL')
  const cloudFrontEndpointUrl = options.cloudFrontEndpointUrl ?? fromEnvironment('AWS_ENDPOINT_URL_CLOUDFRONT')
  const connections = await openConnections(options.concurrency * 2, process.env)
  const shared = {
    maxAttempts: MAX_ATTEMPTS,
    ...(profile !== undefined && { profile }),
    ...(credentials !== undefined && { credentials }),
    requestHandler: undiciHandler(connections),
  }
  const region = options.region ?? (await regionFromSurroundings(profile))
  const s3Config: S3ClientConfig = {
    ...shared,
    region: region ?? 'us-east-1',
    // A region that nobody has named may be found out; one that was named wrongly is an error the user should see.
    followRegionRedirects: region === undefined,
    // Every upload carries the digests made by the scan; a CRC on top costs time and is refused by older S3-compatible stores.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(s3EndpointUrl !== undefined && { endpoint: s3EndpointUrl, forcePathStyle: true }),
  }
  const s3 = new S3Client(s3Config)
  const cloudFront = new CloudFrontClient({
    ...shared,
    region: CLOUDFRONT_REGION,
    ...(cloudFrontEndpointUrl !== undefined && { endpoint: cloudFrontEndpointUrl }),
  })
  const clock = systemClock()
  const meter = meterRequests(s3, cloudFront)
  return {
    bucket: s3Bucket({
      s3,
      name: options.bucket,
      store: s3EndpointUrl ?? 'AWS',
      clock,
      request: leanRequests({
        s3,
        connections,
        bucket: options.bucket,
        endpointUrl: s3EndpointUrl,
        lastTarget: () => meter.lastS3Target(),
        onSend: (kind) => meter.count(kind),
        async onSlowDown() {
          meter.countSlowDown()
          await clock.sleep(SLOW_DOWN_MS * (1 + Math.random()))
        },
      }),
      endpoint: s3EndpointUrl ?? `S3 in ${region ?? 'us-east-1'}`,
      region: region ?? 'us-east-1',
      ...(profile !== undefined && { profile }),
    }),
    distributions: cloudFrontDistributions(cloudFront, {
      endpoint: cloudFrontEndpointUrl ?? 'CloudFront',
      ...(profile !== undefined && { profile }),
    }),
    inspector: awsInspector({
      s3,
      cloudFront,
      bucket: options.bucket,
      namedRegion: region,
      s3Endpoint: s3EndpointUrl ?? `S3 in ${region ?? 'us-east-1'}`,
      cloudFrontEndpoint: cloudFrontEndpointUrl ?? 'CloudFront',
      ...(profile !== undefined && { profile }),
    }),
    viewer: edgeViewer(),
    clock,
    processes: systemProcesses(),
    meter,
    randomSuffix: () => randomBytes(3).toString('hex'),
  }
}

/** @returns undefined for an empty variable too, as every AWS tool has it: CI passes what nobody has filled in as empty */
function fromEnvironment(name: string): string | undefined {
  const url = process.env[name] || undefined
  if (url !== undefined && !/^https?:\/\//u.test(url)) throw endpointInvalid(name, url)
  return url
}

/** The region of the environment or the profile. */
async function regionFromSurroundings(profile: string | undefined): Promise<string | undefined> {
  try {
    return await new S3Client(profile === undefined ? {} : { profile }).config.region()
  } catch {
    // The SDK throws when it finds none, and "none" is an answer here.
    return undefined
  }
}
