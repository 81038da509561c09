import { describe, expect, it } from 'vitest'
import { tagTexts } from './tag-texts.ts'
import type { UploadHistory } from './upload-history.ts'

const uploadedOnce: UploadHistory = { born: 7, uploads: [7], recentMask: 1, quietMask: 1, quietAge: 0 }

function textsOf(key: string, history: UploadHistory = uploadedOnce): string[] {
  return tagTexts(key, history).map(({ kind, text }) => `${kind}:${text}`)
}

describe('tagTexts', () => {
  it('starts with the tag that no other object has', () => {
    expect(textsOf('docs/a/index.html')[0]).toBe('o:docs/a/index.html')
  })

  it('says what the object is and where it lies', () => {
    const texts = textsOf('v1/guide/start.html')
    expect(texts.filter((text) => 'tnmlsde'.includes(text.charAt(0))).toSorted()).toEqual([
      'd:v1',
      'd:v1/guide',
      'e:v1/guide|html',
      'e:v1|html',
      'l:2|html',
      'm:v1|start.html',
      'n:start.html',
      's:guide/start.html',
      't:html',
    ])
  })

  it('takes a source map and what it maps for the same type', () => {
    expect(textsOf('main.js.map')).toContain('t:js')
    expect(textsOf('LICENSE')).toContain('t:other')
    expect(textsOf('x.constructor')).toContain('t:other')
  })

  it('names at most six directories: the three next to the root and the three next to the object', () => {
    expect(textsOf('1/2/3/4/5/6/7/8/x.css').filter((text) => text.startsWith('d:'))).toEqual([
      'd:1',
      'd:1/2',
      'd:1/2/3',
      'd:1/2/3/4/5/6',
      'd:1/2/3/4/5/6/7',
      'd:1/2/3/4/5/6/7/8',
    ])
  })

  it('says in which deploys it was uploaded, and those before', () => {
    const history = { born: 2, uploads: [9, 8, 2], recentMask: 0b10000011, quietMask: 0b10000011, quietAge: 7 }
    const texts = textsOf('docs/a.html', history)
    expect(texts.filter((text) => 'bhcuv'.includes(text.charAt(0)))).toEqual([
      'b:9',
      'h:9 8',
      'h:9 8 2',
      'h:9 8 2 -',
      'h:9 8 2 - - -',
      'c:9|html',
      'u:9|docs',
      'v:9|docs',
    ])
  })

  it('has one tag for each frequency that it reaches, and one for none', () => {
    const often = { born: 1, uploads: [11, 5], recentMask: 0b0001011101, quietMask: 0, quietAge: 8 }
    const texts = textsOf('a.html', often)
    expect(texts.filter((text) => text.startsWith('f:'))).toEqual(['f:0.5', 'f:0.25', 'f:0.1'])
    expect(texts.filter((text) => text.startsWith('g:'))).toEqual(['g:never'])
    expect(texts.filter((text) => 'ij'.includes(text.charAt(0)))).toEqual([
      'i:1|0|html',
      'i:1|1|',
      'i:1|2|11',
      'j:4|0|html',
      'j:4|1|',
      'j:4|2|11',
    ])
  })

  it('has one tag for each span of deploys around its last upload', () => {
    const spans = textsOf('a.html', { ...uploadedOnce, uploads: [13] }).filter((text) => text.startsWith('r:'))
    expect(spans).toEqual(['r:1|6', 'r:2|3', 'r:3|1', 'r:4|0', 'r:5|0'])
  })

  it('draws the same lots for the files of one page', () => {
    const lots = (key: string): string[] => textsOf(key).filter((text) => 'xy'.includes(text.charAt(0)))
    expect(lots('tags/css/index.xml')).toEqual(lots('tags/css/index.html'))
    expect(lots('v1/start.html.gz')).toEqual(lots('v1/start.html'))
    expect(lots('v1/start.html')).toHaveLength(5)
    expect(lots('v1/start.html')).not.toEqual(lots('v1/stop.html'))
  })

  it('never has more tags than CloudFront reads', () => {
    const busiest = {
      born: 1,
      uploads: [20, 19, 18, 17, 16, 15, 14, 13],
      recentMask: 0x3ff,
      quietMask: 0xffff,
      quietAge: 16,
    }
    expect(textsOf('1/2/3/4/5/6/7/8/9/x.html', busiest)).toHaveLength(50)
  })
})
