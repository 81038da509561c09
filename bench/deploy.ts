// `npm run bench`: Freshfront and every peer that is installed deploy the same site to one Ceph, in turns, in one run. About 40 minutes.
//   npm run bench -- --files 1000,10000 --rounds 3 --tools freshfront,hugo --scenarios first,no-op --out DIR
// Writes the generated part of docs/performance.md, and docs/performance.svg. Needs Debian's Ceph packages (installed when run as root) and
// GNU time; takes in awscli, rclone, s3cmd, hugo and wrk where Debian has put them, and two peers from npm's registry.

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { countWrongObjects, createBucket, removeBucket } from './deploy/bucket.ts'
import { runMeasured } from './deploy/measure.ts'
import { parseOptions, type BenchOptions, type Scenario } from './deploy/options.ts'
import { drawPerformance } from './deploy/plot.ts'
import { writeReport } from './deploy/report.ts'
import type { Results, Sample, Series, SiteFacts } from './deploy/results.ts'
import { startServers, type Servers } from './deploy/server.ts'
import { makeSite, type BenchSite } from './deploy/site.ts'
import type { Tool } from './deploy/tool.ts'
import { findTools, MAIN } from './deploy/tools.ts'

const PAGE = join(import.meta.dirname, '../docs/performance.md')
/** What all buckets together may hold; above it, one tool does all its deploys before the next begins. */
const STORED_BYTES_MAX = 4e9
const HELP_RUNS = 10

// Which Node versions we support is ours to say; the SDK prints six lines about its own plans otherwise.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'

const options = parseOptions(process.argv.slice(2))
const { tools, missing } = await findTools(options.tools)
if (missing.length > 0) console.error(`Not here, and left out: ${missing.join(', ')}.`)
const work = await mkdtemp(join(tmpdir(), 'freshfront-bench-'))
let servers: Servers | undefined
// A Ceph left behind would go on holding its memory and its port.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void (servers?.stop() ?? Promise.resolve()).finally(() => process.exit(1))
  })
}
try {
  servers = await startServers(options.runningCeph, 2 * STORED_BYTES_MAX)
  const results = await measureAll(servers, options)
  const measurement = { options, tools, missing, cephVersion: servers.version, results }
  await writeResults(options, writeReport(measurement), results)
} finally {
  await servers?.stop()
  await rm(work, { recursive: true, force: true })
}

async function measureAll(
  running: Servers,
  { fileCounts, rounds, scenarios, seed, runningCeph }: BenchOptions,
): Promise<Results> {
  const sites: SiteFacts[] = []
  const series: Series[] = []
  for (const fileCount of fileCounts) {
    const site = await makeSite(join(work, 'public'), fileCount, seed)
    const changedFiles = new Map<Scenario, number>()
    const ofThisSite = tools.flatMap((tool) =>
      scenarios
        .filter((scenario) => tool.scenarios?.includes(scenario) ?? true)
        .map((scenario): Series => ({ tool, fileCount, scenario, samples: [], failures: [] })),
    )
    const fitsAtOnce = site.totalBytes * tools.length < STORED_BYTES_MAX
    for (let round = 0; round < rounds; round += 1) {
      const inTurn = rotate(tools, round)
      for (const group of fitsAtOnce ? [inTurn] : inTurn.map((tool) => [tool])) {
        const buckets = await measureGroup(running, site, group, scenarios, ofThisSite, changedFiles)
        // A Ceph of our own is about to go, with all that is in it.
        const isLast = fileCount === fileCounts.at(-1) && round === rounds - 1 && group.at(-1) === inTurn.at(-1)
        if (isLast && runningCeph === undefined) continue
        for (const bucket of buckets) await removeBucket(running.s3, bucket)
      }
    }
    sites.push({ fileCount, totalBytes: site.totalBytes, changedFiles })
    series.push(...ofThisSite)
  }
  return { sites, series, helpSeconds: await measureHelp(running) }
}

/** One round of these tools: new buckets, then scenario after scenario, in each of which they take turns. @returns the buckets */
async function measureGroup(
  running: Servers,
  site: BenchSite,
  group: readonly Tool[],
  scenarios: readonly Scenario[],
  series: readonly Series[],
  changedFiles: Map<Scenario, number>,
): Promise<string[]> {
  const places = new Map<Tool, { bucket: string; folder: string }>()
  for (const tool of group) {
    const bucket = `bench-${tool.id}-${Date.now()}`
    await createBucket(running.s3, bucket)
    places.set(tool, { bucket, folder: join(work, bucket) })
  }
  await site.reset()
  for (const [index, scenario] of scenarios.entries()) {
    await site.prepare(scenario)
    changedFiles.set(scenario, site.changedFiles)
    for (const tool of rotate(group, index)) {
      const into = series.find((each) => each.tool === tool && each.scenario === scenario)
      const place = places.get(tool)
      if (into === undefined || place === undefined) continue
      const what = `${site.md5ByKey.size} files, ${scenario}, ${tool.id}`
      try {
        const sample = await measureDeploy(running, site, tool, place)
        into.samples.push(sample)
        const { wallSeconds, cpuSeconds, peakBytes, requests } = sample
        const figures = `${wallSeconds.toFixed(2)} s wall, ${cpuSeconds.toFixed(2)} s CPU, ${Math.round(peakBytes / 1e6)} MB`
        console.error(`${what}: ${figures}, ${requests} requests`)
      } catch (error) {
        // A bucket that is not what the next scenario starts from would make the tool look fast.
        places.delete(tool)
        into.failures.push(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error))
        console.error(`${what}: ${String(error)}`)
        await removeBucket(running.s3, place.bucket)
      }
    }
  }
  return [...places.values()].map(({ bucket }) => bucket)
}

async function measureDeploy(
  running: Servers,
  site: BenchSite,
  tool: Tool,
  { bucket, folder }: { readonly bucket: string; readonly folder: string },
): Promise<Sample> {
  if (tool.keepsFolder !== true) await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const command = await tool.prepare({ site, bucket, folder, servers: running })
  const before = await running.countRequests()
  const measured = await runMeasured(command, folder, running.env)
  const requests = (await running.countRequests()) - before
  const wrong = await countWrongObjects(running.s3, bucket, site.md5ByKey)
  if (wrong > 0) throw new Error(`ended well, and left ${wrong} objects that are not as their files`)
  return { ...measured, requests }
}

async function measureHelp(running: Servers): Promise<number[]> {
  const times: number[] = []
  for (let run = 0; run < HELP_RUNS; run += 1) {
    const { wallSeconds } = await runMeasured({ file: process.execPath, args: [MAIN, '--help'] }, work, running.env)
    times.push(wallSeconds)
  }
  return times
}

async function writeResults({ outDir, scenarios }: BenchOptions, report: string, results: Results): Promise<void> {
  const page = await readFile(PAGE, 'utf8')
  const generated = /(?<=<!-- measured -->\n).*(?=<!-- end -->)/su
  await mkdir(outDir, { recursive: true })
  await writeFile(
    join(outDir, 'performance.md'),
    page.replace(generated, () => `\n${report}\n\n`),
  )
  const largest = Math.max(...results.sites.map(({ fileCount }) => fileCount))
  await writeFile(join(outDir, 'performance.svg'), drawPerformance(results, tools, scenarios, largest))
}

function rotate<T>(all: readonly T[], by: number): T[] {
  const start = by % Math.max(1, all.length)
  return [...all.slice(start), ...all.slice(0, start)]
}
