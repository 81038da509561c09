// All that a plan is made from, read at once: what is live, what is remembered, how the distributions are configured.

import { compileFunctions, type CompiledFunctions } from './functions/compile-functions.ts'
import { readDistributions, readWebsite } from './live/distributions.ts'
import { listLiveObjects, withMetadata } from './live/objects.ts'
import type { Config, Debt, LiveSnapshot, OnEvent, SiteSnapshot, SiteState } from './model.ts'
import { keysWithUnknownHeaders } from './plan/diff.ts'
import type { Ports } from './ports.ts'
import type { Records } from './state/records.ts'
import { STATE_FOLDER } from './state/state-keys.ts'

export interface World {
  readonly live: LiveSnapshot
  /** Undefined: no release was ever completed here. */
  readonly state: SiteState | undefined
  /** Undefined: nothing is owed. */
  readonly debt: Debt | undefined
  /** Invalidation paths that the whole account has used this month; undefined: nobody wants to know. */
  readonly accountPaths: number | undefined
  /** Of the distributions; the caller disposes of them. */
  readonly functions: CompiledFunctions
}

export async function readWorld(
  config: Config,
  ports: Ports,
  site: SiteSnapshot,
  records: Records,
  onEvent: OnEvent,
): Promise<World> {
  const { bucket } = ports
  const { prefix } = config
  const countsAccount = config.invalidation?.countsAccount === true
  const [state, debt, listing, distributions, accountPaths] = await inOrder([
    records.readState(),
    records.readDebt(),
    listLiveObjects(bucket, prefix, STATE_FOLDER, onEvent),
    readDistributions(ports.distributions, bucket.name, config.distributions),
    countsAccount ? ports.distributions.countPathsSince(startOfMonth(ports.clock.nowMs())) : undefined,
  ])
  const unknown = keysWithUnknownHeaders(site.files, listing.objects, state)
  const objects = await withMetadata(bucket, listing.objects, unknown, config.concurrency)
  const website = await readWebsite(bucket, distributions)
  const functions = await compileFunctions(distributions)
  onEvent({ kind: 'listed', objects: objects.length, distributions: distributions.map(({ id }) => id) })
  return {
    live: { bucket: bucket.name, prefix, objects, distributions, website },
    state,
    debt,
    accountPaths,
    functions,
  }
}

/** Of UTC, as CloudFront's bills are. */
function startOfMonth(nowMs: number): number {
  const now = new Date(nowMs)
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth())
}

/** Like Promise.all, but of several failures the first in this order is told, not the first in time: the bucket's before CloudFront's. */
async function inOrder<T extends readonly unknown[]>(tasks: {
  readonly [K in keyof T]: Promise<T[K]> | T[K]
}): Promise<T> {
  await Promise.allSettled(tasks)
  return (await Promise.all(tasks)) as unknown as T
}
