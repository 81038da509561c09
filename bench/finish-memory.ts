// What the finish of a sharded release takes in memory and time, by the number of files: over a bucket that is made up as it is read, with
// one distribution, so that no server and no disk stands beside it. One process for each number.
//   npx tsx bench/finish-memory.ts [FILES …]

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { NO_REQUESTS } from '../src/aws/request-meter.ts'
import { deploy } from '../src/deploy.ts'
import type { Config, LiveObject, ShardRecord, SiteFile } from '../src/model.ts'
import { digestSettings } from '../src/plan/shard-settings.ts'
import { sha256 } from '../src/plan-release.ts'
import type { Bucket, Ports } from '../src/ports.ts'
import { rangeOfShard, isInRange } from '../src/site/shard-range.ts'
import { encodeDebt } from '../src/state/debt.ts'
import { encodeShardRecord } from '../src/state/shard-record.ts'
import { debtKey, shardKey, STATE_FOLDER } from '../src/state/state-keys.ts'
import { fakeClock } from '../test/fakes/fake-clock.ts'
import { memoryBucket } from '../test/fakes/memory-bucket.ts'
import { memoryDistributions } from '../test/fakes/memory-distributions.ts'
import { distribution } from '../test/fakes/nouns.ts'

const NAME = 'release-1'
const SHARDS = 16
const METADATA = { contentType: 'text/html; charset=utf-8' }

if (process.argv[2] === 'one') await finishOne(Number(process.argv[3]))
else {
  console.log(
    '| files | peak MB | wall s | CPU s | PUT | LIST | GET |\n| ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
  )
  for (const files of process.argv.length > 2 ? process.argv.slice(2) : ['10000', '100000']) {
    const args = [...process.execArgv, process.argv[1] ?? '', 'one', files]
    const { status, stderr } = spawnSync(process.execPath, args, { stdio: ['ignore', 'inherit', 'pipe'] })
    if (status !== 0)
      console.log(`| ${files} | ended with ${status}: ${stderr.toString().slice(-300).replaceAll('\n', ' ')} |`)
  }
}

function fileOf(number: number): Omit<SiteFile, 'filePath'> {
  const key = `section-${String(Math.floor(number / 250)).padStart(6, '0')}/page-${String(number).padStart(9, '0')}.html`
  const digest = createHash('sha256').update(key).digest('hex')
  const md5 = digest.slice(0, 32)
  return { key, sizeBytes: 150 + (number % 100), md5, sha256: digest, etag: `"${md5}"`, metadata: METADATA }
}

async function finishOne(count: number): Promise<void> {
  const config: Config = {
    dir: '',
    bucket: 'site',
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
  const counts = { put: 0, list: 0, get: 0 }
  const there = distribution()
  const bucket = countRequests(madeUpBucket(count), counts)
  await writeRecords(bucket, count, digestSettings({ config, distributions: [there], name: NAME, hash: sha256 }))
  Object.assign(counts, { put: 0, list: 0, get: 0 })
  const clock = fakeClock()
  const ports = {
    bucket,
    distributions: memoryDistributions([there]),
    clock,
    processes: { describeOwn: async () => ({ host: 'bench', pid: 1 }), stateOf: async () => 'unknown' as const },
    meter: { counts: () => ({ ...NO_REQUESTS, ...counts }) },
    randomSuffix: () => 'abcdef',
  } as unknown as Ports
  globalThis.gc?.()
  const start = { ms: performance.now(), cpu: process.cpuUsage() }
  const { result, failures } = await deploy(config, ports, { mode: 'deploy', finish: NAME })
  if (result !== 'fresh') throw new Error(`${result}: ${JSON.stringify(failures)}`)
  const cpu = process.cpuUsage(start.cpu)
  const cells = [
    count.toLocaleString('en'),
    Math.round(process.resourceUsage().maxRSS / 1024).toLocaleString('en'),
    ((performance.now() - start.ms) / 1000).toFixed(1),
    ((cpu.user + cpu.system) / 1e6).toFixed(1),
    ...[counts.put, counts.list, counts.get].map((requests) => requests.toLocaleString('en')),
  ]
  console.log(`| ${cells.join(' | ')} |`)
}

/** All files are there, as the shards have put them. */
function madeUpBucket(count: number): Bucket {
  const documents = memoryBucket()
  return {
    ...documents,
    async *listObjects(prefix, range = {}) {
      if (prefix.startsWith(STATE_FOLDER)) {
        yield* documents.listObjects(prefix, range)
        return
      }
      let page: LiveObject[] = []
      const { after = '', until } = range
      for (let number = firstAfter(count, after); number < count; number += 1) {
        const { key, etag, sizeBytes } = fileOf(number)
        if (until !== undefined && key > until) break
        page.push({ key, etag, sizeBytes, lastModifiedMs: 0 })
        if (page.length < 1000) continue
        yield page
        page = []
      }
      yield page
    },
  }
}

function firstAfter(count: number, after: string): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >>> 1
    if (fileOf(middle).key <= after) low = middle + 1
    else high = middle
  }
  return low
}

async function writeRecords(bucket: Bucket, count: number, settings: string): Promise<void> {
  const keys = Array.from({ length: count }, (_, number) => fileOf(number).key)
  for (let index = 1, from = 0; index <= SHARDS; index += 1) {
    const shard = { index, count: SHARDS }
    const range = rangeOfShard(keys, shard)
    const files: ShardRecord['files'][number][] = []
    for (; from < count && isInRange(keys[from] ?? '', range); from += 1) {
      const file = fileOf(from)
      files.push({ file, etag: file.etag })
    }
    const record: ShardRecord = {
      formatVersion: 1,
      name: NAME,
      shard,
      startedAt: '2026-11-23T00:00:00.000Z',
      range,
      site: 'site',
      settings,
      base: '',
      isComplete: true,
      touched: files.map(({ file: { key, etag } }) => ({ key, etags: [etag] })),
      files,
      ignored: [],
    }
    await bucket.putDocument(shardKey('', NAME, shard), encodeShardRecord(record), 'application/gzip')
  }
  const debt = { formatVersion: 1 as const, release: 'r', keys: [], sharded: { name: NAME, count: SHARDS } }
  await bucket.putDocument(debtKey(''), encodeDebt(debt), 'application/json')
}

function countRequests(bucket: Bucket, counts: { put: number; list: number; get: number }): Bucket {
  return {
    ...bucket,
    async *listObjects(prefix, range) {
      for await (const page of bucket.listObjects(prefix, range)) {
        counts.list += 1
        yield page
      }
    },
    getDocument: (key) => {
      counts.get += 1
      return bucket.getDocument(key)
    },
    putDocument: (...put) => {
      counts.put += 1
      return bucket.putDocument(...put)
    },
  }
}
