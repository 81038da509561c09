import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { distribution, siteFile, siteState } from '../../test/fakes/nouns.ts'
import type { RecordedDistribution } from '../model.ts'
import {
  areTagsReliable,
  recordDistribution,
  tagMetadataName,
  tagMetadataNames,
  tagsOf,
  tagsOfRecord,
} from './cache-tags.ts'
import { makeTagHash } from './tags/cache-tag-list.ts'
import { NO_DEPLOYS } from './tags/deploy-log.ts'
import { packHistory, recordUpload } from './tags/upload-history.ts'

const hash = (text: string): string => createHash('sha256').update(text).digest('hex')
const tagged = distribution({ cacheTagHeader: 'x-amz-meta-cache-tag' })
const page = siteFile('index.html')
const toTag = makeTagHash(hash, 'salt')
const history = recordUpload(undefined, { ...NO_DEPLOYS, deploy: 1 })
const tags = tagsOf('index.html', page.metadata, ['cache-tag'], history, toTag)

describe('tags of an object', () => {
  it('are read from user metadata, whose header S3 sends', () => {
    expect(tagMetadataName(tagged)).toBe('cache-tag')
    expect(tagMetadataName(distribution({ cacheTagHeader: 'X-Amz-Meta-Tags' }))).toBe('tags')
    expect(tagMetadataName(distribution({ cacheTagHeader: 'Cache-Tag' }))).toBeUndefined()
    expect(tagMetadataNames([tagged, distribution(), tagged])).toEqual(['cache-tag'])
  })

  it('stand in one header, its own first, of characters that CloudFront takes', () => {
    expect(tags).toEqual({ 'cache-tag': expect.stringMatching(/^o[0-9a-z]{10}(?:,[a-z][0-9a-z]{7})+$/u) as string })
  })

  it('are left out where they would not fit into 2 KB, or the user has put something there', () => {
    const full = { contentType: 'text/html', user: { note: 'x'.repeat(2030) } }
    expect(tagsOf('index.html', full, ['cache-tag'], history, toTag)).toEqual({})
    const own = { contentType: 'text/html', user: { 'cache-tag': 'mine' } }
    expect(tagsOf('index.html', own, ['cache-tag'], history, toTag)).toEqual({})
  })

  it('under two names share the room', () => {
    const crowded = { contentType: 'text/html', user: { note: 'x'.repeat(1700) } }
    const both = tagsOf('index.html', crowded, ['cache-tag', 'tags'], history, toTag)
    const bytes = Object.entries(both).reduce((sum, [name, value]) => sum + name.length + value.length, 0)
    expect(Object.keys(both)).toEqual(['cache-tag', 'tags'])
    expect(bytes + 'note'.length + 1700).toBeLessThanOrEqual(2048)
  })

  it('are made again from what the state keeps', () => {
    const changes = { history: packHistory(history), tagNames: ['cache-tag'] }
    const record = siteState([page], { 'index.html': changes }).objects['index.html']
    expect(tagsOfRecord('index.html', record, tagged, toTag).join(',')).toBe(tags['cache-tag'])
    expect(tagsOfRecord('index.html', record, distribution(), toTag)).toEqual([])
  })
})

describe('areTagsReliable', () => {
  const known = (header: string): RecordedDistribution => ({ tags: { header, since: 'r1' } })

  it('when the last release knew that they are read, from that header', () => {
    expect(areTagsReliable(tagged, known('X-Amz-Meta-Cache-Tag'))).toBe(true)
  })

  it.each([
    ['the distribution reads another header now', tagged, known('x-amz-meta-other')],
    ['the distribution reads tags for the first time', tagged, {}],
    ['the distribution is not known', tagged, undefined],
    ['the distribution reads none any more', distribution(), known('x-amz-meta-cache-tag')],
  ])('not when %s', (_, reading, recorded) => {
    expect(areTagsReliable(reading, recorded)).toBe(false)
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
