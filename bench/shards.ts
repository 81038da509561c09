// A large site in shards, on the embedded S3 and CloudFront in a process of their own: requests, memory and cost of each shard and of the
// finish, for a first release and for one with 1 % of the files changed.
//   npm run build && npx tsx bench/shards.ts [FILES] [SHARDS]
// Shards run one after the other, each a process: what it takes alone. Prints Markdown.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { NO_REQUESTS } from '../src/aws/request-meter.ts'
import { startEmulator } from '../src/emulator/index.ts'
import type { RequestCounts } from '../src/model.ts'

/** US dollars for a request, us-east-1. @see https://aws.amazon.com/s3/pricing/ (read 2026-11-23); deletes are free */
const PRICE_USD = { write: 0.005 / 1000, read: 0.0004 / 1000 }
const FILES_PER_FOLDER = 250

if (process.argv[2] === 'serve') await serve()
else await measure(Number(process.argv[2] ?? 20_000), Number(process.argv[3] ?? 16))

async function serve(): Promise<void> {
  const emulator = await startEmulator({ cloudFront: { purgeDelaysMs: { regional: 10, edges: [20, 30, 40] } } })
  await emulator.s3.createBucket('site')
  emulator.cloudFront.createDistribution({ bucket: 'site', defaultRootObject: 'index.html' })
  const { s3Url, cloudFrontUrl, credentials, region } = emulator
  process.stdout.write(`${JSON.stringify({ s3Url, cloudFrontUrl, credentials, region })}\n`)
}

interface Run {
  readonly what: string
  readonly seconds: number
  readonly cpuSeconds: number
  readonly peakMb: number
  readonly requests: RequestCounts
}

async function measure(files: number, shards: number): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'freshfront-shards-'))
  const server = spawn(
    process.execPath,
    [...process.execArgv, '--max-old-space-size=12000', process.argv[1] ?? '', 'serve'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  try {
    const [line] = (await once(createInterface(server.stdout), 'line')) as [string]
    const cloud = JSON.parse(line) as {
      s3Url: string
      cloudFrontUrl: string
      credentials: { accessKeyId: string; secretAccessKey: string }
      region: string
    }
    const env = {
      ...process.env,
      AWS_ENDPOINT_URL_S3: cloud.s3Url,
      AWS_ENDPOINT_URL_CLOUDFRONT: cloud.cloudFrontUrl,
      AWS_ACCESS_KEY_ID: cloud.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: cloud.credentials.secretAccessKey,
      AWS_REGION: cloud.region,
      AWS_EC2_METADATA_DISABLED: 'true',
    }
    const dir = join(work, 'public')
    console.log(`${files.toLocaleString('en')} files in ${shards} shards, Node ${process.version}\n`)
    for (const [release, step] of [
      ['first', 1],
      ['one-percent', 100],
    ] as const) {
      await writeSite(dir, files, release, step)
      const runs: Run[] = []
      for (let index = 1; index <= shards; index += 1) {
        runs.push(
          await run(`shard ${index}/${shards}`, ['--shard', `${index}/${shards}`, '--release-name', release], dir, env),
        )
      }
      runs.push(await run('finish', ['--finish', '--release-name', release, '--max-paths', '1000'], dir, env))
      if (files <= 100_000) runs.push(await run('one deploy more, by one run', [], dir, env))
      print(release, runs)
    }
  } finally {
    server.kill()
    await rm(work, { recursive: true, force: true })
  }
}

/** Pages of about 150 bytes that name one style sheet; every `step`th is written anew. */
async function writeSite(dir: string, files: number, release: string, step: number): Promise<void> {
  await mkdir(dir, { recursive: true })
  await writeFile(join(dir, 'index.html'), `<h1>${release}</h1>`)
  for (let first = 0; first < files - 2; first += FILES_PER_FOLDER) {
    const folder = join(dir, `section-${String(first / FILES_PER_FOLDER).padStart(6, '0')}`)
    if (step === 1) await mkdir(folder)
    const written: Promise<void>[] = []
    for (let index = first; index < Math.min(first + FILES_PER_FOLDER, files - 2); index += 1) {
      if (index % step !== 0) continue
      const body = `<link rel="stylesheet" href="/assets.css"><h1>Page ${index}</h1><p>${release} ${'text '.repeat(index % 20)}</p>`
      written.push(writeFile(join(folder, `page-${String(index).padStart(8, '0')}.html`), body))
    }
    await Promise.all(written)
  }
  if (step === 1) await writeFile(join(dir, 'assets.css'), 'body { margin: 0 }')
}

async function run(what: string, flags: readonly string[], dir: string, env: NodeJS.ProcessEnv): Promise<Run> {
  const main = join(import.meta.dirname, '../dist/program/main.js')
  const args = [
    '-f',
    '%e %U %S %M',
    process.execPath,
    main,
    'deploy',
    dir,
    '--bucket',
    'site',
    '--json',
    '--quiet',
    ...flags,
  ]
  const child = spawn('/usr/bin/time', args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let requests: RequestCounts | undefined
  let tail = ''
  // The document of a million uploads is large: its requests stand at the end.
  child.stdout.on('data', (bytes: Buffer) => (tail = (tail + bytes.toString('utf8')).slice(-2000)))
  let errors = ''
  child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString('utf8')))
  const [code] = (await once(child, 'close')) as [number]
  const found = /"requests": (\{[^}]*\})/u.exec(tail)?.[1]
  if (found !== undefined) requests = JSON.parse(found) as RequestCounts
  if (code !== 0 || requests === undefined) throw new Error(`${what} ended with ${code}: ${errors}${tail}`)
  const [seconds = 0, user = 0, system = 0, peakKb = 0] = (errors.trim().split('\n').at(-1) ?? '')
    .split(' ')
    .map(Number)
  console.error(`${what}: ${seconds} s, ${Math.round(peakKb / 1024)} MB`)
  return { what, seconds, cpuSeconds: user + system, peakMb: peakKb / 1024, requests }
}

function print(release: string, runs: readonly Run[]): void {
  const shards = runs.filter(({ what }) => what.startsWith('shard'))
  const rest = runs.filter(({ what }) => !what.startsWith('shard'))
  const sum = (pick: (run: Run) => number): number => shards.reduce((total, each) => total + pick(each), 0)
  const most = (pick: (run: Run) => number): number => Math.max(...shards.map(pick))
  const rows = [
    row('all shards', {
      seconds: sum(({ seconds }) => seconds),
      cpuSeconds: sum(({ cpuSeconds }) => cpuSeconds),
      peakMb: most(({ peakMb }) => peakMb),
      requests: shards.map(({ requests }) => requests).reduce(add),
    }),
    row('the largest shard', {
      seconds: most(({ seconds }) => seconds),
      cpuSeconds: most(({ cpuSeconds }) => cpuSeconds),
      peakMb: most(({ peakMb }) => peakMb),
      requests: shards[0]?.requests ?? NO_REQUESTS,
    }),
    ...rest.map((each) => row(each.what, each)),
  ]
  const head = '| | PUT | LIST | HEAD | GET | DELETE | CloudFront | $ | wall s | CPU s | peak MB |'
  console.log(`Release "${release}"\n\n${head}\n|---|${' ---: |'.repeat(10)}\n${rows.join('\n')}\n`)
}

function row(what: string, { seconds, cpuSeconds, peakMb, requests }: Omit<Run, 'what'>): string {
  const {
    put,
    copy,
    list,
    head,
    get,
    delete: deletes,
    readDistribution,
    createInvalidation,
    readInvalidation,
  } = requests
  const cost = (put + copy + list) * PRICE_USD.write + (head + get) * PRICE_USD.read
  const cloudFront = readDistribution + createInvalidation + readInvalidation
  const counts = [put + copy, list, head, get, deletes, cloudFront].map((count) => count.toLocaleString('en'))
  const cells = [what, ...counts, cost.toFixed(4), seconds.toFixed(1), cpuSeconds.toFixed(1), Math.round(peakMb)]
  return `| ${cells.join(' | ')} |`
}

function add(one: RequestCounts, other: RequestCounts): RequestCounts {
  const names = Object.keys(one) as (keyof RequestCounts)[]
  return Object.fromEntries(names.map((name) => [name, one[name] + other[name]])) as unknown as RequestCounts
}
