// The results of the replays as Markdown tables.

import { type BudgetTally, ITEM_COUNTS, type Result, type Tally } from './run.ts'

export function itemTables(results: readonly Result[]): string[] {
  const names = [...(results[0]?.byScheme.keys() ?? [])]
  const tables = results.map(({ name, generator, deploys, objects, byScheme }) =>
    [
      `### ${name}: ${generator}, ${deploys} deploys, ${Math.round(objects)} objects`,
      '',
      ...table(
        [
          'Planner',
          ...ITEM_COUNTS.map((count) => `${count} ${count === 1 ? 'item' : 'items'}`),
          'Items used of 30',
          'Stale',
        ],
        names.map((scheme) => {
          const tallies = byScheme.get(scheme) ?? []
          const last = tallies.at(-1)
          return [scheme, ...tallies.map(cell), mean(last, 'items').toFixed(1), `${last?.stale ?? 0}`]
        }),
      ),
    ].join('\n'),
  )
  const means = names.map((scheme) => [
    scheme,
    ...ITEM_COUNTS.map((_, i) => {
      const tallies = results.flatMap(({ byScheme }) => byScheme.get(scheme)?.[i] ?? [])
      return `${percent(average(tallies, 'objects'))} (${percent(average(tallies, 'bytes'))})`
    }),
  ])
  return [
    [`### Mean of the ${results.length} histories`, '', ...table(['Planner', ...ITEM_COUNTS.map(String)], means)].join(
      '\n',
    ),
    ...tables,
  ]
}

export function needTable(results: readonly Result[]): string {
  const rows = results.map(({ name, needs: { tags, exactPaths } }) => [
    name,
    sum(tags).toFixed(0),
    sum(exactPaths).toFixed(0),
    `${Math.max(...tags)}`,
    ...[3, 5, 15, 30].map((count) => `${tags.filter((need) => need > count).length}`),
  ])
  return [
    '### Items to evict nothing needlessly',
    '',
    ...table(
      ['History', 'With tags, in all', 'Exact paths, in all', 'With tags, at most', '> 3', '> 5', '> 15', '> 30'],
      rows,
    ),
  ].join('\n')
}

export function budgetTable(results: readonly Result[]): string {
  const rows = results.flatMap(({ name, deploys, budgets }) =>
    [...budgets].map(([scheme, tally]: [string, BudgetTally]) => [
      name,
      scheme,
      `${tally.withNeedless} of ${deploys}`,
      percent(mean(tally, 'objects')),
      percent(mean(tally, 'bytes')),
      mean(tally, 'items').toFixed(1),
      `${tally.mostPaths}`,
    ]),
  )
  return [
    '### The free paths of the month, on the real dates',
    '',
    ...table(
      [
        'History',
        'Planner',
        'Deploys with any needless',
        'Objects %',
        'Bytes %',
        'Items a deploy',
        'Paths in the fullest month',
      ],
      rows,
    ),
  ].join('\n')
}

export function recordTable(results: readonly Result[]): string {
  const rows = results.map(({ name, record: { keys, gzipBytes, meanTags, mostTags } }) => [
    name,
    `${keys}`,
    (gzipBytes / keys).toFixed(1),
    meanTags.toFixed(1),
    `${mostTags}`,
  ])
  return [
    '### What is remembered, and what is sent',
    '',
    ...table(['History', 'Keys', 'Bytes of state a key, compressed', 'Tags an object', 'at most'], rows),
  ].join('\n')
}

function cell(tally: Tally): string {
  return `${percent(mean(tally, 'objects'))} (${percent(mean(tally, 'bytes'))})`
}

function mean(tally: Tally | undefined, field: 'objects' | 'bytes' | 'items'): number {
  return tally === undefined ? 0 : tally[field] / Math.max(1, tally.deploys)
}

function average(tallies: readonly Tally[], field: 'objects' | 'bytes'): number {
  return sum(tallies.map((tally) => mean(tally, field))) / Math.max(1, tallies.length)
}

function percent(share: number): string {
  const value = share * 100
  return value === 0 ? '0' : value < 0.995 ? value.toPrecision(2) : value.toFixed(1)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)]
}
