import { describe, expect, it } from 'vitest'
import { fakeClock } from '../../test/fakes/fake-clock.ts'
import { memoryDistributions } from '../../test/fakes/memory-distributions.ts'
import { distribution } from '../../test/fakes/nouns.ts'
import { edgeNotAnswering } from '../errors.ts'
import type { ExpectedAnswer, PlannedCheck, PlannedChecks } from '../model.ts'
import type { ViewerAnswer, ViewerRequest } from '../ports.ts'
import { verifyEdges } from './verify.ts'

const EDGES = ['FRA56', 'NRT57'].map((address) => ({ distribution: 'E1', origin: 'http://site.test', address }))

function check(path: string, changes: Partial<ExpectedAnswer & { kind: 'object' }> = {}): PlannedCheck {
  const metadata = { contentType: 'text/html' }
  const object = { kind: 'object' as const, sha256: 'new', sizeBytes: 3, metadata, headersMayDiffer: false, ...changes }
  return { distribution: 'E1', path, key: path.slice(1), expect: object, items: [path] }
}

const planned = (...list: PlannedCheck[]): PlannedChecks => ({ list, keys: list.length, ofKeys: list.length })
const fresh: ViewerAnswer = { status: 200, headers: { 'content-type': 'text/html' }, sha256: 'new', sizeBytes: 3 }
const old: ViewerAnswer = { ...fresh, sha256: 'old' }

interface World {
  readonly checks: PlannedChecks
  readonly answer: (request: ViewerRequest, nth: number) => ViewerAnswer
  readonly signal?: AbortSignal
  readonly onlyLooks?: boolean
}

async function verify({ checks, answer, signal, onlyLooks = false }: World) {
  const asked: ViewerRequest[] = []
  const distributions = memoryDistributions([distribution()])
  const clock = fakeClock()
  const viewer = {
    ask(request: ViewerRequest): Promise<ViewerAnswer> {
      asked.push(request)
      return new Promise((resolve) => resolve(answer(request, asked.length)))
    },
  }
  const planAgain = (stale: readonly PlannedCheck[]) => [
    {
      distribution: 'E1',
      callerReference: 'again',
      items: stale.flatMap(({ items }) => items.map((item) => ({ item, reasons: ['stale'] }))),
    },
  ]
  const result = await verifyEdges(
    checks,
    EDGES,
    { viewer, distributions, clock },
    { ...(!onlyLooks && { planAgain }), onEvent: () => undefined, signal },
  )
  return { ...result, asked, sent: distributions.sent, clock }
}

describe('verifyEdges', () => {
  it('asks every edge for text in each encoding, and for pictures as browsers do', async () => {
    const checks = planned(check('/a.html'), check('/b.png', { metadata: { contentType: 'image/png' } }))
    const { verification, asked } = await verify({
      checks,
      answer: ({ url }) => (url.endsWith('png') ? { ...fresh, headers: { 'content-type': 'image/png' } } : fresh),
    })
    const ofOneEdge = asked.filter(({ address }) => address === 'NRT57')
    expect(ofOneEdge.map(({ url, headers }) => `${url} ${headers['accept-encoding']}`)).toEqual([
      'http://site.test/a.html identity',
      'http://site.test/a.html gzip',
      'http://site.test/a.html gzip, deflate, br',
      'http://site.test/b.png gzip, deflate, br',
    ])
    expect(verification).toMatchObject({ urls: 2, edges: 2, requests: 8, stale: [], unchecked: [] })
  })

  it('purges what is stale once more, and asks every edge again', async () => {
    const { verification, asked, sent } = await verify({
      checks: planned(check('/a.html'), check('/b.html')),
      answer: ({ url, address }, nth) => (url.endsWith('/b.html') && address === 'NRT57' && nth <= 12 ? old : fresh),
    })
    expect(sent).toEqual([{ distribution: 'E1', items: ['/b.html'], callerReference: 'again' }])
    expect(asked.slice(12).map(({ url }) => url)).toEqual(Array.from({ length: 6 }, () => 'http://site.test/b.html'))
    expect(verification).toMatchObject({ urls: 2, stale: [], purgedAgain: [{ status: 'Completed' }] })
  })

  it('names what stays stale, with the edge and the encoding', async () => {
    const { verification, sent } = await verify({
      checks: planned(check('/a.html')),
      answer: ({ headers, address }) => (address === 'FRA56' && headers['accept-encoding'] === 'gzip' ? old : fresh),
    })
    expect(sent).toHaveLength(1)
    expect(verification.stale).toEqual([
      {
        distribution: 'E1',
        key: 'a.html',
        url: 'http://site.test/a.html',
        edge: 'FRA56',
        encoding: 'gzip',
        expected: '200, 3 bytes (new…)',
        got: '200, 3 bytes (old…)',
      },
    ])
  })

  it('only looks where it is not told how to purge', async () => {
    const { verification, sent } = await verify({
      checks: planned(check('/a.html')),
      answer: () => old,
      onlyLooks: true,
    })
    expect([sent.length, verification.stale.length]).toEqual([0, 6])
  })

  it('asks again where there is no answer, and says so in the end', async () => {
    const broken = (): never => {
      throw edgeNotAnswering('http://site.test/a.html', 'connection refused')
    }
    const recovered = await verify({
      checks: planned(check('/a.html')),
      answer: (_, nth) => (nth === 1 ? broken() : nth === 2 ? { ...fresh, status: 503 } : fresh),
    })
    expect(recovered.verification).toMatchObject({ requests: 6, unchecked: [] })
    const { verification } = await verify({ checks: planned(check('/a.html')), answer: broken })
    expect(verification).toMatchObject({ edges: 0, stale: [] })
    expect(verification.unchecked[0]).toEqual({
      url: 'http://site.test/a.html',
      edge: 'FRA56',
      kind: 'no answer',
      why: 'http://site.test/a.html gives no answer: connection refused.',
    })
  })

  it('hashes as it comes what was stored compressed, and asks only for the headers of what is large', async () => {
    const stored = check('/a.svgz', { metadata: { contentType: 'image/svg+xml', contentEncoding: 'gzip' } })
    const large = check('/film.mp4', { sizeBytes: 64 * 1024 * 1024, metadata: { contentType: 'video/mp4' } })
    const { asked } = await verify({ checks: planned(stored, large), answer: () => fresh })
    expect(asked.some(({ url, decodes }) => url.endsWith('svgz') && decodes)).toBe(false)
    expect(asked.find(({ url }) => url.endsWith('mp4'))).toMatchObject({ method: 'HEAD' })
  })

  it('stops asking when the run is stopped', async () => {
    const { verification, asked } = await verify({
      checks: planned(check('/a.html')),
      answer: () => fresh,
      signal: AbortSignal.abort(),
    })
    expect([asked.length, verification.unchecked.length, verification.unchecked[0]?.why]).toEqual([
      0,
      6,
      'the run was stopped',
    ])
  })
})
