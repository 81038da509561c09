// A whole cloud for a test: the embedded S3 and CloudFront with a clock that the test turns, one bucket, one distribution, and the ports
// that a deploy gets. Sleeping in a deploy turns the cloud's clock.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { connectAws } from '../src/aws/connect.ts'
import { deploy, type DeployOptions } from '../src/deploy.ts'
import {
  type BucketOptions,
  type Emulator,
  type EmulatorOptions,
  type NewDistribution,
  startEmulator,
  realClock,
  turnableClock,
} from '../src/emulator/index.ts'
import type { Config, Outcome } from '../src/model.ts'
import type { Ports } from '../src/ports.ts'
import { fakeClock } from './fakes/fake-clock.ts'

export interface Cloud {
  readonly emulator: Emulator
  readonly distributionId: string
  readonly ports: Ports
  /** The folder that is deployed. */
  readonly dir: string
  /** Writes files into the folder; undefined removes one. */
  write(files: Readonly<Record<string, string | Uint8Array | undefined>>): Promise<void>
  /** @param through instead of `ports` */
  deploy(config?: Partial<Config>, options?: Partial<DeployOptions>, through?: Ports): Promise<Outcome>
  /** Asks every edge location for the path. */
  ask(path: string, headers?: Readonly<Record<string, string>>): Promise<EdgeAnswer[]>
  /** Moves the cloud's time. */
  advance(byMs: number): void
  close(): Promise<void>
}

export interface EdgeAnswer {
  readonly pop: string
  readonly status: number
  /** `Hit from cloudfront` … */
  readonly xCache: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface CloudOptions {
  readonly distribution?: Partial<NewDistribution>
  readonly bucket?: BucketOptions
  readonly emulator?: Omit<EmulatorOptions, 'clock'>
  /** Cloud and deploys go by the machine's time, which nobody turns. */
  readonly inRealTime?: boolean
}

const BUCKET = 'site'

/** The settings of a deploy of the folder into that bucket, and nothing else. */
export function settingsOf(dir: string): Config {
  return {
    dir,
    bucket: BUCKET,
    prefix: '',
    distributions: [],
    filters: [],
    delete: false,
    followSymlinks: false,
    force: false,
    wait: true,
    yes: false,
    concurrency: 8,
    urls: [],
  }
}

export async function startCloud(options: CloudOptions = {}): Promise<Cloud> {
  const dir = await mkdtemp(join(tmpdir(), 'freshfront-site-'))
  const cloudClock = turnableClock(Date.UTC(2026, 10, 23))
  const emulator = await startEmulator({
    ...options.emulator,
    clock: options.inRealTime === true ? realClock() : cloudClock,
  })
  await emulator.s3.createBucket(BUCKET, options.bucket)
  const { id: distributionId } = emulator.cloudFront.createDistribution({
    bucket: BUCKET,
    defaultRootObject: 'index.html',
    ...options.distribution,
  })
  const connected = await connectAws({
    bucket: BUCKET,
    region: emulator.region,
    endpointUrl: emulator.s3Url,
    cloudFrontEndpointUrl: emulator.cloudFrontUrl,
    credentials: emulator.credentials,
    concurrency: 8,
  })
  const turning = fakeClock(cloudClock.nowMs(), (ms) => cloudClock.advance(ms))
  const ports: Ports = options.inRealTime === true ? connected : { ...connected, clock: turning }
  const defaults = settingsOf(dir)
  return {
    emulator,
    distributionId,
    ports,
    dir,
    async write(files) {
      for (const [name, body] of Object.entries(files)) {
        const filePath = join(dir, name)
        await mkdir(dirname(filePath), { recursive: true })
        if (body === undefined) await rm(filePath)
        else await writeFile(filePath, body)
      }
    },
    deploy: (config = {}, deployOptions = {}, through = ports) =>
      deploy({ ...defaults, ...config }, through, { mode: 'deploy', ...deployOptions }),
    ask: (path, headers = {}) => Promise.all(emulator.edges.map(({ pop, url }) => askEdge(pop, url, path, headers))),
    advance: (byMs) => cloudClock.advance(byMs),
    async close() {
      await emulator.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** The raw path is sent as it is: fetch would normalise it. */
function askEdge(
  pop: string,
  url: string,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<EdgeAnswer> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const answered = Object.fromEntries(
          Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
        )
        const body = Buffer.concat(chunks).toString('utf8')
        resolve({ pop, status: response.statusCode ?? 0, xCache: answered['x-cache'] ?? '', headers: answered, body })
      })
    })
    asked.on('error', reject)
    asked.end()
  })
}
