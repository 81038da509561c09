// From names to ports: finds credentials, region and endpoints as every AWS tool does, and connects to both services.

import { randomBytes } from 'node:crypto'
import { endpointInvalid } from '../errors.ts'
import type { Ports } from '../ports.ts'
import { openConnections } from './connections.ts'
import { edgeViewer } from './edge-viewer.ts'
import { leanBucket } from './lean-bucket.ts'
import { leanDistributions } from './lean-distributions.ts'
import { leanObjects } from './lean-objects.ts'
import { leanRequests, type AwsCredentials } from './lean-requests.ts'
import { openMeter } from './request-meter.ts'
import { isConfiguredElsewhere, targetOf, usualTarget } from './s3-target.ts'
import type { Sdk } from './sdk.ts'
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

/** What was refused waits so long, up to twice that, before the SDK tries it again at its own pace. */
const SLOW_DOWN_MS = 200

/** Sends nothing yet: a wrong name or missing credentials show at the first request. */
export async function connectAws(options: ConnectOptions): Promise<Ports> {
  const { env } = process
  const s3EndpointUrl =
    options.endpointUrl ?? fromEnvironment('AWS_ENDPOINT_URL_S3') ?? fromEnvironment('AWS_ENDPOINT_URL')
  const cloudFrontEndpointUrl = options.cloudFrontEndpointUrl ?? fromEnvironment('AWS_ENDPOINT_URL_CLOUDFRONT')
  const connections = await openConnections(options.concurrency * 2, env)
  const clock = systemClock()
  const meter = openMeter()
  const name = options.bucket
  const store = s3EndpointUrl ?? 'AWS'
  const around = { ...options, s3EndpointUrl, cloudFrontEndpointUrl, store, connections, clock, meter }
  let loading: Promise<Sdk> | undefined
  const sdk = (): Promise<Sdk> => (loading ??= import('./sdk.ts').then(({ connectSdk }) => connectSdk(around)))

  const credentials = options.credentials ?? environmentCredentials(options.profile, env)
  const findCredentials = async (): Promise<AwsCredentials> => credentials ?? (await sdk()).credentials()
  const place = { bucket: name, region: options.region ?? env['AWS_REGION'], endpointUrl: s3EndpointUrl, env }
  const isUsual = options.profile === undefined && !env['AWS_PROFILE']
  const usual = isUsual ? usualTarget({ ...place, region: place.region || undefined }) : undefined
  const request = leanRequests({
    connections,
    credentials: findCredentials,
    target() {
      // What the SDK has found out since, a redirect to another region perhaps, is better than what is usual.
      const last = meter.lastS3Request()
      return last === undefined ? usual : targetOf(last, place)
    },
    onSend: (kind) => meter.count(kind),
    async onSlowDown() {
      meter.countSlowDown()
      await clock.sleep(SLOW_DOWN_MS * (1 + Math.random()))
    },
  })
  return {
    bucket: leanBucket({ name, store, lean: leanObjects(request), sdk: async () => (await sdk()).bucket }),
    distributions: leanDistributions({
      connections,
      credentials: findCredentials,
      endpointUrl: cloudFrontEndpointUrl,
      isUsual: isUsual && (cloudFrontEndpointUrl !== undefined || !isConfiguredElsewhere(env)),
      onSend: () => meter.count('readDistribution'),
      sdk: async () => (await sdk()).distributions,
    }),
    openInspector: async () => (await sdk()).inspector,
    viewer: edgeViewer(),
    clock,
    processes: systemProcesses(),
    meter,
    randomSuffix: () => randomBytes(3).toString('hex'),
  }
}

/** Those that the SDK finds first, unless a profile is named. @returns undefined where it has to look further */
function environmentCredentials(profile: string | undefined, env: NodeJS.ProcessEnv): AwsCredentials | undefined {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: token } = env
  if (profile !== undefined || env['AWS_PROFILE'] || !accessKeyId || !secretAccessKey) return undefined
  return { accessKeyId, secretAccessKey, ...(token && { sessionToken: token }) }
}

/** @returns undefined for an empty variable too, as every AWS tool has it: CI passes what nobody has filled in as empty */
function fromEnvironment(name: string): string | undefined {
  const url = process.env[name] || undefined
  if (url !== undefined && !/^https?:\/\//u.test(url)) throw endpointInvalid(name, url)
  return url
}
