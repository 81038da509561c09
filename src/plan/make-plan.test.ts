import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { distribution, liveObject, siteFile, siteState } from '../../test/fakes/nouns.ts'
import type { Plan, RequestCounts, SiteFile } from '../model.ts'
import { makePlan, planHasWork, type PlanInput } from './make-plan.ts'

const hash = (text: string): string => createHash('sha256').update(text).digest('hex')
const nothing: RequestCounts = {
  put: 0,
  copy: 0,
  list: 0,
  head: 0,
  get: 0,
  delete: 0,
  readDistribution: 0,
  createInvalidation: 0,
  readInvalidation: 0,
}
const page = siteFile('index.html', 'new')
const before = siteFile('index.html', 'old')
const style = siteFile('style.css')

function plan(files: readonly SiteFile[], live: readonly SiteFile[], more: Partial<PlanInput> = {}): Plan {
  return makePlan({
    site: { dir: '/site', files, skipped: [], secrets: [] },
    live: {
      bucket: 'site',
      prefix: '',
      objects: live.map((file) => liveObject(file)),
      distributions: [distribution()],
      website: undefined,
    },
    state: siteState(live),
    debt: undefined,
    config: { prefix: '', force: false, delete: false, urls: [] },
    isExcluded: () => false,
    isKeptByRule: () => false,
    release: 'r2',
    nowMs: Date.UTC(2026, 0, 2),
    requestsSoFar: nothing,
    hash,
    runFunction: () => ({ kind: 'response' }),
    ...more,
  })
}

describe('makePlan', () => {
  it('has nothing to do when what is live is what is on disk', () => {
    const made = plan([page, style], [page, style])
    expect(planHasWork(made, siteState([page]))).toBe(false)
    expect(made.unchanged).toBe(2)
    expect(made.requests).toEqual(nothing)
  })

  it('uploads the changed page and invalidates exactly its URLs', () => {
    const made = plan([page, style], [before, style])
    expect(made.uploads.map(({ key, reason }) => `${key} ${reason}`)).toEqual(['index.html bytes changed'])
    expect(made.invalidations.flatMap(({ items }) => items.map(({ item }) => item))).toEqual(['/', '/index.html'])
    const puts = [{ key: 'index.html', etag: page.etag }]
    expect(made.debt).toEqual({ formatVersion: 1, release: 'r2', keys: ['index.html'], puts, paths: 2 })
  })

  it('remembers what each unfinished run was about to put until the debt is paid', () => {
    const puts = [{ key: 'index.html', etag: '"of a run that died"' }]
    const debt = { formatVersion: 1 as const, release: 'r1', keys: ['index.html'], puts }
    const made = plan([page], [before], { debt })
    expect(made.debt?.puts).toEqual([...puts, { key: 'index.html', etag: page.etag }])
  })

  it('has the clearing to do of a debt that owes no key', () => {
    const made = plan([page], [page], { debt: { formatVersion: 1, release: 'r1', keys: [] } })
    expect(planHasWork(made, siteState([page]))).toBe(true)
    expect(made.requests).toEqual({ ...nothing, list: 1, put: 1, delete: 1 })
  })

  it('foresees every request: two puts for what it must remember, one delete to clear the debt', () => {
    const made = plan([page, style], [before, style, siteFile('gone.html')])
    expect(made.requests).toEqual({ ...nothing, put: 3, delete: 2, createInvalidation: 1 })
  })

  it('counts the parts of a large upload', () => {
    const large = { ...siteFile('film.mp4'), sizeBytes: 20 * 1024 * 1024 }
    expect(plan([large], []).requests.put).toBe(3 + 2 + 2)
  })

  it('orders uploads by wave', () => {
    const made = plan([page, siteFile('about/index.html'), style], [])
    expect(made.uploads.map(({ key, wave }) => `${wave} ${key}`)).toEqual([
      '1 style.css',
      '2 about/index.html',
      '3 index.html',
    ])
  })

  it('pays an old debt under its own release while nothing is written, and under a new one otherwise', () => {
    const debt = { formatVersion: 1 as const, release: 'r1', keys: ['style.css'] }
    const paying = plan([style], [style], { debt })
    expect(paying.release).toBe('r1')
    expect(paying.invalidations[0]?.callerReference).toBe(
      plan([style], [style], { debt, release: 'r3' }).invalidations[0]?.callerReference,
    )
    const writing = plan([page, style], [before, style], { debt })
    expect(writing.release).toBe('r2')
    expect(writing.debt?.keys).toEqual(['index.html', 'style.css'])
  })

  it('plans for each distribution by itself', () => {
    const second = distribution({ id: 'E2', defaultRootObject: '' })
    const live = {
      bucket: 'site',
      prefix: '',
      objects: [liveObject(before), liveObject(style)],
      distributions: [distribution(), second],
      website: undefined,
    }
    const state = { ...siteState([before, style]), distributions: { E1: {}, E2: {} } }
    const made = plan([page, style], [before, style], { live, state })
    expect(made.invalidations.map(({ distribution: id, items }) => [id, ...items.map(({ item }) => item)])).toEqual([
      ['E1', '/', '/index.html'],
      ['E2', '/index.html'],
    ])
  })

  it('warns when no distribution serves the bucket', () => {
    const live = { bucket: 'site', prefix: '', objects: [], distributions: [], website: undefined }
    expect(plan([page], [], { live }).warnings.map(({ code }) => code)).toEqual(['NO_DISTRIBUTION'])
  })

  it('names files that it left in the folder on its own account', () => {
    const skipped = [{ path: '.DS_Store', reason: 'never-deployed' as const }]
    const site = { dir: '/site', files: [page], skipped, secrets: [] }
    expect(plan([page], [page], { site }).warnings[0]?.message).toContain('".DS_Store"')
  })

  it('purges a distribution once of everything when the last release did not know it', () => {
    const live = {
      bucket: 'site',
      prefix: '',
      objects: [liveObject(page)],
      distributions: [distribution({ id: 'E9' })],
      website: undefined,
    }
    const made = plan([page], [page], { live })
    expect(made.invalidations.map(({ distribution: id, items }) => [id, ...items.map(({ item }) => item)])).toEqual([
      ['E9', '/*'],
    ])
    expect(planHasWork(made, siteState([page]))).toBe(true)
  })

  it('tags every object when a distribution has begun to read tags, without sending its bytes, and purges all once', () => {
    const distributions = [distribution({ cacheTagHeader: 'x-amz-meta-cache-tag' })]
    const objects = [liveObject(before), liveObject(style)]
    const live = { bucket: 'site', prefix: '', objects, distributions, website: undefined }
    const made = plan([page, style], [before, style], { live })
    expect(
      made.uploads.map(({ key, reason, cacheTags, copyOf }) => [key, reason, Object.keys(cacheTags), copyOf]),
    ).toEqual([
      ['style.css', 'cache tags', ['cache-tag'], { key: 'style.css', etag: style.etag }],
      ['index.html', 'bytes changed', ['cache-tag'], undefined],
    ])
    expect(made.invalidations.flatMap(({ items }) => items.map(({ item }) => item))).toEqual(['/*'])
    expect(made.distributions).toEqual({ E1: { tags: { header: 'x-amz-meta-cache-tag', since: 'r2' } } })
    // Tags are no change: only the page counts as one.
    expect(made.deploys).toEqual({ scheme: 1, deploy: 2, quiet: [] })
  })

  it('sends no bytes where only headers changed', () => {
    const renamed = { ...style, metadata: { contentType: 'text/css' } }
    const made = plan([page, renamed], [page, style])
    expect(made.uploads.map(({ key, reason, copyOf }) => [key, reason, copyOf])).toEqual([
      ['style.css', 'headers changed', { key: 'style.css', etag: style.etag }],
    ])
    expect(made.requests).toMatchObject({ copy: 1, put: 2 })
  })

  it('explains a tag header that S3 does not send', () => {
    const live = {
      bucket: 'site',
      prefix: '',
      objects: [],
      distributions: [distribution({ cacheTagHeader: 'Cache-Tag' })],
      website: undefined,
    }
    expect(plan([], [], { live }).warnings.map(({ code }) => code)).toEqual(['TAG_HEADER_NOT_METADATA'])
  })
})
