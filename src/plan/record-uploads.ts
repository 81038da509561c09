// What each upload is stored with and remembered by: its place in the history of deploys, and the cache tags made of it. Pure.

import type { DeployCount, Key, PlannedUpload, RecordedObject, SiteFile, SiteState } from '../model.ts'
import { tagsOf } from './cache-tags.ts'
import type { NeededUpload } from './diff.ts'
import type { TagHash } from './tags/cache-tag-list.ts'
import { type DeployLog, logDeploy, NO_DEPLOYS, TAG_SCHEME } from './tags/deploy-log.ts'
import { packHistory, recordUpload, unpackHistory, type UploadHistory } from './tags/upload-history.ts'

export interface RecordInput {
  readonly recorded: ReadonlyMap<Key, RecordedObject>
  readonly state: SiteState | undefined
  readonly tagNames: readonly string[]
  readonly toTag: TagHash
  /** The uploads are, or may be, a part of those of the deploy: it is then counted whatever they are, and never as a quiet one. */
  readonly isSharded?: boolean
}

export function recordUploads(
  uploads: readonly NeededUpload[],
  { recorded, state, tagNames, toTag, isSharded = false }: RecordInput,
): { deploys: DeployCount; uploads: Omit<PlannedUpload, 'wave'>[] } {
  // Tags alone are no change, and say nothing of what changes together.
  const changes = uploads.filter(({ reason }) => reason !== 'cache tags')
  const changed = changes.filter(({ file }) => recorded.has(file.key)).length
  const log = isSharded
    ? countDeploy(logOf(state), uploads.length > 0)
    : logDeploy(logOf(state), { live: recorded.size, changed, added: changes.length - changed })
  return {
    deploys: log,
    uploads: uploads.map(({ file, reason, copyOf }) => {
      const { key, sizeBytes, metadata } = file
      const before = historyOf(recorded.get(key))
      const history = reason === 'cache tags' && before !== undefined ? before : recordUpload(before, log)
      return {
        key,
        reason,
        sizeBytes,
        file,
        cacheTags: tagsOf(key, metadata, tagNames, history, toTag),
        history: packHistory(history),
        ...(copyOf !== undefined && { copyOf }),
      }
    }),
  }
}

/** Whether the object was last stored without tags that there is room for. */
export function lacksTags(
  { key, metadata }: SiteFile,
  record: RecordedObject | undefined,
  names: readonly string[],
  toTag: TagHash,
): boolean {
  const has = record?.history === undefined ? [] : (record.tagNames ?? [])
  if (names.every((name) => has.includes(name))) return false
  const fitting = Object.keys(tagsOf(key, metadata, names, recordUpload(undefined, NO_DEPLOYS), toTag))
  return fitting.some((name) => !has.includes(name))
}

/** No shard knows how much of the site the others change: what tags are made of has to be the same for all. */
function countDeploy(log: DeployLog, uploads: boolean): DeployLog {
  return uploads ? { ...log, deploy: log.deploy + 1 } : log
}

/** By other rules than these, numbers of deploys mean something else. */
function logOf(state: SiteState | undefined): DeployLog {
  return state === undefined || state.deploys.scheme !== TAG_SCHEME
    ? NO_DEPLOYS
    : { ...state.deploys, scheme: TAG_SCHEME }
}

function historyOf(record: RecordedObject | undefined): UploadHistory | undefined {
  return record?.history && unpackHistory(record.history)
}
