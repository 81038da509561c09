// The pipeline in one screen: scan → read live → plan → remember the debt → apply → record. Start reading here.

import { createHash } from 'node:crypto'
import { applyPlan } from './apply/apply-plan.ts'
import { resultOfVerification, verifyEdges, type VerifyResult } from './apply/verify.ts'
import { compileFunctions } from './functions/compile-functions.ts'
import { readDistributions, readWebsite } from './live/distributions.ts'
import { listLiveObjects, withMetadata } from './live/objects.ts'
import type { Config, Distribution, Failure, Key, LiveSnapshot, OnEvent, Outcome, Plan, ReleaseId } from './model.ts'
import { planAddresses } from './plan/edge-addresses.ts'
import { keysWithUnknownHeaders } from './plan/diff.ts'
import { makePlan, planHasWork } from './plan/make-plan.ts'
import { planPurgeAgain } from './plan/verification.ts'
import { orderUploads } from './plan/waves.ts'
import type { Ports } from './ports.ts'
import { compileFilters } from './site/filters.ts'
import { readReferences } from './site/references.ts'
import { scanSite } from './site/scan.ts'
import { clearDebt, readDebt, writeDebt } from './state/debt.ts'
import { nextState } from './state/next-state.ts'
import { readSiteState, writeSiteState } from './state/site-state.ts'
import { STATE_FOLDER } from './state/state-keys.ts'

export interface DeployOptions {
  /** `plan` stops before the first write. */
  readonly mode: 'deploy' | 'plan'
  readonly onEvent?: OnEvent
  /** `127.0.0.1:9000`: edge locations to ask for each distribution's own domain name; those of an embedded cloud. */
  readonly edges?: readonly string[]
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
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex')
  const onEvent = options.onEvent ?? (() => undefined)
  const isIncluded = compileFilters(config.filters)
  const isExcluded = (key: Key): boolean => !isIncluded(key.slice(config.prefix.length))

  const site = await scanSite(config.dir, { ...config, onEvent, ...(options.signal && { signal: options.signal }) })
  const [state, debt, listing, distributions] = await inOrder([
    readSiteState(bucket, config.prefix),
    readDebt(bucket, config.prefix),
    listLiveObjects(bucket, config.prefix, STATE_FOLDER, onEvent),
    readDistributions(ports.distributions, bucket.name, config.distributions),
  ])
  // Before the first write: an address that no distribution answers to is a mistake in the settings.
  const addresses = planAddresses({ distributions, config, edges: options.edges ?? [] })
  const unknown = keysWithUnknownHeaders(site.files, listing.objects, state)
  const objects = await withMetadata(bucket, listing.objects, unknown, config.concurrency)
  const website = await readWebsite(bucket, distributions)
  const functions = await compileFunctions(distributions)
  onEvent({ kind: 'listed', objects: objects.length, distributions: distributions.map(({ id }) => id) })

  const live: LiveSnapshot = {
    bucket: bucket.name,
    prefix: config.prefix,
    objects,
    distributions,
    website,
  }
  const byName = makePlan({
    site,
    live,
    state,
    debt,
    config,
    isExcluded,
    release: releaseId(ports),
    nowMs: ports.clock.nowMs(),
    requestsSoFar: ports.meter.counts(),
    hash,
    runFunction: (name, uri, host) => functions.run(name, uri, host),
  })
  functions.dispose()
  const references = await readReferences(
    byName.uploads.map(({ file }) => file),
    { prefix: config.prefix, hosts: hostsOf(distributions, config), ...(options.signal && { signal: options.signal }) },
  )
  const plan: Plan = { ...byName, uploads: orderUploads(byName.uploads, references, config.prefix) }
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
  if (debt !== undefined) {
    // A run that has died may have left multipart uploads unfinished.
    const keys = new Set([...(debt.puts ?? []), ...site.files].map(({ key }) => key))
    await bucket.endUnfinishedUploads(config.prefix, (key) => keys.has(key))
  }
  const applied = await applyPlan(plan, ports, { ...config, onEvent, signal: options.signal })
  let verified: VerifyResult | undefined
  if (applied.failures.length === 0) {
    // A debt and its release name the purges; what stays stale needs new ones, which no purge so far has the name of.
    const nextTry = releaseId(ports)
    if (config.wait && addresses.length > 0) {
      verified = await verifyEdges(plan.checks, addresses, ports, {
        planAgain: (stale) => planPurgeAgain(stale, nextTry, hash),
        onEvent,
        signal: options.signal,
      })
    }
    const staleKeys = [...new Set(verified?.verification.stale.map(({ key }) => key))].toSorted()
    if (staleKeys.length > 0)
      await writeDebt(bucket, config.prefix, { ...plan.debt, formatVersion: 1, release: nextTry, keys: staleKeys })
    const completedAtMs = ports.clock.nowMs()
    await writeSiteState(
      bucket,
      config.prefix,
      nextState({ ...applied, plan, completedAtMs, files: site.files, objects, before: state, isExcluded }),
    )
    if (staleKeys.length === 0 && (writes || debt !== undefined)) await clearDebt(bucket, config.prefix)
    onEvent({ kind: 'recorded', release: plan.release })
  }
  return {
    plan,
    result: resultOf(config, applied.failures, verified),
    ...applied,
    ...(verified !== undefined && { verification: verified.verification, failures: verified.failures }),
    requests: ports.meter.counts(),
    seconds: seconds(),
  }
}

function resultOf(
  { wait }: Config,
  failures: readonly Failure[],
  verified: VerifyResult | undefined,
): Outcome['result'] {
  // All is live and every purge is on its way; it was only not waited for to the end.
  if (failures.length > 0) return failures.every(({ code }) => code === 'INVALIDATION_SLOW') ? 'unverified' : 'failed'
  if (!wait) return 'live'
  return verified === undefined ? 'fresh' : resultOfVerification(verified.verification)
}

/** Where the site itself is served: pages name their preview images by whole URLs. */
function hostsOf(distributions: readonly Distribution[], { verifyUrls = [] }: Config): string[] {
  return [
    ...distributions.flatMap(({ domainName, aliases }) => [domainName, ...aliases]),
    ...verifyUrls.map((url) => new URL(url).hostname),
  ]
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
