// Two texts → what is different, as `diff -u` shows it. Pure.

interface LineChange {
  readonly kind: ' ' | '-' | '+'
  readonly line: string
}

const CONTEXT_LINES = 3
/** Beyond this many cells of comparison two texts count as wholly different where they differ. */
const CELLS_MAX = 4_000_000

/** @returns lines that begin with `-`, `+` or a blank, in hunks that begin with `@@`; `''` when the texts are the same */
export function renderLineDiff(before: string, after: string): string {
  if (before === after) return ''
  const changes = compareLines(toLines(before), toLines(after))
  const near = changes.map((_, position) =>
    changes.slice(Math.max(0, position - CONTEXT_LINES), position + CONTEXT_LINES + 1).some(({ kind }) => kind !== ' '),
  )
  const result: string[] = []
  let [oldLine, newLine] = [1, 1]
  changes.forEach(({ kind, line }, position) => {
    if (near[position] === true) {
      if (near[position - 1] !== true) {
        const end = near.indexOf(false, position)
        const hunk = changes.slice(position, end === -1 ? undefined : end)
        const count = (other: '+' | '-'): number => hunk.filter((change) => change.kind !== other).length
        result.push(`@@ -${oldLine},${count('+')} +${newLine},${count('-')} @@`)
      }
      result.push(`${kind}${line}`)
    }
    if (kind !== '+') oldLine++
    if (kind !== '-') newLine++
  })
  return result.join('\n')
}

function toLines(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\n$/u, '').split('\n')
}

function compareLines(before: readonly string[], after: readonly string[]): readonly LineChange[] {
  let head = 0
  while (head < before.length && head < after.length && before[head] === after[head]) head++
  let tail = 0
  const shorter = Math.min(before.length, after.length) - head
  while (tail < shorter && before.at(-1 - tail) === after.at(-1 - tail)) tail++
  const same = (line: string): LineChange => ({ kind: ' ', line })
  return [
    ...before.slice(0, head).map(same),
    ...compareMiddle(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...before.slice(before.length - tail).map(same),
  ]
}

/** The longest common subsequence, by the table of lengths. */
function compareMiddle(before: readonly string[], after: readonly string[]): readonly LineChange[] {
  const removed = (line: string): LineChange => ({ kind: '-', line })
  const added = (line: string): LineChange => ({ kind: '+', line })
  const width = after.length + 1
  if (before.length * after.length > CELLS_MAX) return [...before.map(removed), ...after.map(added)]
  const lengths = new Uint32Array((before.length + 1) * width)
  const lengthAt = (row: number, column: number): number => lengths[row * width + column] ?? 0
  for (let row = before.length - 1; row >= 0; row--) {
    for (let column = after.length - 1; column >= 0; column--) {
      lengths[row * width + column] =
        before[row] === after[column]
          ? lengthAt(row + 1, column + 1) + 1
          : Math.max(lengthAt(row + 1, column), lengthAt(row, column + 1))
    }
  }
  const changes: LineChange[] = []
  let [row, column] = [0, 0]
  while (row < before.length || column < after.length) {
    const [old, now] = [before[row], after[column]]
    if (old !== undefined && old === now) {
      changes.push({ kind: ' ', line: old })
      row++
      column++
    } else if (old !== undefined && (now === undefined || lengthAt(row + 1, column) >= lengthAt(row, column + 1))) {
      changes.push(removed(old))
      row++
    } else if (now !== undefined) {
      changes.push(added(now))
      column++
    }
  }
  return changes
}
