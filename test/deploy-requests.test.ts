// The requests of a deploy, one by one: changed files, ⌈objects / 1000⌉ and a constant below 12. See docs/decisions/023-requests.md.

import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RequestCounts } from '../src/model.ts'
import type { Ports } from '../src/ports.ts'
import { type Cloud, startCloud } from './cloud.ts'

let cloud: Cloud
let log: string[]
beforeEach(async () => {
  log = []
  cloud = await startCloud({
    emulator: {
      requestLog: ({ service, method, target, status }) => {
        if (service !== 'edge') log.push(`${method} ${target.replace(/\?.*$/u, '')} ${status}`)
      },
    },
  })
  await cloud.write({ 'index.html': 'one', 'about.html': 'about' })
})
afterEach(() => cloud.close())

/** Without polls for completion: how many there are is CloudFront's doing. In order of the alphabet, since some are sent side by side. */
const sent = (): string[] => log.filter((request) => !/^GET .*\/invalidation\/./u.test(request)).toSorted()

describe('a deploy', () => {
  it('of one changed file behind one distribution sends 12 requests: the file, the page of the listing, and 10', async () => {
    await cloud.deploy()
    await cloud.write({ 'index.html': 'two' })
    log.length = 0
    await cloud.deploy()
    const { distributionId: id } = cloud
    expect(sent()).toEqual(
      [
        'GET /site/.freshfront/state.json.gz 200',
        'PUT /site/.freshfront/lock.json 200',
        'GET /site/ 200',
        // Freshfront's own objects, under the lock.
        'GET /site/ 200',
        'GET /2020-05-31/distribution 200',
        `GET /2020-05-31/distribution/${id} 200`,
        'PUT /site/.freshfront/pending.json 200',
        'PUT /site/index.html 200',
        `POST /2020-05-31/distribution/${id}/invalidation 201`,
        'PUT /site/.freshfront/state.json.gz 200',
        'DELETE /site/.freshfront/pending.json 204',
        'DELETE /site/.freshfront/lock.json 204',
      ].toSorted(),
    )
  })

  it('that has nothing to do sends 7: to look, and to take and give back the lock', async () => {
    await cloud.deploy()
    log.length = 0
    expect(await cloud.deploy()).toMatchObject({ result: 'nothing to do' })
    expect(sent()).toHaveLength(7)
  })

  it('tries once, and not again, whether the store keeps to conditional writes', async () => {
    const probes = (): string[] => log.filter((request) => request === 'PUT /site/.freshfront/lock.json 412')
    await cloud.deploy()
    expect(probes()).toHaveLength(1)
    await cloud.deploy({ force: true })
    expect(probes()).toHaveLength(1)
    const otherStore = { ...cloud.ports, bucket: { ...cloud.ports.bucket, store: 'https://other.example' } }
    await cloud.deploy({ force: true }, {}, otherStore)
    expect(probes()).toHaveLength(2)
  })

  it('foresees them in a plan', async () => {
    await cloud.deploy()
    await cloud.write({ 'index.html': 'two' })
    const before = cloud.ports.meter.counts()
    const { plan } = await cloud.deploy({}, { mode: 'plan' })
    log.length = 0
    await cloud.deploy()
    const all = (counts: RequestCounts): number => Object.values(counts).reduce((sum, count) => sum + count, 0)
    expect(all(plan.requests) - all(before)).toBe(sent().length)
  })
})

/** Does something else after the bucket was listed and before the lock is taken. */
function meanwhile(doIt: () => Promise<void>): Ports {
  const { bucket } = cloud.ports
  const listed = deferred()
  let isFirst = true
  return {
    ...cloud.ports,
    bucket: {
      ...bucket,
      async *listObjects(prefix, range) {
        yield* bucket.listObjects(prefix, range)
        listed.resolve()
      },
      async putDocument(...put) {
        if (isFirst) {
          isFirst = false
          await listed.promise
          await doIt()
        }
        return bucket.putDocument(...put)
      },
    },
  }
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined
  const promise = new Promise<void>((resolveIt) => (resolve = resolveIt))
  return { promise, resolve }
}

describe('what is read before the lock is taken', () => {
  const isListing = (request: string): boolean => request === 'GET /site/ 200'

  it('is the bucket too, and one page under the lock shows that it still holds', async () => {
    await cloud.deploy()
    log.length = 0
    await cloud.deploy()
    const locked = log.indexOf('PUT /site/.freshfront/lock.json 200')
    expect(log.slice(0, locked).filter(isListing)).toHaveLength(1)
    expect(log.slice(locked).filter(isListing)).toHaveLength(1)
  })

  it('is listed anew where a deploy has died meanwhile: what it has put is not in the state', async () => {
    await cloud.deploy()
    const dying = {
      ...cloud.ports,
      distributions: { ...cloud.ports.distributions, createInvalidation: () => Promise.reject(new Error('dead')) },
    }
    const outcome = await cloud.deploy(
      {},
      {},
      meanwhile(async () => {
        await cloud.write({ 'about.html': 'about, by one that dies' })
        await cloud.deploy({}, {}, dying)
        await cloud.write({ 'about.html': 'about' })
      }),
    )
    expect(outcome).toMatchObject({ result: 'fresh', uploaded: [{ key: 'about.html' }] })
    expect((await cloud.ask('/about.html')).map(({ body }) => body)).toEqual(cloud.emulator.edges.map(() => 'about'))
  })

  it('is read anew after a minute, since others than Freshfront take no lock', async () => {
    await cloud.deploy()
    const putByHand = async (key: string): Promise<void> => {
      await cloud.ports.bucket.putDocument(key, Buffer.from('by hand'), 'text/html')
    }
    const soon = meanwhile(() => putByHand('about.html'))
    expect(await cloud.deploy({}, {}, soon)).toMatchObject({ result: 'nothing to do' })
    const late = meanwhile(async () => {
      await putByHand('index.html')
      await cloud.ports.clock.sleep(60_001)
    })
    log.length = 0
    const { uploaded } = await cloud.deploy({}, {}, late)
    expect(log.filter((request) => request === 'GET /2020-05-31/distribution 200')).toHaveLength(2)
    expect(uploaded.map(({ key }) => key).toSorted()).toEqual(['about.html', 'index.html'])
  })

  it('is listed under the lock where that did not work before', async () => {
    await cloud.deploy()
    const { bucket } = cloud.ports
    let isFirst = true
    const outcome = await cloud.deploy(
      {},
      {},
      {
        ...cloud.ports,
        bucket: {
          ...bucket,
          listObjects(prefix, range) {
            if (!isFirst) return bucket.listObjects(prefix, range)
            isFirst = false
            throw new Error('cut off')
          },
        },
      },
    )
    expect(outcome.result).toBe('nothing to do')
  })

  it('is read anew where somebody else has deployed meanwhile', async () => {
    await cloud.deploy()
    const { bucket } = cloud.ports
    let isFirst = true
    const overtaken = {
      ...cloud.ports,
      bucket: {
        ...bucket,
        async getDocument(key: string) {
          const document = await bucket.getDocument(key)
          if (!isFirst) return document
          isFirst = false
          await cloud.write({ 'about.html': 'about, by another' })
          await cloud.deploy()
          await cloud.write({ 'about.html': 'about' })
          return document
        },
      },
    }
    const outcome = await cloud.deploy({}, {}, overtaken)
    expect(outcome.uploaded).toMatchObject([{ key: 'about.html' }])
    expect(outcome.plan.uploads).toMatchObject([{ reason: 'bytes changed' }])
    expect(await cloud.deploy()).toMatchObject({ result: 'nothing to do' })
  })

  it('leaves it to the folder to be wrong first, and to the lock to say what may not be done', async () => {
    await expect(cloud.deploy({ dir: join(cloud.dir, 'none') })).rejects.toMatchObject({ code: 'SOURCE_NOT_FOUND' })
    expect(log).toEqual([])
    await cloud.deploy()
    await cloud.ports.bucket.putDocument('.freshfront/state.json.gz', Buffer.from('{}'), 'application/gzip')
    await expect(cloud.deploy()).rejects.toMatchObject({ code: 'STATE_NOT_READABLE' })
    expect(await cloud.ports.bucket.getDocument('.freshfront/lock.json')).toBeUndefined()
  })
})
