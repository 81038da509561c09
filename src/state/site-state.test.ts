import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { memoryBucket } from '../../test/fakes/memory-bucket.ts'
import { siteFile, siteState } from '../../test/fakes/nouns.ts'
import { encodeSiteState, encodeStateParts, readSiteState, readStoredState } from './site-state.ts'

const key = 'blog/.freshfront/state.json.gz'

describe('site state', () => {
  it('is read back as it was written, compressed, beside the site', async () => {
    const bucket = memoryBucket()
    const left = { leftIn: 'r1', leftAt: '2026-01-01T00:00:00.000Z', releases: 2 }
    const files = [siteFile('blog/index.html'), siteFile('blog/__proto__'), siteFile('blog/日本.html')]
    const state = siteState(files, { 'blog/index.html': { left, stableSha256: '5a' } })
    await bucket.putDocument(key, encodeSiteState(state), 'application/gzip')
    expect(await readSiteState(bucket, 'blog/')).toEqual(state)
    expect(JSON.parse(gunzipSync(bucket.stored.get(key)?.body ?? '').toString())).toEqual(state)
  })

  it('of a large site lies in parts, of which each holds the objects of a range of keys', async () => {
    const bucket = memoryBucket()
    const names = ['é', 'a', '😀', 'b', '\uff5e', '__proto__', 'c/d']
    const state = siteState(names.map((name) => siteFile(`blog/${name}`)))
    const { document, parts } = encodeStateParts(state, 'blog/', 3)
    for (const part of parts) await bucket.putDocument(part.key, part.body, 'application/gzip')
    await bucket.putDocument(key, document, 'application/gzip')
    expect(parts.map((part) => part.key)).toEqual(
      [1, 2, 3].map((n) => `blog/.freshfront/state/${state.release}-${n}.json.gz`),
    )
    expect(await readSiteState(bucket, 'blog/')).toEqual(state)
    const some = await readStoredState(bucket, 'blog/', undefined, ({ after }) => after === 'blog/b')
    expect(Object.keys(some?.state.objects ?? {})).toEqual(['blog/c/d', 'blog/é', 'blog/\uff5e'])
    bucket.stored.delete(parts[1]?.key ?? '')
    await expect(readSiteState(bucket, 'blog/')).rejects.toMatchObject({ code: 'STATE_NOT_READABLE' })
    expect(encodeStateParts(state, 'blog/', 4).parts).toEqual([])
  })

  it('is undefined where nothing was ever deployed', async () => {
    expect(await readSiteState(memoryBucket(), 'blog/')).toBeUndefined()
  })

  it.each([
    ['not gzip', Buffer.from('{}'), 'STATE_NOT_READABLE'],
    ['cut off', gzipSync('{"formatVersion":1').subarray(0, 20), 'STATE_NOT_READABLE'],
    ['not JSON', gzipSync('hello'), 'STATE_NOT_READABLE'],
    ['not a state', gzipSync('{"formatVersion":2}'), 'STATE_NOT_READABLE'],
    ['not a state of an older version', gzipSync('{"formatVersion":1}'), 'STATE_NOT_READABLE'],
    ['written by a newer program', gzipSync('{"formatVersion":4,"anything":true}'), 'STATE_TOO_NEW'],
  ])('is refused when it is %s', async (_, body, code) => {
    const bucket = memoryBucket()
    await bucket.putDocument(key, body, 'application/gzip')
    await expect(readSiteState(bucket, 'blog/')).rejects.toMatchObject({ code })
  })

  it('of version 1 is brought up to date: its single tags are forgotten, so that every object is tagged anew', async () => {
    const metadata = { contentType: 'text/html' }
    const object = { etag: '"1"', sizeBytes: 1, sha256: 'a', metadata, changedIn: 'r1' }
    const first = {
      formatVersion: 1,
      release: 'r1',
      completedAt: '2026-01-31T00:00:00.000Z',
      objects: { 'a.html': { ...object, cacheTags: { 'cache-tag': 'ff-1' } } },
      distributions: { E1: { tags: { header: 'x-amz-meta-cache-tag', since: 'r0' } } },
      commit: { id: 'c1' },
    }
    const bucket = memoryBucket()
    await bucket.putDocument(key, gzipSync(JSON.stringify(first)), 'application/gzip')
    const state = await readSiteState(bucket, 'blog/')
    expect(state).toEqual({
      formatVersion: 2,
      release: 'r1',
      completedAt: '2026-01-31T00:00:00.000Z',
      deploys: { scheme: 1, deploy: 0, quiet: [] },
      tagSalt: expect.stringMatching(/^[0-9a-f]{16}$/u) as string,
      spending: { month: '2026-01', paths: 0, purgedAt: [] },
      objects: { 'a.html': object },
      distributions: { E1: {} },
      commit: { id: 'c1' },
    })
    expect(await readSiteState(bucket, 'blog/')).toEqual(state)
  })
})
