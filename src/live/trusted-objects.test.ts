import { describe, expect, it } from 'vitest'
import { siteFile, siteState } from '../../test/fakes/nouns.ts'
import { stateNotTrusted, stateTrusted, trustedObjects } from './trusted-objects.ts'

describe('trustedObjects', () => {
  it('are what the last release recorded, in the order of a listing, as old as that release', () => {
    const files = ['b.html', '\u{1F600}.html', '\uFF5E.html', 'a/b.html'].map((key) => siteFile(key, 'x'))
    const common = { etag: '"9dd4e461268c8034f5c8564e155c67a6"', sizeBytes: 1, lastModifiedMs: 1_767_225_600_000 }
    expect(trustedObjects(siteState(files))).toEqual([
      { key: 'a/b.html', ...common },
      { key: 'b.html', ...common },
      { key: '\uFF5E.html', ...common },
      { key: '\u{1F600}.html', ...common },
    ])
  })

  it('have the ETag that S3 gave, where it says nothing of the bytes', () => {
    const state = siteState([siteFile('a.html')], { 'a.html': { etag: '"of-kms"' } })
    expect(trustedObjects(state)).toMatchObject([{ key: 'a.html', etag: '"of-kms"', sizeBytes: 6 }])
  })

  it('are none of a release without files', () => {
    expect(trustedObjects(siteState([]))).toEqual([])
  })
})

describe('what the user is told of a listing that was spared', () => {
  it('names the release that is believed, or why it is not', () => {
    expect(stateTrusted(siteState([]))).toMatchObject({
      code: 'STATE_TRUSTED',
      message: expect.stringContaining('as release r1 left it') as string,
    })
    expect(stateNotTrusted('a run that did not finish left a debt')).toEqual({
      code: 'STATE_NOT_TRUSTED',
      message: 'The bucket was listed in spite of --trust-state, since a run that did not finish left a debt.',
    })
  })
})
