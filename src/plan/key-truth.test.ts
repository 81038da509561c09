import { describe, expect, it } from 'vitest'
import { liveObject, siteFile, siteState } from '../../test/fakes/nouns.ts'
import { type DeployedInput, truthAfterDeploy, truthOfState } from './key-truth.ts'

const page = siteFile('page.html', 'new')
const old = siteFile('page.html', 'old')

function truthOf(key: string, changes: Partial<DeployedInput> = {}) {
  const nothing = {
    prefix: '',
    files: [],
    objects: [],
    state: siteState([]),
    debt: undefined,
    uploads: [],
    removals: [],
  }
  return truthAfterDeploy({ ...nothing, ...changes })(key)
}

describe('truthAfterDeploy', () => {
  it('takes a file for what will be live, with the ETag that is listed unless it is written anew', () => {
    const { sha256, sizeBytes, metadata, etag } = page
    const listed = { files: [page], objects: [liveObject(page)], state: siteState([page]) }
    expect(truthOf('page.html', listed).now).toEqual({ sha256, sizeBytes, metadata, etag })
    expect(truthOf('page.html', { ...listed, uploads: [page] }).now).toEqual({ sha256, sizeBytes, metadata })
  })

  it('takes what was recorded for what caches may still hold', () => {
    const changed = { files: [page], objects: [liveObject(old)], state: siteState([old]), uploads: [page] }
    expect(truthOf('page.html', changed).before).toMatchObject({ sha256: old.sha256 })
    expect(truthOf('page.html', { files: [page] }).before).toBeUndefined()
  })

  it.each<[string, Partial<DeployedInput>]>([
    ['nothing is recorded', { state: undefined }],
    ['a purge is owed', { debt: { formatVersion: 1, release: 'r0', keys: ['page.html'] } }],
    ['someone else wrote it', { objects: [liveObject(old, { etag: '"other"' })] }],
  ])('does not know what caches hold where %s', (_, changes) => {
    const input = { files: [page], objects: [liveObject(old)], state: siteState([old]), ...changes }
    expect(truthOf('page.html', input).before).toBe('unknown')
  })

  it('does not know the bytes of an object that it did not put there, nor what lies outside of the prefix', () => {
    expect(truthOf('page.html', { objects: [liveObject(page)] }).now).toBe('unknown')
    expect(truthOf('page.html', { prefix: 'blog/' })).toEqual({ now: 'unknown', before: 'unknown' })
  })

  it('knows that a removed key is gone', () => {
    const removed = { objects: [liveObject(old)], state: siteState([old]), removals: [old] }
    expect(truthOf('page.html', removed)).toMatchObject({ now: undefined, before: { sha256: old.sha256 } })
  })
})

describe('truthOfState', () => {
  it('takes what the last release recorded for what is live', () => {
    const { sha256, sizeBytes, metadata, etag } = page
    expect(truthOfState(siteState([page]), '')('page.html').now).toEqual({ sha256, sizeBytes, metadata, etag })
    expect(truthOfState(siteState([page]), '')('other.html').now).toBeUndefined()
  })
})
