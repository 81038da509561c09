// All that one distribution's caches may hold of the site, as the search for the smallest purge sees it: who must go, who should stay.

import type { Key } from '../../model.ts'

/** One path under which caches may hold an answer. */
export interface CachedUrl {
  /** `/caf%C3%A9/`: starts with a slash, ASCII, as invalidation items are written. */
  readonly path: string
  /** Whether the path itself, sent as an item, purges it; false where only a prefix does. */
  readonly isExactItem: boolean
  /** A prefix purges it for sure when it ends within the first so many characters of the path; at least 1, the slash. */
  readonly prefixLimit: number
  /** Whether its copies carry the object's cache tags; redirects and error answers do not. */
  readonly isTagged: boolean
}

/**
 * `must`: every copy has to go; `keep`: evicting it is a loss; `free`: nobody asks for it any more, or it is the same whether evicted
 * or not.
 */
export type Need = 'must' | 'keep' | 'free'

/** One object and all of its copies. It is lost when any of its copies is evicted, and purged when all of them are. */
export interface CachedObject {
  readonly key: Key
  readonly need: Need
  /** What evicting it for nothing costs: 1, its bytes, its share of the traffic. Not negative. */
  readonly weight: number
  readonly urls: readonly CachedUrl[]
  /**
   * The tags of its cached copies: one list for each version of the object that a cache may still hold. A tag purges the object if it is in
   * every list, and may evict it if it is in any. Empty: nothing is known of its tags, only paths purge it.
   */
  readonly tagLists: readonly (readonly string[])[]
}
