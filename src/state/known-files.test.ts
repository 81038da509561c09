import { describe, expect, it } from 'vitest'
import { siteFile, siteState } from '../../test/fakes/nouns.ts'
import { knownFiles, recordMd5 } from './known-files.ts'

const MIB = 1024 * 1024
const small = siteFile('a.html')
const large = { ...siteFile('film.mp4'), sizeBytes: 9 * MIB, etag: '"0123-2"' }
const KMS_ETAG = '"ffffffffffffffffffffffffffffffff"'

describe('knownFiles', () => {
  it.each([
    ['put in one piece', small, small.etag],
    ['encrypted by KMS, so that its ETag is no MD5', small, KMS_ETAG],
    ['put in parts', large, large.etag],
  ])('gives the digests of a file that was %s as the scan makes them', (_, file, etag) => {
    const bodyMd5 = recordMd5(file, etag) as string
    const known = knownFiles(siteState([file], { [file.key]: { etag, bodyMd5 } }))
    const { sizeBytes, sha256, md5 } = file
    expect(known(file.key)).toEqual({ sizeBytes, sha256, md5, etag: file.etag })
  })

  it.each([
    ['put in parts and encrypted by KMS', large, KMS_ETAG],
    [
      'left as it is live, since the difference is ignored',
      { ...small, etag: '"0123456789abcdef0123456789abcdef"' },
      '"1"',
    ],
  ])('says nothing of a file that was %s', (_, file, etag) => {
    expect(recordMd5(file, etag)).toBeUndefined()
  })

  it('says nothing of what older states hold, nor of keys that every object has', () => {
    const known = knownFiles(siteState([small]))
    expect([known('a.html'), known('toString'), knownFiles(undefined)('a.html')]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })
})
