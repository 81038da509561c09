import { describe, expect, it } from 'vitest'
import { liveObject, siteFile, siteState } from '../../test/fakes/nouns.ts'
import type { SiteFile } from '../model.ts'
import { leaveIgnored, type IgnoredInput } from './ignored.ts'

const live = siteFile('index.html', 'built at nine')
const onDisk: SiteFile = { ...siteFile('index.html', 'built at half past ten'), stableSha256: 'same' }
const world: IgnoredInput = {
  live: { objects: [liveObject(live)] },
  state: siteState([live], { 'index.html': { stableSha256: 'same' } }),
  force: false,
}

function leave(file: SiteFile, changes: Partial<IgnoredInput> = {}): ReturnType<typeof leaveIgnored> {
  return leaveIgnored({ dir: '/site', files: [file], skipped: [], secrets: [] }, { ...world, ...changes })
}

describe('leaveIgnored', () => {
  it('takes a file for what is live when only what is ignored differs', () => {
    const { site, ignored } = leave(onDisk)
    const { sha256, sizeBytes, etag } = live
    expect(site.files).toEqual([{ ...onDisk, sha256, sizeBytes, etag }])
    expect(ignored).toEqual(['index.html'])
  })

  it.each<[string, SiteFile, Partial<IgnoredInput>]>([
    ['the bytes are what is live', { ...live, stableSha256: 'same' }, {}],
    ['something else differs, or the patterns do', { ...onDisk, stableSha256: 'other' }, {}],
    ['no patterns are set', siteFile('index.html', 'built at half past ten'), {}],
    ['nothing was remembered under these patterns', onDisk, { state: siteState([live]) }],
    ['the headers differ too', { ...onDisk, metadata: { contentType: 'text/plain' } }, {}],
    ['the object is gone', onDisk, { live: { objects: [] } }],
    ['somebody else has written it', onDisk, { live: { objects: [liveObject(live, { etag: '"other"' })] } }],
    ['everything is to be uploaded', onDisk, { force: true }],
    ['nothing was ever deployed', onDisk, { state: undefined }],
  ])('leaves a file what it is where %s', (_, file, changes) => {
    expect(leave(file, changes)).toMatchObject({ site: { files: [file] }, ignored: [] })
  })
})
