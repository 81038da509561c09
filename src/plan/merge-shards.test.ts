import { describe, expect, it } from 'vitest'
import { liveObject, siteFile, siteState } from '../../test/fakes/nouns.ts'
import type { LiveObject, ShardFile, ShardRecord, SiteFile, TouchedKey } from '../model.ts'
import { checkShards, mergeShards, type MergedShards, type MergeInput } from './merge-shards.ts'

/** The first of two shards has the keys up to m, the second one the others. */
function record(index: 1 | 2, changes: Partial<ShardRecord> = {}): ShardRecord {
  return {
    formatVersion: 1,
    name: 'run-7',
    shard: { index, count: 2 },
    startedAt: '2026-11-23T00:00:00.000Z',
    range: index === 1 ? { after: '', until: 'm' } : { after: 'm' },
    site: 'site',
    settings: 'settings',
    base: 'r1',
    isComplete: true,
    touched: [],
    files: [],
    ignored: [],
    ...changes,
  }
}

/** As it lies in the bucket when its shard has ended. */
function row(found: SiteFile): ShardFile {
  const { filePath: _, ...file } = found
  return { file, etag: file.etag }
}

function touched(file: SiteFile, before?: SiteFile): TouchedKey {
  const { key, etag } = file
  return { key, etags: [etag], ...(before && { before: { etag: before.etag, sizeBytes: before.sizeBytes } }) }
}

const page = siteFile('a.html', 'one')
const edited = siteFile('a.html', 'two')
const style = siteFile('z.css', 'one', 'text/css')

function merge(records: readonly ShardRecord[], objects: readonly LiveObject[], changes: Partial<MergeInput> = {}) {
  const debt = { formatVersion: 1, release: 'r2', keys: [] } as const
  const input = { name: 'run-7', records, objects, state: siteState([page, style]), debt, isRecorded: false }
  return mergeShards({ ...input, filePathOf: (key) => `/staged/${key}`, ...changes })
}

describe('checkShards', () => {
  it.each<[string, readonly ShardRecord[], string]>([
    ['one is missing', [record(1)], 'there is no record of shard 2/2'],
    ['all are missing', [], 'there is no record of shard 1/2, 2/2'],
    ['one has not ended', [record(1), record(2, { isComplete: false })], 'shard 2/2 was begun and has not ended'],
    ['they are of two builds', [record(1), record(2, { site: 'other' })], 'made from different files: 1/2 | 2/2'],
    ['their settings differ', [record(1), record(2, { settings: 'x' })], 'made from different settings: 1/2 | 2/2'],
    [
      'something else went live between them',
      [record(1), record(2, { base: 'r0' })],
      'made from different releases that were live: 1/2 | 2/2',
    ],
  ])('refuses to finish where %s', (_, records, sentence) => {
    expect(() => checkShards(records, { name: 'run-7', count: 2 })).toThrow(sentence)
  })

  it('takes all shards of one site', () => {
    expect(() => checkShards([record(2), record(1)], { name: 'run-7', count: 2 })).not.toThrow()
  })
})

describe('mergeShards', () => {
  it.each<[string, readonly ShardRecord[], readonly LiveObject[], Partial<MergedShards>]>([
    [
      'leaves what no shard has put as it is, with the headers that its shard has vouched for',
      [record(1, { files: [row(page)] }), record(2)],
      [liveObject(page)],
      { objects: [{ ...liveObject(page), metadata: page.metadata }], uploaded: [] },
    ],
    [
      'takes a new file for not yet there, and its upload for done',
      [record(1, { files: [row(edited)], touched: [touched(edited)] }), record(2)],
      [liveObject(edited)],
      { objects: [], uploaded: [{ key: 'a.html', etag: edited.etag }] },
    ],
    [
      'puts what lay there before in the place of what a shard has put',
      [record(1, { files: [row(edited)], touched: [touched(edited, page)] }), record(2)],
      [liveObject(edited)],
      { objects: [liveObject(page)], uploaded: [{ key: 'a.html', etag: edited.etag }] },
    ],
    [
      'knows the first of two shards that have put the same part by what the state has',
      [
        record(1, { files: [row(siteFile('b.html')), row(style)], touched: [touched(style, style)] }),
        record(2, { files: [row(style)], touched: [touched(style, siteFile('z.css', 'old'))] }),
      ],
      [liveObject(siteFile('b.html')), liveObject(style)],
      { objects: [{ ...liveObject(siteFile('b.html')), metadata: page.metadata }, liveObject(style)] },
    ],
    [
      'keeps what is no file of the site',
      [record(1), record(2)],
      [liveObject(siteFile('foreign.html'))],
      { objects: [liveObject(siteFile('foreign.html'))], files: [], uploaded: [] },
    ],
  ])('%s', (_, records, objects, merged) => {
    expect(merge(records, objects)).toMatchObject(merged)
  })

  it('uploads what leads visitors in from where it was fetched to', () => {
    const index = siteFile('index.html', 'home')
    const staged = { file: row(index).file, stagedAs: '.freshfront/shards/run-7/staged/index.html' }
    const { files, uploaded } = merge([record(1, { files: [staged] }), record(2)], [])
    expect(files).toEqual([{ ...index, filePath: '/staged/index.html' }])
    expect(uploaded).toEqual([])
  })

  it('owes what attempts have put in more than one form, and what was put of a file that is there no more', () => {
    const gone = siteFile('gone.html')
    const twice = { ...touched(edited, page), etags: [edited.etag, siteFile('a.html', 'third').etag] }
    const first = record(1, { files: [row(edited)], touched: [twice, touched(gone)] })
    const { debt } = merge([first, record(2)], [liveObject(edited), liveObject(gone)])
    expect(debt).toEqual({
      formatVersion: 1,
      release: 'r2',
      keys: ['a.html', 'gone.html'],
      puts: [{ key: 'gone.html', etag: gone.etag }],
    })
  })

  it('owes nothing and takes all for live where a finish has recorded the release already', () => {
    const done = record(1, { files: [row(edited)], touched: [touched(edited, page), touched(siteFile('gone.html'))] })
    const { debt, objects } = merge([done, record(2)], [liveObject(edited)], { isRecorded: true })
    expect([debt.keys, objects]).toEqual([[], [{ ...liveObject(edited), metadata: edited.metadata }]])
  })

  it.each<[string, readonly ShardRecord[], readonly LiveObject[], string]>([
    [
      'a shard has put a part of another build',
      [record(1, { files: [row(siteFile('z.css', 'two', 'text/css'))] }), record(2, { files: [row(style)] })],
      [liveObject(style)],
      'made from different files: 1/2, 2/2.',
    ],
    [
      'a part is no file of the shard that it belongs to',
      [record(1, { files: [row(style)] }), record(2)],
      [liveObject(style)],
      'made from different files: 2/2 | 1/2',
    ],
    [
      'somebody else has written since',
      [record(1, { files: [row(page)] }), record(2)],
      [liveObject(edited)],
      '"a.html" of shard 1/2',
    ],
    [
      'a shard has put a part of another build that lies behind its range in the order of UTF-8 alone',
      [
        record(1, { range: { after: '', until: '\uFF5E' }, files: [row(siteFile('\u{1F600}', 'other'))] }),
        record(2, { range: { after: '\uFF5E' }, files: [row(siteFile('\u{1F600}'))] }),
      ],
      [liveObject(siteFile('\u{1F600}'))],
      'made from different files: 1/2, 2/2.',
    ],
    ['somebody has removed an object', [record(1), record(2, { files: [row(style)] })], [], '"z.css" of shard 2/2'],
  ])('refuses to finish where %s', (_, records, objects, sentence) => {
    expect(() => merge(records, objects)).toThrow(sentence)
  })

  it('draws the line between two ranges in the order of UTF-8', () => {
    const [before, behind] = [siteFile('\uFF5E.html'), siteFile('\u{1F600}.html')]
    const first = record(1, { range: { after: '', until: '\uFF5E.html' }, files: [row(before)] })
    const second = record(2, { range: { after: '\uFF5E.html' }, files: [row(behind)] })
    const { files } = merge([first, second], [liveObject(before), liveObject(behind)])
    expect(files.map(({ key }) => key)).toEqual(['\uFF5E.html', '\u{1F600}.html'])
  })
})
