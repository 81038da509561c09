// `npm start`: builds the example blog, deploys it to the embedded cloud, edits a post, deploys again, withdraws a post, deploys once
// more, and shows what every edge location answers before and after. In a terminal the site then stays up until Ctrl-C.

import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from '../examples/blog/build.js'
import { connectAws } from '../src/aws/connect.ts'
import { deploy } from '../src/deploy.ts'
import { type Emulator, INDEX_DOCUMENTS_FUNCTION, startEmulator } from '../src/emulator/index.ts'
import type { Config, Outcome } from '../src/model.ts'
import { renderOutcomeText } from '../src/report/text.ts'

// Node 20 works; what the SDK says about it on stderr is for those who write programs, not for those who try this one.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'

const BUCKET = 'second-request'
const exampleDir = fileURLToPath(new URL('../examples/blog', import.meta.url))

/** The answer of one edge location for one URL. */
interface Answer {
  readonly xCache: string
  readonly status: number
  readonly body: Buffer
}

/** URL path → answers in the order of the edge locations. */
type Answers = ReadonlyMap<string, readonly Answer[]>

const workDir = await mkdtemp(join(tmpdir(), 'freshfront-demo-'))
const sourceDir = join(workDir, 'blog')
const siteDir = join(workDir, 'site')
const cloud = await startEmulator()
try {
  await cp(exampleDir, sourceDir, { recursive: true, filter: (path) => !path.endsWith('_site') })
  await cloud.s3.createBucket(BUCKET)
  const { id } = cloud.cloudFront.createDistribution({
    bucket: BUCKET,
    defaultRootObject: 'index.html',
    defaultBehavior: { functions: { viewerRequest: INDEX_DOCUMENTS_FUNCTION } },
    errorResponses: [
      { errorCode: 403, responsePagePath: '/404.html', responseCode: 404, errorCachingMinTtlSeconds: 1 },
      { errorCode: 404, errorCachingMinTtlSeconds: 1 },
    ],
  })
  const pops = cloud.edges.map(({ pop }) => pop).join(', ')
  say(`An embedded S3 and CloudFront: bucket ${BUCKET}, distribution ${id}, edge locations ${pops}.`)

  step('1  Build the example blog with Eleventy and deploy it')
  await build(sourceDir, siteDir)
  report(await deployOnce())

  step('2  Readers come: every URL is asked for at every edge location')
  await askAll(await sitePaths())
  const warm = await askAll(await sitePaths())
  say(`${countHits(warm)} of ${warm.size * cloud.edges.length} answers are now hits.`)

  step('3  Change one sentence of one post, build and deploy')
  await edit('content/posts/etags.md', 'This is the trap.', 'This is the trap, and everybody falls into it once.')
  await redeploy(warm)

  step('4  Withdraw a post, build and deploy')
  const beforeRemoval = await askAll(await sitePaths())
  await rm(join(sourceDir, 'content/posts/upload-order.md'))
  await redeploy(beforeRemoval)

  step('5  Deploy once more')
  report(await deployOnce())

  const url = cloud.edges[0]?.url
  if (process.stdout.isTTY) {
    say(
      `Browse the blog at ${url}/ (other edge locations: ${cloud.edges
        .slice(1)
        .map((edge) => edge.url)
        .join(', ')}). Ctrl-C ends it.`,
    )
    await new Promise((resolve) => process.once('SIGINT', resolve))
  }
} finally {
  await cloud.close()
  await rm(workDir, { recursive: true, force: true })
}

async function redeploy(before: Answers): Promise<void> {
  await build(sourceDir, siteDir)
  const outcome = await deployOnce()
  report(outcome)
  const after = await askAll([...new Set([...before.keys(), ...(await sitePaths())])])
  await compare(before, after)
}

async function deployOnce(): Promise<Outcome> {
  const config: Config = {
    dir: siteDir,
    bucket: BUCKET,
    prefix: '',
    distributions: [],
    filters: [],
    delete: false,
    followSymlinks: false,
    force: false,
    wait: true,
    yes: false,
    concurrency: 16,
    urls: [],
  }
  const ports = await connectAws({
    bucket: BUCKET,
    region: cloud.region,
    endpointUrl: cloud.s3Url,
    cloudFrontEndpointUrl: cloud.cloudFrontUrl,
    credentials: cloud.credentials,
    concurrency: config.concurrency,
  })
  const outcome = await deploy(config, ports, { mode: 'deploy' })
  if (outcome.failures.length > 0) process.exitCode = 1
  return outcome
}

function report(outcome: Outcome): void {
  const text = renderOutcomeText(outcome, { colors: process.stdout.isTTY, dir: 'the built blog' })
  say(text.trimEnd())
}

/** Every URL path of the site as built, `/` among them. */
async function sitePaths(): Promise<string[]> {
  const entries = await readdir(siteDir, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(siteDir, join(entry.parentPath, entry.name)))
  return files.map((file) => encodeURI(`/${file.normalize('NFC')}`).replace(/\/index\.html$/u, '/')).toSorted()
}

async function askAll(paths: readonly string[]): Promise<Answers> {
  const asked = new Map<string, Answer[]>()
  for (const path of paths) asked.set(path, await Promise.all(cloud.edges.map((edge) => ask(edge, path))))
  return asked
}

async function ask(edge: Emulator['edges'][number], path: string): Promise<Answer> {
  const response = await fetch(edge.url + path)
  return {
    xCache: (response.headers.get('x-cache') ?? '').replace(' from cloudfront', ''),
    status: response.status,
    body: Buffer.from(await response.arrayBuffer()),
  }
}

function countHits(answers: Answers): number {
  return [...answers.values()].flat().filter(({ xCache }) => xCache === 'Hit').length
}

/** What each edge answered before and after, for the URLs whose answer is another one now; and the truth about all. */
async function compare(before: Answers, after: Answers): Promise<void> {
  const rows: string[][] = []
  let stale = 0
  let keptWarm = 0
  for (const [path, answers] of after) {
    const deployed = await readFile(join(siteDir, decodeURI(path.replace(/\/$/u, '/index.html')))).catch(
      () => undefined,
    )
    const isRight = (answer: Answer): boolean =>
      deployed === undefined ? answer.status === 404 : answer.body.equals(deployed)
    stale += answers.filter((answer) => !isRight(answer)).length
    keptWarm += answers.filter(({ xCache }) => xCache === 'Hit').length
    const was = before.get(path)
    if (answers.every(({ xCache }) => xCache === 'Hit')) continue
    const cells = answers.map((answer, index) => {
      const earlier = was?.[index]
      return `${earlier === undefined ? 'not asked' : `${earlier.status} ${earlier.xCache}`} → ${answer.status} ${answer.xCache}`
    })
    rows.push([path, ...cells])
  }
  table([['URL', ...cloud.edges.map(({ pop }) => pop)], ...rows])
  say(`Stale answers: ${stale}. Answers that stayed warm: ${keptWarm} of ${after.size * cloud.edges.length}.`)
  if (stale > 0) process.exitCode = 1
}

function table(rows: readonly string[][]): void {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  for (const row of rows) say(`  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())
}

async function edit(path: string, from: string, to: string): Promise<void> {
  const filePath = join(sourceDir, path)
  const text = await readFile(filePath, 'utf8')
  if (!text.includes(from)) throw new Error(`${path} no longer says "${from}"; the demo edits that sentence.`)
  await writeFile(filePath, text.replace(from, to))
}

function step(title: string): void {
  say(`\n── ${title} ${'─'.repeat(Math.max(0, 96 - title.length))}\n`)
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
