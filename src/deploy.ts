// The pipeline in one screen: scan → read live → plan → remember the debt → apply → record. Start reading here.

import { createHash } from 'node:crypto'
import { applyPlan } from './apply/apply-plan.ts'
import { readDistributions } from './live/distributions.ts'
import { listLiveObjects, withMetadata } from './live/objects.ts'
import type { Config, Key, LiveSnapshot, OnEvent, Outcome, ReleaseId } from './model.ts'
import { keysWithUnknownHeaders } from './plan/diff.ts'
import { makePlan, planHasWork } from './plan/make-plan.ts'
import type { Ports } from './ports.ts'
import { compileFilters } from './site/filters.ts'
import { scanSite } from './site/scan.ts'
import { clearDebt, readDebt, writeDebt } from './state/debt.ts'
import { nextState } from './state/next-state.ts'
import { readSiteState, writeSiteState } from './state/site-state.ts'
import { STATE_FOLDER } from './state/state-keys.ts'

export interface DeployOptions {
  /** `plan` stops before the first write. */
  readonly mode: 'deploy' | 'plan'
  readonly onEvent?: OnEvent
  /** Ends the run cleanly: what was begun is finished or owed. */
  readonly signal?: AbortSignal
}

/**
 * Puts the folder live and refreshes exactly what changed.
 *
 * @returns what was planned and what was done; failures of single steps are in it, all of them
 * @throws {FreshfrontError} when nothing could be planned
 */
export async function deploy(config: Config, ports: Ports, options: DeployOptions): Promise<Outcome> {
  const startMs = ports.clock.nowMs()
  const { bucket } = ports
  const onEvent = options.onEvent ?? (() => undefined)
  const isIncluded = compileFilters(config.filters)
  const isExcluded = (key: Key): boolean => !isIncluded(key.slice(config.prefix.length))

  const site = await scanSite(config.dir, { ...config, onEvent, ...(options.signal && { signal: options.signal }) })
  const [state, debt, listing, distributions] = await inOrder([
    readSiteState(bucket, config.prefix),
    readDebt(bucket, config.prefix),
    listLiveObjects(bucket, config.prefix, `${config.prefix}${STATE_FOLDER}`, onEvent),
    readDistributions(ports.distributions, bucket.name, config.distributions),
  ])
  const unknown = keysWithUnknownHeaders(site.files, listing.objects, state)
  const objects = await withMetadata(bucket, listing.objects, unknown, config.concurrency)
  onEvent({ kind: 'listed', objects: objects.length, distributions: distributions.map(({ id }) => id) })

  const live: LiveSnapshot = {
    bucket: bucket.name,
    prefix: config.prefix,
    objects,
    distributions,
    listRequests: listing.listRequests,
  }
  const plan = makePlan({
    site,
    live,
    state,
    debt,
    config,
    isExcluded,
    release: releaseId(ports),
    requestsSoFar: ports.meter.counts(),
    hash: (text) => createHash('sha256').update(text).digest('hex'),
  })
  onEvent({ kind: 'planned', plan })

  const seconds = (): number => (ports.clock.nowMs() - startMs) / 1000
  const notDone = (result: Outcome['result']): Outcome => {
    return {
      plan,
      result,
      uploaded: [],
      removed: [],
      invalidations: [],
      failures: [],
      requests: ports.meter.counts(),
      seconds: seconds(),
    }
  }
  if (options.mode === 'plan') return notDone('planned')
  if (plan.refusals.some((refusal) => !(refusal.confirmable && config.yes))) return notDone('refused')
  if (!planHasWork(plan, state)) return notDone('nothing to do')

  const writes = plan.uploads.length + plan.removals.length > 0
  if (writes && plan.debt !== undefined) await writeDebt(bucket, config.prefix, plan.debt)
  const applied = await applyPlan(plan, ports, { ...config, onEvent, signal: options.signal })
  if (applied.failures.length === 0) {
    const completedAtMs = ports.clock.nowMs()
    const { release } = plan
    const { files } = site
    const { uploaded } = applied
    await writeSiteState(
      bucket,
      config.prefix,
      nextState({ release, completedAtMs, files, uploaded, objects, before: state, isExcluded }),
    )
    if (writes || debt !== undefined) await clearDebt(bucket, config.prefix)
    onEvent({ kind: 'recorded', release: plan.release })
  }
  return {
    plan,
    result: applied.failures.length > 0 ? 'failed' : config.wait ? 'fresh' : 'live',
    ...applied,
    requests: ports.meter.counts(),
    seconds: seconds(),
  }
}

/** Like Promise.all, but of several failures the first in this order is told, not the first in time: the bucket's before CloudFront's. */
async function inOrder<T extends readonly unknown[]>(tasks: { readonly [K in keyof T]: Promise<T[K]> }): Promise<T> {
  await Promise.allSettled(tasks)
  return (await Promise.all(tasks)) as unknown as T
}

/** Sorts by time; the suffix keeps two runs of the same second apart. */
function releaseId(ports: Ports): ReleaseId {
  const toTheSecond = new Date(ports.clock.nowMs()).toISOString().slice(0, 19)
  return `${toTheSecond.replaceAll(':', '-')}Z-${ports.randomSuffix()}`
}
