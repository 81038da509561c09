// What has to be purged, in the pieces that one item can take: an object with all of its copies by its tag, or one path. Pure.

import { type CoverItem } from './object-measure.ts'
import { type Spelling, spellPath } from './object-spelling.ts'
import { commonPrefix } from './object-trie.ts'
import type { CachedObject, CachedUrl } from './universe.ts'

export interface PurgeUnit {
  /** Tags that are sure to purge it. */
  readonly tags: readonly string[]
  /** Spelled; a prefix is sure to purge it when the stem starts with it. */
  readonly stem: string
  /** The paths that are sure to purge it, by themselves. */
  readonly path: string | undefined
  /** The item that purges it and nothing that should stay; undefined where there is none. */
  readonly single: CoverItem | undefined
}

/** Tags and paths of what has to go that nothing that should stay has. */
export interface LosslessItems {
  readonly tags: ReadonlySet<string>
  readonly paths: ReadonlySet<string>
}

/** The tags that purge the object: those in every list. */
function sureTags({ urls, tagLists }: CachedObject): readonly string[] {
  const [first, ...others] = tagLists
  if (first === undefined || !urls.some((url) => url.isTagged)) return []
  return others.length === 0 ? first : first.filter((tag) => others.every((list) => list.includes(tag)))
}

export function findLossless(objects: readonly CachedObject[]): LosslessItems {
  const must = objects.filter(({ need }) => need === 'must')
  const kept = objects.filter(({ need, weight }) => need === 'keep' && weight > 0)
  const paths = new Set(must.flatMap(({ urls }) => urls.map(({ path }) => path)))
  for (const { urls } of kept) for (const { path } of urls) paths.delete(path)
  // The first tag is as a rule the object's own: the others are looked at only where it is not.
  const tags = withoutKept(new Set(must.flatMap((object) => sureTags(object).slice(0, 1))), kept)
  const rest = must.map(sureTags).filter((list) => list.length > 0 && !tags.has(list[0] ?? ''))
  if (rest.length === 0) return { tags, paths }
  return { tags: new Set([...tags, ...withoutKept(new Set(rest.flat()), kept)]), paths }
}

function withoutKept(tags: Set<string>, kept: readonly CachedObject[]): Set<string> {
  for (const { tagLists } of kept) for (const list of tagLists) for (const tag of list) tags.delete(tag)
  return tags
}

export function unitsOf(object: CachedObject, lossless: LosslessItems, spelling: Spelling): PurgeUnit[] {
  const tags = sureTags(object)
  const own = tags.find((tag) => lossless.tags.has(tag))
  const tagged = object.urls.filter((url) => url.isTagged)
  const asOne = own !== undefined && tagged.length > 0 ? [makeUnit(tagged, tags, `#${own}`, spelling)] : []
  const apart = asOne.length > 0 ? object.urls.filter((url) => !url.isTagged) : object.urls
  return [
    ...asOne,
    ...apart.map((url) => {
      const isAlone = url.isExactItem && lossless.paths.has(url.path)
      return makeUnit([url], url.isTagged ? tags : [], isAlone ? url.path : undefined, spelling)
    }),
  ]
}

function makeUnit(
  urls: readonly CachedUrl[],
  tags: readonly string[],
  single: CoverItem | undefined,
  spelling: Spelling,
): PurgeUnit {
  const stems = urls.map(({ path, prefixLimit }) => spellPath(path, spelling, prefixLimit))
  const [url] = urls
  return {
    tags,
    stem: stems.reduce(commonPrefix),
    path: urls.length === 1 && url?.isExactItem === true ? url.path : undefined,
    single,
  }
}
