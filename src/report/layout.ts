// Lines on a terminal: columns that line up, sentences that wrap, lists that end. Pure; counts characters, not their widths.

/** From this length on a cell no longer pushes its column wider; its row goes on behind it. */
const MAX_COLUMN_CHARACTERS = 56

/**
 * Pads the cells of each column to the same length, the last column excepted.
 *
 * @param rows cells without colours; each row as many
 */
export function alignColumns(rows: readonly (readonly string[])[]): string[][] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => lengthOf(row[column] ?? '')).filter((length) => length <= MAX_COLUMN_CHARACTERS), 0),
  )
  return rows.map((row) =>
    row.map((cell, column) => (column === row.length - 1 ? cell : padTo(cell, widths[column] ?? 0))),
  )
}

/**
 * Breaks a text into lines at its spaces and where it has line breaks itself; a word that is too long stays whole.
 *
 * @param indent what each line but the first begins with
 */
export function wrapText(text: string, width: number, indent: string): string[] {
  const lines: string[] = []
  for (const paragraph of text.split('\n')) {
    let line = lines.length === 0 ? '' : indent
    let isEmpty = true
    for (const word of paragraph.split(' ')) {
      if (!isEmpty && lengthOf(line) + 1 + lengthOf(word) > width) {
        lines.push(line)
        line = indent
        isEmpty = true
      }
      line += isEmpty ? word : ` ${word}`
      isEmpty = false
    }
    lines.push(line)
  }
  return lines
}

function padTo(cell: string, length: number): string {
  return cell + ' '.repeat(Math.max(0, length - lengthOf(cell)))
}

function lengthOf(text: string): number {
  return Array.from(text).length
}
