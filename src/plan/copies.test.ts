import { describe, expect, it } from 'vitest'
import { liveObject, siteFile, siteState } from '../../test/fakes/nouns.ts'
import type { LiveObject, SiteFile } from '../model.ts'
import { type CopiesInput, findCopies } from './copies.ts'
import type { NeededUpload } from './diff.ts'

const PHOTO = 'photo'.repeat(60_000)
const before = siteFile('img/old.jpg', PHOTO, 'image/jpeg')
const renamed = siteFile('img/new.jpg', PHOTO, 'image/jpeg')
const added = (file: SiteFile): NeededUpload => ({ file, reason: 'new' })

function copies(
  uploads: readonly NeededUpload[],
  objects: readonly LiveObject[] = [liveObject(before)],
  changes: Partial<CopiesInput> = {},
): (string | undefined)[] {
  const recorded = new Map(Object.entries(siteState([before]).objects))
  const found = findCopies(uploads, { objects, recorded, config: { force: false }, ...changes })
  return found.map(({ copyOf }) => copyOf && `${copyOf.key} ${copyOf.etag}`)
}

describe('findCopies', () => {
  it('copies a renamed file from its old key, and so all of its duplicates', () => {
    const again = siteFile('img/again.jpg', PHOTO)
    expect(copies([added(renamed), added(again)])).toEqual(Array(2).fill(`img/old.jpg ${before.etag}`))
  })

  it('copies what nobody recorded when its ETag is the MD5 of the bytes, and it has their size', () => {
    const recorded = new Map()
    expect(copies([added(renamed)], undefined, { recorded })).toEqual([`img/old.jpg ${before.etag}`])
    expect(copies([added(renamed)], [liveObject(before, { sizeBytes: 1 })], { recorded })).toEqual([undefined])
  })

  it('copies from no key that the same deploy writes', () => {
    const replaced = { file: siteFile('img/old.jpg', 'another'), reason: 'bytes changed' } as const
    expect(copies([added(renamed), replaced])).toEqual([undefined, undefined])
    const other = liveObject(siteFile('img/third.jpg', PHOTO))
    expect(copies([added(renamed), replaced], [liveObject(before), other])[0]).toBe(`img/third.jpg ${before.etag}`)
  })

  it('copies nothing whose ETag says nothing of its bytes, as under KMS', () => {
    const etag = '"0123456789abcdef0123456789abcdef"'
    const recorded = new Map(Object.entries(siteState([before], { [before.key]: { etag } }).objects))
    expect(copies([added(renamed)], [liveObject(before, { etag })], { recorded })).toEqual([undefined])
    const config = { force: false, storage: { sse: 'aws:kms' } }
    expect(copies([added(renamed)], undefined, { config })).toEqual([undefined])
  })

  it('copies nothing that is recorded with other bytes of the same MD5', () => {
    const recorded = new Map(Object.entries(siteState([before], { [before.key]: { sha256: 'other' } }).objects))
    expect(copies([added(renamed)], undefined, { recorded })).toEqual([undefined])
  })

  it('sends what is small, forced, or copied onto itself anyway', () => {
    const icon = siteFile('new.ico', 'icon')
    expect(copies([added(icon)], [liveObject(siteFile('old.ico', 'icon'))])).toEqual([undefined])
    expect(copies([added(renamed)], undefined, { config: { force: true } })).toEqual([undefined])
    const itself = { key: 'img/new.jpg', etag: '"live"' }
    const headers = { file: renamed, reason: 'headers changed', copyOf: itself } as const
    expect(copies([headers])).toEqual(['img/new.jpg "live"'])
  })
})
