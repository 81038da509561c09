// The requests that a plan takes, counted before any is sent. Pure.

import { isMultipartSize, partRanges } from '../http/etag.ts'
import type { Plan, PlannedRemoval, PlannedUpload, RequestCounts } from '../model.ts'
import { MAX_KEYS_PER_DELETE } from './limits.ts'

/** The requests that applying the plan takes: see carry-out.ts. Polls for completion are not foreseen. */
export function countRequests(
  plan: Pick<Plan, 'release' | 'uploads' | 'removals' | 'kept' | 'invalidations' | 'debt'>,
  before: {
    readonly hadDebt: boolean
    readonly hasState: boolean
    readonly recordsCommit: boolean
    readonly hasNewlyKept: boolean
  },
): Partial<RequestCounts> {
  const isCopy = ({ copyOf }: PlannedUpload): boolean => copyOf !== undefined
  const uploadPuts = plan.uploads
    .filter((upload) => !isCopy(upload))
    // A multipart upload is begun, filled part by part, and completed.
    .map(({ sizeBytes }) => (isMultipartSize(sizeBytes) ? partRanges(sizeBytes).length + 2 : 1))
  const writes = plan.uploads.length + plan.removals.length > 0
  const recordsRelease =
    writes ||
    !before.hasState ||
    before.recordsCommit ||
    plan.invalidations.length > 0 ||
    plan.debt !== undefined ||
    before.hasNewlyKept
  return {
    list: before.hadDebt ? 1 : 0,
    copy: plan.uploads.filter(isCopy).length,
    put: uploadPuts.reduce((sum, count) => sum + count, 0) + (writes ? 1 : 0) + (recordsRelease ? 1 : 0),
    delete: countDeletes(plan.removals) + (writes || before.hadDebt ? 1 : 0),
    createInvalidation: plan.invalidations.length,
  }
}

function countDeletes(removals: readonly PlannedRemoval[]): number {
  const waves = new Map<number | undefined, number>()
  for (const { wave } of removals) waves.set(wave, (waves.get(wave) ?? 0) + 1)
  return [...waves.values()].reduce((sum, count) => sum + Math.ceil(count / MAX_KEYS_PER_DELETE), 0)
}

export function addCounts(a: RequestCounts, b: Partial<RequestCounts>): RequestCounts {
  return {
    put: a.put + (b.put ?? 0),
    copy: a.copy + (b.copy ?? 0),
    list: a.list + (b.list ?? 0),
    head: a.head + (b.head ?? 0),
    get: a.get + (b.get ?? 0),
    delete: a.delete + (b.delete ?? 0),
    readDistribution: a.readDistribution + (b.readDistribution ?? 0),
    createInvalidation: a.createInvalidation + (b.createInvalidation ?? 0),
    readInvalidation: a.readInvalidation + (b.readInvalidation ?? 0),
  }
}
