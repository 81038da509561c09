// A site deployed in shards, on the embedded cloud: the same as one deploy of it, whatever the order, and wherever a shard or the finish dies.

import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deployShard } from '../src/deploy-shard.ts'
import type { Config, Outcome, ShardOutcome, SiteState } from '../src/model.ts'
import { encodeDebt, readDebt } from '../src/state/debt.ts'
import { type Cloud, settingsOf, startCloud } from './cloud.ts'
import { comparableState } from './comparable-state.ts'
import { connectS3 } from './emulated-s3.ts'
import { mortalPorts, startTrial, type Trial } from './faults/fault.ts'

/** Pages in `blog/` name what lies in `assets/` and `images/`: most of it belongs to other shards. */
const first: Readonly<Record<string, string>> = {
  'index.html': '<link rel="stylesheet" href="/zz/site.css"><a href="/blog/1.html">1</a>',
  'assets/app.js': 'console.log("one")',
  'blog/1.html': '<link rel="stylesheet" href="/zz/site.css"><img src="/images/1.svg">',
  'blog/2.html': '<link rel="stylesheet" href="/zz/site.css"><script src="/assets/app.js"></script>',
  'blog/3.html': '<img src="/images/3.svg">',
  'images/1.svg': '<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>',
  'images/3.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  'old.html': 'old',
  'sitemap.xml': '<urlset/>',
  'zz/site.css': 'body { background: url(/zz/paper.png) }',
  'zz/paper.png': 'paper 1',
}
/** What the next build changes, adds and removes. */
const changes: Readonly<Record<string, string | undefined>> = {
  'index.html': '<link rel="stylesheet" href="/zz/site.css"><a href="/blog/4.html">4</a>',
  'blog/1.html': '<link rel="stylesheet" href="/zz/site.css"><img src="/images/4.svg">',
  'blog/4.html': '<link rel="stylesheet" href="/zz/site.css"><img src="/images/1.svg">',
  'images/1.svg': '<svg xmlns="http://www.w3.org/2000/svg"><p/></svg>',
  'images/4.svg': '<svg xmlns="http://www.w3.org/2000/svg" id="4"/>',
  'old.html': undefined,
  'zz/paper.png': 'paper 2',
}
const urls = [...new Set([...Object.keys(first), ...Object.keys(changes), 'blog/9.html'])].map((key) => `/${key}`)

/** Of the requests at which a run is killed, by default a part. */
const STRIDE = process.env['FRESHFRONT_FAULTS'] === 'all' ? 1 : 4

interface Site {
  readonly cloud: Cloud
  readonly s3: S3Client
  shard(index: number, count?: number, config?: Partial<Config>, name?: string, under?: Trial): Promise<ShardOutcome>
  finish(config?: Partial<Config>, name?: string): Promise<Outcome>
}

describe('a sharded deploy', () => {
  let site: Site
  let sites: Site[]
  let trial: Trial | undefined

  beforeEach(async () => {
    sites = []
    site = await startSite()
  })
  afterEach(async () => {
    trial = undefined
    for (const { cloud, s3 } of sites) {
      s3.destroy()
      expect(cloud.emulator.faults).toEqual([])
      await cloud.close()
    }
  })

  async function startSite(): Promise<Site> {
    const cloud = await startCloud({
      distribution: { errorResponses: [{ errorCode: 403, responsePagePath: '/index.html', responseCode: 200 }] },
      emulator: { intercept: (service, request) => trial?.meet(service, request) },
    })
    await cloud.write(first)
    const config: Config = { ...settingsOf(cloud.dir), concurrency: 4 }
    const started: Site = {
      cloud,
      s3: connectS3(cloud.emulator),
      shard: async (index, count = 4, settings = {}, name = 'r1', under) => {
        trial = under
        const ports = under === undefined ? cloud.ports : mortalPorts(cloud.ports, under.isDead)
        try {
          return await deployShard({ ...config, ...settings }, ports, { shard: { index, count }, name })
        } finally {
          trial = undefined
        }
      },
      // On this machine, a process that was killed is seen to be gone; in truth all are this one.
      finish: (settings = {}, name = 'r1') =>
        cloud.deploy(
          settings,
          { finish: name },
          { ...cloud.ports, processes: { ...cloud.ports.processes, stateOf: async () => 'gone' } },
        ),
    }
    sites.push(started)
    return started
  }

  async function runAll(to: Site, order: readonly number[] = [1, 2, 3, 4], name = 'r1'): Promise<Outcome> {
    for (const index of order) {
      expect(await to.shard(index, order.length, {}, name)).toMatchObject({ result: 'uploaded', failures: [] })
    }
    return to.finish({}, name)
  }

  it('leaves the bucket, the state and every edge as one deploy of the whole site does', async () => {
    const whole = await startSite()
    for (const each of [whole, site]) {
      await warm(each)
      expect(each === whole ? await each.cloud.deploy() : await runAll(each)).toMatchObject({ result: 'fresh' })
      await warm(each)
      await each.cloud.write(changes)
    }
    const together = await whole.cloud.deploy()
    const finished = await runAll(site, [3, 1, 4, 2], 'r2')
    expect(finished).toMatchObject({ result: 'fresh', failures: [] })
    expect(finished.uploaded.map(({ key }) => key).toSorted()).toEqual(
      together.uploaded.map(({ key }) => key).toSorted(),
    )
    expect(itemsOf(finished)).toEqual(itemsOf(together))
    expect(await edgesOf(site)).toEqual(await edgesOf(whole))
    expect(await bucketOf(site)).toEqual(await bucketOf(whole))
    expect(await stateOf(site)).toEqual(await stateOf(whole))
    expect((await site.cloud.deploy()).result).toBe('nothing to do')
    expect(await leftovers(site)).toEqual(['.freshfront/state.json.gz'])
  })

  it('takes eight shards at once, of which each joins the lock', async () => {
    const outcomes = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((index) => site.shard(index, 8)))
    expect(outcomes.map(({ result }) => result)).toEqual(Array.from({ length: 8 }, () => 'uploaded'))
    expect((await site.finish()).result).toBe('fresh')
    expect(await edgesOf(site)).toEqual(live(first))
  })

  it('shows no page before what it names, and what leads visitors in last of all', async () => {
    for (const index of [3, 2, 1, 4]) {
      await site.shard(index)
      for (const key of (await bucketOf(site)).keys()) {
        for (const part of partsOf(first[key] ?? ''))
          expect([key, (await bucketOf(site)).has(part)]).toEqual([key, true])
        expect(['index.html', 'sitemap.xml']).not.toContain(key)
      }
    }
    await site.finish()
    expect([...(await bucketOf(site)).keys()].toSorted()).toEqual(Object.keys(first).toSorted())
  })

  it('refuses to finish without a shard, and names it', async () => {
    await site.shard(1)
    await site.shard(4)
    await expect(site.finish()).rejects.toMatchObject({
      code: 'SHARDS_MISSING',
      message: 'Release "r1" cannot be finished: there is no record of shard 2/4, 3/4.',
    })
    await site.shard(3)
    const failing: Trial = { ...startTrial(), meet: (_, { method, target }) => failUploadOf('/blog/', method, target) }
    expect((await site.shard(2, 4, {}, 'r1', failing)).result).toBe('failed')
    await expect(site.finish()).rejects.toMatchObject({
      code: 'SHARDS_MISSING',
      message: 'Release "r1" cannot be finished: shard 2/4 was begun and has not ended.',
    })
    await site.shard(2)
    expect((await site.finish()).result).toBe('fresh')
  })

  it('goes on where a shard was killed, at whichever of its requests', async () => {
    await runAll(site, [1, 2, 3, 4], 'r0')
    let step = 0
    for (let request = 1; ; request += STRIDE) {
      step += 1
      const name = `r${step}`
      await warm(site)
      await site.cloud.write({ 'blog/1.html': `${first['blog/1.html']} ${step}`, 'images/1.svg': `<svg>${step}</svg>` })
      const under = startTrial({ request, fault: 'dies after' })
      await site.shard(2, 4, {}, name, under).catch(() => undefined)
      const wasKilled = under.requests.length >= request
      if (wasKilled) await warm(site, 1)
      site.cloud.advance(60_000)
      expect(await runAll(site, [1, 2, 3, 4], name)).toMatchObject({ result: 'fresh' })
      expect(await staleUrls(site)).toEqual([])
      if (!wasKilled) break
    }
    expect(step).toBeGreaterThan(4)
  }, 60_000)

  it('goes on where a finish was killed, at whichever of its requests', async () => {
    await runAll(site, [1, 2, 3, 4], 'r0')
    for (let request = 1; ; request += STRIDE) {
      const name = `r${request}`
      await warm(site)
      // Each release removes one page and adds another.
      const [gone, added] = [`blog/5-${request - STRIDE}.html`, `blog/5-${request}.html`]
      const leaves = request === 1 ? {} : { [gone]: undefined }
      await site.cloud.write({ 'index.html': `${first['index.html']} ${request}`, [added]: 'here', ...leaves })
      for (const index of [1, 2, 3, 4]) await site.shard(index, 4, {}, name)
      const under = startTrial({ request, fault: 'dies after' })
      trial = under
      await site.cloud.deploy({}, { finish: name }, mortalPorts(site.cloud.ports, under.isDead)).catch(() => undefined)
      trial = undefined
      const wasKilled = under.requests.length >= request
      if (wasKilled) await warm(site, 1)
      site.cloud.advance(60_000)
      const again = await site.finish({}, name)
      expect(['fresh', 'nothing to do']).toContain(again.result)
      expect(await staleUrls(site)).toEqual([])
      if (!wasKilled) break
    }
  }, 60_000)

  it('refreshes what an attempt with another build had put, also where the last one puts back what was there', async () => {
    await runAll(site, [1, 2, 3, 4], 'r0')
    await warm(site)
    await site.cloud.write({
      'blog/3.html': 'for a while',
      'images/3.svg': '<svg>for a while</svg>',
      'blog/9.html': 'never',
    })
    for (const index of [2, 3]) await site.shard(index)
    await warm(site, 1)
    await site.cloud.write({
      'blog/3.html': first['blog/3.html'],
      'images/3.svg': first['images/3.svg'],
      'blog/9.html': undefined,
    })
    expect(await runAll(site, [4, 3, 2, 1])).toMatchObject({ result: 'fresh' })
    expect(await staleUrls(site)).toEqual([])
    expect(await edgesOf(site)).toEqual(live(first))
    expect([...(await bucketOf(site)).keys()].toSorted()).toEqual(Object.keys(first).toSorted())
  })

  it('leaves nothing to the caches or the bucket where a killed shard is followed by a deploy of the build before', async () => {
    await runAll(site, [1, 2, 3, 4], 'r0')
    for (let request = 10; ; request += STRIDE) {
      await warm(site)
      await site.cloud.write({ 'blog/3.html': 'for a while', 'blog/9.html': 'never' })
      const under = startTrial({ request, fault: 'dies after' })
      await site.shard(2, 4, {}, `r${request}`, under).catch(() => undefined)
      await warm(site, 1)
      await site.cloud.write({ 'blog/3.html': first['blog/3.html'], 'blog/9.html': undefined })
      site.cloud.advance(60_000)
      expect((await site.cloud.deploy()).result).toMatch(/^(?:fresh|nothing to do)$/u)
      expect(await staleUrls(site)).toEqual([])
      expect([...(await bucketOf(site)).keys()].toSorted()).toEqual(Object.keys(first).toSorted())
      expect(await leftovers(site)).toEqual(['.freshfront/state.json.gz'])
      if (under.requests.length < request) break
    }
  }, 60_000)

  it('takes no part for live on the word of a state that a deploy has died after', async () => {
    await runAll(site, [1, 2, 3, 4], 'r0')
    const image = { Bucket: 'site', Key: 'images/3.svg' }
    await site.s3.send(new PutObjectCommand({ ...image, Body: '<svg>of the build that died</svg>' }))
    const debt = encodeDebt({ formatVersion: 1, release: 'dead', keys: [image.Key] })
    await site.cloud.ports.bucket.putDocument('.freshfront/pending.json', debt, 'application/json')
    await site.cloud.write({ 'blog/3.html': `${first['blog/3.html']} edited` })
    await site.shard(2)
    const { Body } = await site.s3.send(new GetObjectCommand(image))
    expect(await Body?.transformToString()).toBe(first['images/3.svg'])
  })

  it('is overtaken by a plain deploy, which pays what the shards owe and refuses the late ones', async () => {
    await runAll(site, [1, 2, 3, 4], 'r0')
    await warm(site)
    await site.cloud.write(changes)
    await site.shard(1, 4)
    await site.shard(2, 4)
    await warm(site, 1)
    await site.cloud.write({ ...first, 'blog/4.html': undefined, 'images/4.svg': undefined, 'zz/site.css': 'newer' })
    const overtaking = await site.cloud.deploy()
    expect(overtaking).toMatchObject({ result: 'fresh' })
    expect(overtaking.plan.warnings.map(({ code }) => code)).toContain('SHARDED_RELEASE_OVERTAKEN')
    expect(await staleUrls(site)).toEqual([])
    expect([...(await bucketOf(site)).keys()].toSorted()).toEqual(Object.keys(first).toSorted())
    await expect(site.shard(3, 4)).rejects.toMatchObject({ code: 'SHARDED_RELEASE_OVER' })
    await expect(site.finish()).rejects.toMatchObject({ code: 'SHARDED_RELEASE_OVER' })
    expect(await leftovers(site)).toEqual(['.freshfront/state.json.gz'])
  })

  it('is overtaken by the shards of another release, whose finish pays for both', async () => {
    await runAll(site, [1, 2, 3, 4], 'r0')
    await warm(site)
    await site.cloud.write({ 'old.html': 'neither', 'blog/3.html': 'neither', 'blog/9.html': 'never' })
    for (const index of [1, 2, 3, 4]) await site.shard(index, 4, {}, 'r1')
    await warm(site, 1)
    await site.cloud.write({ ...first, 'blog/9.html': undefined })
    await site.shard(1, 2, {}, 'r2')
    await expect(site.shard(1, 4, {}, 'r1')).rejects.toMatchObject({ code: 'SHARDED_RELEASE_OVER' })
    await expect(site.finish({}, 'r1')).rejects.toMatchObject({ code: 'SHARDED_RELEASE_OVER' })
    await site.shard(2, 2, {}, 'r2')
    expect((await site.finish({}, 'r2')).result).toBe('fresh')
    expect(await staleUrls(site)).toEqual([])
    expect([...(await bucketOf(site)).keys()].toSorted()).toEqual(Object.keys(first).toSorted())
    expect(await leftovers(site)).toEqual(['.freshfront/state.json.gz'])
  })

  it('names shards of other files and of other settings', async () => {
    await site.shard(1)
    await site.shard(2)
    await site.shard(3, 4, { cacheControl: 'no-cache' })
    await site.shard(4)
    await expect(site.finish()).rejects.toMatchObject({
      code: 'SHARDS_DIFFER',
      message: 'The shards of release "r1" were made from different settings: 1/4, 2/4, 4/4 | 3/4.',
    })
    await site.shard(3)
    await expect(site.finish({ cacheControl: 'no-cache' })).rejects.toMatchObject({ code: 'SHARDS_DIFFER' })
    await site.cloud.write({ 'new.html': 'new' })
    await site.shard(2)
    await expect(site.finish()).rejects.toMatchObject({
      message: 'The shards of release "r1" were made from different files: 1/4, 3/4, 4/4 | 2/4.',
    })
  })

  it('says which shard to run again where somebody else has written', async () => {
    for (const index of [1, 2, 3, 4]) await site.shard(index)
    await site.cloud.ports.bucket.putDocument('blog/3.html', Buffer.from('somebody else'), 'text/html')
    await expect(site.finish()).rejects.toMatchObject({
      code: 'SHARDS_NOT_AS_RECORDED',
      message: expect.stringContaining('"blog/3.html" of shard 2/4') as string,
    })
    await site.shard(2)
    expect((await site.finish()).result).toBe('fresh')
    expect(await edgesOf(site)).toEqual(live(first))
  })

  it('refuses shards of another count, secrets, and a finish that nobody has begun', async () => {
    await expect(site.finish()).rejects.toMatchObject({ code: 'NO_SHARDS' })
    await site.shard(1)
    await expect(site.shard(1, 3)).rejects.toMatchObject({ code: 'SHARD_COUNT_DIFFERS' })
    await site.cloud.write({ '.env': 'SECRET=1' })
    const refused = await site.shard(2)
    expect([refused.result, refused.refusals.map(({ code }) => code)]).toEqual(['refused', ['SECRETS_FOUND']])
  })

  it('guards removals in the finish alone', async () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`many/${at}.txt`, String(at)]))
    await site.cloud.write(many)
    await runAll(site, [1, 2, 3, 4], 'r0')
    await site.cloud.write(Object.fromEntries(Object.keys(many).map((key) => [key, undefined])))
    for (const index of [1, 2, 3, 4]) expect((await site.shard(index)).result).toBe('uploaded')
    const refused = await site.finish()
    expect([refused.result, refused.plan.refusals.map(({ code }) => code)]).toEqual(['refused', ['TOO_MANY_REMOVALS']])
    const finished = await site.finish({ yes: true })
    expect([finished.result, finished.removed.length]).toEqual(['fresh', 300])
  })

  it('puts nothing when all of it runs again', async () => {
    await runAll(site)
    for (const index of [1, 2, 3, 4]) {
      expect(await site.shard(index)).toMatchObject({ result: 'uploaded', uploads: [], staged: [] })
    }
    expect(await site.finish()).toMatchObject({ result: 'fresh', uploaded: [], removed: [], invalidations: [] })
    expect((await site.cloud.deploy()).result).toBe('nothing to do')
  })
})

function failUploadOf(folder: string, method: string, target: string): ReturnType<Trial['meet']> {
  if (method !== 'PUT' || !target.includes(folder)) return undefined
  const body = Buffer.from('<Error><Code>Broken</Code><Message>A fault of the test.</Message></Error>')
  return { status: 400, headers: { 'Content-Type': 'application/xml' }, body }
}

function partsOf(body: string): string[] {
  return [...body.matchAll(/(?:src|rel="stylesheet" href)="\/([^"]+)"/gu)].map(([, key = '']) => key)
}

function itemsOf({ invalidations }: Outcome): string[] {
  return invalidations.flatMap(({ items }) => items.map(({ item }) => item)).toSorted()
}

/** Readers come to some edge locations, or to all. */
async function warm({ cloud }: Site, edges?: number): Promise<void> {
  for (const url of urls) await cloud.ask(url)
  if (edges === undefined) return
  // One edge location has forgotten, and keeps what it finds in the bucket now; the others still have what they had.
  cloud.emulator.cloudFront.regionalCache.evict()
  cloud.emulator.cloudFront.edges[edges]?.evict()
  for (const url of urls) await cloud.ask(url)
}

async function edgesOf({ cloud }: Site): Promise<Record<string, string[]>> {
  const answers: Record<string, string[]> = {}
  for (const url of urls) answers[url] = (await cloud.ask(url)).map(({ status, body }) => `${status} ${body}`)
  return answers
}

function live(build: Readonly<Record<string, string>>): Record<string, string[]> {
  const home = build['index.html'] ?? ''
  return Object.fromEntries(
    urls.map((url) => [url, Array.from({ length: 3 }, () => `200 ${build[url.slice(1)] ?? home}`)]),
  )
}

/** URLs that an edge answers with something else than a cache that has just been emptied. */
async function staleUrls(site: Site): Promise<string[]> {
  const answers = await edgesOf(site)
  for (const edge of site.cloud.emulator.cloudFront.edges) edge.evict()
  site.cloud.emulator.cloudFront.regionalCache.evict()
  const truths = await edgesOf(site)
  return urls.filter((url) => JSON.stringify(answers[url]) !== JSON.stringify(truths[url]))
}

async function keysOf({ s3 }: Site): Promise<string[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'site' }))
  return Contents.map(({ Key = '' }) => Key)
}

async function leftovers(site: Site): Promise<string[]> {
  return (await keysOf(site)).filter((key) => key.startsWith('.freshfront/'))
}

async function bucketOf(site: Site): Promise<Map<string, string>> {
  const keys = (await keysOf(site)).filter((key) => !key.startsWith('.freshfront/'))
  const objects = await Promise.all(
    keys.map(async (Key) => {
      const { Body, ContentType, Metadata } = await site.s3.send(new GetObjectCommand({ Bucket: 'site', Key }))
      return [Key, `${ContentType} ${JSON.stringify(Metadata)} ${await Body?.transformToString()}`] as const
    }),
  )
  return new Map(objects)
}

async function stateOf({ cloud }: Site): Promise<Partial<SiteState>> {
  expect(await readDebt(cloud.ports.bucket, '')).toBeUndefined()
  return comparableState(cloud.ports.bucket)
}
