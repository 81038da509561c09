import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { cacheTagList, freeMetadataBytes, joinCacheTags, makeTagHash, splitCacheTags } from './cache-tag-list.ts'
import { tagTexts } from './tag-texts.ts'
import type { UploadHistory } from './upload-history.ts'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const toTag = makeTagHash(sha256, 'salt')
const history: UploadHistory = {
  born: 1,
  uploads: [9, 8, 2],
  recentMask: 0b10000011,
  quietMask: 0b10000011,
  quietAge: 7,
}

describe('cacheTagList', () => {
  it('writes each tag as a letter and base 36, the longest for the object itself', () => {
    const [own = '', ...groups] = cacheTagList('docs/a.html', history, toTag)
    expect(own).toMatch(/^o[0-9a-z]{10}$/u)
    expect(groups.filter((tag) => !/^[a-z][0-9a-z]{7}$/u.test(tag))).toEqual([])
    expect(groups.length).toBe(tagTexts('docs/a.html', history).length - 1)
  })

  it('gives objects the tags that they share, and no others', () => {
    const tags = cacheTagList('docs/a.html', history, toTag)
    const shared = cacheTagList('docs/b.html', history, toTag).filter(
      (tag) => tags.includes(tag) && !tag.startsWith('x'),
    )
    const texts = tagTexts('docs/a.html', history).filter(({ kind, text }) => kind !== 'x' && !text.includes('a.html'))
    expect(shared).toEqual(texts.map(toTag))
  })

  it('differs from site to site', () => {
    const other = cacheTagList('docs/a.html', history, makeTagHash(sha256, 'another salt'))
    expect(other.filter((tag) => cacheTagList('docs/a.html', history, toTag).includes(tag))).toEqual([])
  })

  it('leaves out the least useful where there is little room', () => {
    const all = cacheTagList('docs/a.html', history, toTag)
    const few = cacheTagList('docs/a.html', history, toTag, 100)
    expect(few).toEqual(all.slice(0, few.length))
    expect(joinCacheTags(few).length).toBe(11 + 9 * 9)
    expect(cacheTagList('docs/a.html', history, toTag, 11)).toEqual(all.slice(0, 1))
    expect(cacheTagList('docs/a.html', history, toTag, 10)).toEqual([])
  })

  it('drops crossed frequencies first, then crossed deploys, lots, the long chain, and types of directories in the middle', () => {
    const kinds = tagTexts('1/2/3/4/x.html', history).map(({ kind }) => kind)
    expect(kinds.join('')).toBe('otnmlsddddbrrrrrhhhffggeeeehxxxyycuviiijjj')
  })
})

describe('freeMetadataBytes', () => {
  it('is what names and values leave of 2 KB, in UTF-8', () => {
    expect(freeMetadataBytes({}, 'cache-tag')).toBe(2048 - 9)
    expect(freeMetadataBytes({ author: 'Zoë' }, 'cache-tag')).toBe(2048 - 9 - 6 - 4)
  })
})

describe('splitCacheTags', () => {
  it('reads what CloudFront reads: trimmed, without case', () => {
    expect(splitCacheTags(' A1, b2 ,,c3')).toEqual(['a1', 'b2', 'c3'])
    expect(splitCacheTags(joinCacheTags(['a1', 'b2']))).toEqual(['a1', 'b2'])
  })
})
