// What was done, and what happens meanwhile.

import type { ChurnReport } from './churn.ts'
import type { Key, ReleaseId } from './names.ts'
import type { Plan, PlannedItem, RequestCounts } from './plan.ts'
import type { ShardedRelease } from './shards.ts'
import type { Commit, Lock } from './state.ts'
import type { SavedPlan } from './saved-plan.ts'

export interface Failure {
  /** What was being done: `upload blog/index.html`. */
  readonly what: string
  readonly code: string
  readonly message: string
  readonly fix?: string
}

export interface InvalidationOutcome {
  readonly distribution: string
  readonly items: readonly PlannedItem[]
  readonly id?: string
  readonly status: 'Completed' | 'InProgress' | 'not sent' | 'failed'
}

/** In which encodings a URL is asked for: each has a cache entry of its own. `br` asks as browsers do. */
export type AskedEncoding = 'identity' | 'gzip' | 'br'

/** An answer of an edge that is not what it should be. */
export interface StaleAnswer {
  readonly distribution: string
  readonly key: Key
  readonly url: string
  /** The edge location, or the address, that gave it. */
  readonly edge: string
  readonly encoding: AskedEncoding
  /** `200, 5,120 bytes (3f9a1c02…)`, `Cache-Control: max-age=60`. */
  readonly expected: string
  readonly got: string
}

/** A question that was not answered, or not by a cache. */
export interface UncheckedUrl {
  readonly url: string
  readonly edge: string
  /** `made at the edge`: a function or a firewall answers by itself, so that nothing can be stale. */
  readonly kind: 'made at the edge' | 'no answer'
  readonly why: string
}

/** What the edge was asked after the purges, and what it answered. */
export interface Verification {
  /** Different URLs that a cache or the origin has answered, each asked for at every edge. */
  readonly urls: number
  /** Edge locations that answered them. */
  readonly edges: number
  readonly requests: number
  readonly keys: number
  /** More than `keys`: they are a sample. */
  readonly ofKeys: number
  /** Second purges of what was stale after the first. */
  readonly purgedAgain: readonly InvalidationOutcome[]
  /** What is stale at the end. */
  readonly stale: readonly StaleAnswer[]
  /** Headers that the edge changes by itself, by a policy or a function. */
  readonly changedAtEdge: readonly StaleAnswer[]
  readonly unchecked: readonly UncheckedUrl[]
}

/** The edge compared with what the last completed release put live. */
export interface SiteVerification {
  readonly bucket: string
  readonly prefix: string
  readonly release: ReleaseId
  readonly result: 'fresh' | 'stale' | 'unverified'
  /** Files of the folder that are not what is live: they wait for a deploy. */
  readonly notDeployed: number
  readonly verification: Verification
  readonly seconds: number
}

export interface Outcome {
  readonly plan: Plan
  /** Of a `planned` outcome: what `deploy` takes back to do exactly this. */
  readonly saved?: SavedPlan
  /** Of a `planned` outcome, when most pages changed: what changed in them. */
  readonly churn?: ChurnReport
  /**
   * `planned`: nothing was written; `refused`: nor here, a guard said no; `nothing to do`; `live`: written, purges not awaited
   * (--no-wait); `fresh`: every purge confirmed, and seen at the edge where it was asked; `stale`: an edge answers with something else
   * all the same; `unverified`: purged, but an edge could not be asked; `failed`; `superseded`: nothing was written, since something
   * newer is live or being deployed (--newest-wins).
   */
  readonly result:
    | 'planned'
    | 'refused'
    | 'nothing to do'
    | 'live'
    | 'fresh'
    | 'stale'
    | 'unverified'
    | 'failed'
    | 'superseded'
  /** There when the edge was asked. */
  readonly verification?: Verification
  readonly uploaded: readonly { readonly key: Key; readonly etag: string }[]
  readonly removed: readonly Key[]
  readonly invalidations: readonly InvalidationOutcome[]
  readonly failures: readonly Failure[]
  readonly requests: RequestCounts
  readonly seconds: number
}

/** What `freshfront status` tells. */
export interface SiteStatus {
  readonly bucket: string
  readonly prefix: string
  /** Undefined: nothing was ever deployed by Freshfront. */
  readonly release?: ReleaseId
  /** ISO 8601, UTC. */
  readonly completedAt?: string
  readonly commit?: Commit
  /** Objects of the release. */
  readonly objects: number
  /** Keys that caches are still owed a purge of. */
  readonly owed: readonly Key[]
  readonly lock?: Lock
  /** A sharded release that is not finished; `complete` and `begun` count its shards. */
  readonly sharded?: ShardedRelease & { readonly complete: readonly string[]; readonly begun: readonly string[] }
  /** What somebody else did to the objects of the release. */
  readonly drift: { readonly changed: readonly Key[]; readonly missing: readonly Key[] }
  /** Objects that Freshfront did not put there. */
  readonly foreign: readonly Key[]
}

/** What happens, as it happens. Steps report by event and never print. */
export type DeployEvent =
  | { readonly kind: 'scanning'; readonly done: number; readonly bytes: number }
  | { readonly kind: 'scanned'; readonly files: number; readonly bytes: number; readonly skipped: number }
  | { readonly kind: 'listing'; readonly done: number }
  | { readonly kind: 'listed'; readonly objects: number; readonly distributions: readonly string[] }
  | { readonly kind: 'planned'; readonly plan: Plan }
  | {
      readonly kind: 'uploaded'
      readonly key: Key
      readonly sizeBytes: number
      readonly done: number
      readonly total: number
    }
  | { readonly kind: 'removed'; readonly done: number; readonly total: number }
  | {
      readonly kind: 'invalidating'
      readonly distribution: string
      readonly id: string
      readonly items: number
      /** Requests sent, of all distributions; the total grows where one has to be halved. */
      readonly done: number
      readonly total: number
    }
  | { readonly kind: 'purging'; readonly done: number; readonly total: number; readonly seconds: number }
  | {
      readonly kind: 'invalidated'
      readonly distribution: string
      readonly id: string
      /** Since it was sent. */
      readonly seconds: number
      /** Invalidations complete, of those sent so far to all distributions. */
      readonly done: number
      readonly total: number
    }
  | { readonly kind: 'waiting'; readonly seconds: number; readonly reason: string }
  | { readonly kind: 'backing-off'; readonly what: string; readonly seconds: number; readonly reason: string }
  | { readonly kind: 'verifying'; readonly done: number; readonly total: number }
  | { readonly kind: 'stale'; readonly urls: number }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'recorded'; readonly release: ReleaseId }

export type OnEvent = (event: DeployEvent) => void
