// Real deploy histories once more, this time for real: every deploy of bench/histories through deploy() to the embedded cloud on its real
// date, with every URL warm at an edge before it. Counts what went stale (nothing may), what was evicted, and what was sent.
//   npx tsx bench/replay-cloud.ts [--deploys N] [--max-paths K] [--no-tags]

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { connectAws } from '../src/aws/connect.ts'
import { deploy } from '../src/deploy.ts'
import { type Edge, INDEX_DOCUMENTS_FUNCTION, startEmulator, turnableClock } from '../src/emulator/index.ts'
import type { Config, Outcome } from '../src/model.ts'
import { looksFingerprinted } from '../src/fingerprint.ts'
import { fakeClock } from '../test/fakes/fake-clock.ts'
import { HISTORY_NAMES, readHistory } from './replay/history.ts'

const { values: options } = parseArgs({
  options: { deploys: { type: 'string' }, 'max-paths': { type: 'string' }, 'no-tags': { type: 'boolean' } },
})
const maxDeploys = Number(options.deploys ?? Infinity)
const maxPaths = options['max-paths'] === undefined ? undefined : Number(options['max-paths'])
const BUCKET = 'site'
/** So that nothing expires by itself between two deploys. */
const CACHE_CONTROL = 'max-age=0, s-maxage=31536000'

interface Row {
  deploys: number
  items: number
  stale: number
  /** URLs of removed fingerprinted assets that a cache still answers. */
  leftOver: number
  /** Unchanged objects that were in the cache before a deploy and not after it, and all that were. */
  evicted: number
  unchanged: number
  needless: number
}

for (const name of HISTORY_NAMES) {
  const startedMs = performance.now()
  const row = await replay(name)
  const share = ((100 * row.evicted) / Math.max(1, row.unchanged)).toFixed(2)
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(0)
  console.log(
    `${name}: ${row.deploys} deploys, ${row.items} items, stale ${row.stale}, left over ${row.leftOver}, evicted for nothing ${row.evicted} of ${row.unchanged} (${share} %) in ${row.needless} deploys, ${seconds} s`,
  )
}

async function replay(name: string): Promise<Row> {
  const history = readHistory(name)
  const clock = turnableClock((history.deploys[0]?.date.getTime() ?? 0) - 60_000)
  const emulator = await startEmulator({ clock, cloudFront: { pops: ['FRA56-P4', 'NRT57-P2'], quotaModel: 'none' } })
  await emulator.s3.createBucket(BUCKET)
  const { domainName, id } = emulator.cloudFront.createDistribution({
    bucket: BUCKET,
    defaultRootObject: 'index.html',
    defaultBehavior: { functions: { viewerRequest: INDEX_DOCUMENTS_FUNCTION } },
    ...(options['no-tags'] !== true && { cacheTagHeader: 'x-amz-meta-cache-tag' }),
  })
  const dir = await mkdtemp(join(tmpdir(), 'freshfront-replay-'))
  const connected = await connectAws({
    bucket: BUCKET,
    region: emulator.region,
    endpointUrl: emulator.s3Url,
    cloudFrontEndpointUrl: emulator.cloudFrontUrl,
    credentials: emulator.credentials,
    concurrency: 16,
  })
  const [edge, forgetful] = emulator.cloudFront.edges
  if (edge === undefined || forgetful === undefined) throw new Error('there are no edge locations')
  const config: Config = {
    dir,
    bucket: BUCKET,
    prefix: '',
    distributions: [id],
    filters: [],
    delete: false,
    followSymlinks: false,
    force: false,
    wait: true,
    yes: true,
    concurrency: 16,
    urls: [],
    cacheControl: CACHE_CONTROL,
    ...(maxPaths !== undefined && { invalidation: { maxPaths } }),
  }
  const run = (): Promise<Outcome> => {
    const ports = { ...connected, clock: fakeClock(clock.nowMs(), (ms) => clock.advance(ms)) }
    return deploy(config, ports, { mode: 'deploy' })
  }
  const site = new Map<string, number>()
  const put = async (keys: Iterable<string>): Promise<void> => {
    for (const key of keys) {
      const version = (site.get(key) ?? 0) + 1
      site.set(key, version)
      await mkdir(dirname(join(dir, key)), { recursive: true })
      await writeFile(join(dir, key), bodyOf(key, version))
    }
  }
  const ask = async (from: Edge, target: string): Promise<string> => {
    const { status, body } = await from.handle({
      method: 'GET',
      target,
      headers: { host: domainName },
      body: nothing(),
    })
    const chunks: Uint8Array[] = []
    if (body instanceof Uint8Array) chunks.push(body)
    else for await (const chunk of body) chunks.push(chunk)
    return status === 200 ? Buffer.concat(chunks).toString() : String(status)
  }
  /** Asks for every URL, and asks an edge that has forgotten everything, too. @returns those with another answer */
  const read = async (keys: Iterable<string>): Promise<{ key: string; target: string }[]> => {
    const all = [...keys].flatMap((key) => urlsOf(key).map((target) => ({ key, target })))
    const answers: string[] = []
    for (const { target } of all) answers.push(await ask(edge, target))
    emulator.cloudFront.regionalCache.evict()
    forgetful.evict()
    const wrong: typeof all = []
    for (const [index, url] of all.entries()) {
      if ((await ask(forgetful, url.target)) !== answers[index]) wrong.push(url)
    }
    return wrong
  }
  /** An asset that nobody names any more, under a name that stands for its bytes, may stay in caches when it is removed. */
  const count = (wrong: readonly { key: string; target: string }[], date: string): void => {
    const stale = wrong.filter(({ key }) => site.has(key) || !looksFingerprinted(key))
    row.stale += stale.length
    row.leftOver += wrong.length - stale.length
    if (stale.length > 0) console.error(`${name}, ${date}: stale ${stale.map(({ target }) => target).join(' ')}`)
  }

  const row: Row = { deploys: 0, items: 0, stale: 0, leftOver: 0, evicted: 0, unchanged: 0, needless: 0 }
  await put(history.start.keys())
  const first = await run()
  if (first.result !== 'fresh') throw new Error(`the first deploy ended as ${first.result}`)
  count(await read(site.keys()), 'first')
  for (const { date, added, changed, removed } of history.deploys.slice(0, maxDeploys)) {
    clock.advance(Math.max(0, date.getTime() - clock.nowMs()))
    const before = new Set(site.keys())
    const touched = new Set([...added.keys(), ...changed.keys(), ...removed])
    await put([...added.keys(), ...changed.keys()])
    for (const key of removed) {
      site.delete(key)
      await rm(join(dir, key), { force: true })
    }
    const cachedBefore = new Set(edge.entries().map(({ url }) => url))
    const outcome = await run()
    if (outcome.result !== 'fresh' && outcome.result !== 'nothing to do')
      throw new Error(`a deploy ended as ${outcome.result}: ${JSON.stringify(outcome.failures)}`)
    const cachedAfter = new Set(edge.entries().map(({ url }) => url))
    const kept = [...before].filter((key) => !touched.has(key) && cachedBefore.has(`/${encodeURI(key)}`))
    const lost = kept.filter((key) => !cachedAfter.has(`/${encodeURI(key)}`)).length
    row.deploys += 1
    row.items += outcome.plan.cost.paths
    row.evicted += lost
    row.unchanged += kept.length
    row.needless += lost > 0 ? 1 : 0
    count(await read(new Set([...before, ...site.keys()])), date.toISOString())
  }
  await emulator.close()
  await rm(dir, { recursive: true, force: true })
  return row
}

function bodyOf(key: string, version: number): string {
  return `${key} as of its version ${version}\n`
}

function urlsOf(key: string): string[] {
  const url = `/${encodeURI(key)}`
  if (!/(?:^|\/)index\.html$/u.test(key)) return [url]
  const folder = url.slice(0, -'index.html'.length)
  return folder === '/' ? [url, '/'] : [url, folder, folder.slice(0, -1)]
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
