// Removals: after every upload, so that no live page names what is gone, and in waves for the same reason. A thousand at a time, each only
// while nobody else may be writing the site.

import type { Failure, Key, PlannedRemoval } from '../model.ts'
import type { Bucket } from '../ports.ts'
import { failureOf } from './failure.ts'
import { mayWrite, type UploadOptions } from './upload.ts'

/** Keys of one DeleteObjects. @see Amazon S3 API Reference, DeleteObjects */
const KEYS_AT_ONCE = 1000

export type RemoveOptions = Pick<UploadOptions, 'onEvent' | 'signal' | 'confirm'>

export interface RemoveResult {
  readonly removed: readonly Key[]
  readonly failures: readonly Failure[]
}

/**
 * Never rejects: S3 reports per key, and so does this. A wave with failures stops those after it; where a whole request fails, or when
 * aborted, nothing further is sent.
 */
export async function removeObjects(
  removals: readonly PlannedRemoval[],
  bucket: Bucket,
  options: RemoveOptions,
): Promise<RemoveResult> {
  const removed: Key[] = []
  for (const wave of [...new Set(removals.map((removal) => removal.wave ?? 1))].toSorted((a, b) => a - b)) {
    const keys = removals.filter((removal) => (removal.wave ?? 1) === wave).map(({ key }) => key)
    const failures: Failure[] = []
    for (let start = 0; start < keys.length; start += KEYS_AT_ONCE) {
      if (!(await mayWrite(options))) return { removed, failures }
      const done = await removeSome(keys.slice(start, start + KEYS_AT_ONCE), bucket, options)
      removed.push(...done.removed)
      failures.push(...done.failures)
      options.onEvent({ kind: 'removed', done: removed.length, total: removals.length })
      if (done.isGivenUp) return { removed, failures }
    }
    if (failures.length > 0) return { removed, failures }
  }
  return { removed, failures: [] }
}

async function removeSome(
  keys: readonly Key[],
  bucket: Bucket,
  { onEvent, confirm }: RemoveOptions,
): Promise<RemoveResult & { readonly isGivenUp: boolean }> {
  try {
    const refused = await bucket.deleteObjects(keys, { confirm })
    const refusedKeys = new Set(refused.map(({ key }) => key))
    const removed = keys.filter((key) => !refusedKeys.has(key))
    const failures = refused.map(({ key, code, message }): Failure => ({ what: `remove ${key}`, code, message }))
    for (const failure of failures) onEvent({ kind: 'failed', failure })
    return { removed, failures, isGivenUp: false }
  } catch (error) {
    const failure = failureOf(`remove ${keys.length} objects`, error)
    onEvent({ kind: 'failed', failure })
    return { removed: [], failures: [failure], isGivenUp: true }
  }
}
