import { describe, expect, it } from 'vitest'
import { liveObject, plannedCost, siteFile, siteState } from '../../test/fakes/nouns.ts'
import { nextState, type NextStateInput } from './next-state.ts'

const page = siteFile('index.html')
const nextPlan: NextStateInput['plan'] = {
  release: 'r2',
  uploads: [],
  kept: [],
  keptByRule: [],
  distributions: { E1: {} },
  deploys: { scheme: 1, deploy: 2, quiet: [2] },
  tagSalt: 'salt',
  cost: plannedCost({ paths: 3 }),
  debt: undefined,
}

function next(input: Partial<NextStateInput>): ReturnType<typeof nextState> {
  return nextState({
    plan: nextPlan,
    completedAtMs: Date.UTC(2026, 0, 2),
    files: [],
    uploaded: [],
    objects: [],
    before: undefined,
    isExcluded: () => false,
    removed: [],
    ...input,
  })
}

describe('nextState', () => {
  it('records an upload with the ETag that S3 answered', () => {
    const { objects, release, completedAt } = next({ files: [page], uploaded: [{ key: 'index.html', etag: '"kms"' }] })
    expect(objects['index.html']).toMatchObject({ etag: '"kms"', sha256: page.sha256, changedIn: 'r2' })
    expect([release, completedAt]).toEqual(['r2', '2026-01-02T00:00:00.000Z'])
  })

  it('remembers the digest of a text without what is ignored', () => {
    const { objects } = next({ files: [{ ...page, stableSha256: '5a' }], objects: [liveObject(page)] })
    expect(objects['index.html']).toMatchObject({ sha256: page.sha256, stableSha256: '5a' })
  })

  it('keeps when an unchanged object last changed', () => {
    const { objects } = next({ files: [page], objects: [liveObject(page)], before: siteState([page]) })
    expect(objects['index.html']?.changedIn).toBe('r1')
  })

  it('adopts an object that was there already', () => {
    const { objects } = next({ files: [page], objects: [liveObject(page)] })
    expect(objects['index.html']).toMatchObject({ etag: page.etag, changedIn: 'r2' })
  })

  it('forgets what was removed, and keeps what filters left alone, there or not', () => {
    const kept = siteFile('drafts/a.html')
    const gone = siteFile('drafts/b.html')
    const isExcluded = (key: string): boolean => key.startsWith('drafts/')
    const { objects } = next({ objects: [liveObject(kept)], before: siteState([page, kept, gone]), isExcluded })
    expect(Object.keys(objects)).toEqual(['drafts/a.html', 'drafts/b.html'])
  })

  it('remembers since when a kept asset has left the build, until it comes back', () => {
    const asset = siteFile('app.3f2a91c0.js')
    const left = { leftIn: 'r2', leftAt: '2026-01-02T00:00:00.000Z', releases: 1 }
    const plan = { ...nextPlan, kept: [{ key: asset.key, ...left }] }
    const state = next({ plan, objects: [liveObject(asset)], before: siteState([asset]) })
    expect(state.objects[asset.key]).toEqual({ ...siteState([asset]).objects[asset.key], left })
    const back = next({ files: [asset], objects: [liveObject(asset)], before: state })
    expect(back.objects[asset.key]).toEqual({ ...siteState([asset]).objects[asset.key], bodyMd5: true })
  })

  it('remembers for a year what was removed, until it comes back', () => {
    const first = next({ removed: ['old.css'], before: siteState([page]) })
    expect(first.gone).toEqual({ 'old.css': '2026-01-02T00:00:00.000Z' })
    expect(next({ before: first, completedAtMs: Date.UTC(2026, 11, 31) }).gone).toEqual(first.gone)
    expect(next({ before: first, completedAtMs: Date.UTC(2027, 0, 5) }).gone).toBeUndefined()
    const file = siteFile('old.css')
    expect(next({ before: first, files: [file], objects: [liveObject(file)] }).gone).toBeUndefined()
  })

  it("counts the month's paths, also those that runs that died may have sent, and when they were", () => {
    const spending = { month: '2026-01', paths: 10, purgedAt: ['2025-11-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z'] }
    const before = { ...siteState([page]), spending }
    const now = '2026-01-02T00:00:00.000Z'
    expect(next({ before }).spending).toEqual({ month: '2026-01', paths: 13, purgedAt: [spending.purgedAt[1], now] })
    const debt = { formatVersion: 1 as const, release: 'r2', keys: [], paths: 8 }
    expect(next({ before, plan: { ...nextPlan, debt } }).spending.paths).toBe(18)
    expect(next({ before, completedAtMs: Date.UTC(2026, 1, 2) }).spending).toMatchObject({ month: '2026-02', paths: 3 })
  })

  it('remembers with which tags and history an object was last written, and keeps those of the others', () => {
    const file = siteFile('a.html')
    const upload = { key: file.key, reason: 'new' as const, sizeBytes: 1, wave: 1, file, history: [2, 1, 1, 0, 2] }
    const plan = { ...nextPlan, uploads: [{ ...upload, cacheTags: { 'cache-tag': 'o1,t2' } }] }
    const { objects } = next({ plan, files: [file], uploaded: [{ key: 'a.html', etag: '"1"' }] })
    expect(objects['a.html']).toMatchObject({ history: [2, 1, 1, 0, 2], tagNames: ['cache-tag'] })
    const later = next({ files: [file], objects: [liveObject(file)], before: { ...siteState([]), objects } })
    expect(later.objects['a.html']).toMatchObject({
      history: [2, 1, 1, 0, 2],
      tagNames: ['cache-tag'],
      changedIn: 'r2',
    })
  })

  it('remembers that an object is ours which a rule keeps, and not that somebody else has written it', () => {
    const own = siteFile('uploads/a.png')
    const other = siteFile('uploads/b.png')
    const keptByRule = [
      { key: own.key, isOwn: true },
      { key: other.key, isOwn: false },
    ]
    const plan = { ...nextPlan, keptByRule }
    const before = siteState([own, other])
    expect(next({ plan, before }).objects).toEqual({ [own.key]: before.objects[own.key] })
  })

  it('takes a key named __proto__ for a key', () => {
    const file = siteFile('__proto__')
    expect(Object.keys(next({ files: [file], objects: [liveObject(file)] }).objects)).toEqual(['__proto__'])
  })
})
