// Waits for invalidations that were sent: for the first one, to make room for more, or for all of them.

import type { Failure, InvalidationOutcome, OnEvent } from '../model.ts'
import type { Clock, Distributions } from '../ports.ts'
import { failureOf } from './failure.ts'

/** AWS: completed in under 25 s for 95 of 100; own polling, since the SDK's waiter asks every 20 s and swallows errors. */
const BETWEEN_POLLS_MS = 2000
const FIRST_POLL_MS = 500
/** CloudFront has no failed state; past this the purge is still under way, but nobody waits that long. */
const MAX_WAIT_MS = 15 * 60_000

export interface WatchOptions {
  readonly onEvent: OnEvent
  readonly signal: AbortSignal | undefined
  /** Of all distributions of the run. */
  readonly counts: { completed: number; sent: number }
}

export interface InvalidationWatch {
  add(outcome: InvalidationOutcome): void
  /** In the order in which they were sent, as far as is known by now. */
  outcomes(): readonly InvalidationOutcome[]
  /** Sleeps, but no longer than until one of those in progress is complete. Rejects when the signal is aborted. */
  sleepUntilRoom(longestMs: number): Promise<void>
  /** Never rejects. @returns what could not be seen to its end, and why */
  awaitAll(): Promise<Failure[]>
}

/** Of one distribution. The oldest is asked for first, since what was sent later is hardly ever complete before it. */
export function watchInvalidations(
  ports: { readonly distributions: Distributions; readonly clock: Clock },
  { onEvent, signal, counts }: WatchOptions,
): InvalidationWatch {
  const { clock, distributions } = ports
  const watched: { outcome: InvalidationOutcome; readonly sentAtMs: number }[] = []
  const inProgress = () => watched.filter(({ outcome }) => outcome.status === 'InProgress')

  /** @returns whether it is complete now */
  async function look(each: (typeof watched)[number]): Promise<boolean> {
    const { distribution, id = '' } = each.outcome
    const { status } = await distributions.readInvalidation(distribution, id)
    if (status !== 'Completed') return false
    each.outcome = { ...each.outcome, status }
    counts.completed += 1
    const seconds = (clock.nowMs() - each.sentAtMs) / 1000
    onEvent({ kind: 'invalidated', distribution, id, seconds, done: counts.completed, total: counts.sent })
    return true
  }

  return {
    add(outcome) {
      watched.push({ outcome, sentAtMs: clock.nowMs() })
      if (outcome.id === undefined) return
      counts.sent += 1
      if (outcome.status === 'Completed') counts.completed += 1
    },

    outcomes: () => watched.map(({ outcome }) => outcome),

    async sleepUntilRoom(longestMs) {
      const [oldest] = inProgress()
      const endMs = clock.nowMs() + longestMs
      let canBeRead = true
      for (let leftMs = longestMs; leftMs > 0; leftMs = endMs - clock.nowMs()) {
        const polls = oldest !== undefined && canBeRead
        await clock.sleep(polls ? Math.min(BETWEEN_POLLS_MS, leftMs) : leftMs, signal)
        if (!polls) return
        try {
          if (await look(oldest)) return
        } catch {
          // Sending goes on without; that it cannot be read is said when it is waited for.
          canBeRead = false
        }
      }
    },

    async awaitAll() {
      const failures: Failure[] = []
      const startMs = clock.nowMs()
      let delayMs = FIRST_POLL_MS
      const pollUntilComplete = async (each: (typeof watched)[number], isFirst: boolean): Promise<void> => {
        for (let polls = isFirst ? 1 : 0; ; polls += 1) {
          if (polls > 0) {
            await clock.sleep(delayMs, signal)
            delayMs = Math.min(BETWEEN_POLLS_MS, delayMs * 2)
          }
          if (await look(each)) return
          const waitedMs = clock.nowMs() - startMs
          if (waitedMs > MAX_WAIT_MS) {
            failures.push(tooSlow(each.outcome, waitedMs))
            return
          }
          onEvent({ kind: 'purging', done: counts.completed, total: counts.sent, seconds: waitedMs / 1000 })
        }
      }
      for (const [index, each] of inProgress().entries()) {
        try {
          await pollUntilComplete(each, index === 0)
        } catch (error) {
          failures.push(failureOf(`wait for ${each.outcome.id ?? 'an invalidation'}`, error))
          if (signal?.aborted === true) break
        }
      }
      return failures
    },
  }
}

function tooSlow({ distribution, id = '' }: InvalidationOutcome, waitedMs: number): Failure {
  return {
    what: `wait for ${id}`,
    code: 'INVALIDATION_SLOW',
    message: `The invalidation ${id} of ${distribution} is still under way after ${Math.round(waitedMs / 60_000)} minutes.`,
    fix: 'Run the command again: it goes on waiting for the same purge.',
  }
}
