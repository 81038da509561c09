// All that a plan is made from, read at once: what is live, what is remembered, how the distributions are configured.

import { compileFunctions, type CompiledFunctions } from './functions/compile-functions.ts'
import { readDistributions, readWebsite } from './live/distributions.ts'
import { withMetadata, type Listing } from './live/objects.ts'
import { stateNotTrusted, stateTrusted, trustedObjects } from './live/trusted-objects.ts'
import type { Config, Debt, Finding, Key, LiveObject, LiveSnapshot, OnEvent, SiteSnapshot, SiteState } from './model.ts'
import { keysWithUnknownHeaders } from './plan/diff.ts'
import type { Ports } from './ports.ts'
import { type EarlyWorld, keepYoung, listBucket, recordedKeys } from './read-early.ts'
import type { Records } from './state/records.ts'
import { debtKey } from './state/state-keys.ts'

export interface World {
  readonly live: LiveSnapshot
  /** Undefined: no release was ever completed here. */
  readonly state: SiteState | undefined
  /** Undefined: nothing is owed. */
  readonly debt: Debt | undefined
  /** What the user should know of where this comes from. */
  readonly readWarnings: readonly Finding[]
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
  {
    early: read,
    expected = site.files.map(({ key }) => key),
  }: {
    /** What was read before the lock was taken. */
    readonly early?: EarlyWorld | undefined
    /** Keys that may be there, of files that are not in this folder: the listing is cut at them. */
    readonly expected?: readonly Key[] | undefined
  },
): Promise<World> {
  const { bucket } = ports
  const { prefix } = config
  const early = keepYoung(read, ports.clock.nowMs())
  const countsAccount = config.invalidation?.countsAccount === true
  const [remembered, distributions, accountPaths] = await inOrder([
    readRemembered(config, ports, expected, records, early?.listing, onEvent),
    early?.distributions ?? readDistributions(ports.distributions, bucket.name, config.distributions),
    countsAccount ? ports.distributions.countPathsSince(startOfMonth(ports.clock.nowMs())) : undefined,
  ])
  const { state, debt, readWarnings } = remembered
  const unknown = keysWithUnknownHeaders(site.files, remembered.objects, state)
  const objects = await withMetadata(bucket, remembered.objects, unknown, config.concurrency)
  const website = await readWebsite(bucket, distributions)
  const functions = await compileFunctions(distributions)
  onEvent({ kind: 'listed', objects: objects.length, distributions: distributions.map(({ id }) => id) })
  return {
    live: { bucket: bucket.name, prefix, objects, distributions, website },
    state,
    debt,
    readWarnings,
    accountPaths,
    functions,
  }
}

interface Remembered extends Pick<World, 'state' | 'debt' | 'readWarnings'> {
  readonly objects: readonly LiveObject[]
}

/** What is in the bucket, and what is remembered and owed. */
async function readRemembered(
  config: Config,
  { bucket }: Ports,
  expected: readonly Key[],
  records: Records,
  early: Promise<Listing> | undefined,
  onEvent: OnEvent,
): Promise<Remembered> {
  const { prefix } = config
  const { earlier } = records
  const trusts = config.trustState === true
  if (earlier !== undefined && early !== undefined && (await records.earlierHolds())) {
    // Where it has failed, the one below says why.
    const listed = await early.catch(() => undefined)
    if (listed !== undefined) return { state: earlier, debt: undefined, objects: listed.objects, readWarnings: [] }
  }
  const recorded = earlier === undefined ? undefined : recordedKeys(earlier, prefix)
  const list = (): Promise<Listing> => listBucket(config, bucket, { recorded, expected, onEvent })
  if (trusts) {
    const [state, debt] = await inOrder([records.readState(), records.readDebt()])
    if (state !== undefined && debt === undefined) {
      return { state, debt, objects: trustedObjects(state), readWarnings: [stateTrusted(state)] }
    }
    const why = state === undefined ? 'no release was ever completed here' : 'a run that did not finish left a debt'
    return { state, debt, objects: (await list()).objects, readWarnings: [stateNotTrusted(why)] }
  }
  const listing = list()
  const [state, debt, { objects }] = await inOrder([
    records.readState(),
    // S3's listings show what was written before: a debt that is not listed needs no request.
    listing.then(({ own }) => (own.some(({ key }) => key === debtKey(prefix)) ? records.readDebt() : undefined)),
    listing,
  ])
  return { state, debt, objects, readWarnings: [] }
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
