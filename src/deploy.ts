// The pipeline in one screen: scan → read live → plan → remember the debt → apply → record. Start reading here.

import { createHash } from 'node:crypto'
import { applyPlan } from './apply/apply-plan.ts'
import { resultOfVerification, verifyEdges, type VerifyResult } from './apply/verify.ts'
import { compileFunctions } from './functions/compile-functions.ts'
import { readDistributions, readWebsite } from './live/distributions.ts'
import { listLiveObjects, withMetadata } from './live/objects.ts'
import { FreshfrontError } from './errors.ts'
import type {
  Commit,
  Config,
  Distribution,
  Failure,
  Key,
  LiveSnapshot,
  OnEvent,
  Outcome,
  Plan,
  ReleaseId,
  RequestCounts,
  SiteSnapshot,
} from './model.ts'
import { planAddresses } from './plan/edge-addresses.ts'
import { keysWithUnknownHeaders } from './plan/diff.ts'
import { makePlan, planHasWork } from './plan/make-plan.ts'
import { planPurgeAgain } from './plan/verification.ts'
import { orderUploads } from './plan/waves.ts'
import type { Ports } from './ports.ts'
import { compileFilters } from './site/filters.ts'
import { readReferences } from './site/references.ts'
import { scanSite } from './site/scan.ts'
import { findOlder } from './state/commit-order.ts'
import { clearDebt, readDebt, writeDebt } from './state/debt.ts'
import { acquireLock, type HeldLock } from './state/lock.ts'
import { nextState } from './state/next-state.ts'
import { readSiteState, writeSiteState } from './state/site-state.ts'
import { STATE_FOLDER } from './state/state-keys.ts'

export interface DeployOptions {
  /** `plan` stops before the first write. */
  readonly mode: 'deploy' | 'plan'
  readonly onEvent?: OnEvent
  /** What the site was built from: recorded, and not put live over something newer. */
  readonly commit?: Commit
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
  const { signal, commit } = options
  const onEvent = options.onEvent ?? (() => undefined)
  const site = await scanSite(config.dir, { ...config, onEvent, ...(signal && { signal }) })
  const run = { startMs, site, release: releaseId(ports), onEvent }
  if (options.mode === 'plan') return planAndApply(config, ports, options, run)
  const { prefix, force, lockWaitSeconds: waitSeconds = 0 } = config
  try {
    const mine = { prefix, release: run.release, commit, waitSeconds, refusesOlder: !force, onEvent, signal }
    const lock = await acquireLock(ports, mine)
    const untilLost = AbortSignal.any([lock.lost, ...(signal === undefined ? [] : [signal])])
    try {
      const outcome = await planAndApply(config, ports, { ...options, signal: untilLost }, { ...run, lock })
      await lock.release()
      return { ...outcome, requests: ports.meter.counts() }
    } finally {
      await lock.release()
    }
  } catch (error) {
    if (config.newestWins !== true || !isOlderThanLive(error)) throw error
    return superseded(await planAndApply(config, ports, { ...options, mode: 'plan' }, run), error.message)
  }
}

interface Run {
  readonly startMs: number
  readonly site: SiteSnapshot
  readonly release: ReleaseId
  readonly onEvent: OnEvent
  /** Held while the run may write; undefined in mode `plan`. */
  readonly lock?: HeldLock
}

async function planAndApply(config: Config, ports: Ports, options: DeployOptions, run: Run): Promise<Outcome> {
  const { bucket } = ports
  const { startMs, site, onEvent, lock } = run
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex')
  const isIncluded = compileFilters(config.filters)
  const isExcluded = (key: Key): boolean => !isIncluded(key.slice(config.prefix.length))

  const [lockWarnings, state, debt, listing, distributions] = await inOrder([
    lock?.findWarnings() ?? Promise.resolve([]),
    readSiteState(bucket, config.prefix),
    readDebt(bucket, config.prefix),
    listLiveObjects(bucket, config.prefix, STATE_FOLDER, onEvent),
    readDistributions(ports.distributions, bucket.name, config.distributions),
  ])
  const older = config.force ? undefined : findOlder(options.commit, state?.commit, 'live')
  if (older !== undefined && lock !== undefined) throw older
  const recordsCommit = options.commit !== undefined && options.commit.id !== state?.commit?.id
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
    nowMs: ports.clock.nowMs(),
    release: run.release,
    warnings: [...lockWarnings, ...(older === undefined ? [] : [older])],
    lockRequests: lock === undefined ? LOCK_REQUESTS : { delete: 1 },
    recordsCommit,
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
  if (lock === undefined) return notDone('planned')
  if (plan.refusals.some((refusal) => !(refusal.confirmable && config.yes))) return notDone('refused')
  await lock.confirm()
  if (!planHasWork(plan, state)) {
    // Which commit is live decides whether a later run is older than it.
    if (state !== undefined && recordsCommit) {
      await writeSiteState(bucket, config.prefix, { ...state, commit: options.commit })
    }
    return notDone('nothing to do')
  }

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
    await lock.confirm()
    const staleKeys = [...new Set(verified?.verification.stale.map(({ key }) => key))].toSorted()
    if (staleKeys.length > 0)
      await writeDebt(bucket, config.prefix, { ...plan.debt, formatVersion: 1, release: nextTry, keys: staleKeys })
    const completedAtMs = ports.clock.nowMs()
    await writeSiteState(
      bucket,
      config.prefix,
      nextState({
        ...applied,
        plan,
        completedAtMs,
        files: site.files,
        objects,
        before: state,
        isExcluded,
        commit: options.commit,
      }),
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

/** What taking a free lock, asking whether the store keeps it, and giving it back takes. */
const LOCK_REQUESTS: Partial<RequestCounts> = { put: 2, delete: 1 }

function isOlderThanLive(error: unknown): error is FreshfrontError {
  return error instanceof FreshfrontError && error.code === 'OLDER_THAN_LIVE'
}

/** Nothing of what the older site would have changed is to be done. */
function superseded(outcome: Outcome, why: string): Outcome {
  const { plan } = outcome
  const warnings = [
    { code: 'SUPERSEDED', message: why },
    ...plan.warnings.filter(({ code }) => code !== 'OLDER_THAN_LIVE'),
  ]
  const nothing = { uploads: [], removals: [], invalidations: [], settleSeconds: 0, settleReasons: [], refusals: [] }
  return { ...outcome, result: 'superseded', plan: { ...plan, ...nothing, warnings } }
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
