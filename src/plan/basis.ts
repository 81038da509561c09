// What a plan rests on, and what of it has moved since. Pure.

import { quote } from '../errors.ts'
import type { Config, Debt, Distribution, LiveSnapshot, Plan, PlanBasis, SiteSnapshot, SiteState } from '../model.ts'
import type { Hash } from './batches.ts'

/** More names than this are counted, not listed. */
const MAX_NAMES = 3

export interface BasisInput {
  readonly config: Config
  readonly site: SiteSnapshot
  readonly live: LiveSnapshot
  readonly state: SiteState | undefined
  readonly debt: Debt | undefined
  readonly hash: Hash
}

export function describeBasis({ config, site, live, state, debt, hash }: BasisInput): PlanBasis {
  const digestOf = (distribution: Distribution): string => hash(JSON.stringify([distribution, live.website]))
  return {
    settings: hash(JSON.stringify(whatIsWanted(config))),
    disk: Object.fromEntries(
      site.files.map(({ key, sha256, metadata }) => [key, hash(JSON.stringify([sha256, metadata]))]),
    ),
    bucket: Object.fromEntries(live.objects.map(({ key, etag }) => [key, etag])),
    state: {
      ...(state !== undefined && { release: state.release }),
      digest: hash(JSON.stringify([state, debt])),
    },
    distributions: Object.fromEntries(live.distributions.map((one) => [one.id, digestOf(one)])),
  }
}

/** @returns a sentence for each part of the world that is no longer what it was; empty when all is */
export function findMoved(before: PlanBasis, now: PlanBasis): string[] {
  const disk = compareNames(before.disk, now.disk)
  const bucket = compareNames(before.bucket, now.bucket)
  const distributions = compareNames(before.distributions, now.distributions)
  return [
    ...(before.settings === now.settings ? [] : ['The settings are others.']),
    ...(disk === undefined ? [] : [`On the disk ${disk}.`]),
    ...(bucket === undefined ? [] : [`In the bucket ${bucket}.`]),
    ...(before.state.digest === now.state.digest ? [] : [describeState(before, now)]),
    ...(distributions === undefined ? [] : [`Of the distributions ${distributions}.`]),
  ]
}

/** Of all that applying the plan writes, sends and remembers; not of what it says about it. */
export function digestPlan(plan: Plan, hash: Hash): string {
  const { release, bucket, prefix, uploads, removals, kept, keptByRule } = plan
  const { distributions, invalidations, settleSeconds, debt } = plan
  const puts = uploads.map(({ key, wave, cacheTags, file, copyOf }) => [
    [key, wave, cacheTags, file.sha256, file.metadata],
    copyOf,
  ])
  return hash(
    JSON.stringify([
      release,
      bucket,
      prefix,
      puts,
      removals,
      kept,
      keptByRule,
      distributions,
      invalidations,
      settleSeconds,
      debt,
    ]),
  )
}

/** The settings that a plan depends on; how it is carried out may differ. */
function whatIsWanted(config: Config): unknown {
  const { dir, bucket, prefix, distributions, filters, delete: deletes, followSymlinks, acl, cacheControl } = config
  const { force, maxDelete, keep, keepAssets, ignore, allowSecrets, urls, invalidation, storage } = config
  return [
    [dir, bucket, prefix, distributions, filters, deletes, followSymlinks, acl, cacheControl],
    [force, maxDelete, keep, keepAssets, ignore, allowSecrets, urls, invalidation, storage],
  ]
}

function describeState(before: PlanBasis, now: PlanBasis): string {
  const [was = 'nothing', is = 'nothing'] = [before.state.release, now.state.release]
  return was === is
    ? 'What is remembered of the site, or owed to its caches, has changed since: another deploy has begun.'
    : `The last release is ${is}; it was ${was}.`
}

function compareNames(
  before: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): string | undefined {
  const [old, current] = [new Map(Object.entries(before)), new Map(Object.entries(now))]
  const changed = [...current].filter(([name, value]) => old.has(name) && old.get(name) !== value)
  const added = [...current].filter(([name]) => !old.has(name))
  const gone = [...old].filter(([name]) => !current.has(name))
  const clauses = [
    describeNames(changed, 'changed'),
    describeNames(added, added.length === 1 ? 'is new' : 'are new'),
    describeNames(gone, gone.length === 1 ? 'is gone' : 'are gone'),
  ].filter((clause) => clause !== undefined)
  return clauses.length === 0 ? undefined : clauses.join('; ')
}

function describeNames(entries: readonly (readonly [string, string])[], what: string): string | undefined {
  if (entries.length === 0) return undefined
  const names = entries.slice(0, MAX_NAMES).map(([name]) => quote(name))
  const more = entries.length > MAX_NAMES ? ` and ${entries.length - MAX_NAMES} more` : ''
  return `${names.join(', ')}${more} ${what}`
}
