import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { distribution, siteFile, siteState } from '../../test/fakes/nouns.ts'
import { recordDistribution, reliableTag, tagMetadataName, tagMetadataNames, tagsOf } from './cache-tags.ts'

const hash = (text: string): string => createHash('sha256').update(text).digest('hex')
const tagged = distribution({ cacheTagHeader: 'x-amz-meta-cache-tag' })
const page = siteFile('index.html')
const tags = tagsOf('index.html', page.metadata, ['cache-tag'], hash)

describe('tags of an object', () => {
  it('are read from user metadata, whose header S3 sends', () => {
    expect(tagMetadataName(tagged)).toBe('cache-tag')
    expect(tagMetadataName(distribution({ cacheTagHeader: 'X-Amz-Meta-Tags' }))).toBe('tags')
    expect(tagMetadataName(distribution({ cacheTagHeader: 'Cache-Tag' }))).toBeUndefined()
    expect(tagMetadataNames([tagged, distribution(), tagged])).toEqual(['cache-tag'])
  })

  it('are one for the key, of characters that CloudFront takes, the same each time', () => {
    expect(tags).toEqual({ 'cache-tag': expect.stringMatching(/^ff-[0-9a-f]{20}$/u) })
    expect(tagsOf('index.html', page.metadata, ['cache-tag'], hash)).toEqual(tags)
    expect(tagsOf('other.html', page.metadata, ['cache-tag'], hash)).not.toEqual(tags)
  })

  it('are left out where they would not fit into 2 KB, or the user has put something there', () => {
    const full = { contentType: 'text/html', user: { note: 'x'.repeat(2030) } }
    expect(tagsOf('index.html', full, ['cache-tag'], hash)).toEqual({})
    const own = { contentType: 'text/html', user: { 'cache-tag': 'mine' } }
    expect(tagsOf('index.html', own, ['cache-tag'], hash)).toEqual({})
  })
})

describe('reliableTag', () => {
  const record = siteState([page], { 'index.html': { cacheTags: tags, changedIn: 'r5' } }).objects['index.html']
  const known = (since: string, header = 'x-amz-meta-cache-tag') => ({ tags: { header, since } })

  it('is the tag with which every cached copy was stored', () => {
    expect(reliableTag(record, tagged, known('r5'))).toBe(tags['cache-tag'])
  })

  it.each([
    ['the object was written before the distribution read tags', record, tagged, known('r6')],
    ['the distribution reads another header now', record, tagged, known('r1', 'x-amz-meta-other')],
    ['the distribution reads tags for the first time', record, tagged, {}],
    ['the distribution reads none', record, distribution(), known('r1')],
    [
      'the object was stored without',
      siteState([page], { 'index.html': { changedIn: 'r5' } }).objects['index.html'],
      tagged,
      known('r1'),
    ],
    ['the key is not recorded', undefined, tagged, known('r1')],
  ])('is none when %s', (_, object, reading, recorded) => {
    expect(reliableTag(object, reading, recorded)).toBeUndefined()
  })
})

describe('recordDistribution', () => {
  it('remembers since which release tags are read, as long as the header stays', () => {
    const first = recordDistribution(tagged, undefined, 'r1')
    expect(first).toEqual({ tags: { header: 'x-amz-meta-cache-tag', since: 'r1' } })
    expect(recordDistribution(tagged, first, 'r2')).toEqual(first)
    const moved = distribution({ cacheTagHeader: 'x-amz-meta-other' })
    expect(recordDistribution(moved, first, 'r3')).toEqual({ tags: { header: 'x-amz-meta-other', since: 'r3' } })
    expect(recordDistribution(distribution(), first, 'r4')).toEqual({})
  })
})
