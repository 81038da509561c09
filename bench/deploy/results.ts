// What the rounds have shown, and what is made of it: medians, ranges, the best of the peers.

import type { Measured } from './measure.ts'
import type { Scenario } from './options.ts'
import type { Tool } from './tool.ts'

export interface Sample extends Measured {
  /** To S3 and CloudFront. */
  readonly requests: number
}

export type Metric = keyof Sample

export interface Series {
  readonly tool: Tool
  readonly fileCount: number
  readonly scenario: Scenario
  /** One a round, unless it failed. */
  readonly samples: Sample[]
  /** Why there are none, or fewer. */
  readonly failures: string[]
}

export interface SiteFacts {
  readonly fileCount: number
  readonly totalBytes: number
  readonly changedFiles: ReadonlyMap<Scenario, number>
}

export interface Results {
  readonly sites: readonly SiteFacts[]
  readonly series: readonly Series[]
  /** Of `freshfront --help`. */
  readonly helpSeconds: readonly number[]
}

/** @returns undefined for none */
export function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b)
  const [lower, upper] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]
  return lower === undefined || upper === undefined ? undefined : (lower + upper) / 2
}

export function medianOf(series: Series | undefined, metric: Metric): number | undefined {
  return series && median(series.samples.map((sample) => sample[metric]))
}

export function findSeries(
  { series }: Results,
  toolId: string,
  fileCount: number,
  scenario: Scenario,
): Series | undefined {
  return series.find((each) => each.tool.id === toolId && each.fileCount === fileCount && each.scenario === scenario)
}

/** The peer that needs least of it, by its median; one that has failed in any round is none. */
export function findBestPeer(
  { series }: Results,
  fileCount: number,
  scenario: Scenario,
  metric: Metric,
): { readonly name: string; readonly value: number } | undefined {
  return series
    .filter((each) => each.tool.kind === 'peer' && each.fileCount === fileCount && each.scenario === scenario)
    .filter(({ samples, failures }) => samples.length > 0 && failures.length === 0)
    .map((each) => ({ name: each.tool.name, value: medianOf(each, metric) ?? Infinity }))
    .toSorted((a, b) => a.value - b.value)[0]
}
