// Several origins, origin groups and website endpoints of the embedded CloudFront, over HTTP.

import { afterEach, describe, expect, it } from 'vitest'
import type { DistributionConfig } from '@aws-sdk/client-cloudfront'
import { CreateDistributionCommand, GetDistributionConfigCommand } from '@aws-sdk/client-cloudfront'
import type { World } from './emulator-cloudfront-world.ts'
import { startWorld } from './emulator-cloudfront-world.ts'

const running: World[] = []

async function start(): Promise<World> {
  const world = await startWorld()
  running.push(world)
  return world
}

afterEach(() => Promise.all(running.splice(0).map((world) => world.close())))

describe('several origins', () => {
  it('are asked by the behavior that matches first, each with its own bucket and origin path', async () => {
    const world = await start()
    world.cloudFront.createDistribution({
      bucket: 'site',
      originPath: '/v1',
      origins: [
        { id: 'assets', bucket: 'assets' },
        { id: 'docs', bucket: 'site', originPath: '/docs-site', access: 'anonymous' },
      ],
      behaviors: [
        { pathPattern: '/assets/*', origin: 'assets' },
        { pathPattern: '/docs/*', origin: 'docs' },
      ],
    })
    for (const target of ['/a', '/assets/a', '/docs/a']) await world.view(target)
    expect(world.bucket.requests.map(({ bucket, path, access }) => [bucket, path, access])).toEqual([
      ['site', '/v1/a', 'signed'],
      ['assets', '/assets/a', 'signed'],
      ['site', '/docs-site/docs/a', 'anonymous'],
    ])
  })
})

describe('an origin group', () => {
  const grouped = {
    bucket: 'site',
    origins: [{ id: 'backup', bucket: 'backup', originPath: '/copy' }],
    originGroups: [{ id: 'both', primary: 'bucket', secondary: 'backup', statusCodes: [404, 500] }],
    defaultBehavior: { origin: 'both' },
    errorResponses: [{ errorCode: 404, responsePagePath: '/404.html', responseCode: 404 }],
  }

  it('asks the second origin on the statuses it names, and keeps its answer under the URL asked for', async () => {
    const world = await start()
    const { id } = world.cloudFront.createDistribution(grouped)
    world.bucket.putIn('backup', 'copy/a', 'of the backup')
    expect(await world.view('/a')).toMatchObject({ status: 200, text: 'of the backup' })
    world.bucket.putIn('site', 'a', 'of the site')
    // The key is there by now; the copy of the second origin goes on until it is purged.
    expect((await world.view('/a')).text).toBe('of the backup')
    expect(world.bucket.requests.map(({ bucket, path }) => `${bucket} ${path}`)).toEqual(['site /a', 'backup /copy/a'])
    world.cloudFront.edges[0]?.evict(id)
    world.cloudFront.regionalCache.evict(id)
    expect((await world.view('/a')).text).toBe('of the site')
  })

  it('does not ask it on other statuses', async () => {
    const world = await start()
    world.cloudFront.createDistribution(grouped)
    world.bucket.failWith(403)
    expect((await world.view('/a')).status).toBe(403)
    expect(world.bucket.requests.map(({ bucket }) => bucket)).toEqual(['site'])
  })

  it('asks it where nobody answers', async () => {
    const world = await start()
    world.cloudFront.createDistribution({
      ...grouped,
      originGroups: [{ id: 'both', primary: 'bucket', secondary: 'backup', statusCodes: [503] }],
    })
    world.bucket.failWith('unreachable')
    expect((await world.view('/a')).status).toBe(502)
    expect(world.bucket.requests.map(({ bucket }) => bucket)).toEqual(['site', 'backup'])
  })

  it('sends the custom error page only when both fail', async () => {
    const world = await start()
    world.cloudFront.createDistribution(grouped)
    world.bucket.putIn('site', '404.html', 'not here')
    expect(await world.view('/a')).toMatchObject({ status: 404, text: 'not here' })
    expect(world.bucket.requests.map(({ bucket, path }) => `${bucket} ${path}`)).toEqual([
      'site /a',
      'backup /copy/a',
      'site /404.html',
    ])
  })

  it.each([
    ['NoSuchOrigin', ['o', 'missing'], [404]],
    ['InvalidArgument', ['o'], [404]],
    ['InvalidArgument', ['o', 'p'], [401]],
    ['InvalidArgument', ['o', 'p'], []],
  ] as const)('is refused with %s for members %j and statuses %j', async (name, members, statuses) => {
    const world = await start()
    const origin = (Id: string) => ({
      Id,
      DomainName: `${Id}.s3.amazonaws.com`,
      S3OriginConfig: { OriginAccessIdentity: '' },
    })
    const DistributionConfig: DistributionConfig = {
      CallerReference: 'r',
      Comment: '',
      Enabled: true,
      Origins: { Quantity: 2, Items: [origin('o'), origin('p')] },
      OriginGroups: {
        Quantity: 1,
        Items: [
          {
            Id: 'both',
            FailoverCriteria: { StatusCodes: { Quantity: statuses.length, Items: [...statuses] } },
            Members: { Quantity: members.length, Items: members.map((OriginId) => ({ OriginId })) },
          },
        ],
      },
      DefaultCacheBehavior: {
        TargetOriginId: 'both',
        ViewerProtocolPolicy: 'allow-all',
        CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6',
      },
    }
    await expect(world.client.send(new CreateDistributionCommand({ DistributionConfig }))).rejects.toMatchObject({
      name,
    })
  })
})

describe('a website endpoint', () => {
  it.each([
    ['eu-west-1', 'site.s3-website-eu-west-1.amazonaws.com'],
    ['eu-central-1', 'site.s3-website.eu-central-1.amazonaws.com'],
  ])('in %s is the custom origin %s, asked anonymously', async (region, DomainName) => {
    const world = await start()
    const { id } = world.cloudFront.createDistribution({ bucket: 'site', region, website: true, originPath: '/v1' })
    const { DistributionConfig } = await world.client.send(new GetDistributionConfigCommand({ Id: id }))
    expect(DistributionConfig?.Origins?.Items?.[0]).toMatchObject({
      DomainName,
      CustomOriginConfig: { OriginProtocolPolicy: 'http-only' },
    })
    await world.view('/docs/?x=1')
    expect(world.bucket.requests).toEqual([
      { bucket: 'site', method: 'GET', path: '/v1/docs/', headers: {}, access: 'anonymous', endpoint: 'website' },
    ])
  })

  it('may redirect, and the redirect is cached for the default TTL', async () => {
    const world = await start()
    world.cloudFront.createDistribution({ bucket: 'site', website: true })
    world.bucket.redirect('/docs', '/docs/')
    world.bucket.redirect('/short', '/docs/', { 'Cache-Control': 'max-age=60' })
    const first = await world.view('/docs')
    expect([first.status, first.headers['location'], first.headers['x-cache']]).toEqual([
      302,
      '/docs/',
      'Miss from cloudfront',
    ])
    await world.view('/short')
    world.clock.advance(86_399_000)
    const later = await world.view('/docs')
    expect([later.headers['x-cache'], later.headers['age']]).toEqual(['Hit from cloudfront', '86399'])
    expect((await world.view('/short')).headers['x-cache']).toBe('Miss from cloudfront')
  })

  it('has no second of grace for errors where ErrorCachingMinTTL is 0: that is for S3 origins', async () => {
    const world = await start()
    const errorResponses = [{ errorCode: 404, errorCachingMinTtlSeconds: 0 }]
    world.cloudFront.createDistribution({ bucket: 'site', website: true, errorResponses })
    await world.view('/a')
    world.bucket.put('a', 'a')
    expect((await world.view('/a')).text).toBe('a')
  })

  it.each([
    ['https-only', 504, []],
    ['http-only', 404, ['anonymous']],
  ] as const)('asked %s answers %i, and to nobody with a signature', async (OriginProtocolPolicy, status, accesses) => {
    const world = await start()
    await world.client.send(
      new CreateDistributionCommand({
        DistributionConfig: {
          CallerReference: 'r',
          Comment: '',
          Enabled: true,
          Origins: {
            Quantity: 1,
            Items: [
              {
                Id: 'o',
                DomainName: 'site.s3-website-eu-west-1.amazonaws.com',
                OriginAccessControlId: 'E1',
                CustomOriginConfig: { HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy },
              },
            ],
          },
          DefaultCacheBehavior: {
            TargetOriginId: 'o',
            ViewerProtocolPolicy: 'allow-all',
            CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6',
          },
        },
      }),
    )
    expect((await world.view('/a')).status).toBe(status)
    expect(world.bucket.requests.map(({ access }) => access)).toEqual(accesses)
  })

  it('tells cookies apart where the policy does, and is then never asked conditionally', async () => {
    const world = await start()
    const cachePolicy = {
      ttl: { min: 0, default: 60, max: 60 },
      cookies: { behavior: 'whitelist', names: ['lang'] },
    } as const
    world.cloudFront.createDistribution({ bucket: 'site', website: true, defaultBehavior: { cachePolicy } })
    world.bucket.put('a', 'a')
    const ask = async (Cookie: string) => (await world.view('/a', { headers: { Cookie } })).headers['x-cache']
    expect(await ask('lang=de; id=1')).toBe('Miss from cloudfront')
    expect(await ask('id=2; lang=de')).toBe('Hit from cloudfront')
    expect(await ask('lang=en')).toBe('Miss from cloudfront')
    world.clock.advance(61_000)
    expect(await ask('lang=de')).toBe('Miss from cloudfront')
    expect(world.bucket.requests.map(({ headers }) => headers)).toEqual([{}, {}, {}])
  })
})

describe('an origin that is no bucket', () => {
  it('cannot be reached, and cannot be an S3 origin', async () => {
    const world = await start()
    const create = (origin: object) =>
      world.client.send(
        new CreateDistributionCommand({
          DistributionConfig: {
            CallerReference: 'r',
            Comment: '',
            Enabled: true,
            Origins: { Quantity: 1, Items: [{ Id: 'o', DomainName: 'www.example.com', ...origin }] },
            DefaultCacheBehavior: {
              TargetOriginId: 'o',
              ViewerProtocolPolicy: 'allow-all',
              CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6',
            },
          },
        }),
      )
    await expect(create({ S3OriginConfig: { OriginAccessIdentity: '' } })).rejects.toMatchObject({
      name: 'InvalidArgument',
    })
    await create({ CustomOriginConfig: { HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: 'http-only' } })
    expect((await world.view('/a')).status).toBe(502)
  })
})
