// CloudFront functions of the embedded CloudFront: their API through the official SDK, and what they do to viewer requests.

import {
  CreateDistributionCommand,
  CreateFunctionCommand,
  CreateInvalidationCommand,
  DeleteFunctionCommand,
  DescribeFunctionCommand,
  GetDistributionConfigCommand,
  GetFunctionCommand,
  ListFunctionsCommand,
  PublishFunctionCommand,
  TestFunctionCommand,
  UpdateDistributionCommand,
  UpdateFunctionCommand,
} from '@aws-sdk/client-cloudfront'
import { afterEach, describe, expect, it } from 'vitest'
import type { CloudFrontOptions } from '../src/emulator/cloudfront/index.ts'
import type { World } from './emulator-cloudfront-world.ts'
import { startWorld } from './emulator-cloudfront-world.ts'

const running: World[] = []

async function start(options: Partial<CloudFrontOptions> = {}): Promise<World> {
  const world = await startWorld(options)
  running.push(world)
  return world
}

afterEach(() => Promise.all(running.splice(0).map((world) => world.close())))

const INDEX_FUNCTION = `
function handler(event) {
  var request = event.request
  if (request.uri.endsWith('/')) request.uri += 'index.html'
  else if (!request.uri.includes('.')) request.uri += '/index.html'
  return request
}`

const handlerOf = (body: string): string => `function handler(event) { var request = event.request; ${body} }`

async function invalidate(world: World, id: string, items: string[]): Promise<void> {
  const InvalidationBatch = { CallerReference: items.join(), Paths: { Quantity: items.length, Items: items } }
  await world.client.send(new CreateInvalidationCommand({ DistributionId: id, InvalidationBatch }))
  world.clock.advance(1000)
}

function create(world: World, code: string, Name: string = 'index') {
  return world.client.send(
    new CreateFunctionCommand({
      Name,
      FunctionConfig: { Comment: 'adds index.html', Runtime: 'cloudfront-js-2.0' },
      FunctionCode: Buffer.from(code),
    }),
  )
}

const codeOf = async (world: World, Stage: 'DEVELOPMENT' | 'LIVE'): Promise<string> => {
  const { FunctionCode } = await world.client.send(new GetFunctionCommand({ Name: 'index', Stage }))
  return Buffer.from(FunctionCode ?? []).toString('utf8')
}

describe('the functions API', () => {
  it('makes a function in the development stage, and copies it to the live one when published', async () => {
    const world = await start()
    const created = await create(world, INDEX_FUNCTION)
    expect(created.FunctionSummary).toMatchObject({
      Name: 'index',
      Status: 'UNPUBLISHED',
      FunctionConfig: { Comment: 'adds index.html', Runtime: 'cloudfront-js-2.0' },
      FunctionMetadata: { FunctionARN: 'arn:aws:cloudfront::123456789012:function/index', Stage: 'DEVELOPMENT' },
    })
    await expect(codeOf(world, 'LIVE')).rejects.toMatchObject({ name: 'NoSuchFunctionExists' })

    const published = await world.client.send(new PublishFunctionCommand({ Name: 'index', IfMatch: created.ETag }))
    expect(published.FunctionSummary).toMatchObject({ Status: 'DEPLOYED', FunctionMetadata: { Stage: 'LIVE' } })
    expect(await codeOf(world, 'LIVE')).toBe(INDEX_FUNCTION)

    const FunctionConfig = { Comment: '', Runtime: 'cloudfront-js-1.0' as const }
    const FunctionCode = Buffer.from('function handler(event) { return event.request } // ä')
    const updated = await world.client.send(
      new UpdateFunctionCommand({ Name: 'index', IfMatch: created.ETag, FunctionConfig, FunctionCode }),
    )
    expect(updated.ETag).not.toBe(created.ETag)
    expect(await codeOf(world, 'DEVELOPMENT')).toContain('// ä')
    expect(await codeOf(world, 'LIVE')).toBe(INDEX_FUNCTION)
    const live = await world.client.send(new DescribeFunctionCommand({ Name: 'index', Stage: 'LIVE' }))
    expect(live.FunctionSummary?.FunctionConfig).toMatchObject({ Runtime: 'cloudfront-js-2.0' })
    expect(live.ETag).toBe(created.ETag)
  })

  it('lists both stages of each function, or one', async () => {
    const world = await start()
    const { ETag } = await create(world, INDEX_FUNCTION)
    await create(world, INDEX_FUNCTION, 'other')
    await world.client.send(new PublishFunctionCommand({ Name: 'index', IfMatch: ETag }))
    const list = async (Stage?: 'LIVE') =>
      (await world.client.send(new ListFunctionsCommand({ Stage }))).FunctionList?.Items?.map(
        ({ Name, FunctionMetadata }) => [Name, FunctionMetadata?.Stage],
      )
    expect(await list('LIVE')).toEqual([['index', 'LIVE']])
    expect(await list()).toEqual([
      ['index', 'DEVELOPMENT'],
      ['index', 'LIVE'],
      ['other', 'DEVELOPMENT'],
    ])
  })

  it('refuses a second of one name, more than 10 KB, and any version but the last', async () => {
    const world = await start()
    const { ETag } = await create(world, INDEX_FUNCTION)
    await expect(create(world, INDEX_FUNCTION)).rejects.toMatchObject({ name: 'FunctionAlreadyExists' })
    await expect(create(world, '/'.repeat(10_241), 'long')).rejects.toMatchObject({
      name: 'FunctionSizeLimitExceeded',
      $metadata: { httpStatusCode: 413 },
    })
    await create(world, '/'.repeat(10_240), 'long-enough')
    await expect(
      world.client.send(new PublishFunctionCommand({ Name: 'index', IfMatch: `${ETag}X` })),
    ).rejects.toMatchObject({ name: 'PreconditionFailed' })
  })

  it('tests a function on an event, in either stage', async () => {
    const world = await start()
    const { ETag } = await create(
      world,
      handlerOf(`console.log('was', request.uri); request.uri = '/b'; return request`),
    )
    const run = async (EventObject: object) =>
      (
        await world.client.send(
          new TestFunctionCommand({
            Name: 'index',
            IfMatch: ETag,
            EventObject: Buffer.from(JSON.stringify(EventObject)),
          }),
        )
      ).TestResult
    const passed = await run({ version: '1.0', request: { method: 'GET', uri: '/a' } })
    expect(passed).toMatchObject({ FunctionExecutionLogs: ['was /a'], FunctionSummary: { Name: 'index' } })
    expect(JSON.parse(passed?.FunctionOutput ?? '')).toEqual({ request: { method: 'GET', uri: '/b' } })

    const failed = await run({ version: '1.0' })
    expect(failed?.FunctionErrorMessage).toBe("TypeError: cannot read property 'uri' of undefined")
  })

  it('associates published functions only, and keeps those that are in use', async () => {
    const world = await start()
    const created = await create(world, INDEX_FUNCTION)
    const { id } = world.cloudFront.createDistribution({ bucket: 'site' })
    const { DistributionConfig, ETag } = await world.client.send(new GetDistributionConfigCommand({ Id: id }))
    const FunctionARN = created.FunctionSummary?.FunctionMetadata?.FunctionARN
    const FunctionAssociations = { Quantity: 1, Items: [{ FunctionARN, EventType: 'viewer-request' as const }] }
    const associate = () =>
      world.client.send(
        new UpdateDistributionCommand({
          Id: id,
          IfMatch: ETag,
          DistributionConfig: {
            ...DistributionConfig!,
            DefaultCacheBehavior: { ...DistributionConfig!.DefaultCacheBehavior!, FunctionAssociations },
          },
        }),
      )
    await expect(associate()).rejects.toMatchObject({ name: 'InvalidFunctionAssociation' })
    await world.client.send(new PublishFunctionCommand({ Name: 'index', IfMatch: created.ETag }))
    const { Distribution } = await associate()
    expect(Distribution?.DistributionConfig?.DefaultCacheBehavior?.FunctionAssociations).toEqual(FunctionAssociations)

    const remove = (Name: string, IfMatch: string | undefined) =>
      world.client.send(new DeleteFunctionCommand({ Name, IfMatch }))
    await expect(remove('index', created.ETag)).rejects.toMatchObject({ name: 'FunctionInUse' })
    const other = await create(world, INDEX_FUNCTION, 'other')
    await remove('other', other.ETag)
    await expect(remove('other', other.ETag)).rejects.toMatchObject({ name: 'NoSuchFunctionExists' })
  })
})

describe('a viewer-request function', () => {
  it('decides under which URL the answer is cached, and which key the origin is asked for', async () => {
    const world = await start()
    const functions = { viewerRequest: INDEX_FUNCTION }
    const { id } = world.cloudFront.createDistribution({ bucket: 'site', defaultBehavior: { functions } })
    world.bucket.put('docs/index.html', 'one')
    for (const target of ['/docs', '/docs/', '/docs/index.html']) {
      expect((await world.view(target)).text).toBe('one')
    }
    expect(world.bucket.requests.map(({ path }) => path)).toEqual(['/docs/index.html'])
    expect(world.cloudFront.edges[0]?.entries().map(({ url }) => url)).toEqual(['/docs/index.html'])
    expect(world.cloudFront.edges[0]?.peek(id, '/docs')).toMatchObject({ url: '/docs/index.html' })

    world.bucket.put('docs/index.html', 'two')
    await invalidate(world, id, ['/docs', '/docs/'])
    expect((await world.view('/docs/')).text).toBe('one')
    await invalidate(world, id, ['/docs/index.html'])
    expect((await world.view('/docs/')).text).toBe('two')
  })

  it('takes effect when it is published, not when it is updated', async () => {
    const world = await start()
    const created = await create(world, handlerOf(`request.uri = '/one'; return request`))
    const { ETag: etag } = await world.client
      .send(new PublishFunctionCommand({ Name: 'index', IfMatch: created.ETag }))
      .then(() => world.client.send(new DescribeFunctionCommand({ Name: 'index' })))
    const FunctionARN = created.FunctionSummary?.FunctionMetadata?.FunctionARN
    await world.client.send(
      new CreateDistributionCommand({
        DistributionConfig: {
          CallerReference: 'r',
          Comment: '',
          Enabled: true,
          Origins: {
            Quantity: 1,
            Items: [{ Id: 'o', DomainName: 'site.s3.amazonaws.com', S3OriginConfig: { OriginAccessIdentity: '' } }],
          },
          DefaultCacheBehavior: {
            TargetOriginId: 'o',
            ViewerProtocolPolicy: 'allow-all',
            CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6',
            FunctionAssociations: { Quantity: 1, Items: [{ FunctionARN, EventType: 'viewer-request' }] },
          },
        },
      }),
    )
    world.bucket.put('one', 'one')
    world.bucket.put('two', 'two')
    expect((await world.view('/')).text).toBe('one')
    const FunctionCode = Buffer.from(handlerOf(`request.uri = '/two'; return request`))
    const FunctionConfig = { Comment: '', Runtime: 'cloudfront-js-2.0' as const }
    const updated = await world.client.send(
      new UpdateFunctionCommand({ Name: 'index', IfMatch: etag, FunctionConfig, FunctionCode }),
    )
    expect((await world.view('/')).text).toBe('one')
    await world.client.send(new PublishFunctionCommand({ Name: 'index', IfMatch: updated.ETag }))
    expect((await world.view('/')).text).toBe('two')
  })

  it('is given the request as documented', async () => {
    const world = await start()
    const viewerRequest = handlerOf(`return { statusCode: 200, body: JSON.stringify(event) }`)
    const { id, domainName } = world.cloudFront.createDistribution({
      bucket: 'site',
      defaultBehavior: { functions: { viewerRequest } },
    })
    const { text } = await world.view('/a%20b/?x=1&y=%2F&x=2&flag', {
      headers: { 'X-Own': 'a, b', Cookie: 'id=7; t=' },
    })
    expect(JSON.parse(text)).toMatchObject({
      version: '1.0',
      context: { distributionDomainName: domainName, distributionId: id, eventType: 'viewer-request' },
      viewer: { ip: '127.0.0.1' },
      request: {
        method: 'GET',
        uri: '/a%20b/',
        querystring: {
          x: { value: '1', multiValue: [{ value: '1' }, { value: '2' }] },
          y: { value: '%2F' },
          flag: { value: '' },
        },
        headers: { 'x-own': { value: 'a, b' } },
        cookies: { id: { value: '7' }, t: { value: '' } },
      },
    })
    expect(JSON.parse(text).request.headers).not.toHaveProperty('cookie')
  })

  it('may answer by itself, and then nothing is cached and no origin asked', async () => {
    const world = await start()
    const viewerRequest = handlerOf(
      `return { statusCode: 301, statusDescription: 'Moved', headers: { location: { value: request.uri + '/' } },
        cookies: { seen: { value: '1', attributes: 'Path=/; Secure' } } }`,
    )
    world.cloudFront.createDistribution({ bucket: 'site', defaultBehavior: { functions: { viewerRequest } } })
    for (const target of ['/a', '/b', '/a']) {
      const { status, headers, text } = await world.view(target)
      expect([status, headers['location'], text]).toEqual([301, `${target}/`, ''])
      expect(headers['x-cache']).toBe('FunctionGeneratedResponse from cloudfront')
      expect(headers['set-cookie']).toBe('seen=1; Path=/; Secure')
      expect(headers['x-amz-cf-pop']).toBe('FRA56-P4')
    }
    expect(world.bucket.requests).toEqual([])
    expect(world.cloudFront.edges[0]?.entries()).toEqual([])
  })

  it('leaves behavior and origin those of the URL that the viewer asked for', async () => {
    const world = await start()
    const viewerRequest = handlerOf(`request.uri = '/assets/x'; return request`)
    world.cloudFront.createDistribution({
      bucket: 'site',
      origins: [{ id: 'assets', bucket: 'assets' }],
      behaviors: [{ pathPattern: '/assets/*', origin: 'assets' }],
      defaultBehavior: { functions: { viewerRequest } },
    })
    world.bucket.putIn('site', 'assets/x', 'of the site')
    world.bucket.putIn('assets', 'assets/x', 'of the assets')
    expect((await world.view('/page')).text).toBe('of the site')
  })

  it.each([
    ['throws', `throw new Error('no')`, 503, 'FunctionExecutionError from cloudfront'],
    ['never ends', `for (;;) {}`, 503, 'FunctionExecutionError from cloudfront'],
    ['is no JavaScript', `if (`, 503, 'FunctionExecutionError from cloudfront'],
    ['returns nothing', ``, 502, 'FunctionValidationError from cloudfront'],
    ['returns a relative uri', `request.uri = 'a'; return request`, 502, 'FunctionValidationError from cloudfront'],
    [
      'changes the host',
      `request.headers.host = { value: 'x' }; return request`,
      502,
      'FunctionValidationError from cloudfront',
    ],
  ])('that %s makes the answer an error, not a cached one', async (_, body, status, xCache) => {
    const world = await start()
    const functions = { viewerRequest: handlerOf(body) }
    world.cloudFront.createDistribution({
      bucket: 'site',
      defaultBehavior: { functions },
      errorResponses: [{ errorCode: 503, responsePagePath: '/503.html', responseCode: 200 }],
    })
    world.bucket.put('a', 'a')
    const response = await world.view('/a')
    expect([response.status, response.headers['x-cache']]).toEqual([status, xCache])
    expect(world.cloudFront.edges[0]?.entries()).toEqual([])
  })

  it('does not run for the custom error page', async () => {
    const world = await start()
    const viewerRequest = handlerOf(`request.uri = '/site' + request.uri; return request`)
    world.cloudFront.createDistribution({
      bucket: 'site',
      defaultBehavior: { functions: { viewerRequest } },
      errorResponses: [{ errorCode: 404, responsePagePath: '/404.html', responseCode: 404 }],
    })
    world.bucket.put('404.html', 'not here')
    expect((await world.view('/x')).text).toBe('not here')
    expect(world.bucket.requests.map(({ path }) => path)).toEqual(['/site/x', '/404.html'])
  })

  it('may change the query string that is in the key, and what it leaves alone keeps its spelling', async () => {
    const world = await start()
    const viewerRequest = handlerOf(`if (request.querystring.utm) delete request.querystring.utm; return request`)
    world.cloudFront.createDistribution({
      bucket: 'site',
      defaultBehavior: { queryStrings: true, functions: { viewerRequest } },
    })
    world.bucket.put('a', 'a')
    for (const target of ['/a?b&a=%41', '/a?b=1&utm=x', '/a?utm=x']) await world.view(target)
    expect(world.cloudFront.edges[0]?.entries().map(({ url }) => url)).toEqual(['/a?b&a=%41', '/a?b=1', '/a'])
  })

  it('sees neither time passing nor what an earlier run left', async () => {
    const world = await start()
    const viewerRequest = `var runs = 0
      function handler() {
        runs += 1
        var start = Date.now()
        for (var i = 0; i < 1000; i++) Math.sqrt(i)
        return { statusCode: 200, body: [runs, Date.now() - start, new Date().toISOString()].join() }
      }`
    world.cloudFront.createDistribution({ bucket: 'site', defaultBehavior: { functions: { viewerRequest } } })
    expect((await world.view('/')).text).toBe('1,0,2026-01-01T00:00:00.000Z')
    world.clock.advance(1000)
    expect((await world.view('/')).text).toBe('1,0,2026-01-01T00:00:01.000Z')
  })

  it('may read a key value store that it is given', async () => {
    const world = await start()
    const code = `import cf from 'cloudfront'
      const store = cf.kvs()
      async function handler(event) {
        event.request.uri = '/releases/' + (await store.get('current')) + event.request.uri
        return event.request
      }`
    const viewerRequest = { code, keyValues: { current: 'r7' } }
    world.cloudFront.createDistribution({ bucket: 'site', defaultBehavior: { functions: { viewerRequest } } })
    world.bucket.put('releases/r7/a', 'seven')
    expect((await world.view('/a')).text).toBe('seven')
  })
})

describe('the default root object and a function', () => {
  const viewerRequest = handlerOf(`request.headers['x-seen'] = { value: request.uri }; return request`)
  it.each([
    ['slash', '/'],
    ['root-object', '/home.html'],
  ] as const)('with functionSeesRoot %s, the function is told %s', async (functionSeesRoot, uri) => {
    const world = await start({ functionSeesRoot })
    world.cloudFront.createDistribution({
      bucket: 'site',
      defaultRootObject: 'home.html',
      defaultBehavior: { functions: { viewerRequest: handlerOf(`return { statusCode: 200, body: request.uri }`) } },
    })
    expect((await world.view('/')).text).toBe(uri)
  })

  it.each(['slash', 'root-object'] as const)(
    'with functionSeesRoot %s, / is served from it',
    async (functionSeesRoot) => {
      const world = await start({ functionSeesRoot })
      const { id } = world.cloudFront.createDistribution({
        bucket: 'site',
        defaultRootObject: 'home.html',
        defaultBehavior: { functions: { viewerRequest } },
      })
      world.bucket.put('home.html', 'home')
      expect((await world.view('/')).text).toBe('home')
      expect(world.cloudFront.edges[0]?.peek(id, '/home.html')).toMatchObject({ url: '/home.html' })
    },
  )
})

describe('a function that leads to /', () => {
  it.each([
    ['slash', '/home.html'],
    ['root-object', '/'],
  ] as const)('with functionSeesRoot %s is served from %s', async (functionSeesRoot, path) => {
    const world = await start({ functionSeesRoot })
    world.cloudFront.createDistribution({
      bucket: 'site',
      defaultRootObject: 'home.html',
      defaultBehavior: { functions: { viewerRequest: handlerOf(`request.uri = '/'; return request`) } },
    })
    await world.view('/old')
    expect(world.bucket.requests.map((request) => request.path)).toEqual([path])
  })
})

describe('which spelling purges what a function rewrote', () => {
  it('is for each cache the one under which it was asked', async () => {
    const world = await start({ purgeMatches: 'viewer-uri' })
    const functions = { viewerRequest: INDEX_FUNCTION }
    const { id } = world.cloudFront.createDistribution({ bucket: 'site', defaultBehavior: { functions } })
    world.bucket.put('docs/index.html', 'one')
    for (const target of ['/docs', '/docs/']) await world.view(target)
    await invalidate(world, id, ['/docs/'])
    expect(world.cloudFront.edges[0]?.entries()).toEqual([])
    expect(world.cloudFront.regionalCache.entries().length).toBe(1)
  })

  it.each([
    ['rewritten-uri', ['/docs', '/docs/'], 'one'],
    ['rewritten-uri', ['/docs/index.html'], 'two'],
    ['viewer-uri', ['/docs/index.html'], 'one'],
    ['viewer-uri', ['/docs'], 'two'],
    // The edge has served it under this one, but the regional cache knows only the first.
    ['viewer-uri', ['/docs/'], 'one'],
    ['viewer-uri', ['/docs', '/docs/'], 'two'],
    ['either', ['/docs/index.html'], 'two'],
    ['either', ['/docs'], 'two'],
  ] as const)('with purgeMatches %s, %j leaves "%s"', async (purgeMatches, items, left) => {
    const world = await start({ purgeMatches })
    const functions = { viewerRequest: INDEX_FUNCTION }
    const { id } = world.cloudFront.createDistribution({ bucket: 'site', defaultBehavior: { functions } })
    world.bucket.put('docs/index.html', 'one')
    // Stored under one viewer URL, hit under another.
    for (const target of ['/docs', '/docs/']) await world.view(target)
    world.bucket.put('docs/index.html', 'two')
    await invalidate(world, id, [...items])
    expect((await world.view('/docs')).text).toBe(left)
  })
})

describe('a viewer-response function', () => {
  const viewerResponse = `function handler(event) {
    var response = event.response
    response.headers['x-seen'] = { value: response.statusCode + ' ' + event.request.uri + ' ' + event.context.eventType }
    delete response.headers['x-amz-meta-secret']
    return response
  }`

  it('changes what each viewer gets, not what is cached', async () => {
    const world = await start()
    world.cloudFront.createDistribution({ bucket: 'site', defaultBehavior: { functions: { viewerResponse } } })
    world.bucket.put('a', 'a', { 'x-amz-meta-secret': 's' })
    for (const xCache of ['Miss from cloudfront', 'Hit from cloudfront']) {
      const { headers, text } = await world.view('/a')
      expect([headers['x-seen'], headers['x-cache'], text]).toEqual(['200 /a viewer-response', xCache, 'a'])
      expect(headers).not.toHaveProperty('x-amz-meta-secret')
    }
  })

  it('does not run where the origin answers with 400 or more, nor for the custom error page in its place', async () => {
    const world = await start()
    world.cloudFront.createDistribution({
      bucket: 'site',
      defaultBehavior: { functions: { viewerResponse } },
      errorResponses: [{ errorCode: 404, responsePagePath: '/app.html', responseCode: 200 }],
    })
    world.bucket.put('app.html', 'app')
    const fallback = await world.view('/deep/link')
    expect([fallback.status, fallback.text, fallback.headers['x-seen']]).toEqual([200, 'app', undefined])
    world.bucket.failWith(500)
    expect((await world.view('/b')).headers['x-seen']).toBeUndefined()
  })

  it('may replace status and body', async () => {
    const world = await start()
    const code = `function handler(event) {
      return { statusCode: 410, headers: { 'content-type': { value: 'text/plain' } }, body: { encoding: 'base64', data: 'Z29uZQ==' } }
    }`
    const functions = { viewerResponse: { code, runtime: 'cloudfront-js-1.0' as const } }
    world.cloudFront.createDistribution({ bucket: 'site', defaultBehavior: { functions } })
    world.bucket.put('a', 'a')
    const { status, text, headers } = await world.view('/a')
    expect([status, text, headers['content-type']]).toEqual([410, 'gone', 'text/plain'])
  })
})
