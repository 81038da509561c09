// The same edits through Freshfront and through the planners of its peers: how many URLs each leaves stale, and how many that did not
// change it makes cold. Prints the table of docs/stale-urls.md, the same on every run, in under a minute.
//   npx tsx bench/stale-urls.ts [--paths]      --paths: also what each of them invalidates

import { edits } from './stale-urls/edits.ts'
import { deployWithFreshfront, deployWithPeer, readTruth, type Result } from './stale-urls/measure.ts'
import { peers } from './stale-urls/peer-planners.ts'

const columns = [...peers.map(({ name }) => name), 'Freshfront', 'Freshfront, cache tags']
const rows: { readonly name: string; readonly results: readonly Result[] }[] = []
for (const edit of edits) {
  const truth = await readTruth(edit)
  const results: Result[] = []
  for (const peer of peers) results.push(await deployWithPeer(edit, truth, peer))
  results.push(await deployWithFreshfront(edit, truth, false), await deployWithFreshfront(edit, truth, true))
  rows.push({ name: edit.name, results })
}

printRow(['Edit', ...columns])
printRow(['---', ...columns.map(() => '---:')])
for (const { name, results } of rows) printRow([name, ...results.map(cellOf)])
const totals = columns.map((_, column) => {
  const sum = (count: 'stale' | 'cold'): number =>
    rows.reduce((total, { results }) => total + (results[column]?.[count] ?? 0), 0)
  return `**${sum('stale')} / ${sum('cold')}**`
})
printRow(['**All**', ...totals])

if (process.argv.includes('--paths')) {
  for (const { name, results } of rows) {
    console.log(`\n${name}`)
    for (const [column, { items }] of results.entries()) console.log(`  ${columns[column]}: ${JSON.stringify(items)}`)
  }
}

function cellOf({ stale, cold, isRefused }: Result): string {
  return `${stale} / ${cold}${isRefused ? ' †' : ''}`
}

function printRow(cells: readonly string[]): void {
  console.log(`| ${cells.join(' | ')} |`)
}
