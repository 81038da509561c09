// A URL as the search for the best paths sees it: text, need and weight. Pure.

import type { Need } from './universe.ts'

/** One path under which caches may hold an answer; each path is listed once. */
export interface WeightedUrl {
  /** `/caf%C3%A9/`: starts with a slash, ASCII, as invalidation items are written. */
  readonly path: string
  readonly need: Need
  /** What evicting it costs where it need only `keep`: 1, its bytes, its share of the traffic. Not negative. */
  readonly weight: number
  /** Whether the path itself, sent as an item, purges it. */
  readonly isExactItem: boolean
  /** A prefix purges it for sure when it ends within the first so many characters of the path; at least 1, the slash. */
  readonly prefixLimit: number
}
