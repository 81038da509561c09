// Sends the invalidations, in CloudFront's rhythm, and waits until every edge location has them.

import { FreshfrontError } from '../errors.ts'
import type { Failure, InvalidationOutcome, OnEvent, PlannedInvalidation } from '../model.ts'
import type { Clock, Distributions, InvalidationProgress } from '../ports.ts'
import { failureOf } from './failure.ts'

/** Requests to one distribution keep this distance: 150 items and one wildcard a second is CloudFront's quota. */
const BETWEEN_REQUESTS_MS = 1000
/** AWS: completed in under 25 s for 95 of 100; own polling, since the SDK's waiter asks every 20 s and swallows errors. */
const BETWEEN_POLLS_MS = 2000
const FIRST_POLL_MS = 500
/** CloudFront has no failed state; past this the purge is still under way, but nobody waits that long. */
const MAX_WAIT_MS = 15 * 60_000
const FIRST_BACK_OFF_MS = 1000
const MAX_BACK_OFF_MS = 64_000
/** Together about five minutes. */
const MAX_BACK_OFFS = 10

export interface InvalidateOptions {
  readonly wait: boolean
  readonly onEvent: OnEvent
  readonly signal: AbortSignal | undefined
}

export interface InvalidateResult {
  readonly invalidations: readonly InvalidationOutcome[]
  readonly failures: readonly Failure[]
}

/** Never rejects: what could not be sent or confirmed is in the result. Distributions go side by side, the batches of one in turn. */
export async function invalidateAll(
  planned: readonly PlannedInvalidation[],
  ports: { readonly distributions: Distributions; readonly clock: Clock },
  options: InvalidateOptions,
): Promise<InvalidateResult> {
  const failures: Failure[] = []
  const ids = [...new Set(planned.map((batch) => batch.distribution))]
  const perDistribution = await Promise.all(
    ids.map(async (id) => {
      const outcomes: InvalidationOutcome[] = []
      for (const [index, batch] of planned.filter(({ distribution }) => distribution === id).entries()) {
        try {
          if (index > 0) await ports.clock.sleep(BETWEEN_REQUESTS_MS, options.signal)
          outcomes.push(await sendBatch(batch, ports, options))
        } catch (error) {
          outcomes.push({ distribution: id, items: batch.items, status: 'not sent' })
          failures.push(failureOf(`invalidate ${batch.items.length} items of ${id}`, error))
        }
      }
      return options.wait
        ? await Promise.all(outcomes.map((outcome) => awaitCompletion(outcome, ports, options, failures)))
        : outcomes
    }),
  )
  for (const failure of failures) options.onEvent({ kind: 'failed', failure })
  return { invalidations: perDistribution.flat(), failures }
}

async function sendBatch(
  batch: PlannedInvalidation,
  ports: { readonly distributions: Distributions; readonly clock: Clock },
  options: InvalidateOptions,
): Promise<InvalidationOutcome> {
  const { distribution, items, callerReference } = batch
  for (let backOffs = 0; ; backOffs += 1) {
    try {
      const paths = items.map(({ item }) => item)
      const { id, status } = await ports.distributions.createInvalidation(distribution, paths, callerReference)
      options.onEvent({ kind: 'invalidating', distribution, id, items: items.length })
      return { distribution, items, id, status }
    } catch (error) {
      if (!isBusy(error) || backOffs >= MAX_BACK_OFFS) throw error
      const delayMs = Math.min(MAX_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** backOffs)
      options.onEvent({
        kind: 'backing-off',
        what: `invalidation of ${distribution}`,
        seconds: delayMs / 1000,
        reason: error.message,
      })
      await ports.clock.sleep(delayMs, options.signal)
    }
  }
}

/** CloudFront takes no more just now; the port gives both of its codes this one. */
function isBusy(error: unknown): error is FreshfrontError {
  return error instanceof FreshfrontError && error.code === 'INVALIDATIONS_THROTTLED'
}

async function awaitCompletion(
  outcome: InvalidationOutcome,
  ports: { readonly distributions: Distributions; readonly clock: Clock },
  options: InvalidateOptions,
  failures: Failure[],
): Promise<InvalidationOutcome> {
  const { distribution, id } = outcome
  if (id === undefined || outcome.status !== 'InProgress') return outcome
  const startMs = ports.clock.nowMs()
  try {
    for (let delayMs = FIRST_POLL_MS; ; delayMs = Math.min(BETWEEN_POLLS_MS, delayMs * 2)) {
      await ports.clock.sleep(delayMs, options.signal)
      const progress: InvalidationProgress = await ports.distributions.readInvalidation(distribution, id)
      const waitedMs = ports.clock.nowMs() - startMs
      if (progress.status === 'Completed') {
        options.onEvent({ kind: 'invalidated', distribution, id, seconds: waitedMs / 1000 })
        return { ...outcome, status: 'Completed' }
      }
      if (waitedMs > MAX_WAIT_MS) {
        const message = `The invalidation ${id} of ${distribution} is still under way after ${Math.round(waitedMs / 60_000)} minutes.`
        failures.push({
          what: `wait for ${id}`,
          code: 'INVALIDATION_SLOW',
          message,
          fix: 'Run the command again: it goes on waiting for the same purge.',
        })
        return outcome
      }
    }
  } catch (error) {
    failures.push(failureOf(`wait for ${id}`, error))
    return outcome
  }
}
