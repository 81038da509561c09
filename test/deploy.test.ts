// The main job on the embedded cloud: what a deploy uploads, removes and purges, and what every edge location answers after it.

import { cp, readFile, stat, utimes } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { EmulatorOptions } from '../src/emulator/index.ts'
import type { Outcome, RequestCounts } from '../src/model.ts'
import { type Cloud, startCloud } from './cloud.ts'

const site = {
  'index.html': '<h1>Home</h1>',
  '404.html': '<h1>Nothing here</h1>',
  'blog/index.html': '<h1>Blog</h1>',
  'blog/first.html': '<h1>First</h1>',
  'assets/site.3f2a91c0.css': 'body { margin: 0 }',
  'images/logo.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
}
const paths = ['/', ...Object.keys(site).map((key) => `/${key}`)]

const uploaded = (outcome: Outcome): string[] => outcome.uploaded.map(({ key }) => key).toSorted()
const purged = (outcome: Outcome): string[] =>
  outcome.invalidations.flatMap(({ items }) => items.map(({ item }) => item))

function subtract(after: RequestCounts, before: RequestCounts): Record<string, number> {
  return Object.fromEntries(
    Object.entries(after).map(([kind, count]) => [kind, count - before[kind as keyof RequestCounts]]),
  )
}

describe('deploy', () => {
  let cloud: Cloud
  beforeEach(async () => {
    cloud = await startCloud({
      distribution: { errorResponses: [{ errorCode: 403, responsePagePath: '/404.html', responseCode: 404 }] },
    })
    await cloud.write(site)
  })
  afterEach(async () => {
    expect(cloud.emulator.faults).toEqual([])
    await cloud.close()
  })

  /** Asks for everything at every edge, so that all of it is warm. */
  async function warm(): Promise<void> {
    for (const path of paths) await cloud.ask(path)
    for (const path of paths) {
      for (const answer of await cloud.ask(path)) expect(`${path} ${answer.xCache}`).toBe(`${path} Hit from cloudfront`)
    }
  }

  async function bodies(path: string): Promise<string[]> {
    return (await cloud.ask(path)).map(({ status, body }) => `${status} ${body}`)
  }

  it('puts a site live at every edge, purges the unknown once, and has then nothing to do', async () => {
    const first = await cloud.deploy()
    expect(first).toMatchObject({ result: 'fresh', failures: [] })
    expect(uploaded(first)).toEqual(Object.keys(site).toSorted())
    expect(purged(first)).toEqual(['/*'])
    for (const [key, body] of Object.entries(site))
      expect(await bodies(`/${key}`)).toEqual([`200 ${body}`, `200 ${body}`, `200 ${body}`])

    const second = await cloud.deploy()
    expect(second).toMatchObject({ result: 'nothing to do', uploaded: [], removed: [], invalidations: [] })
  })

  it('neither uploads nor purges anything when only modification times changed', async () => {
    await cloud.deploy()
    for (const key of Object.keys(site)) await utimes(join(cloud.dir, key), new Date(), new Date())
    expect((await cloud.deploy()).result).toBe('nothing to do')
  })

  it('refreshes exactly the page that changed by one byte at equal size, and leaves all else warm', async () => {
    await cloud.deploy()
    await warm()
    await cloud.write({ 'blog/first.html': '<h1>Fir5t</h1>' })
    const outcome = await cloud.deploy()
    expect(uploaded(outcome)).toEqual(['blog/first.html'])
    expect(purged(outcome)).toEqual(['/blog/first.html'])
    for (const { xCache, body } of await cloud.ask('/blog/first.html')) {
      expect([xCache, body]).toEqual(['Miss from cloudfront', '<h1>Fir5t</h1>'])
    }
    for (const path of paths.filter((other) => other !== '/blog/first.html')) {
      for (const answer of await cloud.ask(path)) expect(`${path} ${answer.xCache}`).toBe(`${path} Hit from cloudfront`)
    }
  })

  it('refreshes the root under both of its URLs', async () => {
    await cloud.deploy()
    await warm()
    await cloud.write({ 'index.html': '<h1>Hello</h1>' })
    expect(purged(await cloud.deploy())).toEqual(['/', '/index.html'])
    for (const path of ['/', '/index.html'])
      expect(new Set(await bodies(path))).toEqual(new Set(['200 <h1>Hello</h1>']))
  })

  it('removes a page everywhere: every edge then answers that it is not there', async () => {
    await cloud.deploy()
    await warm()
    await cloud.write({ 'blog/first.html': undefined })
    const outcome = await cloud.deploy()
    expect(outcome.removed).toEqual(['blog/first.html'])
    expect(new Set(await bodies('/blog/first.html'))).toEqual(new Set(['404 <h1>Nothing here</h1>']))
    expect((await cloud.deploy()).result).toBe('nothing to do')
  })

  it('shows a new page at every edge, also at those that had cached that it is missing', async () => {
    await cloud.deploy()
    expect(new Set(await bodies('/blog/second.html'))).toEqual(new Set(['404 <h1>Nothing here</h1>']))
    await cloud.write({ 'blog/second.html': '<h1>Second</h1>' })
    const outcome = await cloud.deploy()
    expect(purged(outcome)).toEqual([])
    expect(outcome.plan.settleSeconds).toBe(10)
    expect(new Set(await bodies('/blog/second.html'))).toEqual(new Set(['200 <h1>Second</h1>']))
  })

  it('refreshes what changed in its headers alone', async () => {
    await cloud.deploy()
    await warm()
    const outcome = await cloud.deploy({ cacheControl: 'max-age=60' })
    expect(outcome.plan.uploads.every(({ reason }) => reason === 'headers changed')).toBe(true)
    for (const answer of await cloud.ask('/blog/first.html')) expect(answer.headers['cache-control']).toBe('max-age=60')
  })

  it('sends the requests that its plan foresaw, but for those that depend on how long CloudFront takes', async () => {
    await cloud.deploy()
    await cloud.write({
      'index.html': 'new',
      'blog/first.html': undefined,
      'big.bin': Buffer.alloc(9 * 1024 * 1024, 'x'),
    })
    const before = cloud.ports.meter.counts()
    // Without waiting there are neither polls nor renewals of the lock.
    const planned = await cloud.deploy({}, { mode: 'plan' })
    const readTwice = subtract(planned.requests, before)
    const { plan, requests } = await cloud.deploy({ wait: false })
    expect(requests).toEqual(plan.requests)
    expect(subtract(requests, planned.requests)).toEqual(subtract(planned.plan.requests, before))
    expect(readTwice.put).toBe(0)
    expect(plan.requests.put - before.put).toBe(1 + 1 + (2 + 2) + 2)
  })

  it('writes nothing in plan mode', async () => {
    const outcome = await cloud.deploy({}, { mode: 'plan' })
    expect(outcome.result).toBe('planned')
    expect(outcome.plan.uploads).toHaveLength(Object.keys(site).length)
    expect(cloud.emulator.requests.s3['PutObject'] ?? 0).toBe(0)
  })

  it('never touches what lies beside its prefix', async () => {
    await cloud.deploy({ prefix: 'blog-old/' })
    await cloud.deploy({ prefix: 'blog/' })
    await cloud.write({ 'blog/first.html': undefined })
    const outcome = await cloud.deploy({ prefix: 'blog/', delete: true })
    expect(outcome.removed).toEqual(['blog/blog/first.html'])
    expect((await cloud.deploy({ prefix: 'blog-old/', delete: true })).removed).toEqual(['blog-old/blog/first.html'])
  })

  it('refuses to remove half of a large site until it is confirmed', async () => {
    const many = Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`many/${index}.txt`, String(index)]))
    await cloud.write(many)
    await cloud.deploy()
    await cloud.write(Object.fromEntries(Object.keys(many).map((name) => [name, undefined])))
    const refused = await cloud.deploy()
    expect([refused.result, refused.removed]).toEqual(['refused', []])
    expect(refused.plan.refusals.map(({ code }) => code)).toEqual(['TOO_MANY_REMOVALS'])
    expect((await cloud.deploy({ yes: true })).removed).toHaveLength(600)
  })

  it('pays what a run owed that was stopped between upload and invalidation', async () => {
    await cloud.deploy()
    await warm()
    await cloud.write({ 'blog/first.html': '<h1>Fir5t</h1>' })
    const stop = new AbortController()
    const stopped = await cloud.deploy(
      {},
      { signal: stop.signal, onEvent: (event) => event.kind === 'uploaded' && stop.abort() },
    )
    expect(stopped.result).toBe('failed')
    const next = await cloud.deploy()
    expect([uploaded(next), purged(next)]).toEqual([[], ['/blog/first.html']])
    expect(new Set(await bodies('/blog/first.html'))).toEqual(new Set(['200 <h1>Fir5t</h1>']))
    expect((await cloud.deploy()).result).toBe('nothing to do')
  })
})

describe('deploy of a site that nobody here wrote', () => {
  it('refreshes exactly the files of swagger-ui-dist that changed, and serves every byte of the rest', async () => {
    const cloud = await startCloud()
    try {
      const swaggerDir = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
      await cp(swaggerDir, cloud.dir, { recursive: true })
      const first = await cloud.deploy()
      const keys = uploaded(first)
      expect(keys.length).toBeGreaterThan(15)
      for (const key of keys) await cloud.ask(`/${key}`)

      const initializer = await readFile(join(cloud.dir, 'swagger-initializer.js'), 'utf8')
      await cloud.write({
        'swagger-initializer.js': initializer.replace('petstore', 'bookshop'),
        'favicon-16x16.png': undefined,
      })
      const second = await cloud.deploy()
      expect(purged(second)).toEqual(['/favicon-16x16.png', '/swagger-initializer.js'])
      for (const { body } of await cloud.ask('/swagger-initializer.js')) expect(body).toContain('bookshop')
      for (const { status } of await cloud.ask('/favicon-16x16.png')) expect(status).toBe(403)
      for (const key of keys.filter((other) => !/^favicon-16|initializer/u.test(other))) {
        for (const { xCache, headers } of await cloud.ask(`/${key}`)) {
          expect(`${key} ${xCache} ${headers['content-length']}`).toBe(
            `${key} Hit from cloudfront ${(await stat(join(cloud.dir, key))).size}`,
          )
        }
      }
    } finally {
      await cloud.close()
    }
  })
})

describe('deploy over a store that fails now and then', () => {
  it.each([
    [
      '503 SlowDown',
      {
        status: 503,
        headers: { 'Content-Type': 'application/xml' },
        body: Buffer.from('<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>'),
      },
    ],
    [
      '400 RequestTimeout',
      {
        status: 400,
        headers: { 'Content-Type': 'application/xml' },
        body: Buffer.from('<Error><Code>RequestTimeout</Code><Message>Idle.</Message></Error>'),
      },
    ],
    ['a connection that is cut', 'reset' as const],
    ['a connection that is cut after the work is done', 'reset after' as const],
  ])('every fourth request to S3 ends in %s, and all is live', async (_, fault) => {
    let requests = 0
    const intercept: EmulatorOptions['intercept'] = (service) =>
      service === 's3' && ++requests % 4 === 0 ? fault : undefined
    const cloud = await startCloud({ emulator: { intercept } })
    try {
      await cloud.write(site)
      expect(await cloud.deploy()).toMatchObject({ result: 'fresh', failures: [] })
      for (const [key, body] of Object.entries(site)) {
        expect((await cloud.ask(`/${key}`)).map((answer) => answer.body)).toEqual([body, body, body])
      }
      expect(requests).toBeGreaterThan(8)
    } finally {
      await cloud.close()
    }
  })
})
