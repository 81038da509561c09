import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memoryBucket } from '../../test/fakes/memory-bucket.ts'
import { siteState } from '../../test/fakes/nouns.ts'
import { areRecordedObjects } from './recorded-objects.ts'
import { readSiteState } from './site-state.ts'

const whole = {
  etag: '"1"',
  sizeBytes: 1,
  sha256: 'a',
  bodyMd5: true,
  stableSha256: 'b',
  metadata: { contentType: 'text/html', cacheControl: 'no-store', user: { 'cache-tag': 't' } },
  changedIn: 'r1',
  history: [1, 2],
  tagNames: ['cache-tag'],
  left: { leftIn: 'r1', leftAt: '2026-01-01T00:00:00.000Z', releases: 2 },
}
type Tree = { readonly [name: string]: unknown }

/** Every place of the tree: `[metadata, user]` … */
function placesIn(tree: Tree): string[][] {
  return Object.entries(tree).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null
      ? [[name], ...placesIn(value as Tree).map((place) => [name, ...place])]
      : [[name]],
  )
}

function setAt(tree: Tree, [name = '', ...rest]: readonly string[], value: unknown): Tree {
  const set = rest.length === 0 ? value : setAt(tree[name] as Tree, rest, value)
  const changed = Array.isArray(tree) ? [...(tree as unknown[])] : { ...tree }
  return Object.assign(changed, { [name]: set }) as Tree
}

describe('areRecordedObjects', () => {
  it('takes an entry with all that may be in it, and one with all that must', () => {
    const { etag, sizeBytes, sha256, metadata, changedIn } = whole
    expect(
      areRecordedObjects({ whole, __proto__: whole, least: { etag, sizeBytes, sha256, metadata, changedIn } }),
    ).toBe(true)
  })

  it('never takes what the schema refuses, whatever stands at any place', async () => {
    const values = fc.oneof(fc.jsonValue(), fc.constantFrom(true, 'text', 1, [], {}, null))
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...placesIn(whole)), values, async (place, value) => {
        const entry = JSON.parse(JSON.stringify(setAt(whole, place, value))) as Tree
        const bucket = memoryBucket()
        const state = { ...siteState([]), objects: { 'a.html': { ...entry, 'of a later version': 1 } } }
        await bucket.putDocument('.freshfront/state.json.gz', gzipSync(JSON.stringify(state)), 'application/gzip')
        // The unknown field makes the state go through the schema.
        expect(areRecordedObjects(state.objects)).toBe(false)
        const outcome = await readSiteState(bucket, '').then(
          () => 'taken',
          ({ code }: { readonly code: string }) => code,
        )
        const allowed = areRecordedObjects({ 'a.html': entry }) ? ['taken'] : ['taken', 'STATE_NOT_READABLE']
        expect(allowed).toContain(outcome)
      }),
      { numRuns: 400 },
    )
  })
})
