// Removals: after every upload, so that no live page names what is gone, and in waves for the same reason.

import type { Failure, Key, OnEvent, PlannedRemoval } from '../model.ts'
import type { Bucket } from '../ports.ts'
import { failureOf } from './failure.ts'

export interface RemoveResult {
  readonly removed: readonly Key[]
  readonly failures: readonly Failure[]
}

/**
 * Never rejects: S3 reports per key, and so does this. A wave with failures stops those after it.
 *
 * @param mayGoOn asked before each wave
 */
export async function removeObjects(
  removals: readonly PlannedRemoval[],
  bucket: Bucket,
  onEvent: OnEvent,
  mayGoOn: () => Promise<boolean> = async () => true,
): Promise<RemoveResult> {
  const removed: Key[] = []
  for (const wave of [...new Set(removals.map((removal) => removal.wave ?? 1))].toSorted((a, b) => a - b)) {
    if (!(await mayGoOn())) break
    const keys = removals.filter((removal) => (removal.wave ?? 1) === wave).map(({ key }) => key)
    const done = await removeWave(keys, bucket, onEvent)
    removed.push(...done.removed)
    onEvent({ kind: 'removed', done: removed.length, total: removals.length })
    if (done.failures.length > 0) return { removed, failures: done.failures }
  }
  return { removed, failures: [] }
}

async function removeWave(keys: readonly Key[], bucket: Bucket, onEvent: OnEvent): Promise<RemoveResult> {
  try {
    const refused = await bucket.deleteObjects(keys)
    const refusedKeys = new Set(refused.map(({ key }) => key))
    const removed = keys.filter((key) => !refusedKeys.has(key))
    const failures = refused.map(({ key, code, message }): Failure => ({ what: `remove ${key}`, code, message }))
    for (const failure of failures) onEvent({ kind: 'failed', failure })
    return { removed, failures }
  } catch (error) {
    const failure = failureOf(`remove ${keys.length} objects`, error)
    onEvent({ kind: 'failed', failure })
    return { removed: [], failures: [failure] }
  }
}
