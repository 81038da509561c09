// Real deploy histories, deploy by deploy: what different planners evict for nothing with 1 … 30 items, and with the free paths of the month.
// Prints the tables of docs/planning/replay.md, the same on every run, in a few minutes.
//   npx tsx bench/replay.ts [--write]      --write: puts them into the page

import { readFileSync, writeFileSync } from 'node:fs'
import { HISTORY_NAMES, readHistory } from './replay/history.ts'
import { budgetTable, itemTables, needTable, recordTable } from './replay/report.ts'
import { replayHistory } from './replay/run.ts'

const PAGE = new URL('../docs/planning/replay.md', import.meta.url)
const HEADING = '## Tables\n'

const results = []
for (const name of HISTORY_NAMES) {
  results.push(replayHistory(readHistory(name)))
  console.error(`${name} done`)
}
const tables = [...itemTables(results), needTable(results), budgetTable(results), recordTable(results)].join('\n\n')
console.log(tables)
if (process.argv.includes('--write')) {
  const [text = ''] = readFileSync(PAGE, 'utf8').split(HEADING)
  writeFileSync(PAGE, `${text}${HEADING}\n${tables}\n`)
}
