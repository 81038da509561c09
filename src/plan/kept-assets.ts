// Which assets stay after they have left the build, and how long: browsers and caches still show pages that name them. Pure.

import type { Config, KeepAssets, Key, KeptAsset, RecordedObject, ReleaseId } from '../model.ts'
import { kindOf } from './waves.ts'

/** Long enough for tabs that stay open and for pages in caches that nobody can purge. Ours. */
const DEFAULT_KEEP_ASSETS: KeepAssets = { releases: 3, days: 7 }
const DAY_MS = 24 * 60 * 60 * 1000

/**
 * Whether an asset that is not in the build stays: only one with a fingerprint in its name, which no later build can mean to change, and
 * only while it is younger than the releases or younger than the days.
 */
export function isAssetKept(
  key: Key,
  record: Pick<RecordedObject, 'left'>,
  {
    prefix,
    keepAssets = DEFAULT_KEEP_ASSETS,
    nowMs,
  }: Pick<Config, 'prefix' | 'keepAssets'> & { readonly nowMs: number },
): boolean {
  if (kindOf(key, prefix) !== 'fingerprinted asset') return false
  const { releases, ageMs } =
    record.left === undefined
      ? { releases: 0, ageMs: 0 }
      : { releases: record.left.releases, ageMs: nowMs - Date.parse(record.left.leftAt) }
  return releases < keepAssets.releases || ageMs < keepAssets.days * DAY_MS
}

/** @param releaseBefore the last completed release: a run that goes on with it is no new one */
export function describeKept(
  key: Key,
  record: Pick<RecordedObject, 'left'> | undefined,
  now: { readonly release: ReleaseId; readonly nowMs: number; readonly releaseBefore: ReleaseId | undefined },
): KeptAsset {
  const left = record?.left
  if (left === undefined) {
    return { key, leftIn: now.release, leftAt: new Date(now.nowMs).toISOString(), releases: 1 }
  }
  return { key, ...left, releases: left.releases + (now.release === now.releaseBefore ? 0 : 1) }
}
