// Promise P2 where CloudFront takes invalidations slowly, in parts, or not at all: whole deploys on the embedded cloud, with its quotas and
// with faults of its API. What is billed is counted by the cloud.

import { afterEach, describe, expect, it } from 'vitest'
import type { EmulatorOptions, HttpRequest, Intercepted, NewDistribution } from '../src/emulator/index.ts'
import { interrupted } from '../src/errors.ts'
import type { DeployEvent, Outcome } from '../src/model.ts'
import { type Cloud, startCloud } from './cloud.ts'

/** Then each page is a wildcard, and a request of its own. */
const queryStringsInKey = { defaultBehavior: { queryStrings: true } }

let cloud: Cloud
afterEach(async () => {
  expect(cloud.emulator.faults).toEqual([])
  await cloud.close()
})

/** What the API answers to CreateInvalidation instead of carrying it out: by its items and how often it was sent before. */
type Refuse = (items: readonly string[], before: number) => Intercepted

interface Api {
  refuse: Refuse | undefined
}

async function start(
  pages: number,
  cloudFront: EmulatorOptions['cloudFront'],
  distribution: Partial<NewDistribution> = {},
): Promise<Api> {
  const api: Api = { refuse: undefined }
  const timesSent = new Map<string, number>()
  cloud = await startCloud({
    distribution,
    emulator: {
      cloudFront: { pops: ['FRA56-P4'], ...cloudFront },
      async intercept(service, request) {
        if (api.refuse === undefined || service !== 'cloudfront' || request.method !== 'POST') return undefined
        const xml = await peek(request)
        const reference = textsOf('CallerReference', xml)[0] ?? ''
        const before = timesSent.get(reference) ?? 0
        timesSent.set(reference, before + 1)
        return api.refuse(textsOf('Path', xml), before)
      },
    },
  })
  await write(pages, 'one')
  await deploy()
  expect(await read(pages)).toEqual(Array.from({ length: pages }, (_, page) => `one ${page}`))
  await write(pages, 'two')
  return api
}

/** Reads the body, and leaves it to be read again. */
async function peek(request: HttpRequest): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of request.body) chunks.push(chunk)
  const readAgain = async function* (): AsyncGenerator<Uint8Array> {
    yield* chunks
  }
  Object.assign(request, { body: readAgain() })
  return Buffer.concat(chunks).toString('utf8')
}

const textsOf = (name: string, xml: string): string[] =>
  [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text = '']) => text)

const nameOf = (page: number): string => `page-${String(page).padStart(3, '0')}.html`

/** Beside each page lies one that never changes, so that no prefix takes two pages for nothing. */
const write = (pages: number, text: string): Promise<void> =>
  cloud.write(
    Object.fromEntries(
      Array.from({ length: pages }, (_, page) => [
        [nameOf(page), `${text} ${page}`],
        [nameOf(page).replace('.html', '-kept.html'), 'kept'],
      ]).flat(),
    ),
  )

/** What the edge answers for each page, and keeps. */
const read = (pages: number): Promise<string[]> =>
  Promise.all(Array.from({ length: pages }, async (_, page) => (await cloud.ask(`/${nameOf(page)}`))[0]?.body ?? ''))

/** Pages whose copy at the edge is not the one on disk. */
const countStale = async (pages: number): Promise<number> =>
  (await read(pages)).filter((body, page) => body !== `two ${page}`).length

async function deploy(
  onEvent: (event: DeployEvent) => void = () => undefined,
  signal?: AbortSignal,
): Promise<Outcome & { readonly billed: number; readonly backOffs: number }> {
  const before = cloud.emulator.cloudFront.pathsBilledThisMonth
  let backOffs = 0
  const outcome = await cloud.deploy(
    { invalidation: { maxPaths: 5000 } },
    {
      ...(signal && { signal }),
      onEvent(event) {
        if (event.kind === 'backing-off') backOffs += 1
        onEvent(event)
      },
    },
  )
  return { ...outcome, billed: cloud.emulator.cloudFront.pathsBilledThisMonth - before, backOffs }
}

function refusal(status: number, code: string): Intercepted {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>Said by the test.</Message></Error>`
  const xmlns = 'http://cloudfront.amazonaws.com/doc/2020-05-31/'
  const body = Buffer.from(`<ErrorResponse xmlns="${xmlns}">${error}</ErrorResponse>`)
  return { status, headers: { 'Content-Type': 'text/xml' }, body }
}

describe('a deploy with 30 wildcards', () => {
  it('takes half a minute where CloudFront takes one a second and no more at once, and is never refused', async () => {
    await start(30, { quotaModel: 'rate-2026-no-burst' }, queryStringsInKey)
    const outcome = await deploy()
    expect(outcome).toMatchObject({ result: 'fresh', failures: [], backOffs: 0, billed: 30 })
    expect(outcome.seconds).toBeGreaterThan(29)
    expect(outcome.seconds).toBeLessThan(33)
    expect(await countStale(30)).toBe(0)
  })

  it('waits for its own first ones where only 15 may be in progress', async () => {
    const purgeDelaysMs = { regional: 60_000, edges: [60_000] }
    await start(17, { quotaModel: 'in-progress-legacy', purgeDelaysMs }, queryStringsInKey)
    const outcome = await deploy()
    expect(outcome).toMatchObject({ result: 'fresh', failures: [], billed: 17 })
    expect(outcome.backOffs).toBeGreaterThan(0)
    // 60 s until the first is complete, two seconds of polling, and 60 s for the last.
    expect(outcome.seconds).toBeLessThan(130)
    expect(await countStale(17)).toBe(0)
  })
})

describe('a deploy that CloudFront throttles at the first attempt of each request', () => {
  it('tries each of them again, and pays once', async () => {
    const api = await start(3, {}, queryStringsInKey)
    api.refuse = (_, before) => (before === 0 ? refusal(400, 'Throttling') : undefined)
    const outcome = await deploy()
    // Each request was refused once: the SDK has not tried by itself.
    expect(outcome).toMatchObject({ result: 'fresh', failures: [], backOffs: 3, billed: 3 })
    expect(outcome.requests.createInvalidation).toBe(1 + 2 * 3)
    expect(await countStale(3)).toBe(0)
  })
})

describe('a deploy that is interrupted', () => {
  /** Ctrl-C at the nth event of a kind. */
  async function interruptAt(kind: DeployEvent['kind'], nth: number): ReturnType<typeof deploy> {
    const interruption = new AbortController()
    let left = nth
    return deploy((event) => {
      if (event.kind === kind && --left === 0) interruption.abort(interrupted('SIGINT'))
    }, interruption.signal)
  }

  it('while it backs off owes what it has not sent, and the next one pays it', async () => {
    const api = await start(3, {}, queryStringsInKey)
    const last = `/${nameOf(2)}*`
    api.refuse = (items) => (items.includes(last) ? refusal(400, 'TooManyInvalidationsInProgress') : undefined)
    const stopped = await interruptAt('backing-off', 2)
    expect(stopped).toMatchObject({ result: 'failed', billed: 2 })
    expect(stopped.failures.map(({ code }) => code)).toContain('INTERRUPTED')
    api.refuse = undefined
    expect(await countStale(3)).toBe(1)
    // The first two are sent again under their references, and cost nothing.
    expect(await deploy()).toMatchObject({ result: 'fresh', uploaded: [], billed: 1 })
    expect(await countStale(3)).toBe(0)
    expect(await deploy()).toMatchObject({ result: 'nothing to do', billed: 0 })
  })

  it('while it waits for the edges has paid, and the next one only waits', async () => {
    await start(3, { purgeDelaysMs: { regional: 30_000, edges: [30_000] } })
    expect(await interruptAt('purging', 2)).toMatchObject({ result: 'failed', billed: 3 })
    expect(await deploy()).toMatchObject({ result: 'fresh', uploaded: [], billed: 0 })
    expect(await countStale(3)).toBe(0)
  })
})

describe('an invalidation whose answer is lost', () => {
  it('was carried out, is sent again with the same reference, and is billed once', async () => {
    const api = await start(3, {})
    api.refuse = (_, before) => (before === 0 ? 'reset after' : undefined)
    const outcome = await deploy()
    expect(outcome).toMatchObject({ result: 'fresh', failures: [], billed: 3 })
    expect(outcome.requests.createInvalidation).toBe(2 + 1)
  })
})

describe('a batch that CloudFront does not take as a whole', () => {
  it('is halved until it does, and what was sent is not billed again when a later run repeats it', async () => {
    const api = await start(8, {})
    let deniesLast = true
    api.refuse = (items) => {
      if (items.length > 2) return refusal(413, 'BatchTooLarge')
      return deniesLast && items.includes(`/${nameOf(7)}`) ? refusal(403, 'AccessDenied') : undefined
    }
    expect(await deploy()).toMatchObject({ result: 'failed', billed: 6, failures: [{ code: 'ACCESS_DENIED' }] })
    deniesLast = false
    const outcome = await deploy()
    expect(outcome).toMatchObject({ result: 'fresh', uploaded: [], billed: 2 })
    expect(outcome.invalidations.map(({ items }) => items.length)).toEqual([2, 2, 2, 2])
    expect(await countStale(8)).toBe(0)
  })

  it('for one item leaves no other stale, names that item and owes it', async () => {
    const api = await start(8, {})
    const bad = `/${nameOf(5)}`
    api.refuse = (items) => (items.includes(bad) ? refusal(400, 'InvalidArgument') : undefined)
    const outcome = await deploy()
    expect(outcome).toMatchObject({ result: 'failed', billed: 7 })
    expect(outcome.failures).toMatchObject([{ what: expect.any(String), code: 'INVALIDATION_ITEMS_REFUSED' }])
    expect(outcome.failures[0]?.message).toContain(`CloudFront refuses "${bad}"`)
    expect(await countStale(8)).toBe(1)
    api.refuse = undefined
    expect((await deploy()).result).toBe('fresh')
    expect(await countStale(8)).toBe(0)
  })
})
