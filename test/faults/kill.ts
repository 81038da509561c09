// kill -9 of the built program at random moments of a deploy: after each, readers, a run that is left alone, and the same questions as in
// nothing-forgotten.test.ts. `npm run build && npx tsx test/faults/kill.ts [TIMES] [SEED]`

import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { INDEX_DOCUMENTS_FUNCTION } from '../../src/emulator/index.ts'
import { startCloud } from '../cloud.ts'
import { connectS3 } from '../emulated-s3.ts'
import { type Build, buildOf, urlsOf } from './builds.ts'
import { findViolations, readEverywhere } from './site-check.ts'

const PROGRAM = fileURLToPath(new URL('../../dist/program/main.js', import.meta.url))
const [times = 200, seed = Math.floor(Math.random() * 2 ** 31)] = process.argv.slice(2).map(Number)
/** Slow enough for kills to land between any two requests, and within each. */
const ANSWER_MS = 4
/** The cloud's time runs faster than the machine's, so that nobody waits for purges. */
const TICK_MS = 10
const CLOUD_MS_PER_TICK = 50

let state = seed
/** 0 ≤ number < 1. A linear congruential generator: Numerical Recipes' constants. */
function random(): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
  return state / 2 ** 32
}

let requests = 0
let onRequest: () => void = () => undefined
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
const { emulator, dir } = cloud
const s3 = connectS3(emulator)
const timer = setInterval(() => cloud.advance(CLOUD_MS_PER_TICK), TICK_MS)

/** @param dieAtRequest kills the program a random moment after it has sent this one; undefined: lets it end */
async function runProgram(dieAtRequest: number | undefined): Promise<'killed' | number> {
  const args = [PROGRAM, 'deploy', dir, '--bucket', 'site', '--endpoint-url', emulator.s3Url, '--yes', '--quiet']
  const env = {
    PATH: process.env['PATH'],
    AWS_ENDPOINT_URL_CLOUDFRONT: emulator.cloudFrontUrl,
    AWS_ACCESS_KEY_ID: emulator.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: emulator.credentials.secretAccessKey,
    AWS_REGION: emulator.region,
  }
  const child = spawn(process.execPath, args, { env, stdio: 'ignore' })
  const ended = new Promise<'killed' | number>((resolve) => {
    child.on('exit', (code, signal) => resolve(signal === 'SIGKILL' ? 'killed' : (code ?? -1)))
  })
  requests = 0
  onRequest = () => {
    if (requests === dieAtRequest) setTimeout(() => child.kill('SIGKILL'), random() * 2 * ANSWER_MS)
  }
  const end = await ended
  onRequest = () => undefined
  return end
}

async function put(before: Build, build: Build): Promise<void> {
  const gone = Object.keys(before).filter((key) => !(key in build))
  await cloud.write({ ...Object.fromEntries(gone.map((key) => [key, undefined])), ...build })
}

const startedMs = performance.now()
let version = 1
await put({}, buildOf(version, true))
const firstExit = await runProgram(undefined)
await put(buildOf(version, true), buildOf(version + 1, true))
const secondExit = await runProgram(undefined)
version += 1
if (firstExit !== 0 || secondExit !== 0) throw new Error(`without a kill: exit ${firstExit}, ${secondExit}`)
const requestsOfRun = requests
process.stdout.write(`kill -9: seed ${seed}, a deploy of ${requestsOfRun} requests\n`)

const killedAt = new Map<number, number>()
const violations: string[] = []
for (let round = 1; round <= times; round += 1) {
  const urls = urlsOf([version, version + 1, version + 2])
  await readEverywhere(emulator, urls)
  await put(buildOf(version, true), buildOf(version + 1, true))
  const dieAt = 1 + Math.floor(random() * requestsOfRun)
  const end = await runProgram(dieAt)
  // What the dead program has sent is still carried out.
  await sleep(2 * ANSWER_MS)
  if (end === 'killed') killedAt.set(requests, (killedAt.get(requests) ?? 0) + 1)
  emulator.cloudFront.regionalCache.evict()
  emulator.cloudFront.edges[1]?.evict()
  await readEverywhere(emulator, urls)

  const next = [version + 1, version + 2, version][Math.floor(random() * 3)] ?? version
  await put(buildOf(version + 1, true), buildOf(next, true))
  const { result } = await cloud.deploy({ yes: true })
  const found = await findViolations(emulator, s3, buildOf(next, true), urls)
  const { result: then } = await cloud.deploy({ yes: true })
  if (result !== 'fresh' && result !== 'nothing to do') found.push(`the next run ended as ${result}`)
  if (then !== 'nothing to do') found.push(`the run after that ended as ${then}`)
  for (const violation of found) {
    violations.push(violation)
    process.stdout.write(
      `round ${round}, killed at request ${requests}, then version ${next - version}: ${violation}\n`,
    )
  }
  version = next
}
clearInterval(timer)
s3.destroy()
await cloud.close()
const kills = [...killedAt.values()].reduce((sum, count) => sum + count, 0)
const where = [...killedAt].toSorted(([a], [b]) => a - b).map(([request, count]) => `${request}: ${count}`)
const seconds = ((performance.now() - startedMs) / 1000).toFixed(0)
process.stdout.write(`${times} rounds, ${kills} killed (after request: times – ${where.join(', ')})\n`)
process.stdout.write(`${violations.length} violations, ${seconds} s\n`)
process.exitCode = violations.length === 0 ? 0 : 1
