// What a viewer must never see after a deploy that ended well: ways in which an edge could keep old bytes, each closed once.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Outcome } from '../src/model.ts'
import { type Cloud, type CloudOptions, startCloud } from './cloud.ts'

const purged = (outcome: Outcome): string[] =>
  outcome.invalidations.flatMap(({ items }) => items.map(({ item }) => item))

describe('after a deploy that ended well', () => {
  let cloud: Cloud | undefined
  afterEach(async () => cloud?.close())

  async function start(site: Readonly<Record<string, string>>, options: CloudOptions = {}): Promise<Cloud> {
    cloud = await startCloud(options)
    await cloud.write(site)
    return cloud
  }

  async function bodies(path: string, headers: Readonly<Record<string, string>> = {}): Promise<string[]> {
    return [...new Set((await (cloud as Cloud).ask(path, headers)).map(({ body }) => body))]
  }

  it('an upload that S3 took after its purge is purged by the run that finds it there', async () => {
    const site = await start({ 'index.html': 'old', 'site.css': 'a' })
    await site.deploy()
    await bodies('/index.html')
    await site.write({ 'index.html': 'new', 'site.css': 'b' })
    const putFile = site.ports.bucket.putFile.bind(site.ports.bucket)
    let arrive: () => Promise<unknown> = () => Promise.resolve()
    site.ports.bucket.putFile = async (file, options) => {
      if (file.key !== 'index.html') return putFile(file, options)
      arrive = () => putFile(file, options)
      throw new Error('no answer')
    }
    expect((await site.deploy()).result).toBe('failed')
    site.ports.bucket.putFile = putFile
    expect(await bodies('/index.html')).toEqual(['old'])
    await arrive()
    expect((await site.deploy()).result).toBe('fresh')
    expect(await bodies('/index.html')).toEqual(['new'])
  })

  it('a distribution that a run left out is purged whole by the next that does not', async () => {
    const site = await start({ 'index.html': 'old' })
    const { domainName: host } = site.emulator.cloudFront.createDistribution({ bucket: 'site' })
    await site.deploy()
    await bodies('/index.html', { host })
    await site.write({ 'index.html': 'new' })
    await site.deploy({ distributions: [site.distributionId] })
    expect(purged(await site.deploy())).toEqual(['/*'])
    expect(await bodies('/index.html', { host })).toEqual(['new'])
    expect((await site.deploy()).result).toBe('nothing to do')
  })

  it('a page that someone removed while the filters left it out is purged when it comes back', async () => {
    const site = await start({ 'index.html': 'i', 'page.html': 'old' })
    await site.deploy()
    await bodies('/page.html')
    await site.ports.bucket.deleteObjects(['page.html'])
    await site.write({ 'index.html': 'j' })
    await site.deploy({ filters: [{ kind: 'exclude', pattern: 'page.html' }] })
    await site.write({ 'page.html': 'new' })
    expect(purged(await site.deploy())).toEqual(['/page.html'])
    expect(await bodies('/page.html')).toEqual(['new'])
  })

  it('no URL shows the old error page of a site below a prefix', async () => {
    const shown = { responsePagePath: '/blog/404.html', responseCode: 404, errorCachingMinTtlSeconds: 3600 }
    const site = await start(
      { 'index.html': 'i', '404.html': 'old' },
      { distribution: { errorResponses: [{ errorCode: 403, ...shown }] } },
    )
    await site.deploy({ prefix: 'blog/' })
    expect(await bodies('/nothing')).toEqual(['old'])
    await site.write({ '404.html': 'new' })
    expect(purged(await site.deploy({ prefix: 'blog/' }))).toEqual(['/*'])
    expect(await bodies('/nothing')).toEqual(['new'])
  })

  it('--force has refreshed everything, changed or not', async () => {
    const site = await start({ 'index.html': 'i', 'page.html': 'p' })
    await site.deploy()
    expect(purged(await site.deploy({ force: true }))).toEqual(['/*'])
  })

  it('a distribution that was named and does not serve the site was warned of', async () => {
    const site = await start({ 'index.html': 'i' })
    const { id } = site.emulator.cloudFront.createDistribution({ bucket: 'another' })
    const { plan } = await site.deploy({ distributions: [id] })
    expect(plan.warnings.map(({ code }) => code)).toEqual(['DISTRIBUTION_ELSEWHERE'])
  })

  it('a large file that vanished leaves no upload behind that is never ended', async () => {
    const site = await start({ 'index.html': 'i' })
    await site.write({ 'big.bin': Buffer.alloc(9 * 1024 * 1024) })
    const onEvent = ({ kind }: { kind: string }): void => void (kind === 'planned' && rmSync(join(site.dir, 'big.bin')))
    expect((await site.deploy({}, { onEvent })).failures[0]?.code).toBe('SOURCE_NOT_READABLE')
    expect(site.emulator.requests.s3['CreateMultipartUpload'] ?? 0).toBe(0)
  })

  it('a purge that takes longer than anybody waits leaves the site live, not seen to be fresh, and is waited for again for free', async () => {
    const site = await start(
      { 'index.html': 'old' },
      { emulator: { cloudFront: { purgeDelaysMs: { regional: 0, edges: [20 * 60_000] } } } },
    )
    const first = await site.deploy()
    expect([first.result, first.failures.map(({ code }) => code)]).toEqual(['unverified', ['INVALIDATION_SLOW']])
    const second = await site.deploy()
    expect([second.result, second.uploaded]).toEqual(['fresh', []])
    expect(second.invalidations[0]?.id).toBe(first.invalidations[0]?.id)
  })
})
