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

/** How much of what should stay a tag or path may evict; undefined: nothing. */
export interface ItemLoss {
  readonly ofTag: ReadonlyMap<string, number>
  readonly ofPath: ReadonlyMap<string, number>
}

/** The tags that purge the object: those in every list. */
export function sureTags({ urls, tagLists }: CachedObject): readonly string[] {
  const [first, ...others] = tagLists
  if (first === undefined || !urls.some((url) => url.isTagged)) return []
  return others.length === 0 ? first : first.filter((tag) => others.every((list) => list.includes(tag)))
}

/** For each tag, and each path, of what has to go: the weight of what should stay and has it too. */
export function lossOfItems(objects: readonly CachedObject[]): ItemLoss {
  const ofTag = new Map<string, number>()
  const ofPath = new Map<string, number>()
  for (const object of objects) {
    if (object.need !== 'must') continue
    for (const tag of sureTags(object)) ofTag.set(tag, 0)
    for (const { path } of object.urls) ofPath.set(path, 0)
  }
  for (const { need, urls, tagLists, weight } of objects) {
    if (need !== 'keep' || weight === 0) continue
    for (const [i, list] of tagLists.entries())
      for (const tag of list) {
        const loss = ofTag.get(tag)
        // An object is lost once, though several of its versions have the tag.
        if (loss !== undefined && !tagLists.slice(0, i).some((earlier) => earlier.includes(tag)))
          ofTag.set(tag, loss + weight)
      }
    for (const { path } of urls) {
      const loss = ofPath.get(path)
      if (loss !== undefined) ofPath.set(path, loss + weight)
    }
  }
  return { ofTag, ofPath }
}

export function unitsOf(object: CachedObject, loss: ItemLoss, spelling: Spelling): PurgeUnit[] {
  const tags = sureTags(object)
  const own = tags.find((tag) => loss.ofTag.get(tag) === 0)
  const tagged = object.urls.filter((url) => url.isTagged)
  const asOne = own !== undefined && tagged.length > 0 ? [makeUnit(tagged, tags, `#${own}`, spelling)] : []
  const apart = asOne.length > 0 ? object.urls.filter((url) => !url.isTagged) : object.urls
  return [
    ...asOne,
    ...apart.map((url) => {
      const isAlone = url.isExactItem && loss.ofPath.get(url.path) === 0
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
