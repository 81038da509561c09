// Distributions that serve a key under more than its own path: what a deploy purges there, and what edges answer after it.

import { afterEach, describe, expect, it } from 'vitest'
import { INDEX_DOCUMENTS_FUNCTION } from '../src/emulator/index.ts'
import type { Outcome } from '../src/model.ts'
import { switchCacheTagsOn } from './switch-cache-tags-on.ts'
import { type Cloud, type CloudOptions, startCloud } from './cloud.ts'

const purged = (outcome: Outcome): string[] =>
  outcome.invalidations.flatMap(({ distribution, items }) => items.map(({ item }) => `${distribution} ${item}`))

describe('deploy', () => {
  let cloud: Cloud
  afterEach(async () => {
    expect(cloud.emulator.faults).toEqual([])
    await cloud.close()
  })

  async function start(options: CloudOptions, site: Readonly<Record<string, string>>): Promise<void> {
    cloud = await startCloud(options)
    await cloud.write(site)
    await cloud.deploy()
  }

  const bodies = async (path: string, host?: string): Promise<string[]> => {
    return [...new Set((await cloud.ask(path, host === undefined ? {} : { host })).map(({ body }) => body))]
  }

  it('purges each tenant of a multi-tenant distribution that has the bucket, and no other', async () => {
    await start({}, { 'index.html': 'old' })
    const { cloudFront } = cloud.emulator
    const template = cloudFront.createDistribution({
      bucket: '{{bucket}}',
      defaultRootObject: 'index.html',
      tenantOnly: true,
      parameters: ['bucket'],
    })
    const tenant = (name: string, bucket: string): string =>
      cloudFront.createTenant({
        distributionId: template.id,
        name,
        domains: [`${name}.example.com`],
        parameters: { bucket },
      }).id
    const ours = tenant('shop', 'site')
    tenant('other', 'elsewhere')
    await cloud.deploy()
    expect(await bodies('/', 'shop.example.com')).toEqual(['old'])
    await cloud.write({ 'index.html': 'new' })
    expect(purged(await cloud.deploy())).toEqual([`${cloud.distributionId} /*`, `${ours} /*`])
    expect(await bodies('/', 'shop.example.com')).toEqual(['new'])
  })

  it('leaves a staging distribution alone', async () => {
    await start({}, { 'index.html': 'old' })
    cloud.emulator.cloudFront.createDistribution({ bucket: 'site', staging: true })
    expect((await cloud.deploy()).result).toBe('nothing to do')
  })

  it('purges one tag for a page with many URLs, once the distribution reads tags', async () => {
    const functions = { viewerRequest: INDEX_DOCUMENTS_FUNCTION }
    await start(
      { distribution: { defaultBehavior: { functions }, cacheTagHeader: 'x-amz-meta-cache-tag' } },
      { 'index.html': 'i', 'blog/index.html': 'old' },
    )
    for (const path of ['/blog', '/blog/', '/blog/index.html']) expect(await bodies(path)).toEqual(['old'])
    await cloud.write({ 'blog/index.html': 'new' })
    expect(purged(await cloud.deploy())).toEqual([expect.stringMatching(/^E\w+ #[a-z][0-9a-z]{7,10}$/u)])
    for (const path of ['/blog', '/blog/', '/blog/index.html']) expect(await bodies(path)).toEqual(['new'])
  })

  it('purges everything once when a distribution begins to read tags, and then by tag what was fetched with one', async () => {
    await start({ distribution: { cacheTagHeader: 'x-amz-meta-cache-tag' } }, { 'index.html': 'i', 'page.html': 'old' })
    const second = cloud.emulator.cloudFront.createDistribution({ bucket: 'site' })
    await cloud.deploy()
    expect(await bodies('/page.html', second.domainName)).toEqual(['old'])
    await switchCacheTagsOn(cloud.emulator, second.id)
    await cloud.write({ 'index.html': 'j' })
    expect(purged(await cloud.deploy())).toContain(`${second.id} /*`)
    expect(await bodies('/page.html', second.domainName)).toEqual(['old'])
    await cloud.write({ 'page.html': 'new' })
    expect(purged(await cloud.deploy())).toContainEqual(expect.stringMatching(`${second.id} #`))
    expect(await bodies('/page.html', second.domainName)).toEqual(['new'])
  })

  it('gives every object its tags, without sending it again, when the only distribution begins to read them', async () => {
    await start({}, { 'index.html': 'i', 'page.html': 'old' })
    await switchCacheTagsOn(cloud.emulator, cloud.distributionId)
    const on = await cloud.deploy()
    expect(on.plan.uploads.map(({ key, reason }) => `${key}: ${reason}`).toSorted()).toEqual([
      'index.html: cache tags',
      'page.html: cache tags',
    ])
    expect(on.plan.requests.copy).toBe(2)
    expect(await bodies('/page.html')).toEqual(['old'])
    await cloud.write({ 'page.html': 'new' })
    expect(purged(await cloud.deploy())).toEqual([expect.stringContaining(' #')])
    expect(await bodies('/page.html')).toEqual(['new'])
    expect((await cloud.deploy()).result).toBe('nothing to do')
  })

  it('purges a page of a website under its three cache entries', async () => {
    cloud = await startCloud({
      bucket: { publicRead: true, website: { indexDocument: 'index.html' } },
      distribution: { website: true, defaultRootObject: '' },
    })
    await cloud.write({ 'index.html': 'i', 'blog/index.html': 'old', 'blog-roll.html': 'r', 'blog/a.html': 'a' })
    await cloud.deploy()
    expect((await cloud.ask('/blog')).map(({ status }) => status)).toEqual([302, 302, 302])
    expect(await bodies('/blog/')).toEqual(['old'])
    await cloud.write({ 'blog/index.html': undefined })
    expect(purged(await cloud.deploy()).map((item) => item.split(' ')[1])).toEqual([
      '/blog',
      '/blog/',
      '/blog/index.html',
    ])
    expect((await cloud.ask('/blog')).map(({ status }) => status)).toEqual([403, 403, 403])
  })

  it('purges a named distribution whole when its origin is not known to be the bucket, and warns', async () => {
    await start({}, { 'index.html': 'old' })
    const { id } = cloud.emulator.cloudFront.createDistribution({ bucket: 'alias-of-site' })
    const outcome = await cloud.deploy({ distributions: [id] })
    expect(purged(outcome)).toEqual([`${id} /*`])
    expect(outcome.plan.warnings.map(({ code }) => code)).toEqual(['DISTRIBUTION_ELSEWHERE'])
  })
})
