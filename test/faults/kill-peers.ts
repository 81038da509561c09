// The same question to others: kill -9 of a deploy at a random moment, readers, a second run of the same build that is left alone. How
// many URLs stay stale at the edges? Needs `aws` on the PATH, and deploy-aws-s3-cloudfront installed in the folder that PEERS names:
// `npm run build && PEERS=/tmp/peers npx tsx test/faults/kill-peers.ts [TIMES] [SEED] [TOOL]`

import { spawn } from 'node:child_process'
import { utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { INDEX_DOCUMENTS_FUNCTION } from '../../src/emulator/index.ts'
import { type Cloud, startCloud } from '../cloud.ts'
import { connectS3 } from '../emulated-s3.ts'
import { type Build, buildOf, urlsOf } from './builds.ts'
import { findViolations, readEverywhere } from './site-check.ts'

const PROGRAM = fileURLToPath(new URL('../../dist/program/main.js', import.meta.url))
const [times = 50, seed = 20261123] = process.argv.slice(2, 4).map(Number)
const onlyTool = process.argv[4]
const ANSWER_MS = 4
const TICK_MS = 10
const CLOUD_MS_PER_TICK = 50
/** Past every purge and every cached error. */
const LATER_MS = 10 * 60_000

type Spawn = (
  command: string,
  args: readonly string[],
) => Promise<{ readonly exitCode: number; readonly stdout: string }>
interface Tool {
  readonly name: string
  /** Deploys the folder; ends early when a program it has started was killed. */
  readonly deploy: (spawnIt: Spawn, cloud: Cloud) => Promise<void>
}

const TOOLS: readonly Tool[] = [
  {
    name: 'freshfront deploy',
    async deploy(spawnIt, { dir, emulator }) {
      const to = ['--bucket', 'site', '--endpoint-url', emulator.s3Url]
      await spawnIt(process.execPath, [PROGRAM, 'deploy', dir, ...to, '--yes', '--quiet'])
    },
  },
  {
    name: 'aws s3 sync --delete, then aws cloudfront create-invalidation of what it printed',
    async deploy(spawnIt, { dir, distributionId }) {
      const { exitCode, stdout } = await spawnIt('aws', ['s3', 'sync', dir, 's3://site', '--delete', '--no-progress'])
      if (exitCode !== 0) return
      const keys = [...stdout.matchAll(/(?:^delete: |^upload: .* to )s3:\/\/site\/(.*)$/gm)].map(([, key = '']) => key)
      const paths = keys.flatMap((key) => [`/${key}`, ...directoryUrls(key)])
      if (paths.length === 0) return
      const which = ['--distribution-id', distributionId, '--paths', ...paths]
      await spawnIt('aws', ['cloudfront', 'create-invalidation', ...which])
    },
  },
  {
    name: 'deploy-aws-s3-cloudfront --delete',
    async deploy(spawnIt, { dir, distributionId }) {
      const program = join(
        process.env['PEERS'] ?? '',
        'node_modules/deploy-aws-s3-cloudfront/bin/deploy-aws-s3-cloudfront',
      )
      const settings = ['--bucket', 'site', '--source', dir, '--distribution', distributionId]
      await spawnIt(process.execPath, ['-r', preload, program, ...settings, '--delete', '--non-interactive'])
    },
  },
]

let state = seed
/** 0 ≤ number < 1. A linear congruential generator: Numerical Recipes' constants. */
function random(): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
  return state / 2 ** 32
}

/** The careful scripts name these too: `news/index.html` is also read as `/news/`. */
function directoryUrls(key: string): string[] {
  if (key !== 'index.html' && !key.endsWith('/index.html')) return []
  const directory = `/${key.slice(0, -'index.html'.length)}`
  return directory === '/' ? ['/'] : [directory, directory.slice(0, -1)]
}

let requests = 0
let onRequest: () => void = () => undefined
let preload = ''

for (const tool of TOOLS.filter(({ name }) => onlyTool === undefined || name.startsWith(onlyTool))) {
  state = seed
  await measure(tool)
}

async function measure(tool: Tool): Promise<void> {
  const cloud = await startCloud({
    distribution: {
      defaultBehavior: { functions: { viewerRequest: INDEX_DOCUMENTS_FUNCTION } },
      errorResponses: [403, 404].map((errorCode) => ({
        errorCode,
        responsePagePath: '/404.html',
        responseCode: 404,
        errorCachingMinTtlSeconds: 0,
      })),
    },
    emulator: {
      cloudFront: { pops: ['FRA56-P4', 'NRT57-P2'] },
      async intercept(service) {
        if (service === 'edge') return undefined
        requests += 1
        onRequest()
        await sleep(random() * ANSWER_MS)
        return undefined
      },
    },
  })
  const { emulator } = cloud
  const s3 = connectS3(emulator)
  const timer = setInterval(() => cloud.advance(CLOUD_MS_PER_TICK), TICK_MS)
  preload = join(cloud.dir, '..', `preload-${process.pid}.cjs`)
  const endpoints = {
    s3: { endpoint: emulator.s3Url, s3ForcePathStyle: true },
    cloudfront: { endpoint: emulator.cloudFrontUrl },
  }
  await writeFile(
    preload,
    `require(${JSON.stringify(join(process.env['PEERS'] ?? '', 'node_modules/aws-sdk'))}).config.update(${JSON.stringify(endpoints)})`,
  )

  /** @param dieAtRequest undefined: lets the tool end */
  async function run(dieAtRequest: number | undefined): Promise<'ended' | 'killed'> {
    let killed = false
    requests = 0
    const spawnIt: Spawn = async (command, args) => {
      if (killed) return { exitCode: -1, stdout: '' }
      const env = {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        AWS_ENDPOINT_URL_S3: emulator.s3Url,
        AWS_ENDPOINT_URL_CLOUDFRONT: emulator.cloudFrontUrl,
        AWS_ACCESS_KEY_ID: emulator.credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: emulator.credentials.secretAccessKey,
        AWS_REGION: emulator.region,
        AWS_DEFAULT_REGION: emulator.region,
      }
      const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'ignore'] })
      let stdout = ''
      child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')))
      const kill = (): void => {
        killed = true
        child.kill('SIGKILL')
      }
      onRequest = () => {
        if (requests === dieAtRequest) setTimeout(kill, random() * 2 * ANSWER_MS)
      }
      const exitCode = await new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? -1)))
      onRequest = () => undefined
      return { exitCode, stdout }
    }
    await tool.deploy(spawnIt, cloud)
    return killed ? 'killed' : 'ended'
  }

  /** Changed files are newer, by the cloud's clock, than what was uploaded before; the others keep their age. */
  async function put(before: Build, build: Build): Promise<void> {
    const gone = Object.keys(before).filter((key) => !(key in build))
    const changed = Object.entries(build).filter(
      ([key, bytes]) => before[key] === undefined || Buffer.compare(before[key], bytes) !== 0,
    )
    await cloud.write({ ...Object.fromEntries(gone.map((key) => [key, undefined])), ...Object.fromEntries(changed) })
    const at = new Date(emulator.clock.nowMs())
    for (const [key] of changed) await utimes(join(cloud.dir, key), at, at)
    cloud.advance(2000)
  }

  const build = (version: number): Build => buildOf(version, true)
  const startedMs = performance.now()
  let version = 1
  await put({}, build(version))
  await run(undefined)
  await readEverywhere(emulator, urlsOf([1, 2]))
  await put(build(1), build(2))
  await run(undefined)
  const requestsOfRun = requests
  cloud.advance(LATER_MS)
  version = 2
  const staleOf = async (): Promise<number> => {
    const found = await findViolations(emulator, s3, build(version), urlsOf([version - 1, version]))
    return found.filter((violation) => violation.startsWith('stale: ')).length
  }
  const withoutKill = await staleOf()
  const staleAfter: number[] = []
  let kills = 0
  for (let round = 1; round <= times; round += 1) {
    const urls = urlsOf([version, version + 1])
    await readEverywhere(emulator, urls)
    await put(build(version), build(version + 1))
    version += 1
    if ((await run(1 + Math.floor(random() * requestsOfRun))) === 'killed') kills += 1
    // What the dead program has sent is still carried out.
    await sleep(2 * ANSWER_MS)
    cloud.advance(1000)
    emulator.cloudFront.regionalCache.evict()
    emulator.cloudFront.edges[1]?.evict()
    await readEverywhere(emulator, urls)
    await run(undefined)
    cloud.advance(LATER_MS)
    staleAfter.push(await staleOf())
  }
  clearInterval(timer)
  s3.destroy()
  await cloud.close()
  const rounds = staleAfter.filter((count) => count > 0).length
  const stale = staleAfter.reduce((sum, count) => sum + count, 0)
  process.stdout.write(
    `| ${tool.name} | ${requestsOfRun} | ${withoutKill} | ${kills} | ${rounds} | ${stale} | ${((performance.now() - startedMs) / 1000).toFixed(0)} s |\n`,
  )
}
