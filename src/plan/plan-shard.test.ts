import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { liveObject, siteFile, siteState } from '../../test/fakes/nouns.ts'
import type { LiveObject, SiteFile } from '../model.ts'
import { planShard, stateOf, touchedBy, type ShardInput } from './plan-shard.ts'
import { unpackHistory } from './tags/upload-history.ts'

const hash = (text: string): string => createHash('sha256').update(text).digest('hex')
const page = siteFile('a.html', 'one')
const edited = siteFile('a.html', 'two')

function plan(file: SiteFile, object: LiveObject | undefined, changes: Partial<ShardInput> = {}): string[] {
  const objects = object === undefined ? [] : [object]
  const input = { files: [file], objects, state: siteState([page]), force: false, tagNames: [], tagSalt: 'salt', hash }
  return planShard({ ...input, ...changes }).map(({ key, reason }) => `${key}: ${reason}`)
}

describe('planShard', () => {
  it.each<[string, SiteFile, LiveObject | undefined, Partial<ShardInput>, string[]]>([
    ['what is live as it is on disk', page, liveObject(page), {}, []],
    ['a file that is not in the bucket', page, undefined, { state: undefined }, ['a.html: new']],
    ['other bytes than the ones that the state has', edited, liveObject(page), {}, ['a.html: bytes changed']],
    [
      'other headers than the ones that the state has',
      { ...page, metadata: { contentType: 'text/plain' } },
      liveObject(page),
      {},
      ['a.html: headers changed'],
    ],
    ['what somebody else has put', page, liveObject(edited), {}, ['a.html: changed by someone else']],
    ['everything, with --force', page, liveObject(page), { force: true }, ['a.html: forced']],
    ['what another tool has put alike', page, liveObject(page, { metadata: page.metadata }), { state: undefined }, []],
    ['tags that are missing', page, liveObject(page), { tagNames: ['cache-tag'] }, ['a.html: cache tags']],
  ])('decides as a deploy of the whole site would, on %s', (_, file, object, changes, uploads) => {
    expect(plan(file, object, changes)).toEqual(uploads)
  })

  it('counts the deploy as any other and never as a quiet one, whose share of the site no shard knows', () => {
    const added = siteFile('b.html', 'b')
    const input = {
      objects: [liveObject(page)],
      state: siteState([page]),
      force: false,
      tagNames: [],
      tagSalt: '',
      hash,
    }
    const [upload] = planShard({ ...input, files: [page, added] })
    expect(unpackHistory(upload?.history ?? [])).toEqual({
      born: 2,
      uploads: [2],
      recentMask: 1,
      quietMask: 0,
      quietAge: 0,
    })
  })
})

describe('touchedBy', () => {
  it('keeps what lay there before, with the ETag that is about to replace it', () => {
    const uploads = [edited, siteFile('new.html', 'new')].map((file) => {
      return { key: file.key, file, reason: 'new', sizeBytes: file.sizeBytes, cacheTags: {}, history: [] } as const
    })
    expect(touchedBy(uploads, [liveObject(page), liveObject(siteFile('other.html'))])).toEqual([
      {
        key: 'a.html',
        etags: ['"b8a9f715dbb64fd5c56e7783c6820a61"'],
        before: { etag: '"f97c5d29941bfb1b2fdab0874906ab82"', sizeBytes: 3 },
      },
      { key: 'new.html', etags: ['"22af645d1859cb5ca6da0c484f1f37ea"'] },
    ])
  })
})

describe('stateOf', () => {
  it('is the state with the records of these keys alone, where there are any', () => {
    const state = siteState([page, siteFile('b.html')])
    expect(stateOf(['a.html', 'never.html', 'constructor'], state)).toEqual(siteState([page]))
    expect(stateOf([], state)).toEqual(siteState([]))
    expect(stateOf(['a.html'], undefined)).toBeUndefined()
  })
})
