// A build that writes its own mark into every page: the plan says so, and with "ignore" such pages stay as they are.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { renderOutcomeText } from '../src/report/text.ts'
import { verifySite } from '../src/verify-site.ts'
import { type Cloud, startCloud } from './cloud.ts'

const ignore = ['<meta name="build"[^>]*>']
const PAGES = Array.from({ length: 12 }, (_, number) => `posts/${number}/index.html`)

let cloud: Cloud
beforeEach(async () => {
  cloud = await startCloud()
})
afterEach(() => cloud.close())

/** As Hugo does it: the page is the same, but for what its template says of the build. */
async function build(mark: string, edits: Readonly<Record<string, string>> = {}): Promise<void> {
  const pages = PAGES.map((key) => {
    const text = edits[key] ?? `What was to be said in ${key}.`
    const head = `<meta charset="utf-8">\n<meta name="build" content="${mark}">\n<title>${key}</title>`
    return [key, `<!doctype html>\n<html>\n<head>\n${head}\n</head>\n<body><p>${text}</p></body>\n</html>\n`]
  })
  await cloud.write({ ...Object.fromEntries(pages), 'app.css': 'body { color: black }' })
}

describe('when a build id changes in every page', () => {
  it('the plan names it, and how to ignore it', async () => {
    await build('3f2a91c0')
    await cloud.deploy()
    await build('77b1c0de', { 'posts/7/index.html': 'Something else.' })
    const before = cloud.ports.meter.counts().get
    const { plan, churn, requests, ...outcome } = await cloud.deploy({}, { mode: 'plan' })
    expect(churn).toEqual({
      changedPages: 12,
      ofPages: 12,
      sampled: 12,
      explained: 11,
      shapes: [
        {
          shape: '<meta name="build" …>',
          pages: 12,
          example: {
            key: 'posts/0/index.html',
            before: '<meta name="build" content="3f2a91c0">',
            after: '<meta name="build" content="77b1c0de">',
          },
        },
      ],
      ignore,
    })
    const text = renderOutcomeText(
      { ...outcome, plan, churn: churn ?? never(), requests },
      { colors: false, width: 200 },
    )
    expect(text).toContain(`12 of 12 pages changed; 11 of 12 compared differ only in <meta name="build" …>.
  To keep such pages as they are while nothing else in them changes, in freshfront.json:
    "ignore": ["<meta name=\\"build\\"[^>]*>"]
`)
    // Reading pages is the plan's own; a deploy does not, and the plan says what a deploy sends.
    expect(requests.get).toBe(plan.requests.get + 12)
    const done = await cloud.deploy()
    expect(done.churn).toBeUndefined()
    expect(done.requests.get - requests.get).toBe(plan.requests.get - before)
  })

  it('a page that differs in nothing else is left as it is, and one that does is uploaded', async () => {
    await build('3f2a91c0')
    await cloud.deploy({ ignore })
    await build('77b1c0de')
    const idle = await cloud.deploy({ ignore })
    expect([idle.result, idle.plan.ignored]).toEqual(['nothing to do', PAGES.toSorted()])

    await build('0c0ffee0', { 'posts/7/index.html': 'Something else.' })
    const { result, plan } = await cloud.deploy({ ignore })
    expect([result, plan.uploads.map(({ key }) => key)]).toEqual(['fresh', ['posts/7/index.html']])
    expect(plan.invalidations.flatMap(({ items }) => items.map(({ item }) => item))).toEqual(['/posts/7/index.html'])
    expect((await cloud.ask('/posts/7/index.html')).map(({ body }) => body.includes('0c0ffee0'))).not.toContain(false)

    await build('11111111', { 'posts/7/index.html': 'Something else.' })
    expect((await cloud.deploy({ ignore })).result).toBe('nothing to do')
  })

  it('the edge is asked for what is live, not for what is on disk', async () => {
    await build('3f2a91c0')
    await cloud.deploy({ ignore })
    await build('77b1c0de', { 'posts/7/index.html': 'Something else.' })
    const edges = cloud.emulator.edges.map(({ url }) => new URL(url).host)
    expect((await cloud.deploy({ ignore }, { edges })).result).toBe('fresh')
    const config = { ...DEFAULTS, dir: cloud.dir, ignore }
    const verified = await verifySite(config, cloud.ports, { all: true, edges })
    expect([verified.result, verified.notDeployed]).toEqual(['fresh', 0])
    const strict = await verifySite({ ...DEFAULTS, dir: cloud.dir }, cloud.ports, { all: true, edges })
    expect([strict.result, strict.notDeployed]).toEqual(['fresh', 11])
  })

  it('what somebody else has put there is replaced all the same, and so is everything that is forced or has other headers', async () => {
    await build('3f2a91c0')
    await cloud.deploy({ ignore })
    await build('77b1c0de')
    await cloud.ports.bucket.putDocument('posts/3/index.html', new TextEncoder().encode('by hand'), 'text/html')
    const { plan } = await cloud.deploy({ ignore })
    expect(plan.uploads).toMatchObject([{ key: 'posts/3/index.html', reason: 'changed by someone else' }])
    const planned = async (config: object) => (await cloud.deploy(config, { mode: 'plan' })).plan.uploads.length
    expect(await planned({ ignore, force: true })).toBe(13)
    expect(await planned({ ignore, cacheControl: 'no-cache' })).toBe(13)
    expect(await planned({ ignore: [...ignore, '<title>'] })).toBe(11)
  })

  it('a saved plan holds while only the mark changes, and not under other patterns', async () => {
    await build('3f2a91c0')
    await cloud.deploy({ ignore })
    await build('77b1c0de', { 'posts/7/index.html': 'Something else.' })
    const { saved } = await cloud.deploy({ ignore }, { mode: 'plan' })
    if (saved === undefined) return never()
    await expect(cloud.deploy({}, { saved })).rejects.toThrow(/The settings are others\./)
    await cloud.write({ 'posts/8/index.html': await pageOf(8, '99999999') })
    expect((await cloud.deploy({ ignore }, { saved })).result).toBe('fresh')
  })
})

const DEFAULTS = {
  bucket: 'site',
  prefix: '',
  distributions: [],
  filters: [],
  delete: false,
  followSymlinks: false,
  force: false,
  wait: true,
  yes: false,
  concurrency: 8,
  urls: [],
}

/** The page as it is live, under another mark. */
async function pageOf(number: number, mark: string): Promise<string> {
  const [{ body } = never()] = await cloud.ask(`/posts/${number}/index.html`)
  return body.replace('3f2a91c0', mark)
}

function never(): never {
  throw new Error('there is none')
}
