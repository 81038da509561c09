// The website endpoint of the embedded S3, asked by Host over HTTP and through the seam by which edge locations read.

import { request as httpRequest } from 'node:http'
import { PutBucketWebsiteCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BucketOptions } from '../src/emulator/index.ts'
import { turnableClock } from '../src/emulator/index.ts'
import { readBody } from '../src/emulator/http-message.ts'
import type { OriginRequest } from '../src/emulator/origin.ts'
import { createS3 } from '../src/emulator/s3/index.ts'
import type { S3 } from '../src/emulator/s3/index.ts'
import { memoryStorage } from '../src/emulator/s3/storage.ts'
import { serveHttp } from '../src/emulator/server.ts'
import type { RunningServer } from '../src/emulator/server.ts'

interface Answer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

describe('the website endpoint', () => {
  let inner: S3
  let server: RunningServer
  let client: S3Client
  beforeAll(async () => {
    const credentials = { accessKeyId: 'id', secretAccessKey: 'secret' }
    const clock = turnableClock()
    inner = await createS3({ clock, storage: memoryStorage(), credentials: [credentials], region: 'us-east-1' })
    const handle: S3['handle'] = (request) => inner.handle(request)
    server = await serveHttp({ host: '127.0.0.1', port: 0, handle, onFault: (error) => expect.fail(String(error)) })
    client = new S3Client({ endpoint: server.url, region: 'us-east-1', credentials, forcePathStyle: true })

    await startSite('site', { publicRead: true, website: { indexDocument: 'index.html', errorDocument: '404.html' } })
    await startSite('listed', {
      publicRead: true,
      listableByCloudFront: true,
      website: { indexDocument: 'index.html' },
    })
  })
  afterAll(async () => {
    client.destroy()
    await server.close()
  })

  const KEYS = ['index.html', '404.html', 'a/index.html', 'b', 'b/index.html', 'c d/index.html', 'e+f', 'folder/']

  async function startSite(name: string, options: BucketOptions, keys: readonly string[] = KEYS): Promise<void> {
    await inner.createBucket(name, options)
    for (const key of keys) await put(name, key)
    await put(name, 'old', { WebsiteRedirectLocation: '/new', Metadata: { tag: 'x' }, CacheControl: 'max-age=9' })
    await put(name, 'away/index.html', { WebsiteRedirectLocation: 'https://example.com/x?y' })
  }

  async function put(name: string, Key: string, more: object = {}): Promise<void> {
    const input = { Bucket: name, Key, Body: `[${Key}]`, ContentType: 'text/html', ...more }
    await client.send(new PutObjectCommand(input))
  }

  async function ask(bucket: string, path: string, more: Partial<OriginRequest> = {}): Promise<Answer> {
    const request: OriginRequest = { bucket, method: 'GET', path, headers: {}, access: 'anonymous', ...more }
    const { status, headers, body } = await inner.fetchFromBucket({ endpoint: 'website', ...request })
    const text = Buffer.from(body instanceof Uint8Array ? body : await readBody(body)).toString()
    return { status, text, headers: Object.fromEntries(Object.entries(headers).map(([k, v]) => [k.toLowerCase(), v])) }
  }

  /** Over HTTP, with a `Host` of one's own. */
  function askHost(host: string, path: string, method = 'GET'): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = httpRequest(server.url, { path, method, headers: { host } }, (message) => {
        readBody(message).then((body) => {
          const headers = message.headers as Record<string, string>
          resolve({ status: message.statusCode ?? 0, headers, text: body.toString() })
        }, reject)
      })
      sent.on('error', reject).end()
    })
  }

  describe.each<[path: string, status: number, location: string | undefined, body: string]>([
    ['/', 200, undefined, '[index.html]'],
    ['/index.html', 200, undefined, '[index.html]'],
    ['/?v=2', 200, undefined, '[index.html]'],
    ['/a/', 200, undefined, '[a/index.html]'],
    ['/a/index.html', 200, undefined, '[a/index.html]'],
    ['/a', 302, '/a/', '302 Found'],
    ['/a?utm=1', 302, '/a/', '302 Found'],
    ['/b', 200, undefined, '[b]'],
    ['/b/', 200, undefined, '[b/index.html]'],
    ['/c%20d', 302, '/c%20d/', '302 Found'],
    ['/c+d/', 200, undefined, '[c d/index.html]'],
    ['/e%2Bf', 200, undefined, '[e+f]'],
    ['/old', 301, '/new', ''],
    ['/away/', 301, 'https://example.com/x?y', ''],
    ['/away', 302, '/away/', '302 Found'],
    ['/a//', 403, undefined, '[404.html]'],
    ['/folder/', 403, undefined, '[404.html]'],
    ['/folder', 403, undefined, '[404.html]'],
    ['/missing', 403, undefined, '[404.html]'],
    ['/missing/', 403, undefined, '[404.html]'],
    ['/b/index.html/', 403, undefined, '[404.html]'],
    ['/%zz', 400, undefined, '400 Bad Request'],
  ])('GET %s', (path, status, location, body) => {
    it(`is ${status}${location === undefined ? '' : ` to ${location}`}`, async () => {
      const answer = await ask('site', path)
      expect([answer.status, answer.headers['location']]).toEqual([status, location])
      // Of S3's own pages the headline.
      expect(/<h1>(.*)<\/h1>/.exec(answer.text)?.[1] ?? answer.text).toBe(body)
    })
    it('has the same status and headers for HEAD, and no body', async () => {
      const answer = await ask('site', path, { method: 'HEAD' })
      expect([answer.status, answer.headers['location'], answer.text]).toEqual([status, location, ''])
    })
  })

  it('puts no Cache-Control on a redirect', async () => {
    expect((await ask('site', '/a')).headers).not.toHaveProperty('cache-control')
    expect((await ask('site', '/old')).headers).not.toHaveProperty('cache-control')
  })

  it('leaves redirect objects to the REST endpoint as they are', async () => {
    expect(await ask('site', '/old', { endpoint: 'rest' })).toMatchObject({
      status: 200,
      text: '[old]',
      headers: { 'x-amz-website-redirect-location': '/new' },
    })
    expect((await ask('site', '/a/', { endpoint: 'rest' })).status).toBe(403)
  })

  it('carries the object’s headers and user metadata', async () => {
    await put('site', 'page', { CacheControl: 'max-age=60', Metadata: { 'cache-tag': 'blog' } })
    expect((await ask('site', '/page')).headers).toMatchObject({
      'cache-control': 'max-age=60',
      'content-type': 'text/html',
      'x-amz-meta-cache-tag': 'blog',
      etag: '"f2c58cb7dfc7945b9e905a93d98d6762"',
      date: 'Thu, 01 Jan 2026 00:00:00 GMT',
    })
  })

  it('answers conditional requests and ranges as REST does', async () => {
    const { headers } = await ask('site', '/a/')
    const askWith = (more: Record<string, string>) => ask('site', '/a/', { headers: more })
    expect(await askWith({ 'if-none-match': headers['etag'] ?? '' })).toMatchObject({ status: 304, text: '' })
    expect(await askWith({ 'if-modified-since': headers['last-modified'] ?? '' })).toMatchObject({ status: 304 })
    expect(await askWith({ range: 'bytes=1-1' })).toMatchObject({ status: 206, text: 'a' })
  })

  it('sends the error document whole under the status of the failure, whatever was asked for', async () => {
    const range = await ask('site', '/missing', { headers: { range: 'bytes=0-0', 'if-none-match': '*' } })
    expect(range).toMatchObject({ status: 403, text: '[404.html]', headers: { 'x-amz-error-code': 'AccessDenied' } })
    const changed = await ask('site', '/a/', { headers: { 'if-match': '"other"' } })
    expect(changed).toMatchObject({ status: 412, text: '[404.html]' })
  })

  it('tells whoever may list that a key is missing: 404, and S3’s own page without an error document', async () => {
    const { status, text, headers } = await ask('listed', '/<b>')
    expect([status, headers['content-type'], headers['x-amz-error-code']]).toEqual([
      404,
      'text/html; charset=utf-8',
      'NoSuchKey',
    ])
    expect(text).toContain('<h1>404 Not Found</h1>\n<ul>\n<li>Code: NoSuchKey</li>')
    expect(text).toContain('<li>Key: &#60;b&#62;</li>')
    expect(await ask('listed', '/missing', { method: 'HEAD' })).toMatchObject({ status: 404, text: '' })
    expect((await ask('listed', '/x/')).text).toContain('<li>Key: x/index.html</li>')
  })

  it('follows an error document that is a redirect object', async () => {
    const website = { indexDocument: 'index.html', errorDocument: 'old' }
    await startSite('redirected-errors', { publicRead: true, website })
    const { status, headers, text } = await ask('redirected-errors', '/missing')
    expect([status, headers['location'], text]).toEqual([301, '/new', ''])
  })

  it('says so when the error document cannot be had either', async () => {
    const website = { indexDocument: 'index.html', errorDocument: 'gone.html' }
    await inner.createBucket('no-error-page', { publicRead: true, listableByCloudFront: true, website })
    const { status, text } = await ask('no-error-page', '/x')
    expect(status).toBe(404)
    expect(text).toMatch(/Key: x<.*Attempting to Retrieve a Custom Error Document.*Key: gone\.html</s)
  })

  it('is 403 for a private bucket, also with a signature, and hides which folders there are', async () => {
    await startSite('private', { website: { indexDocument: 'index.html', errorDocument: '404.html' } })
    for (const path of ['/', '/b', '/a', '/old', '/missing']) {
      expect(await ask('private', path, { access: 'signed' })).toMatchObject({ status: 403 })
    }
    expect((await ask('private', '/')).text).toContain('<h1>403 Forbidden</h1>')
  })

  it('is 404 for a bucket that is no website, and for none at all', async () => {
    await inner.createBucket('plain', { publicRead: true })
    expect((await ask('plain', '/')).text).toContain('Code: NoSuchWebsiteConfiguration')
    expect(await ask('nowhere', '/')).toMatchObject({ status: 404, headers: { 'x-amz-error-code': 'NoSuchBucket' } })
  })

  it('takes only GET and HEAD', async () => {
    for (const method of ['PUT', 'POST', 'DELETE', 'OPTIONS']) {
      const answer = await askHost('site.s3-website.localhost', '/b', method)
      expect(answer).toMatchObject({ status: 405, headers: { 'x-amz-error-code': 'MethodNotAllowed' } })
    }
  })

  it('redirects all requests with path and query, and asks for no permission', async () => {
    const redirectAllRequestsTo = { hostName: 'example.com', protocol: 'https' as const }
    await inner.createBucket('moved', { website: { redirectAllRequestsTo } })
    const { status, headers } = await ask('moved', '/a%20b/?c=%26')
    expect([status, headers['location']]).toEqual([301, 'https://example.com/a%20b/?c=%26'])
  })

  describe('routing rules', () => {
    const OWN = 'http://ruled.s3-website-us-east-1.amazonaws.com'
    beforeAll(() =>
      startSite('ruled', {
        publicRead: true,
        listableByCloudFront: true,
        website: {
          indexDocument: 'index.html',
          errorDocument: '404.html',
          routingRules: [
            { condition: { keyPrefixEquals: 'docs/' }, redirect: { replaceKeyPrefixWith: 'a/' } },
            { condition: { keyPrefixEquals: 'docs/x' }, redirect: { replaceKeyWith: 'never' } },
            {
              condition: { keyPrefixEquals: 'img/', httpErrorCodeReturnedEquals: 404 },
              redirect: {
                hostName: 'api.example',
                protocol: 'https',
                replaceKeyPrefixWith: 'resize?key=',
                httpRedirectCode: 307,
              },
            },
            { condition: { keyPrefixEquals: 'b' }, redirect: { replaceKeyWith: 'c d' } },
            { condition: { keyPrefixEquals: 'gone/' }, redirect: { replaceKeyPrefixWith: '' } },
            {
              condition: { httpErrorCodeReturnedEquals: 404, keyPrefixEquals: 'app/' },
              redirect: { hostName: 'spa.example', replaceKeyPrefixWith: '#!/' },
            },
            { condition: { keyPrefixEquals: 'host/' }, redirect: { hostName: 'other.example' } },
          ],
        },
      }),
    )

    it.each<[path: string, status: number, location: string | undefined]>([
      ['/docs/', 301, `${OWN}/a/`],
      ['/docs/x%20y?q=1', 301, `${OWN}/a/x%20y`],
      ['/b', 301, `${OWN}/c%20d`],
      ['/gone/p', 301, `${OWN}/p`],
      ['/host/p', 301, 'http://other.example/host/p'],
      ['/img/p.png', 307, 'https://api.example/resize?key=p.png'],
      ['/app/ü', 301, 'http://spa.example/#!/%C3%BC'],
      ['/', 200, undefined],
      ['/a', 302, '/a/'],
      ['/other', 404, undefined],
    ])('%s is %d to %s', async (path, status, location) => {
      const { status: got, headers } = await ask('ruled', path)
      expect([got, headers['location']]).toEqual([status, location])
    })

    it('with an error condition leave what exists alone', async () => {
      await put('ruled', 'img/here.png')
      expect(await ask('ruled', '/img/here.png')).toMatchObject({ status: 200, text: '[img/here.png]' })
    })

    it('redirect to the bucket’s own endpoint, which newer regions write with a dot', async () => {
      const routingRules = [{ redirect: { replaceKeyWith: 'x' } }]
      const website = { indexDocument: 'index.html', routingRules }
      await inner.createBucket('my.bucket', { region: 'eu-central-1', website })
      expect((await ask('my.bucket', '/')).headers['location']).toBe(
        'http://my.bucket.s3-website.eu-central-1.amazonaws.com/x',
      )
    })

    it('redirect to the host that was asked', async () => {
      const { headers } = await ask('ruled', '/docs/x', { headers: { host: 'www.example.com' } })
      expect(headers['location']).toBe('http://www.example.com/a/x')
    })
  })

  it.each([
    ['site.s3-website-us-east-1.amazonaws.com', 200],
    ['site.s3-website.us-east-1.amazonaws.com', 200],
    ['SITE.s3-website.localhost:9000', 200],
    ['site.s3-website-eu-west-1.amazonaws.com', 400],
    ['nowhere.s3-website.localhost', 404],
    ['site.s3.us-east-1.amazonaws.com', 403],
  ])('is found over HTTP by Host %s: %d', async (host, status) => {
    expect((await askHost(host, '/a/')).status).toBe(status)
  })

  it('is one click away in a browser', async () => {
    await put('site', 'click/index.html')
    const folder = await askHost('site.s3-website.localhost:9000', '/click')
    expect([folder.status, folder.headers['location']]).toEqual([302, '/click/'])
    const page = await askHost('site.s3-website.localhost:9000', folder.headers['location'] ?? '')
    expect(page).toMatchObject({ status: 200, text: '[click/index.html]', headers: { 'content-type': 'text/html' } })
  })

  it('serves at once what PutBucketWebsite says', async () => {
    await inner.createBucket('new', { publicRead: true })
    await put('new', 'home.html')
    expect((await ask('new', '/')).status).toBe(404)
    const WebsiteConfiguration = { IndexDocument: { Suffix: 'home.html' } }
    await client.send(new PutBucketWebsiteCommand({ Bucket: 'new', WebsiteConfiguration }))
    expect((await ask('new', '/')).text).toBe('[home.html]')
  })
})
