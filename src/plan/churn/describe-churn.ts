// Pages as they were and as they are → the fewest kinds of edits that explain most of them. Pure.

import { compileIgnore, withoutIgnored } from '../../ignored-text.ts'
import type { ChurnReport, EditShape, Key } from '../../model.ts'
import { type ShapedEdit, shapeEdits } from './edit-shape.ts'
import { findEdits, toTokens } from './token-edits.ts'

/** One page, as it is live and as it is on disk. */
export interface PagePair {
  readonly key: Key
  readonly before: string
  readonly after: string
}

/** More kinds of edits than this are no explanation. */
const MAX_SHAPES = 3
/** A further kind of edit is worth naming when it explains this part of the sample, and more than one page. */
const MIN_GAIN = 0.25
/** Of an example, and of a shape. */
const MAX_SHOWN_CHARACTERS = 120

/** @param pairs in any order; that of their keys is what counts */
export function describeChurn(
  pairs: readonly PagePair[],
): Pick<ChurnReport, 'sampled' | 'explained' | 'shapes' | 'ignore'> {
  const pages = pairs.toSorted((one, other) => (one.key < other.key ? -1 : 1)).map(readPage)
  const frequent = countShapes(pages)
  const explainedBy = (count: number): readonly Page[] => {
    const shapes = new Set(frequent.slice(0, count).map(({ shape }) => shape))
    return pages.filter(({ edits }) => edits?.every(({ shape }) => shapes.has(shape)) === true)
  }
  const enough = Array.from({ length: MAX_SHAPES }, (_, index) => index + 1).find(
    (count) => explainedBy(count).length * 2 > pages.length,
  )
  if (enough === undefined) return { sampled: pages.length, explained: 0, shapes: [] }
  let count = enough
  const gainOf = (next: number): number => explainedBy(next).length - explainedBy(next - 1).length
  while (count < MAX_SHAPES && gainOf(count + 1) >= Math.max(2, pages.length * MIN_GAIN)) count += 1
  const explained = explainedBy(count)
  const shapes = frequent.slice(0, count)
  const ignore = findPatterns(shapes, explained)
  return {
    sampled: pages.length,
    explained: explained.length,
    shapes: shapes.map(({ shape, pages: number, example }) => ({ shape, pages: number, example })),
    ...(ignore !== undefined && { ignore }),
  }
}

interface Page extends PagePair {
  /** Undefined: too many to be told. */
  readonly edits: readonly ShapedEdit[] | undefined
}

function readPage(pair: PagePair): Page {
  const [before, after] = [toTokens(pair.before), toTokens(pair.after)]
  const edits = findEdits(before, after)
  const shaped = edits && shapeEdits(edits, before, after)
  return { ...pair, edits: shaped?.map((edit) => ({ ...edit, shape: cutShort(edit.shape) })) }
}

type CountedShape = EditShape & { readonly pattern?: string }

/** @returns the most frequent first; of equally frequent ones the one that comes first in the first page */
function countShapes(pages: readonly Page[]): CountedShape[] {
  const counted = new Map<string, CountedShape>()
  for (const { key, edits = [] } of pages) {
    for (const { shape, pattern, before, after } of new Map(edits.map((edit) => [edit.shape, edit])).values()) {
      const example = { key, before: cutShort(before), after: cutShort(after) }
      const known = counted.get(shape) ?? { shape, pages: 0, example, ...(pattern !== undefined && { pattern }) }
      counted.set(shape, { ...known, pages: known.pages + 1 })
    }
  }
  return [...counted.values()].toSorted((one, other) => other.pages - one.pages)
}

/** Only patterns that were seen to work are worth recommending. */
function findPatterns(shapes: readonly CountedShape[], pages: readonly PagePair[]): string[] | undefined {
  const patterns = [...new Set(shapes.flatMap(({ pattern = [] }) => pattern))]
  if (shapes.some(({ pattern }) => pattern === undefined)) return undefined
  const matchers = patterns.map(compileIgnore)
  const areEqual = pages.every(
    ({ before, after }) => withoutIgnored(before, matchers) === withoutIgnored(after, matchers),
  )
  return areEqual ? patterns : undefined
}

function cutShort(text: string): string {
  const characters = Array.from(text)
  return characters.length <= MAX_SHOWN_CHARACTERS ? text : `${characters.slice(0, MAX_SHOWN_CHARACTERS - 1).join('')}…`
}
