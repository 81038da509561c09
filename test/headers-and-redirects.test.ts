// _headers, _redirects and header rules on the embedded cloud: what edges answer, what is purged when they change, what is said about the rest.

import { afterEach, describe, expect, it } from 'vitest'
import type { Outcome } from '../src/model.ts'
import { writeRedirectFunction } from '../src/site-rules/redirect-function.ts'
import { parseRedirectsFile } from '../src/site-rules/redirects-file.ts'
import { type Cloud, type CloudOptions, startCloud } from './cloud.ts'

const purged = (outcome: Outcome): string[] =>
  outcome.invalidations.flatMap(({ items }) => items.map(({ item }) => item)).toSorted()
const uploaded = (outcome: Outcome): string[] => outcome.uploaded.map(({ key }) => key).toSorted()
const warned = (outcome: Outcome): string[] => outcome.plan.warnings.map(({ code }) => code)

const website: CloudOptions = {
  distribution: { website: true },
  bucket: { publicRead: true, website: { indexDocument: 'index.html', errorDocument: '404.html' } },
}

let cloud: Cloud
afterEach(async () => {
  expect(cloud.emulator.faults).toEqual([])
  await cloud.close()
})

/** What all edge locations answer, which must be the same. */
async function ask(path: string): Promise<string> {
  const answers = (await cloud.ask(path)).map(({ status, headers, body }) =>
    [status, headers['location'] ?? headers['cache-control'] ?? body].join(' '),
  )
  expect(new Set(answers).size).toBe(1)
  return answers[0] ?? ''
}

describe('_headers', () => {
  it('becomes the metadata of what it names, is not deployed itself, and purges what it changes', async () => {
    cloud = await startCloud()
    await cloud.write({
      'index.html': 'home',
      'blog/index.html': 'blog',
      'a.css': 'a{}',
      _headers: '/*\n  Cache-Control: max-age=60\n/blog/*\n  Cache-Control: max-age=5\n',
    })
    expect(uploaded(await cloud.deploy())).toEqual(['a.css', 'blog/index.html', 'index.html'])
    expect([await ask('/'), await ask('/blog/index.html')]).toEqual(['200 max-age=60', '200 max-age=5'])

    await cloud.write({ _headers: '/*\n  Cache-Control: max-age=60\n/blog\n  Cache-Control: max-age=9\n' })
    const second = await cloud.deploy()
    expect([uploaded(second), purged(second)]).toEqual([['blog/index.html'], ['/blog/index.html']])
    expect(await ask('/blog/index.html')).toBe('200 max-age=9')
    expect((await cloud.deploy()).result).toBe('nothing to do')
  })

  it('stops the deploy with all of its mistakes and those of _redirects', async () => {
    cloud = await startCloud()
    await cloud.write({ 'index.html': '', _headers: 'X-A: 1\n/*\n  X-B:\n', _redirects: '/a\n/b /c 404\n' })
    await expect(cloud.deploy()).rejects.toMatchObject({
      code: 'SITE_RULE_INVALID',
      message: `4 things in the folder cannot be deployed:
- _headers:1: A header is indented below the pattern that it belongs to.
- _headers:3: X-B has no value.
- _redirects:1: There is no place that /a leads to: a path that begins with /, or a whole URL.
- _redirects:2: Status 404 is not a redirect: error pages are custom error responses of the distribution, or the website's error document.`,
    })
    const filters = ['_headers', '_redirects'].map((pattern) => ({ kind: 'exclude' as const, pattern }))
    expect((await cloud.deploy({ filters })).result).toBe('fresh')
  })

  it('is followed by the rules of the settings, and names what S3 does not send', async () => {
    cloud = await startCloud()
    await cloud.write({
      'index.html': 'home',
      _headers: '/*\n  X-Frame-Options: DENY\n  Cache-Control: max-age=60\n',
    })
    const headers = [{ pattern: '*.html', set: { 'Cache-Control': 'max-age=1' }, detach: [] }]
    const { plan } = await cloud.deploy({ headers })
    expect(plan.warnings).toContainEqual({
      code: 'HEADERS_NOT_STORED',
      message:
        'S3 does not send X-Frame-Options. CloudFront does, with a response headers policy: freshfront headers-policy writes it.',
    })
    expect(await ask('/')).toBe('200 max-age=1')
  })
})

describe('_redirects behind a website endpoint', () => {
  it('become objects, and are purged when they lead elsewhere or are gone', async () => {
    cloud = await startCloud(website)
    await cloud.write({
      'index.html': 'home',
      '404.html': 'nothing',
      'kept/index.html': 'kept',
      'gone.html': 'still there',
      _redirects: '/old /new 301\n/kept /x\n/gone.html /new 301!\n/OLD%20one/ https://a.example/\n',
    })
    const first = await cloud.deploy()
    expect(uploaded(first)).toEqual([
      '404.html',
      'OLD one',
      'OLD one/index.html',
      'gone.html',
      'index.html',
      'kept/index.html',
      'old',
      'old/index.html',
    ])
    expect([await ask('/old'), await ask('/old/'), await ask('/gone.html')]).toEqual([
      '301 /new',
      '301 /new',
      '301 /new',
    ])
    expect([await ask('/kept/'), await ask('/OLD%20one')]).toEqual(['200 kept', '301 https://a.example/'])
    expect((await cloud.deploy()).result).toBe('nothing to do')

    await cloud.write({ _redirects: '/old /newer\n' })
    const second = await cloud.deploy()
    expect(uploaded(second)).toEqual(['gone.html', 'old', 'old/index.html'])
    expect(purged(second)).toEqual(['/OLD*', '/gone.html', '/old*'])
    expect([await ask('/old'), await ask('/old/'), await ask('/gone.html')]).toEqual([
      '301 /newer',
      '301 /newer',
      '200 still there',
    ])

    await cloud.write({ _redirects: undefined })
    expect((await cloud.deploy()).result).toBe('fresh')
    expect([await ask('/old'), await ask('/old/')]).toEqual(['403 nothing', '403 nothing'])
  })

  it('say which ones an object cannot make', async () => {
    cloud = await startCloud(website)
    await cloud.write({ 'index.html': 'home', '404.html': '', _redirects: '/a/* /b/:splat\n/c /d 302\n/e /f\n' })
    const { plan } = await cloud.deploy()
    expect(plan.warnings.filter(({ code }) => code === 'REDIRECTS_NOT_MADE').map(({ message }) => message)).toEqual([
      'Nothing makes /a/* (_redirects:1), /c (_redirects:2). As objects only permanent redirects of single paths can be made; freshfront redirects --function writes a CloudFront Function that does.',
    ])
  })
})

describe('_redirects behind the REST endpoint', () => {
  const text = `/old /new#top
/kept /x
/news/* /blog/:splat 302
/u/:id /users/:id?a=1 308
/evil/* /:splat
/late /new 307
/app/* /app/index.html 200
`

  it('are no objects, and are said not to be made', async () => {
    cloud = await startCloud()
    await cloud.write({ 'index.html': 'home', _redirects: '/old /new\n' })
    const outcome = await cloud.deploy()
    expect([uploaded(outcome), warned(outcome)]).toEqual([['index.html'], ['REDIRECTS_NOT_MADE']])
  })

  it('are made by the function that is written for them, which also serves folders', async () => {
    const code = writeRedirectFunction(parseRedirectsFile(text).rules, {
      directoryIndex: true,
      hasFile: (name) => name === 'kept/index.html',
    })
    cloud = await startCloud({ distribution: { defaultBehavior: { functions: { viewerRequest: code } } } })
    const site = { 'index.html': 'home', 'kept/index.html': 'kept', 'app/index.html': 'app', 'app/a.js': 'js' }
    await cloud.write({ ...site, _redirects: text })
    const outcome = await cloud.deploy()
    expect([outcome.result, warned(outcome)]).toEqual(['fresh', []])

    const expected = {
      '/old': '301 /new#top',
      '/old/?q=1&q=2&r': '301 /new?q=1&q=2&r#top',
      '/news/a/b/': '302 /blog/a/b/',
      '/news': '302 /blog/',
      '/news/caf%C3%A9%0D%0Ax': '302 /blog/caf%C3%A9%0D%0Ax',
      '/u/5/?b=2': '308 /users/5?a=1',
      '/evil//a.example/': '301 /a.example/',
      '/late': '307 /new',
      '/kept': '200 kept',
      '/kept/': '200 kept',
      '/app/some/where': '200 app',
      '/app/a.js': '200 js',
      '/': '200 home',
    }
    const answers = await Promise.all(Object.keys(expected).map(async (path) => [path, await ask(path)]))
    expect(Object.fromEntries(answers)).toEqual(expected)
  })
})

describe('storage', () => {
  it('keeps its class when only headers change, which S3 copies', async () => {
    cloud = await startCloud()
    await cloud.write({ 'index.html': 'home' })
    const storage = { storageClass: 'STANDARD_IA', sse: 'AES256' }
    await cloud.deploy({ storage })
    const outcome = await cloud.deploy({ storage, cacheControl: 'max-age=1' })
    expect(outcome.plan.uploads.map(({ reason }) => reason)).toEqual(['headers changed'])
    const [answer] = await cloud.ask('/')
    expect(answer?.headers['x-amz-storage-class']).toBe('STANDARD_IA')
  })
})
