// From names to ports: finds credentials, region and endpoints as every AWS tool does, and connects to both services.

import { randomBytes } from 'node:crypto'
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { CloudFrontClient } from '@aws-sdk/client-cloudfront'
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { endpointInvalid } from '../errors.ts'
import type { Ports } from '../ports.ts'
import { cloudFrontDistributions } from './cloudfront-distributions.ts'
import { edgeViewer } from './edge-viewer.ts'
import { awsInspector } from './inspector.ts'
import { leanPut } from './lean-put.ts'
import { meterRequests } from './request-meter.ts'
import { s3Bucket } from './s3-bucket.ts'
import { systemClock } from './system-clock.ts'
import { systemProcesses } from './system-processes.ts'

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
const CONNECT_TIMEOUT_MS = 10_000
/** Without it a server that accepts and never answers is waited for without end. */
const IDLE_TIMEOUT_MS = 30_000
/** CloudFront is global: one endpoint, signed for this region. @see CloudFront API Reference */
const CLOUDFRONT_REGION = 'us-east-1'

/** Sends nothing yet: a wrong name or missing credentials show at the first request. */
export async function connectAws(options: ConnectOptions): Promise<Ports> {
  const { profile, credentials } = options
  const s3EndpointUrl =
    options.endpointUrl ?? fromEnvironment('AWS_ENDPOINT_URL_S3') ?? fromEnvironment('AWS_ENDPOINT_URL')
  const cloudFrontEndpointUrl = options.cloudFrontEndpointUrl ?? fromEnvironment('AWS_ENDPOINT_URL_CLOUDFRONT')
  const agentOptions = { keepAlive: true, maxSockets: options.concurrency * 2 }
  const shared = {
    maxAttempts: MAX_ATTEMPTS,
    ...(profile !== undefined && { profile }),
    ...(credentials !== undefined && { credentials }),
    requestHandler: new NodeHttpHandler({
      connectionTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: IDLE_TIMEOUT_MS,
      httpAgent: new HttpAgent(agentOptions),
      httpsAgent: new HttpsAgent(agentOptions),
    }),
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
      clock,
      leanPut: leanPut({
        s3,
        bucket: options.bucket,
        region: region ?? 'us-east-1',
        endpointUrl: s3EndpointUrl,
        lastHost: () => meter.lastS3Host(),
        onSend: () => meter.countPut(),
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
