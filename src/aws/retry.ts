// Retries what the SDK does not: conflicts that pass, and an upload that has to begin anew.

import type { Clock } from '../ports.ts'
import { awsErrorCode } from './aws-errors.ts'

/** @see Amazon S3 API Reference, error responses: both say that another operation on the key is under way */
const PASSING_CONFLICTS = new Set(['OperationAborted', 'ConditionalRequestConflict'])

const MAX_ATTEMPTS = 5
const FIRST_DELAY_MS = 200

/**
 * Runs the task until it succeeds, fails for another reason than `isPassing`, or has failed five times.
 *
 * @param isPassing by default: conflicts with another operation on the same key
 */
export async function retrying<T>(
  task: () => Promise<T>,
  clock: Clock,
  isPassing: (code: string) => boolean = (code) => PASSING_CONFLICTS.has(code),
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await task()
    } catch (error) {
      if (attempt >= MAX_ATTEMPTS || !isPassing(awsErrorCode(error))) throw error
      await clock.sleep(FIRST_DELAY_MS * 2 ** (attempt - 1))
    }
  }
}
