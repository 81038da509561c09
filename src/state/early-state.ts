// The state, read before the lock is taken: the scan needs no second digest of what it knows. What it says is proven again under the lock.

import { FreshfrontError } from '../errors.ts'
import type { Bucket } from '../ports.ts'
import { readStoredState, type StoredState } from './site-state.ts'

export interface EarlyState {
  /** Undefined: there is none, or it could not be read. */
  readonly stored?: StoredState
  /** Why no request to this bucket will work. */
  readonly fault?: FreshfrontError
}

/** Faults that every request meets, told in the same words. Of others the next request may know better what they mean. */
const COMMON_FAULTS: ReadonlySet<string> = new Set([
  'BUCKET_NOT_FOUND',
  'CREDENTIALS_MISSING',
  'CREDENTIALS_REFUSED',
  'ENDPOINT_UNREACHABLE',
  'PROFILE_NOT_FOUND',
  'REGION_MISSING',
  'WRONG_REGION',
])

/** Never rejects: what is wrong with the folder is told first. */
export async function readEarlyState(bucket: Bucket, prefix: string): Promise<EarlyState> {
  try {
    const stored = await readStoredState(bucket, prefix)
    return stored === undefined ? {} : { stored }
  } catch (error) {
    return error instanceof FreshfrontError && COMMON_FAULTS.has(error.code) ? { fault: error } : {}
  }
}
