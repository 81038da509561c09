// What `npm run bench` was asked to measure.

import { join } from 'node:path'
import { parseArgs } from 'node:util'

export const scenarios = ['first', 'no-op', 'touched', 'changed', 'renamed'] as const
export type Scenario = (typeof scenarios)[number]

export interface BenchOptions {
  /** Sizes of the sites, smallest first. */
  readonly fileCounts: readonly number[]
  readonly rounds: number
  /** Ids of `tools.ts`; all when undefined. */
  readonly tools: readonly string[] | undefined
  /** In the order in which they run; `first` is always among them, for the others build on it. */
  readonly scenarios: readonly Scenario[]
  /** Where performance.md and performance.svg go. */
  readonly outDir: string
  /** A folder where `ceph.sh up` has started a server that is to be used; one of our own when undefined. */
  readonly runningCeph: string | undefined
  readonly seed: string
}

const USAGE = `npm run bench -- [--files 10,1000,10000] [--rounds 3] [--tools freshfront,hugo,…] [--scenarios first,no-op,touched,changed,renamed]
                [--out docs] [--running DIR] [--seed TEXT]`

export function parseOptions(argv: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      files: { type: 'string', default: '10,1000,10000' },
      rounds: { type: 'string', default: '3' },
      tools: { type: 'string' },
      scenarios: { type: 'string', default: scenarios.join(',') },
      out: { type: 'string', default: join(import.meta.dirname, '../../docs') },
      running: { type: 'string' },
      seed: { type: 'string', default: 'freshfront' },
    },
  })
  const asked = values.scenarios.split(',')
  const unknown = asked.filter((name) => !scenarios.some((scenario) => scenario === name))
  if (unknown.length > 0) throw new Error(`There is no scenario ${unknown.join(', ')}.\n${USAGE}`)
  return {
    fileCounts: values.files
      .split(',')
      .map(parseCount)
      .toSorted((a, b) => a - b),
    rounds: parseCount(values.rounds),
    tools: values.tools?.split(','),
    scenarios: scenarios.filter((scenario) => scenario === 'first' || asked.includes(scenario)),
    outDir: values.out,
    runningCeph: values.running,
    seed: values.seed,
  }
}

function parseCount(text: string): number {
  if (!/^[1-9]\d*$/u.test(text)) throw new Error(`"${text}" is no whole number above 0.\n${USAGE}`)
  return Number(text)
}
