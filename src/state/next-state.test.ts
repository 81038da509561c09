import { describe, expect, it } from 'vitest'
import { liveObject, siteFile, siteState } from '../../test/fakes/nouns.ts'
import { nextState, type NextStateInput } from './next-state.ts'

const page = siteFile('index.html')

function next(input: Partial<NextStateInput>): ReturnType<typeof nextState> {
  return nextState({
    plan: { release: 'r2', uploads: [], kept: [], distributions: { E1: {} } },
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
    const plan = { release: 'r2', uploads: [], kept: [{ key: asset.key, ...left }], distributions: {} }
    const state = next({ plan, objects: [liveObject(asset)], before: siteState([asset]) })
    expect(state.objects[asset.key]).toEqual({ ...siteState([asset]).objects[asset.key], left })
    const back = next({ files: [asset], objects: [liveObject(asset)], before: state })
    expect(back.objects[asset.key]).toEqual(siteState([asset]).objects[asset.key])
  })

  it('remembers for a year what was removed, until it comes back', () => {
    const first = next({ removed: ['old.css'], before: siteState([page]) })
    expect(first.gone).toEqual({ 'old.css': '2026-01-02T00:00:00.000Z' })
    expect(next({ before: first, completedAtMs: Date.UTC(2026, 11, 31) }).gone).toEqual(first.gone)
    expect(next({ before: first, completedAtMs: Date.UTC(2027, 0, 5) }).gone).toBeUndefined()
    const file = siteFile('old.css')
    expect(next({ before: first, files: [file], objects: [liveObject(file)] }).gone).toBeUndefined()
  })

  it('takes a key named __proto__ for a key', () => {
    const file = siteFile('__proto__')
    expect(Object.keys(next({ files: [file], objects: [liveObject(file)] }).objects)).toEqual(['__proto__'])
  })
})
