// P4, no broken page: between any two requests of a deploy, whatever their order within a wave, a reader who fetches each live page and
// all it names from the origin finds every file, and under a fingerprinted name the bytes that it was made from.

import { createHash } from 'node:crypto'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { build } from '../examples/blog/build.js'
import type { Outcome } from '../src/model.ts'
import { type Cloud, startCloud } from './cloud.ts'

const SEED = Number(process.env['FRESHFRONT_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
const RUNS = Number(process.env['FRESHFRONT_RUNS'] ?? 4)
const sha256 = (body: string | Uint8Array): string => createHash('sha256').update(body).digest('hex')

describe('at every request of a deploy, each live page finds all it names', () => {
  let watched: Watched | undefined
  afterEach(async () => {
    await watched?.cloud.close()
    watched = undefined
  })

  it('on the example blog, through an edit of its style, its script and its posts', { timeout: 60_000 }, async () => {
    watched = await watchCloud(SEED)
    const { cloud } = watched
    const source = await mkdtemp(join(tmpdir(), 'freshfront-blog-'))
    try {
      await cp(join(import.meta.dirname, '../examples/blog'), source, { recursive: true })
      await build(source, cloud.dir)
      expect((await cloud.deploy()).result).toBe('fresh')
      for (const name of ['site.css', 'site.js']) {
        const filePath = join(source, 'content/assets', name)
        await writeFile(filePath, `${await readFile(filePath, 'utf8')}\n/* edited */\n`)
      }
      await rm(join(source, 'content/posts/etags.md'))
      await build(source, cloud.dir)
      const second = await cloud.deploy()
      expect([second.result, second.plan.kept.length]).toEqual(['fresh', 2])
      expect(second.removed).toContain('posts/etags/index.html')
      expect(watched.looks()).toBeGreaterThan(60)
      expect(watched.broken).toEqual([])
    } finally {
      await rm(source, { recursive: true, force: true })
    }
  })

  it('on swagger-ui-dist, through an edit of the page and its scripts', async () => {
    watched = await watchCloud(SEED)
    const { cloud } = watched
    await cp(dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json')), cloud.dir, {
      recursive: true,
    })
    await cloud.deploy()
    const page = await readFile(join(cloud.dir, 'index.html'), 'utf8')
    await cloud.write({
      'index.html': page.replace('./swagger-initializer.js', './start.js').replace('./index.css', './look.css'),
      'start.js': await readFile(join(cloud.dir, 'swagger-initializer.js')),
      'look.css': '@import "./index.css"; body { background: url(paper.svg) }',
      'paper.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
      'swagger-initializer.js': undefined,
    })
    expect((await cloud.deploy()).removed).toEqual(['swagger-initializer.js'])
    expect(watched.looks()).toBeGreaterThan(30)
    expect(watched.broken).toEqual([])
  })

  it(`on ${RUNS} random sites through random builds (seed ${SEED})`, { timeout: 60_000 + RUNS * 3000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(builds, { minLength: 2, maxLength: 3 }),
        fc.integer(),
        fc.constantFrom('0', '1', '3'),
        async (versions, order, keep) => {
          const run = await watchCloud(order)
          try {
            for (const version of versions) await putBuild(run.cloud, version, Number(keep))
            expect(run.broken).toEqual([])
          } finally {
            await run.cloud.close()
          }
        },
      ),
      { seed: SEED, numRuns: RUNS },
    )
  })
})

describe('fingerprinted assets that leave the build', () => {
  it('stay for three releases and seven days, are purged at no time, and then go', async () => {
    const cloud = await startCloud()
    try {
      const summary = ({ plan, removed, invalidations }: Outcome): unknown => [
        plan.kept.map(({ key, releases }) => `${key} ${releases}`),
        removed,
        invalidations.flatMap(({ items }) => items.map(({ item }) => item)),
      ]
      await cloud.write({ 'index.html': '<script src="app.3f2a91c0.js">', 'app.3f2a91c0.js': 'old' })
      await cloud.deploy()
      await cloud.write({ 'index.html': '<script src="app.77b1c0de.js">', 'app.77b1c0de.js': 'new' })
      await cloud.write({ 'app.3f2a91c0.js': undefined })
      expect(summary(await cloud.deploy())).toEqual([['app.3f2a91c0.js 1'], [], ['/', '/index.html']])
      expect((await cloud.deploy()).result).toBe('nothing to do')
      for (const releases of [2, 3]) {
        await cloud.write({ 'index.html': `<script src="app.77b1c0de.js"> ${releases}` })
        expect(summary(await cloud.deploy())).toEqual([[`app.3f2a91c0.js ${releases}`], [], ['/', '/index.html']])
      }
      await cloud.ports.clock.sleep(6 * 86_400_000)
      expect((await cloud.deploy()).result).toBe('nothing to do')
      await cloud.ports.clock.sleep(86_400_000)
      expect(summary(await cloud.deploy())).toEqual([[], ['app.3f2a91c0.js'], []])
      expect((await cloud.deploy()).result).toBe('nothing to do')
    } finally {
      await cloud.close()
    }
  })

  it('go at once when told to keep none', async () => {
    const cloud = await startCloud()
    try {
      await cloud.write({ 'index.html': 'page', 'app.3f2a91c0.js': 'old' })
      await cloud.deploy()
      await cloud.write({ 'app.3f2a91c0.js': undefined })
      const { removed } = await cloud.deploy({ keepAssets: { releases: 0, days: 0 } })
      expect(removed).toEqual(['app.3f2a91c0.js'])
    } finally {
      await cloud.close()
    }
  })
})

// ── Random builds ───────────────────────────────────────────────────────────────────────────────────────────────────

interface Build {
  /** Which of the possible files there are, with a word that goes into each. */
  readonly files: readonly (readonly [name: string, word: string])[]
  /** Which names each file's parts have, of those that are there and come before it. */
  readonly parts: Readonly<Record<string, readonly string[]>>
}

/** Parts before what names them; `#` is where the fingerprint goes. Some of the later ones come first by their kind. */
const POSSIBLE = [
  'img/a.#.png',
  'img/b.png',
  'app-#.css',
  'site.webmanifest',
  'plain.css',
  'lib/x.js',
  'chunk.#.js',
  'main.#.js',
  'sw.js',
  'frame.html',
  'index.html',
  'blog/index.html',
  'about.html',
] as const

const builds: fc.Arbitrary<Build> = fc.record({
  files: fc.uniqueArray(fc.tuple(fc.constantFrom(...POSSIBLE), fc.constantFrom('red', 'green', 'blue')), {
    selector: ([name]) => name,
    minLength: 2,
  }),
  parts: fc.record(Object.fromEntries(POSSIBLE.map((name) => [name, fc.subarray([...POSSIBLE])]))),
})

async function putBuild(cloud: Cloud, build: Build, keep: number): Promise<void> {
  await rm(cloud.dir, { recursive: true })
  const urls = new Map<string, string>()
  const files: Record<string, string> = {}
  const words = new Map<string, string>(build.files)
  for (const name of POSSIBLE) {
    const word = words.get(name)
    if (word === undefined) continue
    const parts = (build.parts[name] ?? []).flatMap((part) => urls.get(part) ?? [])
    const body = writeFileOf(name, word, parts)
    const key = name.replace(
      '#',
      sha256(body)
        .slice(0, 8)
        .replace(/^\d{8}$/u, 'a'),
    )
    urls.set(name, `/${key}`)
    files[key] = body
  }
  await cloud.write(files)
  const outcome = await cloud.deploy({ keepAssets: { releases: keep, days: 0 }, yes: true })
  expect(outcome.failures).toEqual([])
}

function writeFileOf(name: string, word: string, urls: readonly string[]): string {
  const asTag = (url: string): string => {
    if (url.endsWith('.html')) return `<iframe src="${url}"></iframe>`
    if (url.endsWith('.css')) return `<link rel="stylesheet" href="${url}">`
    if (url.endsWith('.webmanifest')) return `<link rel="manifest" href="${url}">`
    return url.endsWith('.js') ? `<script src="${url}"></script>` : `<img src="${url}">`
  }
  if (name.endsWith('.html')) return `${urls.map(asTag).join('\n')}<a href="/about.html">${word}</a>`
  if (name.endsWith('.css')) return `${urls.map((url) => `p { background: url(${url}) }`).join('\n')}/* ${word} */`
  if (name.endsWith('.js')) return `${urls.map((url) => `import "${url}"`).join('\n')} // ${word}`
  return word
}

// ── The reader ──────────────────────────────────────────────────────────────────────────────────────────────────────

interface Watched {
  readonly cloud: Cloud
  readonly broken: readonly string[]
  looks(): number
}

const READER = 'p4-reader'

/**
 * A cloud whose requests go one at a time, and those that wait together in an order drawn by `seed`, so that a wave's uploads come in
 * any. Before each the reader looks.
 */
async function watchCloud(seed: number): Promise<Watched> {
  const broken: string[] = []
  let looks = 0
  let draw = Math.abs(seed) || 1
  const waiting: (() => void)[] = []
  let isBusy = false
  const isReader = (headers: Readonly<Record<string, string>>): boolean =>
    headers['user-agent']?.includes(READER) === true
  const next = (): void => {
    draw = (draw * 48_271) % 2_147_483_647
    const [chosen] = waiting.splice(draw % Math.max(1, waiting.length), 1)
    isBusy = chosen !== undefined
    chosen?.()
  }
  let readerRequests = 0
  const cloud = await startCloud({
    emulator: {
      intercept: async (service, { headers }) => {
        if (isReader(headers)) {
          readerRequests += 1
          return undefined
        }
        if (isBusy) await new Promise<void>((resolve) => waiting.push(resolve))
        isBusy = true
        broken.push(...(await look(`before ${service} request ${looks}`)))
        looks += 1
        return undefined
      },
      requestLog: () => {
        if (readerRequests > 0) readerRequests -= 1
        else setImmediate(next)
      },
    },
  })
  const { emulator } = cloud
  const client = new S3Client({
    endpoint: emulator.s3Url,
    region: emulator.region,
    credentials: emulator.credentials,
    forcePathStyle: true,
    customUserAgent: READER,
  })
  const bodies = new Map<string, Buffer>()

  async function look(when: string): Promise<string[]> {
    const listed = await client.send(new ListObjectsV2Command({ Bucket: 'site' }))
    const live = new Map<string, Buffer>()
    for (const { Key = '', ETag = '' } of listed.Contents ?? []) {
      if (Key.startsWith('.freshfront/')) continue
      const object = bodies.get(ETag) ?? (await readObject(Key))
      bodies.set(ETag, object)
      live.set(Key, object)
    }
    return findBroken(live).map((fault) => `${when}: ${fault}`)
  }

  async function readObject(key: string): Promise<Buffer> {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: 'site', Key: key }))
    return Buffer.from((await Body?.transformToByteArray()) ?? [])
  }

  return { cloud, broken, looks: () => looks }
}

/** Walks from each page through all it names, by other means than the program's own. */
function findBroken(live: ReadonlyMap<string, Buffer>): string[] {
  const faults = new Set<string>()
  const seen = new Set<string>()
  const visit = (key: string): void => {
    if (seen.has(key)) return
    seen.add(key)
    for (const url of namesIn(key, live.get(key) ?? Buffer.alloc(0))) {
      const { origin, pathname } = new URL(url, `http://reader/${key}`)
      if (origin !== 'http://reader') continue
      const part = decodeURIComponent(pathname.slice(1))
      const body = live.get(part)
      const [, fingerprint] = /[.-]([0-9a-f]{8})\.[a-z0-9]+$/u.exec(part) ?? []
      if (body === undefined) faults.add(`${key} names ${part}, which is missing`)
      else if (fingerprint !== undefined && !sha256(body).startsWith(fingerprint)) {
        faults.add(`${key} names ${part}, which holds something else`)
      }
      if (body !== undefined) visit(part)
    }
  }
  for (const key of live.keys()) if (key.endsWith('.html')) visit(key)
  return [...faults]
}

function namesIn(key: string, body: Buffer): string[] {
  const all = (pattern: RegExp): string[] => [...body.toString('utf8').matchAll(pattern)].map(([, url = '']) => url)
  if (key.endsWith('.html')) {
    return [
      ...all(/<(?:img|script|iframe|source)\b[^>]*?\ssrc="([^"]+)"/gu),
      ...all(/<link rel="(?:stylesheet|icon|manifest)"[^>]*?\shref="([^"]+)"/gu),
      ...all(/<link[^>]*?\shref="([^"]+)"[^>]*?\srel="(?:stylesheet|icon)"/gu),
    ]
  }
  if (key.endsWith('.css'))
    return [...all(/url\(([^)'"]+)\)/gu), ...all(/@import "([^"]+)"/gu)].filter((url) => !url.startsWith('data:'))
  // Bundles of many modules hold text that only looks like imports.
  return key.endsWith('.js') && body.length < 10_000 ? all(/^import "([^"]+)"/gmu) : []
}
