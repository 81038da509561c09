// Two texts → the places where they differ, as runs of tokens. Pure.
//
// The shortest edit script of Myers ("An O(ND) Difference Algorithm and Its Variations", 1986), given up where the texts have little in
// common.

/** A tag, either end of a comment, a run of what words, numbers, digests and times are written with, a run of blanks, or one other character. */
const TOKEN = /<!--|-->|<[^<>]*>|(?:[\p{L}\p{N}_:.+]+|-(?!->))+|\s+|[^]/gu

/** Tokens added and taken away; beyond this two pages are no longer the same page with something edited. */
const MAX_CHANGED_TOKENS = 400

/** Tokens `[beforeStart, beforeEnd)` of the one text stand where `[afterStart, afterEnd)` stand in the other. */
export interface TokenEdit {
  readonly beforeStart: number
  readonly beforeEnd: number
  readonly afterStart: number
  readonly afterEnd: number
}

export function toTokens(text: string): string[] {
  return text.match(TOKEN) ?? []
}

/** @returns in order, none touching the next; undefined when the texts differ in more than 400 tokens */
export function findEdits(before: readonly string[], after: readonly string[]): TokenEdit[] | undefined {
  // furthest[d][k + d]: how far into `before` d changes lead on the diagonal k = x - y.
  const furthest: number[][] = []
  for (let changes = 0; changes <= MAX_CHANGED_TOKENS; changes += 1) {
    const row: number[] = []
    const previous = furthest[changes - 1]
    for (let diagonal = -changes; diagonal <= changes; diagonal += 2) {
      let x = previous === undefined ? 0 : stepTo(diagonal, changes, previous)
      let y = x - diagonal
      while (x < before.length && y < after.length && before[x] === after[y]) {
        x += 1
        y += 1
      }
      row[diagonal + changes] = x
      if (x >= before.length && y >= after.length) return traceBack([...furthest, row], before.length, after.length)
    }
    furthest.push(row)
  }
  return undefined
}

/** Where the next change starts from: the neighbour diagonal that is further along. */
function stepTo(diagonal: number, changes: number, previous: readonly number[]): number {
  const at = (neighbour: number): number => previous[neighbour + changes - 1] ?? -1
  const isInsertion = diagonal === -changes || (diagonal !== changes && at(diagonal - 1) < at(diagonal + 1))
  return isInsertion ? at(diagonal + 1) : at(diagonal - 1) + 1
}

function traceBack(furthest: readonly (readonly number[])[], beforeLength: number, afterLength: number): TokenEdit[] {
  const edits: TokenEdit[] = []
  let [x, y] = [beforeLength, afterLength]
  for (let changes = furthest.length - 1; changes > 0; changes -= 1) {
    const diagonal = x - y
    const previous = furthest[changes - 1] ?? []
    const at = (neighbour: number): number => previous[neighbour + changes - 1] ?? -1
    const isInsertion = diagonal === -changes || (diagonal !== changes && at(diagonal - 1) < at(diagonal + 1))
    const from = isInsertion ? diagonal + 1 : diagonal - 1
    const beforeStart = at(from)
    const afterStart = beforeStart - from
    const edit = {
      beforeStart,
      beforeEnd: beforeStart + (isInsertion ? 0 : 1),
      afterStart,
      afterEnd: afterStart + (isInsertion ? 1 : 0),
    }
    const [next] = edits
    if (next !== undefined && next.beforeStart === edit.beforeEnd && next.afterStart === edit.afterEnd) {
      edits[0] = { ...edit, beforeEnd: next.beforeEnd, afterEnd: next.afterEnd }
    } else edits.unshift(edit)
    x = beforeStart
    y = afterStart
  }
  return edits
}
