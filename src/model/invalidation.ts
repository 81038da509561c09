// freshfront invalidate: what it was asked for, and what it did.

import type { Failure, InvalidationOutcome, Outcome } from './outcome.ts'
import type { Finding, PlannedInvalidation, RequestCounts } from './plan.ts'

/** A file that is not what it was. */
export interface ChangedFile {
  /** Relative to the folder that the site's keys are named after, with `/`. */
  readonly path: string
  readonly change: 'added' | 'changed' | 'removed'
}

export interface InvalidateOutcome {
  /** As of a deploy's Outcome: `live` means sent and not waited for. */
  readonly result: Extract<Outcome['result'], 'planned' | 'nothing to do' | 'live' | 'fresh' | 'unverified' | 'failed'>
  /** What was to be sent. */
  readonly planned: readonly PlannedInvalidation[]
  /** Of a `planned` outcome: none. */
  readonly invalidations: readonly InvalidationOutcome[]
  /** How long edges may keep errors for files that are new; waited for instead of purged. */
  readonly settleSeconds: number
  readonly settleReasons: readonly string[]
  readonly warnings: readonly Finding[]
  readonly failures: readonly Failure[]
  readonly requests: RequestCounts
  readonly seconds: number
}
