// What is read while the folder is scanned, before the lock is held: under the lock one request tells whether it still holds.

import { readDistributions } from './live/distributions.ts'
import { listLiveObjects, type Listing } from './live/objects.ts'
import type { Config, Distribution, Key, OnEvent, SiteState } from './model.ts'
import type { Bucket, Ports } from './ports.ts'
import { lockKey, STATE_FOLDER, stateKey } from './state/state-keys.ts'

/** The promises never go unhandled, whoever awaits them or not. */
export interface EarlyWorld {
  readonly beganAtMs: number
  readonly distributions: Promise<Distribution[]>
  /** Undefined: nobody has deployed here, or the state is to be trusted. */
  readonly listing: Promise<Listing> | undefined
}

/**
 * Others than Freshfront take no lock: what they change in the bucket or a distribution before the plan is made is not seen. For what is
 * younger than this, read while the folder was, that is no more than it would be where reading takes its time.
 */
const HOLDS_FOR_MS = 60_000

/** @param state read before */
export function readEarly(
  config: Config,
  ports: Ports,
  state: SiteState | undefined,
  onEvent: OnEvent,
  signal: AbortSignal,
): EarlyWorld {
  const { bucket, clock } = ports
  const distributions = readDistributions(ports.distributions, bucket.name, config.distributions)
  const listing =
    state === undefined || config.trustState === true
      ? undefined
      : listBucket(config, bucket, { recorded: recordedKeys(state, config.prefix), onEvent, signal })
  // Who needs them awaits them too: a run that ends before has nothing to say about them.
  void Promise.allSettled([distributions, listing])
  return { beganAtMs: clock.nowMs(), distributions, listing }
}

/** @returns what was read early, where it is young enough to go by */
export function keepYoung(early: EarlyWorld | undefined, nowMs: number): EarlyWorld | undefined {
  return early !== undefined && nowMs - early.beganAtMs <= HOLDS_FOR_MS ? early : undefined
}

/** Cut at keys that the state names; where that is another one by now, the cuts are only less even. */
export function listBucket(
  { prefix, concurrency }: Config,
  bucket: Bucket,
  known: {
    readonly recorded?: readonly Key[] | undefined
    readonly expected?: readonly Key[]
    readonly onEvent: OnEvent
    readonly signal?: AbortSignal
  },
): Promise<Listing> {
  return listLiveObjects(bucket, { prefix, ownFolder: STATE_FOLDER, concurrency, ...known })
}

/** With Freshfront's own objects that are there during a deploy: they take room on the listing's pages. */
export function recordedKeys({ objects }: SiteState, prefix: string): Key[] {
  return [lockKey(prefix), stateKey(prefix), ...Object.keys(objects)]
}
