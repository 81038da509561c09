// The pipeline in one screen: scan, and read meanwhile → lock → read the world, or prove that it is as it was → plan → carry out. Start reading
// here.

import { resultOfVerification, type VerifyResult } from './apply/verify.ts'
import { carryOut, type CarriedOut } from './carry-out.ts'
import { quote } from './errors.ts'
import { finishNothing, openFinish } from './finish-shards.ts'
import type {
  Commit,
  Config,
  Failure,
  Finding,
  OnEvent,
  Outcome,
  Plan,
  ReleaseId,
  SavedPlan,
  SiteSnapshot,
} from './model.ts'
import { checkSavedPlan, planRelease, savePlan } from './plan-release.ts'
import { planAddresses } from './plan/edge-addresses.ts'
import { leaveIgnored } from './plan/ignored.ts'
import { planHasWork } from './plan/make-plan.ts'
import { placeRedirects } from './plan/redirect-objects.ts'
import type { Ports } from './ports.ts'
import { readChurn } from './read-churn.ts'
import { type EarlyWorld, readEarly } from './read-early.ts'
import { readWorld, type World } from './read-world.ts'
import { scanSite } from './site/scan.ts'
import { findOlder, isOlderThanLive } from './state/commit-order.ts'
import { type EarlyState, readEarlyState } from './state/early-state.ts'
import { knownFiles } from './state/known-files.ts'
import { acquireLock, type HeldLock } from './state/lock.ts'
import { openRecords, type Records } from './state/records.ts'
import type { StoredState } from './state/site-state.ts'

export interface DeployOptions {
  /** `plan` stops before the first write. */
  readonly mode: 'deploy' | 'plan'
  readonly onEvent?: OnEvent
  /** What the site was built from: recorded, and not put live over something newer. */
  readonly commit?: Commit
  /** Carries out exactly this plan, made with the same settings, or nothing. */
  readonly saved?: SavedPlan
  /** `127.0.0.1:9000`: edge locations to ask for each distribution's own domain name; those of an embedded cloud. */
  readonly edges?: readonly string[]
  /** Finishes the sharded release of this name: what its shards have recorded stands for the folder. */
  readonly finish?: string
  /** Ends the run cleanly: what was begun is finished or owed. */
  readonly signal?: AbortSignal
}

/**
 * Puts the folder live and refreshes exactly what changed.
 *
 * @returns what was planned and what was done; failures of single steps are in it, all of them
 * @throws {FreshfrontError} when nothing could be planned; `PLAN_OUTDATED` when the saved plan is no longer right
 */
export async function deploy(config: Config, ports: Ports, options: DeployOptions): Promise<Outcome> {
  const startMs = ports.clock.nowMs()
  const { signal, onEvent = () => undefined } = options
  const ending = new AbortController()
  const untilEnd = AbortSignal.any([ending.signal, ...(signal === undefined ? [] : [signal])])
  try {
    const scanned = options.finish === undefined ? await scanAndRead(config, ports, onEvent, untilEnd) : NOT_SCANNED
    return await deployScanned(config, ports, { ...options, onEvent }, { ...scanned, startMs })
  } finally {
    ending.abort()
  }
}

async function deployScanned(
  config: Config,
  ports: Ports,
  options: DeployOptions & Required<Pick<DeployOptions, 'onEvent'>>,
  { site, stored, early, startMs }: Scanned & Pick<Run, 'startMs'>,
): Promise<Outcome> {
  const { signal, saved, onEvent } = options
  const commit = saved === undefined ? options.commit : saved.commit
  const records = (lock?: HeldLock): Records => openRecords(ports.bucket, config.prefix, lock, stored)
  const keepsConditions = stored?.state.conditionsKeptBy === ports.bucket.store
  const release = saved?.release ?? releaseId(ports)
  const run: Run = { startMs, site, early, release, commit, onEvent, keepsConditions, records: records() }
  if (options.mode === 'plan') return planAndApply(config, ports, options, run)
  const { prefix, force, lockWaitSeconds: waitSeconds = 0 } = config
  try {
    const mine = { prefix, release: run.release, commit, waitSeconds, refusesOlder: !force, onEvent, signal }
    const lock = await acquireLock(ports, mine)
    const untilLost = AbortSignal.any([lock.lost, ...(signal === undefined ? [] : [signal])])
    const locked = { ...run, lock, records: records(lock) }
    try {
      const outcome = await planAndApply(config, ports, { ...options, signal: untilLost }, locked)
      await lock.release()
      return { ...outcome, requests: ports.meter.counts() }
    } finally {
      await locked.records.oweAgainIfLost(releaseId(ports))
      await lock.release()
    }
  } catch (error) {
    if (config.newestWins !== true || !isOlderThanLive(error)) throw error
    return superseded(await planAndApply(config, ports, options, { ...run, isSuperseded: true }), error.message)
  }
}

interface Run {
  readonly startMs: number
  readonly site: SiteSnapshot
  readonly early: EarlyWorld | undefined
  readonly release: ReleaseId
  readonly commit: Commit | undefined
  readonly onEvent: OnEvent
  /** Held while the run may write; undefined in mode `plan`. */
  readonly lock?: HeldLock
  readonly records: Records
  /** Whether the store was seen to keep to conditional writes, so that the lock need not try it. */
  readonly keepsConditions: boolean
  /** Something newer is live or being deployed, and nothing will be written. */
  readonly isSuperseded?: boolean
}

interface Scanned {
  readonly site: SiteSnapshot
  readonly stored?: StoredState | undefined
  readonly early?: EarlyWorld | undefined
}

/**
 * Reads the state while the folder is walked, and the rest while its files are read; what is wrong with the folder is told first.
 *
 * @param signal ends the reading too
 */
async function scanAndRead(config: Config, ports: Ports, onEvent: OnEvent, signal: AbortSignal): Promise<Scanned> {
  let state: EarlyState = {}
  let early: EarlyWorld | undefined
  let known = knownFiles(undefined)
  let isScanned = false
  // One thing after the other on the line of progress: what is still listed when all files are read is told then.
  const onListing: OnEvent = (event) => {
    if (isScanned) onEvent(event)
  }
  const site = await scanSite(config.dir, {
    ...config,
    async recall() {
      state = await readEarlyState(ports.bucket, config.prefix)
      known = knownFiles(state.stored?.state)
      if (state.fault === undefined) early = readEarly(config, ports, state.stored?.state, onListing, signal)
    },
    known: (key) => known(key),
    onEvent,
    signal,
  })
  isScanned = true
  if (state.fault !== undefined) throw state.fault
  return { site, stored: state.stored, early }
}

async function planAndApply(config: Config, ports: Ports, options: DeployOptions, run: Run): Promise<Outcome> {
  const { onEvent, lock, records, keepsConditions, isSuperseded = false } = run
  const { saved, signal } = options
  const lockWarnings = keepsConditions ? [] : ((await lock?.findWarnings()) ?? [])
  const finishing =
    options.finish === undefined
      ? undefined
      : isSuperseded
        ? finishNothing(options.finish, records)
        : await openFinish(options.finish, await records.readOwnDebt(), records, ports.bucket, {
            commit: config.force ? undefined : run.commit,
          })
  const commit = run.commit ?? finishing?.commit
  let read: World | undefined
  try {
    read = await readWorld(config, ports, run.site, finishing?.records ?? records, onEvent, {
      early: run.early,
      expected: finishing?.keys,
    })
    const merged = finishing?.merge(config, read)
    const world = merged?.world ?? read
    const { site, ignored } =
      merged ?? leaveIgnored(placeRedirects(run.site, world.live), { ...world, force: config.force })
    const being = merged === undefined ? world.debt?.sharded : undefined
    const older = config.force
      ? undefined
      : (findOlder(commit, world.state?.commit, 'live') ?? findOlder(commit, being?.commit, 'being deployed'))
    if (older !== undefined && lock !== undefined) throw older
    // Before the first write: an address that no distribution answers to is a mistake in the settings.
    const { distributions } = world.live
    const addresses = planAddresses({ distributions, config, edges: options.edges ?? [] })
    const input = {
      config,
      site,
      ignored,
      world,
      commit,
      signal,
      release: run.release,
      nowMs: saved === undefined ? ports.clock.nowMs() : Date.parse(saved.plannedAt),
      warnings: [
        ...lockWarnings,
        ...world.readWarnings,
        ...(older === undefined ? [] : [older]),
        ...(being === undefined ? [] : [overtakes(being.name)]),
      ] satisfies readonly Finding[],
      sharded: merged?.sharded,
      uploaded: merged?.uploaded,
      // Taking a free lock, asking whether the store keeps it where nobody has seen that yet, and giving it back.
      lockRequests: lock === undefined ? { put: keepsConditions ? 1 : 2, delete: 1 } : { delete: 1 },
      requestsSoFar: ports.meter.counts(),
    }
    const plan = await planRelease(input)
    onEvent({ kind: 'planned', plan })
    if (saved !== undefined) checkSavedPlan(saved, plan, input)

    const notDone = (result: Outcome['result']): Outcome => outcomeOf(plan, result, NOTHING_DONE, run, ports)
    if (lock === undefined) {
      // Only somebody who looks at a plan wants to know; a deploy spends no requests on it.
      const churn = options.mode === 'plan' ? await readChurn({ ...input, plan }, ports.bucket) : undefined
      return { ...notDone('planned'), saved: savePlan(plan, input), ...(churn !== undefined && { churn }) }
    }
    if (plan.refusals.some((refusal) => !(refusal.confirmable && config.yes))) return notDone('refused')
    await lock.confirm()
    const conditionsKeptBy = lockWarnings.length === 0 ? ports.bucket.store : undefined
    if (!planHasWork(plan, world.state)) {
      await recordCommit(records, world, commit, conditionsKeptBy)
      return notDone('nothing to do')
    }
    // Made now, so that it is the same whenever the edge turns out to be stale.
    const nextTry = releaseId(ports)
    const confirmLock = (): Promise<void> => lock.confirm()
    const carried = { ...input, plan, addresses, nextTry, records, confirmLock, conditionsKeptBy, onEvent }
    const done = await carryOut(carried, ports)
    return outcomeOf(plan, resultOf(config, done.failures, done.verified), done, run, ports)
  } finally {
    read?.functions.dispose()
    await finishing?.dispose()
  }
}

const NOT_SCANNED: Scanned = { site: { dir: '', files: [], skipped: [], secrets: [] } }

function overtakes(name: string): Finding {
  return {
    code: 'SHARDED_RELEASE_OVERTAKEN',
    message: `The sharded release ${quote(name)} is not finished: a deploy that writes now overtakes it, pays what it owes and ends it.`,
  }
}

const NOTHING_DONE: CarriedOut = { uploaded: [], removed: [], invalidations: [], failures: [] }

function outcomeOf(
  plan: Plan,
  result: Outcome['result'],
  { verified, ...applied }: CarriedOut,
  { startMs }: Run,
  ports: Ports,
): Outcome {
  return {
    plan,
    result,
    ...applied,
    ...(verified !== undefined && { verification: verified.verification, failures: verified.failures }),
    requests: ports.meter.counts(),
    seconds: (ports.clock.nowMs() - startMs) / 1000,
  }
}

/** Which commit is live decides whether a later run is older than it, also where nothing else changed. */
async function recordCommit(
  records: Records,
  { state }: World,
  commit: Commit | undefined,
  conditionsKeptBy: string | undefined,
): Promise<void> {
  if (state === undefined || commit === undefined || commit.id === state.commit?.id) return
  await records.writeState({ ...state, commit, ...(conditionsKeptBy !== undefined && { conditionsKeptBy }) })
}

/** Nothing of what the older site would have changed is to be done. */
function superseded(outcome: Outcome, why: string): Outcome {
  const { plan } = outcome
  const warnings = [
    { code: 'SUPERSEDED', message: why },
    ...plan.warnings.filter(({ code }) => code !== 'OLDER_THAN_LIVE'),
  ]
  const nothing = { uploads: [], removals: [], invalidations: [], settleSeconds: 0, settleReasons: [], refusals: [] }
  const { saved: _saved, ...rest } = outcome
  return { ...rest, result: 'superseded', plan: { ...plan, ...nothing, warnings } }
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

/** Sorts by time; the suffix keeps two runs of the same second apart. */
export function releaseId(ports: Pick<Ports, 'clock' | 'randomSuffix'>): ReleaseId {
  const toTheSecond = new Date(ports.clock.nowMs()).toISOString().slice(0, 19)
  return `${toTheSecond.replaceAll(':', '-')}Z-${ports.randomSuffix()}`
}
