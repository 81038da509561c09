// "Did you mean …?": the known name that a mistyped one was probably meant to be. Pure.

/**
 * @param names every name that would have been right
 * @returns the nearest of them, or undefined when none is near enough to be worth a guess
 */
export function closestName(typed: string, names: readonly string[]): string | undefined {
  const wanted = simplify(typed)
  const nearest = names
    .map((name) => ({ name, distance: editDistance(wanted, simplify(name)) }))
    .toSorted((a, b) => a.distance - b.distance)[0]
  // One slip in a short word, two in a longer one: a wrong guess costs more than none.
  return nearest !== undefined && nearest.distance <= (wanted.length < 6 ? 1 : 2) ? nearest.name : undefined
}

/** `dry-run`, `dryRun`, `DRY_RUN` and `dryrun` are one word to the person who types. */
function simplify(name: string): string {
  return name.toLowerCase().replaceAll(/[-_\s]/g, '')
}

/** Insertions, deletions, substitutions and swaps of neighbours that turn one word into the other. */
function editDistance(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)]
  for (let row = 1; row <= from.length; row++) {
    const cells = [row]
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1]
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      cells.push(
        Math.min(
          at(rows, row - 1, column) + 1,
          (cells[column - 1] ?? Infinity) + 1,
          at(rows, row - 1, column - 1) + (same ? 0 : 1),
          swapped ? at(rows, row - 2, column - 2) + 1 : Infinity,
        ),
      )
    }
    rows.push(cells)
  }
  return at(rows, from.length, to.length)
}

function at(rows: readonly (readonly number[])[], row: number, column: number): number {
  return rows[row]?.[column] ?? Infinity
}
