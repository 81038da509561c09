// A plan → what was done: the debt is written first, the plan applied, the edge asked, the release recorded. The order is the protocol
// that nothing is forgotten by, wherever it is cut off.

import { applyPlan, type Applied, type ApplyOptions } from './apply/apply-plan.ts'
import { verifyEdges, type VerifyResult } from './apply/verify.ts'
import type { Commit, Config, EdgeAddress, Plan, ReleaseId, SiteSnapshot } from './model.ts'
import { planPurgeAgain } from './plan/verification.ts'
import { keysLeftAlone, sha256 } from './plan-release.ts'
import type { Ports } from './ports.ts'
import type { World } from './read-world.ts'
import { nextState } from './state/next-state.ts'
import type { Records } from './state/records.ts'

export interface CarryOutInput {
  readonly plan: Plan
  readonly config: Config
  readonly site: SiteSnapshot
  readonly world: World
  readonly commit: Commit | undefined
  /** Where the edge is asked afterwards; empty: it is not. */
  readonly addresses: readonly EdgeAddress[]
  /** The name of a second purge, should an edge stay stale: no purge so far has it. */
  readonly nextTry: ReleaseId
  readonly records: Records
  /** Rejects when somebody else has taken the lock. */
  readonly confirmLock: () => Promise<void>
  /** The store, where it was seen to keep to conditional writes. */
  readonly conditionsKeptBy: string | undefined
  /** What shards have put already. */
  readonly uploaded?: ApplyOptions['uploaded']
  readonly onEvent: ApplyOptions['onEvent']
  readonly signal: AbortSignal | undefined
}

export interface CarriedOut extends Applied {
  readonly verified?: VerifyResult
}

export async function carryOut(input: CarryOutInput, ports: Ports): Promise<CarriedOut> {
  const { plan, config, site, world, records, confirmLock, onEvent, signal } = input
  const { bucket } = ports
  const { debt } = world
  const writes = plan.uploads.length + plan.removals.length > 0
  if (writes && plan.debt !== undefined) await records.writeDebt(plan.debt)
  if (debt !== undefined) {
    // A run that has died may have left multipart uploads unfinished.
    const keys = new Set([...(debt.puts ?? []), ...site.files].map(({ key }) => key))
    await bucket.endUnfinishedUploads(config.prefix, (key) => keys.has(key))
  }
  const applied = await applyPlan(plan, ports, {
    ...config,
    onEvent,
    signal,
    confirm: confirmLock,
    uploaded: input.uploaded,
  })
  if (applied.failures.length > 0) return applied

  const verified = await verifyWhereAsked(input, ports)
  await confirmLock()
  const staleKeys = [...new Set(verified?.verification.stale.map(({ key }) => key))].toSorted()
  if (staleKeys.length > 0) {
    // A debt and its release name the purges; what stays stale needs new ones.
    const owed = { ...plan.debt, formatVersion: 1 as const, release: input.nextTry, keys: staleKeys }
    await records.writeDebt(owed)
  }
  await recordRelease(input, applied, ports.clock)
  if (staleKeys.length === 0 && (writes || debt !== undefined)) await records.clearDebt()
  if (debt?.sharded !== undefined) {
    // The state says now that the sharded release is over; what its shards owed is paid, or stands in the debt.
    if (staleKeys.length > 0) {
      const { sharded: _sharded, ...owed } = { ...plan.debt, formatVersion: 1 as const, release: input.nextTry }
      await records.writeDebt({ ...owed, keys: staleKeys })
    }
    await records.clearShards()
  }
  onEvent({ kind: 'recorded', release: plan.release })
  return { ...applied, ...(verified !== undefined && { verified }) }
}

async function verifyWhereAsked(
  { plan, config, addresses, nextTry, onEvent, signal }: CarryOutInput,
  ports: Ports,
): Promise<VerifyResult | undefined> {
  if (!config.wait || addresses.length === 0) return undefined
  return verifyEdges(plan.checks, addresses, ports, {
    planAgain: (stale) => planPurgeAgain(stale, nextTry, sha256),
    onEvent,
    signal,
  })
}

async function recordRelease(input: CarryOutInput, applied: Applied, clock: Ports['clock']): Promise<void> {
  const { plan, config, site, world, records, commit, conditionsKeptBy } = input
  const state = nextState({
    ...applied,
    plan,
    completedAtMs: clock.nowMs(),
    files: site.files,
    objects: world.live.objects,
    before: world.state,
    isExcluded: keysLeftAlone(config),
    commit,
    conditionsKeptBy,
  })
  await records.writeState(state)
}
