// Removals: after every upload, so that no live page names what is gone.

import type { Failure, Key, OnEvent, PlannedRemoval } from '../model.ts'
import type { Bucket } from '../ports.ts'
import { failureOf } from './failure.ts'

export interface RemoveResult {
  readonly removed: readonly Key[]
  readonly failures: readonly Failure[]
}

/** Never rejects: S3 reports per key, and so does this. */
export async function removeObjects(
  removals: readonly PlannedRemoval[],
  bucket: Bucket,
  onEvent: OnEvent,
): Promise<RemoveResult> {
  const keys = removals.map((removal) => removal.key)
  if (keys.length === 0) return { removed: [], failures: [] }
  try {
    const refused = await bucket.deleteObjects(keys)
    const refusedKeys = new Set(refused.map(({ key }) => key))
    const removed = keys.filter((key) => !refusedKeys.has(key))
    onEvent({ kind: 'removed', done: removed.length, total: keys.length })
    const failures = refused.map(({ key, code, message }): Failure => ({ what: `remove ${key}`, code, message }))
    for (const failure of failures) onEvent({ kind: 'failed', failure })
    return { removed, failures }
  } catch (error) {
    const failure = failureOf(`remove ${keys.length} objects`, error)
    onEvent({ kind: 'failed', failure })
    return { removed: [], failures: [failure] }
  }
}
