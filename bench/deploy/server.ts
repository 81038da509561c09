// The servers that all tools talk to: one Ceph RADOS Gateway, and an embedded CloudFront without distributions.

import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { S3Client } from '@aws-sdk/client-s3'
import { startEmulator } from '../../src/emulator/index.ts'

export interface Servers {
  readonly s3Url: string
  readonly s3: S3Client
  /** `ceph version 16.2.15` or the like. */
  readonly version: string
  /** What a tool needs to find both servers, and nothing of this machine's own AWS settings. */
  readonly env: Readonly<Record<string, string>>
  /** Requests that both have had since they started: Ceph's own counter, so that nothing stands between tool and server. */
  countRequests(): Promise<number>
  stop(): Promise<void>
}

const CEPH_SCRIPT = join(import.meta.dirname, '../../test/ceph/ceph.sh')

/** @param running a folder where `ceph.sh up` has started a server; it is left running */
export async function startServers(running: string | undefined, memoryBytes: number): Promise<Servers> {
  const dir = running ?? (await mkdtemp(join(tmpdir(), 'freshfront-bench-ceph-')))
  const stopCeph = async (): Promise<void> => {
    if (running !== undefined) return
    await promisify(execFile)(CEPH_SCRIPT, ['down', dir])
    await rm(dir, { recursive: true, force: true })
  }
  const aws = running === undefined ? await startCeph(dir, memoryBytes) : await readEnvironment(dir)
  const credentials = { accessKeyId: aws.accessKeyId, secretAccessKey: aws.secretAccessKey }
  const cloud = await startEmulator({ credentials })
  const { stdout } = await promisify(execFile)('ceph', ['--version'])
  return {
    s3Url: aws.url,
    s3: new S3Client({ endpoint: aws.url, region: 'us-east-1', credentials, forcePathStyle: true }),
    version: stdout.split(' ').slice(0, 3).join(' '),
    env: {
      AWS_ENDPOINT_URL_S3: aws.url,
      AWS_ENDPOINT_URL_CLOUDFRONT: cloud.cloudFrontUrl,
      AWS_ACCESS_KEY_ID: aws.accessKeyId,
      AWS_SECRET_ACCESS_KEY: aws.secretAccessKey,
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    async countRequests() {
      const cloudFront = Object.values(cloud.requests.cloudFront).reduce((sum, count) => sum + count, 0)
      return cloudFront + (await readRequestCounter(join(dir, 'run/client.rgw.a.asok')))
    },
    async stop() {
      await cloud.close()
      await stopCeph()
    },
  }
}

interface CephAccess {
  readonly url: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

async function startCeph(dir: string, memoryBytes: number): Promise<CephAccess> {
  const { stdout } = await promisify(execFile)(CEPH_SCRIPT, ['up', dir, process.env['CEPH_PORT'] ?? '7495'], {
    env: { ...process.env, CEPH_MEMORY_BYTES: String(memoryBytes) },
  })
  const valueOf = (name: string): string => new RegExp(`^export ${name}=(.*)$`, 'mu').exec(stdout)?.[1] ?? ''
  return {
    url: valueOf('AWS_ENDPOINT_URL_S3'),
    accessKeyId: valueOf('AWS_ACCESS_KEY_ID'),
    secretAccessKey: valueOf('AWS_SECRET_ACCESS_KEY'),
  }
}

/** Of a server that is running: the port from its configuration, the keys from our environment. */
async function readEnvironment(dir: string): Promise<CephAccess> {
  const configuration = await readFile(join(dir, 'ceph.conf'), 'utf8')
  const endpoint = /^rgw frontends = beast endpoint=(\S+)$/mu.exec(configuration)?.[1]
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = process.env
  if (endpoint === undefined || accessKeyId === undefined || secretAccessKey === undefined)
    throw new Error(`--running ${dir}: start it with test/ceph/ceph.sh up, and set the environment that this prints.`)
  return { url: `http://${endpoint}`, accessKeyId, secretAccessKey }
}

/** One command to a Ceph admin socket: JSON and a zero byte; the answer is its length in four bytes, then JSON. */
async function readRequestCounter(socketPath: string): Promise<number> {
  const socket = connect(socketPath)
  // Ending our side would make Ceph drop the command.
  socket.write(`${JSON.stringify({ prefix: 'perf dump', logger: 'rgw' })}\0`)
  const answer: { rgw: { req: number } } = JSON.parse((await buffer(socket)).subarray(4).toString())
  return answer.rgw.req
}
