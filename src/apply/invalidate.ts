// Sends the invalidations, in CloudFront's rhythm, and waits until every edge location has them.

import { FreshfrontError, invalidationItemsLeft, invalidationsNotTaken } from '../errors.ts'
import type { Failure, InvalidationOutcome, OnEvent, PlannedInvalidation } from '../model.ts'
import type { Clock, Distributions } from '../ports.ts'
import { failureOf } from './failure.ts'
import { halve } from './halve.ts'
import { backOffMs, createPace, type Pace } from './pace.ts'
import { watchInvalidations, type InvalidationWatch } from './watch-invalidations.ts'

/** How long a distribution may take nothing before the run gives up; the next run pays what is owed. */
const MAX_REFUSED_MS = 30 * 60_000
/** Halvings for each planned batch: one bad item among 3,000 is found in 12, and a batch of nothing else does not take minutes. */
const MAX_HALVINGS = 64

export interface InvalidateOptions {
  readonly wait: boolean
  readonly onEvent: OnEvent
  readonly signal: AbortSignal | undefined
}

export interface InvalidateResult {
  /** One for each request that was taken, and for each that was not. */
  readonly invalidations: readonly InvalidationOutcome[]
  readonly failures: readonly Failure[]
}

/** What the distributions of one run share. */
interface Run {
  readonly ports: { readonly distributions: Distributions; readonly clock: Clock }
  readonly options: InvalidateOptions
  readonly pace: Pace
  readonly requests: { done: number; total: number }
  readonly counts: { completed: number; sent: number }
}

/** Never rejects: what could not be sent or confirmed is in the result. Distributions go side by side, the batches of one in turn. */
export async function invalidateAll(
  planned: readonly PlannedInvalidation[],
  ports: { readonly distributions: Distributions; readonly clock: Clock },
  options: InvalidateOptions,
): Promise<InvalidateResult> {
  const requests = { done: 0, total: planned.length }
  const run: Run = { ports, options, pace: createPace(ports.clock), requests, counts: { completed: 0, sent: 0 } }
  const ids = [...new Set(planned.map((batch) => batch.distribution))]
  const perDistribution = await Promise.all(
    ids.map((id) =>
      invalidateOne(
        planned.filter(({ distribution }) => distribution === id),
        run,
      ),
    ),
  )
  const failures = perDistribution.flatMap((result) => result.failures)
  for (const failure of failures) options.onEvent({ kind: 'failed', failure })
  return { invalidations: perDistribution.flatMap((result) => result.invalidations), failures }
}

async function invalidateOne(planned: readonly PlannedInvalidation[], run: Run): Promise<InvalidateResult> {
  const { ports, options, counts } = run
  const watch = watchInvalidations(ports, { ...options, counts })
  const failures = await sendInTurn(planned, watch, run)
  if (options.wait) failures.push(...(await watch.awaitAll()))
  return { invalidations: watch.outcomes(), failures }
}

/** What is refused as it is goes behind all others in halves, so that one bad item keeps nothing else waiting. */
async function sendInTurn(
  planned: readonly PlannedInvalidation[],
  watch: InvalidationWatch,
  run: Run,
): Promise<Failure[]> {
  const failures: Failure[] = []
  const queue = [...planned]
  const leaveUnsent = (batches: readonly PlannedInvalidation[], error: unknown): void => {
    for (const { distribution, items } of batches) watch.add({ distribution, items, status: 'not sent' })
    const items = batches.reduce((sum, batch) => sum + batch.items.length, 0)
    failures.push(failureOf(`invalidate ${items} items of ${batches[0]?.distribution ?? ''}`, error))
  }
  let halvingsLeft = MAX_HALVINGS * planned.length
  for (let batch = queue.shift(); batch !== undefined; batch = queue.shift()) {
    try {
      watch.add(await sendBatch(batch, watch, run))
    } catch (error) {
      const isRefused = error instanceof FreshfrontError && REFUSED_AS_IT_IS.has(error.code)
      if (isRefused && batch.items.length > 1 && halvingsLeft > 0) {
        halvingsLeft -= 1
        run.requests.total += 1
        queue.push(...halve(batch))
      } else if (isRefused) {
        const paths = batch.items.map(({ item }) => item)
        leaveUnsent([batch], invalidationItemsLeft(batch.distribution, paths, error))
      } else if (isHopeless(error, run.options.signal)) {
        leaveUnsent([batch, ...queue.splice(0)], error)
      } else {
        leaveUnsent([batch], error)
      }
    }
  }
  return failures
}

const REFUSED_AS_IT_IS: ReadonlySet<string> = new Set(['INVALIDATION_TOO_LARGE', 'INVALIDATION_ITEMS_REFUSED'])

/** Then the next batch would not be taken either. */
function isHopeless(error: unknown, signal: AbortSignal | undefined): boolean {
  return (
    signal?.aborted === true ||
    (error instanceof FreshfrontError && ['INVALIDATIONS_THROTTLED', 'ACCESS_DENIED'].includes(error.code))
  )
}

async function sendBatch(
  { distribution, items, callerReference }: PlannedInvalidation,
  watch: InvalidationWatch,
  { ports, options, pace, requests }: Run,
): Promise<InvalidationOutcome> {
  const { clock } = ports
  const paths = items.map(({ item }) => item)
  let refusedSinceMs: number | undefined
  for (let refusals = 0; ; refusals += 1) {
    await pace(paths, options.signal)
    try {
      const { id, status } = await ports.distributions.createInvalidation(distribution, paths, callerReference)
      requests.done += 1
      options.onEvent({ kind: 'invalidating', distribution, id, items: items.length, ...requests })
      return { distribution, items, id, status }
    } catch (error) {
      if (!isBusy(error)) throw error
      refusedSinceMs ??= clock.nowMs()
      const delayMs = backOffMs(callerReference, refusals)
      const refusedMs = clock.nowMs() - refusedSinceMs
      if (refusedMs + delayMs > MAX_REFUSED_MS) throw invalidationsNotTaken(distribution, refusedMs, error)
      const what = `invalidation of ${distribution}`
      options.onEvent({ kind: 'backing-off', what, seconds: delayMs / 1000, reason: error.message })
      // Room for more is made by what completes; a rate only by time.
      if (error.code === 'INVALIDATIONS_IN_PROGRESS') await watch.sleepUntilRoom(delayMs)
      else await clock.sleep(delayMs, options.signal)
    }
  }
}

/** CloudFront takes no more just now. */
function isBusy(error: unknown): error is FreshfrontError {
  return (
    error instanceof FreshfrontError && ['INVALIDATIONS_THROTTLED', 'INVALIDATIONS_IN_PROGRESS'].includes(error.code)
  )
}
