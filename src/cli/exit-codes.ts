// The number that a command ends with: scripts and CI jobs decide by it. Pure.

import { FreshfrontError, type ErrorClass } from '../errors.ts'
import type { Outcome, ShardOutcome } from '../model.ts'

/** Every exit code there is. `plan` and `--dry-run` end with 0 when there is a plan, whatever it holds. */
export const exitCodes: Readonly<Record<'done' | ErrorClass | 'interrupted' | 'terminated', number>> = {
  /** Everything asked for is done, or there was nothing to do. */
  done: 0,
  /** Something did not work; what was done is recorded, and the next run goes on from there. */
  failed: 1,
  /** The command line, a variable or freshfront.json is wrong; nothing was sent. */
  usage: 2,
  /** A guard said no; nothing was written. */
  refused: 3,
  /** Another deploy holds the lock, or the world has moved since the plan was made. */
  conflict: 4,
  /** The site is live, but was not seen to be fresh everywhere. */
  unverified: 5,
  /** Stopped by Ctrl-C (SIGINT): 128 + 2, as shells count. */
  interrupted: 130,
  /** Stopped by SIGTERM: 128 + 15. */
  terminated: 143,
}

export function exitCodeOfError(error: unknown): number {
  return error instanceof FreshfrontError ? exitCodes[error.errorClass] : exitCodes.failed
}

export function exitCodeOfOutcome(outcome: Pick<Outcome, 'result'> & Partial<Pick<Outcome, 'failures'>>): number {
  switch (outcome.result) {
    case 'planned':
    case 'nothing to do':
    case 'live':
    case 'fresh':
    case 'superseded':
      return exitCodes.done
    case 'refused':
      return exitCodes.refused
    case 'stale':
    case 'unverified':
      return exitCodes.unverified
    case 'failed':
      return outcome.failures?.some(({ code }) => code === 'LOCK_LOST') === true ? exitCodes.conflict : exitCodes.failed
  }
}

export function exitCodeOfShard({ result, failures }: Pick<ShardOutcome, 'result' | 'failures'>): number {
  return result === 'uploaded' ? exitCodes.done : exitCodeOfOutcome({ result, failures })
}

/** A run that was stopped before its end says so, whatever failed because of it; one that was complete is complete. */
export function exitCodeAfterSignal(exitCode: number, signal: 'SIGINT' | 'SIGTERM' | undefined): number {
  if (signal === undefined || exitCode === exitCodes.done) return exitCode
  return signal === 'SIGINT' ? exitCodes.interrupted : exitCodes.terminated
}
