// The results as the generated part of docs/performance.md.

import { cpus } from 'node:os'
import { judge } from './goals.ts'
import type { BenchOptions, Scenario } from './options.ts'
import { findSeries, medianOf, type Metric, type Results, type Series, type SiteFacts } from './results.ts'
import type { Tool } from './tool.ts'

export interface Measurement {
  readonly options: BenchOptions
  readonly tools: readonly Tool[]
  readonly missing: readonly string[]
  readonly cephVersion: string
  readonly results: Results
}

export function writeReport(measurement: Measurement): string {
  const { results } = measurement
  return [
    describeRun(measurement),
    '![Wall and CPU seconds by tool and scenario](performance.svg)',
    ...writeGoals(results),
    ...results.sites.toReversed().flatMap((site) => writeSite(measurement, site)),
    '### Versions',
    writeTable(
      ['Tool', 'Version', 'Called as'],
      measurement.tools.map(({ name, version, shown }) => [name, version, `\`${shown}\``]),
    ),
    ...writeFailures(results),
  ].join('\n\n')
}

function describeRun({ options, cephVersion, missing }: Measurement): string {
  const cores = `${cpus().length} × ${cpus()[0]?.model.trim()}`
  const left = missing.length === 0 ? '' : ` Not installed here, and left out: ${missing.join(', ')}.`
  return `Measured on ${cores}, shared with the server, ${cephVersion}; Node ${process.version}; seed \`${options.seed}\`. Medians of ${options.rounds} ${
    options.rounds === 1 ? 'round' : 'rounds'
  }, and the least and the most in brackets.${left}`
}

function writeGoals(results: Results): string[] {
  const { fileCount, goals } = judge(results)
  if (goals.length === 0) return []
  const rows = goals.map(({ name, limit, measured, isMet }) => [name, limit, measured, isMet ? 'met' : '**missed**'])
  return [`### The goals, at ${count(fileCount)} files`, writeTable(['Goal', 'At most', 'Measured', ''], rows)]
}

function writeSite({ tools, results }: Measurement, { fileCount, totalBytes, changedFiles }: SiteFacts): string[] {
  const measured = [...changedFiles.keys()]
  const head = ['', ...measured.map((scenario) => describeScenario(scenario, changedFiles.get(scenario) ?? 0))]
  const write = (title: string, cell: (series: Series) => string): string[] => [
    title,
    writeTable(
      head,
      tools.map((tool) => [
        tool.name,
        ...measured.map((scenario) => {
          const series = findSeries(results, tool.id, fileCount, scenario)
          if (series === undefined) return ''
          return series.samples.length === 0 ? 'failed' : cell(series)
        }),
      ]),
    ),
  ]
  return [
    `### ${count(fileCount)} files, ${size(totalBytes)}`,
    ...write('Wall seconds:', (series) => range(series, 'wallSeconds')),
    ...write('CPU seconds of the tool:', (series) => range(series, 'cpuSeconds')),
    ...write('Peak memory and requests:', (series) => {
      const requests = medianOf(series, 'requests') ?? 0
      return `${Math.round((medianOf(series, 'peakBytes') ?? 0) / 1e6)} MB, ${count(Math.round(requests))}`
    }),
  ]
}

function describeScenario(scenario: Scenario, changedFiles: number): string {
  switch (scenario) {
    case 'first':
      return 'first upload'
    case 'changed':
      return `${count(changedFiles)} changed`
    case 'renamed':
      return `${count(changedFiles)} renamed`
    default:
      return scenario
  }
}

function writeFailures({ series }: Results): string[] {
  const failures = series.flatMap((each) =>
    each.failures.map((why) => `- ${each.tool.name}, ${count(each.fileCount)} files, ${each.scenario}: ${why}`),
  )
  return failures.length === 0 ? [] : ['### What failed', failures.join('\n')]
}

function range(series: Series, metric: Metric): string {
  const values = series.samples.map((sample) => sample[metric])
  const middle = seconds(medianOf(series, metric) ?? 0)
  return values.length === 1 ? middle : `${middle} (${seconds(Math.min(...values))}–${seconds(Math.max(...values))})`
}

function seconds(value: number): string {
  return value < 10 ? value.toFixed(2) : value.toFixed(1)
}

function count(value: number): string {
  return value.toLocaleString('en')
}

function size(bytes: number): string {
  return bytes < 1e6 ? `${Math.round(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}

function writeTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = head.map((_, index) => (index === 0 ? '---' : '---:'))
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
