// A plan that was looked at and kept, to be carried out later as it is or not at all.

import type { Key, ReleaseId } from './names.ts'
import type { Commit } from './state.ts'

/** The world that a plan was made for. Each value tells only whether it is still the same: digests and ETags, no contents. */
export interface PlanBasis {
  /** What the user wants done. */
  readonly settings: string
  /** Every file of the site: its bytes and metadata. */
  readonly disk: Readonly<Record<Key, string>>
  /** Every object below the prefix, by ETag. */
  readonly bucket: Readonly<Record<Key, string>>
  /** What was remembered of the last release, and what it owed. */
  readonly state: { readonly release?: ReleaseId; readonly digest: string }
  /** By id: the configuration, with all that it refers to. */
  readonly distributions: Readonly<Record<string, string>>
}

/** Enough to make the same plan again, and to notice if it would be another. */
export interface SavedPlan {
  readonly formatVersion: 1
  readonly release: ReleaseId
  /** ISO 8601, UTC. */
  readonly plannedAt: string
  readonly commit?: Commit
  readonly basis: PlanBasis
  /** Of all that the plan does: another version of the program may plan otherwise. */
  readonly digest: string
}
