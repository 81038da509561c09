// Outcome → the step's outputs, each a text. Lists are JSON, since a name can hold any character that would divide them. Pure.

import type { Outcome, ShardOutcome } from '../model.ts'

/** Every output of action.yml, and `plan`, which names a file. */
export const outputNames: readonly string[] = [
  'changed',
  'uploaded',
  'removed',
  'invalidation-ids',
  'paths',
  'release',
  'plan',
  'stale',
  'result',
]

/** For a plan: what would be. */
export function describeOutputs(outcome: Outcome): Readonly<Record<string, string>> {
  const { plan, result, verification } = outcome
  const isPlanned = result === 'planned'
  const uploaded = isPlanned ? plan.uploads.length : outcome.uploaded.length
  const removed = isPlanned ? plan.removals.length : outcome.removed.length
  const purges = isPlanned ? plan.invalidations : outcome.invalidations
  const ids = outcome.invalidations.flatMap(({ id }) => (id === undefined ? [] : [id]))
  return {
    changed: String(uploaded + removed > 0),
    uploaded: String(uploaded),
    removed: String(removed),
    'invalidation-ids': JSON.stringify([...new Set(ids)]),
    paths: JSON.stringify([...new Set(purges.flatMap(({ items }) => items.map(({ item }) => item)))]),
    release: plan.release,
    stale: verification === undefined ? '' : String(new Set(verification.stale.map(({ url }) => url)).size),
    result,
  }
}

/** Of one share of the site: what is removed and purged is the finish's. */
export function describeShardOutputs({ name, result, uploaded }: ShardOutcome): Readonly<Record<string, string>> {
  return {
    changed: String(uploaded.length > 0),
    uploaded: String(uploaded.length),
    removed: '0',
    'invalidation-ids': '[]',
    paths: '[]',
    release: name,
    stale: '',
    result,
  }
}
