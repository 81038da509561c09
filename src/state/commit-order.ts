// Which of two commits is the newer one, by the date of the commit. Pure.

import { FreshfrontError, olderThanLive } from '../errors.ts'
import type { Commit } from '../model.ts'

/**
 * Older by date, and not the same. Where the date of one is not known, neither is older.
 *
 * @returns undefined unless `ours` is the older one
 */
export function findOlder(
  ours: Commit | undefined,
  theirs: Commit | undefined,
  where: 'live' | 'being deployed',
): FreshfrontError | undefined {
  if (ours?.committedAt === undefined || theirs?.committedAt === undefined || ours.id === theirs.id) return undefined
  if (Date.parse(ours.committedAt) >= Date.parse(theirs.committedAt)) return undefined
  return olderThanLive(describeCommit(ours), describeCommit(theirs), where)
}

export function isOlderThanLive(error: unknown): error is FreshfrontError {
  return error instanceof FreshfrontError && error.code === 'OLDER_THAN_LIVE'
}

function describeCommit({ id, committedAt }: Commit): string {
  const short = /^[0-9a-f]{40,}$/.test(id) ? id.slice(0, 10) : id
  return committedAt === undefined ? short : `${short} of ${committedAt}`
}
