// What the edge is asked after a deploy, on the embedded cloud: a purge that did not arrive everywhere is seen and made again.

import { afterEach, describe, expect, it } from 'vitest'
import type { HttpRequest, HttpResponse, NewDistribution } from '../src/emulator/index.ts'
import type { Config, Outcome } from '../src/model.ts'
import { verifySite } from '../src/verify-site.ts'
import { type Cloud, startCloud } from './cloud.ts'

const LONG = 'A text that is long enough to be compressed at the edge. '.repeat(40)
const site = {
  'index.html': `<h1>Home</h1>${LONG}`,
  'about.html': `<h1>About</h1>${LONG}`,
  'app.js': `console.log(${JSON.stringify(LONG)})`,
  'logo.png': Buffer.from([0x89, 0x50, 0x4e, 0x47]),
}

let cloud: Cloud
afterEach(async () => {
  expect(cloud.emulator.faults).toEqual([])
  await cloud.close()
})

/** An edge that answers a path with what it held before, as often as told. */
interface OldAnswers {
  path: string
  body: string
  left: number
}

async function start(distribution: Partial<NewDistribution> = {}): Promise<OldAnswers> {
  const old: OldAnswers = { path: '', body: '', left: 0 }
  cloud = await startCloud({
    distribution: {
      errorResponses: [{ errorCode: 403, responsePagePath: '/404.html', responseCode: 404 }],
      ...distribution,
    },
    emulator: {
      intercept(service, request: HttpRequest): HttpResponse | undefined {
        if (service !== 'edge' || request.target !== old.path || old.left <= 0) return undefined
        old.left -= 1
        const headers = { 'Content-Type': 'text/html; charset=utf-8', 'X-Cache': 'Hit from cloudfront', Age: '7' }
        return { status: 200, headers, body: Buffer.from(old.body) }
      },
    },
  })
  await cloud.write(site)
  return old
}

const edges = (): string[] => cloud.emulator.edges.map(({ url }) => new URL(url).host)
const deploy = (config: Partial<Config> = {}): Promise<Outcome> => cloud.deploy(config, { edges: edges() })
const purged = (outcome: Outcome): string[] =>
  outcome.invalidations.flatMap(({ items }) => items.map(({ item }) => item))

describe('deploy asks the edge', () => {
  it('for all of a new site, at every edge in every encoding, and finds it fresh', async () => {
    await start()
    const { result, verification } = await deploy()
    expect(result).toBe('fresh')
    // Three texts and "/" in three encodings, and a picture in one, at three edges.
    expect(verification).toMatchObject({ urls: 5, edges: 3, requests: 39, keys: 4, ofKeys: 4 })
    expect(verification).toMatchObject({ stale: [], changedAtEdge: [], unchecked: [], purgedAgain: [] })
  })

  it('for what a later deploy changed, added and removed', async () => {
    await start()
    await deploy()
    await cloud.write({ 'index.html': 'new', 'about.html': undefined, 'team.html': 'team' })
    const { result, plan, verification } = await deploy()
    expect(plan.checks.list.map(({ path, expect: { kind } }) => `${path} ${kind}`)).toEqual([
      '/index.html object',
      '/ object',
      '/team.html object',
      '/about.html gone',
    ])
    expect([result, verification?.stale]).toEqual(['fresh', []])
  })

  it('and is not alarmed by what the edge compressed, whose ETags are weak', async () => {
    await start()
    await deploy()
    const [answer] = await cloud.ask('/about.html', { 'accept-encoding': 'gzip, deflate, br' })
    expect([answer?.headers['content-encoding'], answer?.headers['etag']?.slice(0, 3)]).toEqual(['br', 'W/"'])
    const verified = await verifySite(await configOf(), cloud.ports, { all: true, edges: edges() })
    expect(verified).toMatchObject({ result: 'fresh', notDeployed: 0, verification: { stale: [] } })
  })

  it('and purges once more where a cache was filled with old bytes after the purge', async () => {
    const old = await start()
    await deploy()
    await cloud.write({ 'about.html': 'new' })
    Object.assign(old, { path: '/about.html', body: site['about.html'], left: 2 })
    const outcome = await deploy()
    expect(outcome).toMatchObject({ result: 'fresh', verification: { stale: [] } })
    expect(
      outcome.verification?.purgedAgain.map(({ items, status }) => [items.map(({ item }) => item), status]),
    ).toEqual([[['/about.html'], 'Completed']])
    expect(cloud.emulator.requests.cloudFront['CreateInvalidation']).toBe(3)
    expect(await deploy()).toMatchObject({ result: 'nothing to do' })
  })

  it('and says what stays stale, which the next deploy then owes', async () => {
    const old = await start()
    await deploy()
    await cloud.write({ 'about.html': 'new' })
    Object.assign(old, { path: '/about.html', body: site['about.html'], left: 1000 })
    const outcome = await deploy()
    expect(outcome.result).toBe('stale')
    expect(outcome.verification?.stale).toHaveLength(9)
    expect(outcome.verification?.stale[0]).toMatchObject({ key: 'about.html', encoding: 'identity' })
    expect(outcome.verification?.stale[0]?.url).toMatch(/^http:\/\/d[0-9a-z]+\.cloudfront\.net\/about\.html$/)
    expect(outcome.verification?.stale[0]?.got).toContain('Hit from cloudfront, 7 s old')

    old.left = 0
    const next = await deploy()
    expect(next).toMatchObject({ result: 'fresh', uploaded: [], verification: { urls: 1, stale: [] } })
    expect(purged(next)).toEqual(['/about.html'])
    // Each of them a purge of its own: CloudFront would answer a name that it knows with the purge that was.
    expect(cloud.emulator.requests.cloudFront['CreateInvalidation']).toBe(4)
    const invalidations = [outcome, next].flatMap((each) => [
      ...each.invalidations,
      ...(each.verification?.purgedAgain ?? []),
    ])
    expect(new Set(invalidations.map(({ id }) => id)).size).toBe(3)
    expect(await deploy()).toMatchObject({ result: 'nothing to do' })
  })

  it('and sees a page that was removed and is still shown', async () => {
    const old = await start()
    await deploy()
    await cloud.write({ 'about.html': undefined })
    Object.assign(old, { path: '/about.html', body: site['about.html'], left: 1000 })
    const { result, verification } = await deploy()
    expect([result, verification?.stale[0]?.expected]).toEqual(['stale', 'no longer there'])
  })

  it('at the addresses to which the public host is pinned', async () => {
    await start({ aliases: ['www.example.com'] })
    const [first = '', second = ''] = edges()
    const resolve = [{ host: 'www.example.com', port: 80, addresses: [first, second] }]
    const { result, verification } = await cloud.deploy({ verifyUrls: ['http://www.example.com'], resolve })
    expect([result, verification?.edges]).toEqual(['fresh', 2])
  })

  it('and does not call a site fresh whose edge gives no answer', async () => {
    await start()
    const resolve = [{ host: 'www.example.com', port: 80, addresses: ['127.0.0.1:9'] }]
    const { result, verification } = await cloud.deploy({ verifyUrls: ['http://www.example.com'], resolve })
    expect([result, verification?.unchecked.length, verification?.stale]).toEqual(['unverified', 13, []])
    expect(await cloud.deploy()).toMatchObject({ result: 'nothing to do' })
  })

  it('before the first write refuses an address that nobody answers to', async () => {
    await start()
    cloud.emulator.cloudFront.createDistribution({ bucket: 'site' })
    const asked = cloud.deploy({ verifyUrls: ['https://www.example.com'] })
    await expect(asked).rejects.toMatchObject({ code: 'VERIFY_URL_UNCLAIMED', errorClass: 'usage' })
    for await (const page of cloud.ports.bucket.listObjects('')) expect(page).toEqual([])
  })

  it('not at all unless it is told where, nor where purges are not awaited', async () => {
    await start()
    expect((await cloud.deploy({ wait: false }, { edges: edges() })).verification).toBeUndefined()
    await cloud.write({ 'about.html': 'new' })
    expect((await cloud.deploy()).verification).toBeUndefined()
  })

  it('under the URLs that a function makes, and leaves out what the function answers by itself', async () => {
    await start({ defaultBehavior: { functions: { viewerRequest: REWRITE } } })
    await cloud.write({ 'blog/index.html': 'blog' })
    const { result, plan, verification } = await deploy()
    expect(plan.checks.list.map(({ path }) => path)).toContain('/blog/')
    expect([result, verification?.stale]).toEqual(['fresh', []])
    expect(new Set(verification?.unchecked.map(({ url, why }) => `${new URL(url).pathname} ${why}`))).toEqual(
      new Set(['/about.html a function at the edge answers it with 401']),
    )
  })
})

describe('verify', () => {
  it('compares the whole site with the last release, and writes and purges nothing', async () => {
    const old = await start()
    await deploy()
    Object.assign(old, { path: '/app.js', body: 'stale()', left: 1000 })
    await cloud.write({ 'index.html': 'not deployed yet' })
    const before = { ...cloud.emulator.requests.s3 }
    const verified = await verifySite(await configOf(), cloud.ports, { all: false, edges: edges() })
    expect(verified).toMatchObject({ result: 'stale', notDeployed: 1, verification: { urls: 5, keys: 4, ofKeys: 4 } })
    expect(new Set(verified.verification.stale.map(({ key }) => key))).toEqual(new Set(['app.js']))
    expect(cloud.emulator.requests.s3['PutObject']).toBe(before['PutObject'])
    expect(cloud.emulator.requests.cloudFront['CreateInvalidation']).toBe(1)
  })

  it('sees headers that an edge has kept from before', async () => {
    await start()
    const { plan } = await deploy()
    const file = plan.uploads.find(({ key }) => key === 'app.js')?.file
    if (file === undefined) throw new Error('app.js was not uploaded')
    await cloud.ports.bucket.putFile({ ...file, metadata: { ...file.metadata, cacheControl: 'no-cache' } }, {})
    cloud.emulator.cloudFront.evictRandomly(1)
    const verified = await verifySite(await configOf(), cloud.ports, { all: false, edges: edges() })
    expect(verified.verification.stale[0]).toMatchObject({
      key: 'app.js',
      expected: 'Cache-Control: (none)',
      got: 'Cache-Control: no-cache, Miss from cloudfront',
    })
  })

  it('says that nothing is deployed yet', async () => {
    await start()
    const asked = verifySite(await configOf(), cloud.ports, { all: false, edges: edges() })
    await expect(asked).rejects.toMatchObject({ code: 'NOTHING_DEPLOYED' })
  })
})

const REWRITE = `function handler(event) {
  const { request } = event
  if (request.uri === '/about.html') return { statusCode: 401 }
  if (request.uri.endsWith('/')) request.uri += 'index.html'
  return request
}`

/** The settings that the cloud's own deploys have. */
async function configOf(): Promise<Config> {
  const { dir } = cloud
  const none = { delete: false, followSymlinks: false, force: false, yes: false }
  return {
    ...none,
    dir,
    bucket: 'site',
    prefix: '',
    distributions: [],
    filters: [],
    wait: true,
    concurrency: 8,
    urls: [],
  }
}
