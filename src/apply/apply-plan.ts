// Plan → what was done: waves in order, then removals, then purges. Every failure is kept, and what went live is purged whatever failed.

import { FreshfrontError } from '../errors.ts'
import type { Failure, ObjectStorage, OnEvent, Outcome, Plan, PlannedInvalidation } from '../model.ts'
import type { Clock, Distributions } from '../ports.ts'
import { failureOf } from './failure.ts'
import { invalidateAll } from './invalidate.ts'
import { removeObjects } from './remove.ts'
import { uploadInWaves, type UploadPorts } from './upload.ts'

export interface ApplyOptions {
  readonly concurrency: number
  readonly acl?: string
  readonly storage?: ObjectStorage
  readonly wait: boolean
  readonly onEvent: OnEvent
  readonly signal: AbortSignal | undefined
  /** Asked before each write: rejects, and has aborted the signal, when somebody else may be writing the site now. */
  readonly confirm?: (() => Promise<void>) | undefined
  /** Uploads that others have made already: what is of the plan is not uploaded again. */
  readonly uploaded?: Outcome['uploaded'] | undefined
}

export type Applied = Pick<Outcome, 'uploaded' | 'removed' | 'invalidations' | 'failures'>

/**
 * Applies the plan and nothing else. Does not touch what is remembered: the caller has written the debt before, and records the release
 * after, if there are no failures.
 */
export async function applyPlan(
  plan: Plan,
  ports: UploadPorts & { readonly distributions: Distributions },
  options: ApplyOptions,
): Promise<Applied> {
  const { uploaded: done = [] } = options
  const isDone = new Set(done.map(({ key }) => key))
  const toUpload = done.length === 0 ? plan.uploads : plan.uploads.filter(({ key }) => !isDone.has(key))
  const { uploaded: now, failures: uploadFailures } = await uploadInWaves(toUpload, ports, options)
  const uploaded = done.length === 0 ? now : [...done, ...now]
  const stopped = uploadFailures.length > 0 || options.signal?.aborted === true
  const { removed, failures: removeFailures } = stopped
    ? { removed: [], failures: [] }
    : await removeObjects(plan.removals, ports.bucket, options)

  const nothingWentLive = stopped && uploaded.length === 0
  const settled = settle(plan, ports.clock, options)
  const { invalidations, failures: purgeFailures } = nothingWentLive
    ? {
        invalidations: plan.invalidations.map(({ distribution, items }) => ({
          distribution,
          items,
          status: 'not sent' as const,
        })),
        failures: [],
      }
    : await invalidateAll(
        uploadFailures.length + removeFailures.length > 0 ? plan.invalidations.map(ofPartialRun) : plan.invalidations,
        ports,
        options,
      )
  const settleFailures = await settled
  return {
    uploaded,
    removed,
    invalidations,
    failures: [
      ...uploadFailures,
      ...removeFailures,
      ...purgeFailures,
      ...settleFailures,
      ...interruption(options.signal),
    ],
  }
}

/**
 * A request that failed for us may still be carried out by S3 after this purge. The run that finds it done has nothing to write, so
 * it sends the plan's own references: they must not have been used up here, or CloudFront would answer with this purge again.
 */
function ofPartialRun(invalidation: PlannedInvalidation): PlannedInvalidation {
  return { ...invalidation, callerReference: `${invalidation.callerReference}-partial` }
}

/** Cached errors run out by themselves while the purges are under way. */
async function settle(plan: Plan, clock: Clock, options: ApplyOptions): Promise<Failure[]> {
  if (plan.settleSeconds === 0 || !options.wait || options.signal?.aborted === true) return []
  options.onEvent({ kind: 'waiting', seconds: plan.settleSeconds, reason: plan.settleReasons.join('; ') })
  try {
    await clock.sleep(plan.settleSeconds * 1000, options.signal)
    return []
  } catch {
    // Only the signal ends a sleep; interruption() says so.
    return []
  }
}

function interruption(signal: AbortSignal | undefined): Failure[] {
  if (signal?.aborted !== true) return []
  const { reason } = signal as { readonly reason: unknown }
  if (reason instanceof FreshfrontError && reason.code !== 'INTERRUPTED') return [failureOf('deploy', reason)]
  return [
    {
      what: 'deploy',
      code: 'INTERRUPTED',
      message: 'The run was interrupted before it was finished.',
      fix: 'Run the command again: what is still owed is remembered and done then.',
    },
  ]
}
