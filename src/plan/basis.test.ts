import { expect, it } from 'vitest'
import { siteFile } from '../../test/fakes/nouns.ts'
import type { Plan, PlanBasis } from '../model.ts'
import { digestPlan, findMoved } from './basis.ts'

const basis: PlanBasis = {
  settings: 'w',
  disk: { 'a.html': '1', 'b.html': '2' },
  bucket: { 'a.html': '"x"' },
  state: { release: '2026-11-23T05-14-49Z-1f3a9c', digest: 's' },
  distributions: { E1: 'd' },
}

it('finds nothing moved in the same world', () => {
  expect(findMoved(basis, structuredClone(basis))).toEqual([])
})

it('names each part of the world that moved, and what in it', () => {
  const now: PlanBasis = {
    settings: 'v',
    disk: { 'a.html': '9', 'c.html': '3' },
    bucket: { 'a.html': '"y"' },
    state: { release: '2026-11-23T06-00-00Z-aaaaaa', digest: 't' },
    distributions: { E1: 'e', E2: 'd' },
  }
  expect(findMoved(basis, now)).toEqual([
    'The settings are others.',
    'On the disk "a.html" changed; "c.html" is new; "b.html" is gone.',
    'In the bucket "a.html" changed.',
    'The last release is 2026-11-23T06-00-00Z-aaaaaa; it was 2026-11-23T05-14-49Z-1f3a9c.',
    'Of the distributions "E1" changed; "E2" is new.',
  ])
})

it('tells a debt that came since from a release that came since', () => {
  const [sentence] = findMoved(basis, { ...basis, state: { ...basis.state, digest: 'owing' } })
  expect(sentence).toBe(
    'What is remembered of the site, or owed to its caches, has changed since: another deploy has begun.',
  )
})

it('counts names beyond the third', () => {
  const disk = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [name, '1']))
  expect(findMoved({ ...basis, disk: {} }, { ...basis, disk })).toEqual([
    'On the disk "a", "b", "c" and 2 more are new.',
  ])
})

it('digests which bytes are copied, and from where', () => {
  const upload = { key: 'new.jpg', wave: 1, cacheTags: {}, file: siteFile('new.jpg') }
  const digest = (copyOf?: { readonly key: string; readonly etag: string }): string =>
    digestPlan({ uploads: [{ ...upload, ...(copyOf && { copyOf }) }] } as unknown as Plan, (text) => text)
  const from = (key: string): string => digest({ key, etag: '"x"' })
  expect(new Set([digest(), from('old.jpg'), from('older.jpg'), from('old.jpg')]).size).toBe(3)
})
