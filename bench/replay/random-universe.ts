// Small universes as odd as they come: shared paths, objects without tags, two versions of tags, names that only prefixes reach.

import fc from 'fast-check'
import type { CachedObject, CachedUrl } from '../../src/plan/cover/universe.ts'

const segment = fc.constantFrom('a', 'b', 'ab', 'abc', '%C3%A9', '%C3%A8', '%20', 'c%E4%B8%AD', 'index.html')
const path = fc.oneof(
  { weight: 9, arbitrary: fc.array(segment, { minLength: 1, maxLength: 3 }).map((parts) => `/${parts.join('/')}`) },
  { weight: 1, arbitrary: fc.constant('/') },
)

const url: fc.Arbitrary<CachedUrl> = fc
  .record({
    path,
    isExactItem: fc.boolean().map((isOdd) => !isOdd),
    isTagged: fc.nat(5).map((n) => n > 0),
    limit: fc.nat(12),
    isOdd: fc.nat(4).map((n) => n === 0),
  })
  .map(({ path: text, isExactItem, isTagged, limit, isOdd }) => ({
    path: text,
    isExactItem: isExactItem || !isOdd,
    prefixLimit: isOdd ? Math.max(1, Math.min(limit, text.length)) : text.length,
    isTagged,
  }))

/** The other spellings of `x/index.html`, whose paths begin with one another. */
function withAliases(one: CachedUrl): CachedUrl[] {
  const folder = /^(.*)\/index\.html$/u.exec(one.path)?.[1]
  if (folder === undefined || folder === '' || one.prefixLimit < one.path.length) return [one]
  return [one, ...[`${folder}/`, folder].map((text) => ({ ...one, path: text, prefixLimit: text.length }))]
}

const tagList = fc.uniqueArray(
  fc.integer({ min: 0, max: 9 }).map((n) => `t${n}`),
  { maxLength: 4 },
)

/** @param maxObjects from 1 */
export function randomUniverses(maxObjects: number): fc.Arbitrary<CachedObject[]> {
  return fc
    .array(
      fc.record({
        need: fc.constantFrom('must', 'must', 'keep', 'keep', 'keep', 'free'),
        weight: fc.oneof({ weight: 4, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.nat(9) }),
        urls: fc.array(url, { minLength: 1, maxLength: 2 }).map((urls) => urls.flatMap(withAliases)),
        hasOwnTag: fc.nat(4).map((n) => n > 0),
        tagLists: fc.oneof(
          { weight: 6, arbitrary: fc.array(tagList, { minLength: 1, maxLength: 1 }) },
          { weight: 3, arbitrary: fc.array(tagList, { maxLength: 2 }) },
        ),
      }),
      { minLength: 1, maxLength: maxObjects },
    )
    .map((objects) =>
      objects.map(({ need, weight, urls, hasOwnTag, tagLists }, i): CachedObject => ({
        key: `key-${i}`,
        need,
        weight,
        urls,
        tagLists: tagLists.map((list) => (hasOwnTag ? [`o${i}`, ...list] : list)),
      })),
    )
}

const LETTERS = ['a', 'b', 'c', 'd', 'e', 'f']

/** Ordinary sites with changes scattered over them: folders, types and what was uploaded together as tags, each object with its own. */
export function randomSites(objects: number): fc.Arbitrary<CachedObject[]> {
  const object = fc.record({
    folder: fc.constantFrom(...LETTERS),
    inner: fc.constantFrom(...LETTERS),
    type: fc.constantFrom('html', 'css', 'js'),
    cohorts: fc.array(fc.nat(11), { minLength: 2, maxLength: 2 }),
    needNumber: fc.nat(9),
  })
  return fc.array(object, { minLength: objects, maxLength: objects }).map((site) =>
    site.map(({ folder, inner, type, cohorts, needNumber }, i): CachedObject => {
      const file = `/${folder}/${inner}/${i}.${type}`
      const lists = [
        `o${i}`,
        `d${folder}`,
        `d${folder}${inner}`,
        `t${type}`,
        `e${folder}${type}`,
        ...cohorts.map((n, rank) => `b${rank}-${n}`),
      ]
      return {
        key: file.slice(1),
        need: needNumber < 2 ? 'must' : 'keep',
        weight: 1,
        urls: [{ path: file, isExactItem: true, prefixLimit: file.length, isTagged: true }],
        tagLists: [lists],
      }
    }),
  )
}
