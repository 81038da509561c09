// --include and --exclude in the order in which they were typed: the last one that matches a file decides, as in aws s3 sync,
// but the parser hands them over as two lists. Pure.

import type { FilterRule } from '../model.ts'

/** @param argv arguments that the parser has accepted, so that each of the two flags has its pattern */
export function readFilterOrder(argv: readonly string[]): readonly FilterRule[] {
  const end = argv.indexOf('--')
  const flags = end === -1 ? argv : argv.slice(0, end)
  return flags.flatMap((argument, position) => {
    const match = /^--(include|exclude)(?:=(.*))?$/s.exec(argument)
    if (match === null) return []
    const kind = match[1] === 'include' ? 'include' : 'exclude'
    return [{ kind, pattern: match[2] ?? flags[position + 1] ?? '' }]
  })
}
