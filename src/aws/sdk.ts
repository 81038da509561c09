// The ports over the AWS SDKs, complete: credentials as every AWS tool finds them, regions, retries, and what each error means. Loaded when it is
// needed first; the short ways of lean-bucket.ts and lean-distributions.ts need it only when something is unusual.

import { CloudFrontClient } from '@aws-sdk/client-cloudfront'
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import type { Bucket, Clock, Distributions, Inspector } from '../ports.ts'
import { cloudFrontDistributions } from './cloudfront-distributions.ts'
import type { ConnectOptions } from './connect.ts'
import type { Connections } from './connections.ts'
import { awsInspector } from './inspector.ts'
import type { AwsCredentials } from './lean-requests.ts'
import { watchRequests, type Meter } from './request-meter.ts'
import { s3Bucket } from './s3-bucket.ts'
import { undiciHandler } from './undici-handler.ts'

export interface Sdk {
  readonly bucket: Bucket
  readonly distributions: Distributions
  readonly inspector: Inspector
  /** Refreshed before they expire. */
  readonly credentials: () => Promise<AwsCredentials>
}

export interface SdkOptions extends Omit<ConnectOptions, 'cloudFrontEndpointUrl'> {
  readonly cloudFrontEndpointUrl: string | undefined
  readonly s3EndpointUrl: string | undefined
  readonly store: string
  readonly connections: Connections
  readonly clock: Clock
  readonly meter: Meter
}

/** The SDK waits 100 ms, 200 ms, 400 ms … between attempts, with jitter. */
const MAX_ATTEMPTS = 6
/** CloudFront is global: one endpoint, signed for this region. @see CloudFront API Reference */
const CLOUDFRONT_REGION = 'us-east-1'

export async function connectSdk(options: SdkOptions): Promise<Sdk> {
  const { profile, credentials, s3EndpointUrl, cloudFrontEndpointUrl, store, connections, clock, meter } = options
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
  watchRequests(s3, cloudFront, meter)
  const named = profile === undefined ? {} : { profile }
  const s3Endpoint = s3EndpointUrl ?? `S3 in ${region ?? 'us-east-1'}`
  const cloudFrontEndpoint = cloudFrontEndpointUrl ?? 'CloudFront'
  return {
    bucket: s3Bucket({
      s3,
      name: options.bucket,
      store,
      clock,
      endpoint: s3Endpoint,
      region: region ?? 'us-east-1',
      ...named,
    }),
    distributions: cloudFrontDistributions(cloudFront, { endpoint: cloudFrontEndpoint, ...named }),
    inspector: awsInspector({
      s3,
      cloudFront,
      bucket: options.bucket,
      namedRegion: region,
      s3Endpoint,
      cloudFrontEndpoint,
      ...named,
    }),
    credentials: () => s3.config.credentials(),
  }
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
