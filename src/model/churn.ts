// What changed in most pages at once.

import type { Key } from './names.ts'

/** What the changed pages have in common, found by comparing some of them with their live bytes. */
export interface ChurnReport {
  /** Pages that are live and whose bytes changed. */
  readonly changedPages: number
  /** Pages that are live and still in the site. */
  readonly ofPages: number
  /** Changed pages that were compared: a sample, spread evenly over their keys, always the same. */
  readonly sampled: number
  /** Of the sampled: how many differ in nothing but `shapes`. */
  readonly explained: number
  /** The fewest that explain most of the sample, the most frequent first; empty: the pages differ in too many ways. */
  readonly shapes: readonly EditShape[]
  /**
   * Regular expressions for `ignore` that make the explained pages equal, tried out on them. Undefined where there is more to the edits than
   * a time, a number or a digest: nobody should ignore those without a thought.
   */
  readonly ignore?: readonly string[]
}

/** Edits of several pages that look the same. */
export interface EditShape {
  /** `<meta name="build" …>` */
  readonly shape: string
  /** Pages of the sample that have such an edit. */
  readonly pages: number
  /** As in the files, cut short: control characters and all. */
  readonly example: { readonly key: Key; readonly before: string; readonly after: string }
}
