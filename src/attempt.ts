// Asking for something that may not be allowed: what was answered, or why not.

import { FreshfrontError } from './errors.ts'
import type { Reading } from './model.ts'

/** Without these nothing can be asked at all, and there is nothing to judge. */
const CANNOT_ASK = /^(?:CREDENTIALS_|PROFILE_|REGION_MISSING|ENDPOINT_|INTERRUPTED)/u

/**
 * @param action the IAM action that it takes, or what else it is
 * @param passes the code of an error that is the caller's to handle
 */
export async function attempt<T>(action: string, task: () => Promise<T>, passes?: string): Promise<Reading<T>> {
  try {
    return { value: await task() }
  } catch (error) {
    if (!(error instanceof FreshfrontError) || CANNOT_ASK.test(error.code) || error.code === passes) throw error
    return { unread: { action, because: error.code === 'ACCESS_DENIED' ? 'denied' : 'failed', message: error.message } }
  }
}
