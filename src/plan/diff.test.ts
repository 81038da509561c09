import { describe, expect, it } from 'vitest'
import { liveObject, siteFile, siteState } from '../../test/fakes/nouns.ts'
import { type DiffInput, diffSite, keysWithUnknownHeaders } from './diff.ts'

const page = siteFile('index.html', 'hello')

function diff(input: Partial<DiffInput>): ReturnType<typeof diffSite> {
  return diffSite({
    files: [],
    objects: [],
    state: siteState([]),
    debt: undefined,
    isExcluded: () => false,
    force: false,
    deleteForeign: false,
    isKept: () => false,
    isKeptByRule: () => false,
    tagNames: [],
    lacksTags: () => false,
    ...input,
  })
}

const reasons = (result: ReturnType<typeof diffSite>): string[] =>
  result.uploads.map(({ file, reason }) => `${file.key}: ${reason}`)
const stale = (result: ReturnType<typeof diffSite>): string[] => result.stale.map(({ key, kind }) => `${key}: ${kind}`)

describe('diffSite', () => {
  it('does nothing for a file that is live as it was recorded', () => {
    const result = diff({ files: [page], objects: [liveObject(page)], state: siteState([page]) })
    expect(result).toEqual({
      uploads: [],
      removals: [],
      kept: [],
      keptByRule: [],
      unchanged: 1,
      stale: [],
      foreign: [],
    })
  })

  it('neither removes nor purges what is kept, and does not purge it when its time has come', () => {
    const asset = siteFile('app.3f2a91c0.js')
    const objects = [liveObject(asset)]
    const kept = diff({ objects, state: siteState([asset]), isKept: () => true })
    expect(kept).toMatchObject({ removals: [], kept: [asset.key], keptByRule: [], stale: [], foreign: [] })
    const left = { leftIn: 'r1', leftAt: '2026-01-01T00:00:00.000Z', releases: 3 }
    const removed = diff({ objects, state: siteState([asset], { [asset.key]: { left } }) })
    expect(removed.removals.map(({ key }) => key)).toEqual([asset.key])
    expect(removed.stale).toEqual([])
  })

  it('neither removes nor purges what a rule keeps: the same is live as before', () => {
    const upload = siteFile('uploads/a.png')
    const input = { objects: [liveObject(upload)], state: siteState([upload]) }
    expect(diff({ ...input, isKeptByRule: (key) => key.startsWith('uploads/') })).toMatchObject({
      removals: [],
      keptByRule: [{ key: 'uploads/a.png', isOwn: true }],
      stale: [],
    })
    expect(diff(input)).toMatchObject({ removals: [{ key: 'uploads/a.png' }], stale: [{ kind: 'removed' }] })
  })

  it('keeps by rule what somebody else put there from --delete alone; without it, it is foreign as ever', () => {
    const objects = [liveObject(page)]
    const isKeptByRule = (): boolean => true
    const deleting = diff({ objects, isKeptByRule, deleteForeign: true })
    expect(deleting).toMatchObject({ removals: [], keptByRule: [{ key: 'index.html', isOwn: false }], foreign: [] })
    expect(diff({ objects, isKeptByRule })).toMatchObject({ keptByRule: [], foreign: ['index.html'] })
  })

  it('purges a key that a rule keeps when somebody else has changed or removed it', () => {
    const state = siteState([page])
    const changed = diff({ objects: [liveObject(page, { etag: '"other"' })], state, isKeptByRule: () => true })
    expect(stale(changed)).toEqual(['index.html: changed'])
    expect(stale(diff({ state, isKeptByRule: () => true }))).toEqual(['index.html: removed'])
  })

  it('uploads a new file; caches can only know that it was missing', () => {
    const result = diff({ files: [page] })
    expect(reasons(result)).toEqual(['index.html: new'])
    expect(stale(result)).toEqual(['index.html: added'])
  })

  it('sees a change of bytes at equal size', () => {
    const before = siteFile('index.html', 'hellO')
    const result = diff({ files: [page], objects: [liveObject(before)], state: siteState([before]) })
    expect(reasons(result)).toEqual(['index.html: bytes changed'])
    expect(stale(result)).toEqual(['index.html: changed'])
  })

  it('sees a change of headers alone, which leaves the ETag as it was', () => {
    const before = siteFile('index.html', 'hello', 'text/plain')
    const result = diff({ files: [page], objects: [liveObject(before)], state: siteState([before]) })
    expect(reasons(result)).toEqual(['index.html: headers changed'])
    expect(stale(result)).toEqual(['index.html: changed'])
  })

  it('knows by the state that an object with a KMS or multipart ETag has not changed', () => {
    const etag = '"0123456789abcdef0123456789abcdef-3"'
    const state = siteState([page], { 'index.html': { etag } })
    const result = diff({ files: [page], objects: [liveObject(page, { etag })], state })
    expect(result.uploads).toEqual([])
    expect(result.stale).toEqual([])
  })

  it('removes what only a run that died has put, and leaves what somebody else has put under such a key', () => {
    const theirs = siteFile('theirs.html', 'by another tool')
    const puts = ['index.html', 'theirs.html'].map((key) => ({ key, etag: page.etag }))
    const debt = { formatVersion: 1 as const, release: 'r1', keys: ['index.html', 'theirs.html'], puts }
    const result = diff({ objects: [liveObject(page), liveObject(theirs)], debt })
    expect(result.removals).toEqual([{ key: 'index.html', reason: 'no longer in the site' }])
    expect(result.foreign).toEqual(['theirs.html'])
  })

  it('repairs what someone else wrote over, and purges what edges may have cached of it', () => {
    const theirs = liveObject(siteFile('index.html', 'howdy'))
    const result = diff({ files: [page], objects: [theirs], state: siteState([page]) })
    expect(reasons(result)).toEqual(['index.html: changed by someone else'])
    expect(stale(result)).toEqual(['index.html: changed'])
  })

  it('puts back what someone else deleted without a purge: caches hold it or an error that runs out', () => {
    const result = diff({ files: [page], state: siteState([page]) })
    expect(reasons(result)).toEqual(['index.html: new'])
    expect(stale(result)).toEqual(['index.html: added'])
  })

  it('removes what it deployed and the site no longer has', () => {
    const result = diff({ objects: [liveObject(page)], state: siteState([page]) })
    expect(result.removals).toEqual([{ key: 'index.html', reason: 'no longer in the site' }])
    expect(stale(result)).toEqual(['index.html: removed'])
  })

  it('purges what it deployed and someone else removed', () => {
    expect(stale(diff({ state: siteState([page]) }))).toEqual(['index.html: removed'])
  })

  it('leaves and names what it did not deploy, also where its own object was overwritten', () => {
    const other = siteFile('upload.pdf')
    const objects = [liveObject(other), liveObject(page, { etag: '"theirs"' })]
    const result = diff({ objects, state: siteState([page]) })
    expect(result.removals).toEqual([])
    expect(result.foreign).toEqual(['upload.pdf', 'index.html'])
    expect(stale(result)).toEqual(['index.html: changed'])
  })

  it('removes foreign objects with --delete', () => {
    const result = diff({ objects: [liveObject(siteFile('upload.pdf'))], deleteForeign: true })
    expect(result.removals).toEqual([{ key: 'upload.pdf', reason: 'not in the site (--delete)' }])
    expect(stale(result)).toEqual(['upload.pdf: removed'])
  })

  it('does not touch excluded keys, not even with --delete', () => {
    const result = diff({
      objects: [liveObject(page)],
      state: siteState([page]),
      deleteForeign: true,
      isExcluded: (key) => key === 'index.html',
    })
    expect(result).toEqual({
      uploads: [],
      removals: [],
      kept: [],
      keptByRule: [],
      unchanged: 0,
      stale: [],
      foreign: [],
    })
  })

  it('pays the debt of a run that was not finished, even where disk and bucket agree', () => {
    const debt = { formatVersion: 1 as const, release: 'r0', keys: ['index.html', 'gone.html'] }
    const result = diff({ files: [page], objects: [liveObject(page)], state: siteState([page]), debt })
    expect(result.uploads).toEqual([])
    expect(stale(result)).toEqual(['index.html: owed', 'gone.html: owed'])
  })

  it('uploads and refreshes all with --force', () => {
    const result = diff({ files: [page], objects: [liveObject(page)], state: siteState([page]), force: true })
    expect(reasons(result)).toEqual(['index.html: forced'])
    expect(stale(result)).toEqual(['index.html: changed'])
  })

  it('takes a key named like a property of every object for a key', () => {
    const file = siteFile('constructor')
    expect(reasons(diff({ files: [file] }))).toEqual(['constructor: new'])
  })

  it('adopts without a state what has the same bytes and headers', () => {
    const objects = [liveObject(page, { metadata: page.metadata })]
    expect(diff({ files: [page], objects, state: undefined }).uploads).toEqual([])
    const plain = [liveObject(page, { metadata: { contentType: 'text/plain' } })]
    expect(reasons(diff({ files: [page], objects: plain, state: undefined }))).toEqual(['index.html: headers changed'])
  })
})

describe('keysWithUnknownHeaders', () => {
  it('asks only for objects with the right bytes that no state vouches for', () => {
    const other = siteFile('other.html')
    const recorded = siteFile('recorded.html')
    const files = [page, other, recorded, siteFile('new.html')]
    const objects = [liveObject(page), liveObject(other, { etag: '"different"' }), liveObject(recorded)]
    expect(keysWithUnknownHeaders(files, objects, siteState([recorded]))).toEqual(['index.html'])
  })
})
