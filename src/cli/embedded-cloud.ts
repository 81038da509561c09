// The cloud of --local and freshfront local: started here, or the one that already runs in this folder.
// The only file that imports the emulator.

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { connectAws, type ConnectOptions } from '../aws/connect.ts'
import { INDEX_DOCUMENTS_FUNCTION, startEmulator, type Emulator } from '../emulator/index.ts'
import { bucketNotFound, embeddedCloudBusy, embeddedCloudRunning, portTaken } from '../errors.ts'
import { announceRunningCloud, findRunningCloud, withdrawRunningCloud, type RunningCloud } from './running-cloud.ts'

/** The bucket where the settings name none. */
export const LOCAL_BUCKET = 'local-site'

export interface EmbeddedCloud {
  readonly connection: Pick<ConnectOptions, 'endpointUrl' | 'cloudFrontEndpointUrl' | 'credentials' | 'region'>
  /** Where a browser sees the site, as each edge location serves it. */
  readonly edges: readonly { readonly name: string; readonly url: string }[]
  /** `127.0.0.1:9000`, of each edge location. */
  readonly edgeAddresses: readonly string[]
  /** It goes on when this command ends. */
  readonly isRunningElsewhere: boolean
  close(): Promise<void>
}

export interface OpenOptions {
  /** Everything is kept below it, in `.freshfront/local/`. */
  readonly cwd: string
  readonly bucket: string
  /** `""`, or ends with `/`. */
  readonly prefix: string
  /** For `freshfront local`: be the one that others deploy to. */
  readonly announce: boolean
  /** Of the first edge location; the others follow. Default: free ones. */
  readonly port?: number
}

/**
 * Opens the cloud, with the bucket and a distribution in front of it.
 *
 * @throws {FreshfrontError} `EMBEDDED_CLOUD_RUNNING` with `announce`, `EMBEDDED_CLOUD_BUSY`, `PORT_TAKEN`,
 *   `BUCKET_NOT_FOUND` when the one that runs has another bucket
 */
export async function openEmbeddedCloud(options: OpenOptions): Promise<EmbeddedCloud> {
  const folder = join(options.cwd, '.freshfront', 'local')
  const runningFile = join(folder, 'running.json')
  const running = await findRunningCloud(runningFile)
  if (running !== undefined) {
    if (options.announce) throw embeddedCloudRunning(running.pid, running.edges[0]?.url ?? running.s3Url)
    return attach(running, options)
  }
  const emulator = await start(folder, options.port)
  try {
    await prepareBucket(emulator, options)
    const described = { ...emulator, formatVersion: 1 as const, pid: process.pid }
    if (options.announce) await announceRunningCloud(runningFile, pickAnnounced(described))
    const site = await findSite(described, options)
    return {
      connection: connectionTo(emulator),
      edges: describeEdges(emulator, site, options.prefix),
      edgeAddresses: emulator.edges.map(({ url }) => new URL(url).host),
      isRunningElsewhere: false,
      async close() {
        if (options.announce) await withdrawRunningCloud(runningFile)
        await emulator.close()
      },
    }
  } catch (error) {
    await emulator.close()
    throw error
  }
}

async function attach(running: RunningCloud, options: OpenOptions): Promise<EmbeddedCloud> {
  const site = await findSite(running, options)
  if (site === undefined) throw bucketNotFound(options.bucket, 'in the embedded cloud that runs in this folder')
  return {
    connection: connectionTo(running),
    edges: describeEdges(running, site, options.prefix),
    edgeAddresses: running.edges.map(({ url }) => new URL(url).host),
    isRunningElsewhere: true,
    close: () => Promise.resolve(),
  }
}

async function start(folder: string, port: number | undefined): Promise<Emulator> {
  const stateFolder = join(folder, '..')
  await mkdir(folder, { recursive: true })
  await writeFile(join(stateFolder, '.gitignore'), '*\n')
  try {
    return await startEmulator({
      storage: { folder: join(folder, 'storage') },
      ...(port !== undefined && { ports: { edges: [port, port + 1, port + 2] } }),
    })
  } catch (cause) {
    const isTaken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE'
    if (isTaken && port !== undefined) throw portTaken(port, { cause })
    throw embeddedCloudBusy(folder, { cause })
  }
}

/** Makes what is missing; a bucket and a distribution of an earlier run are there already. */
async function prepareBucket(emulator: Emulator, options: OpenOptions): Promise<void> {
  await emulator.s3.createBucket(options.bucket)
  const site = await findSite(emulator, options)
  if (site !== undefined) return
  const notFoundPage = {
    responsePagePath: `/${options.prefix}404.html`,
    responseCode: 404,
    errorCachingMinTtlSeconds: 0,
  }
  emulator.cloudFront.createDistribution({
    bucket: options.bucket,
    defaultRootObject: 'index.html',
    defaultBehavior: { functions: { viewerRequest: INDEX_DOCUMENTS_FUNCTION } },
    comment: 'freshfront local',
    // S3 answers 403 for a missing key, since the distribution may not list the bucket.
    errorResponses: [
      { errorCode: 403, ...notFoundPage },
      { errorCode: 404, ...notFoundPage },
    ],
  })
}

interface Site {
  readonly distributionId: string
  /** Then every host name leads to it. */
  readonly isOnlyOne: boolean
}

async function findSite(
  cloud: Pick<RunningCloud, 's3Url' | 'cloudFrontUrl' | 'region' | 'credentials'>,
  options: OpenOptions,
): Promise<Site | undefined> {
  const ports = await connectAws({ bucket: options.bucket, concurrency: 1, ...connectionTo(cloud) })
  const all = await ports.distributions.list()
  const host = `${options.bucket}.s3.${cloud.region}.amazonaws.com`
  const found = all.find(({ originDomainNames }) => originDomainNames.includes(host))
  return found && { distributionId: found.id, isOnlyOne: all.length === 1 }
}

function connectionTo(
  cloud: Pick<RunningCloud, 's3Url' | 'cloudFrontUrl' | 'region' | 'credentials'>,
): EmbeddedCloud['connection'] {
  const { s3Url, cloudFrontUrl, region, credentials } = cloud
  return { endpointUrl: s3Url, cloudFrontEndpointUrl: cloudFrontUrl, region, credentials }
}

function describeEdges(
  cloud: Pick<RunningCloud, 'edges'>,
  site: Site | undefined,
  prefix: string,
): EmbeddedCloud['edges'] {
  return cloud.edges.map(({ pop, url }) => {
    const viewerUrl = new URL(`/${encodeURI(prefix)}`, url)
    if (site !== undefined && !site.isOnlyOne) viewerUrl.hostname = `${site.distributionId.toLowerCase()}.localhost`
    return { name: pop, url: viewerUrl.href }
  })
}

function pickAnnounced(cloud: RunningCloud): RunningCloud {
  const { formatVersion, pid, s3Url, cloudFrontUrl, edges, region, credentials } = cloud
  return { formatVersion, pid, s3Url, cloudFrontUrl, edges, region, credentials }
}
