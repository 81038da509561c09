// Which keys' URLs may an edge still answer wrongly once the uploads are done, and which of them mend themselves soon enough? Pure.

import { sharedLifetimeSeconds } from '../http/freshness.ts'
import type { CustomErrorResponse, Key, RecordedObject } from '../model.ts'
import type { StaleKey } from './diff.ts'
import { DEFAULT_ERROR_TTL_SECONDS, LEAST_ERROR_TTL_SECONDS, MAX_SETTLE_SECONDS } from './limits.ts'
import { shortLifetimeSeconds } from './edge-lifetime.ts'
import { errorPageTtls, longCachedBefore } from './missing-urls.ts'
import { unmappedBecause } from './purge-scope.ts'
import { behaviorsOfBucket, type UrlSpace } from './url-space.ts'

export interface Staleness {
  /** Keys whose URLs are purged. */
  readonly purge: readonly StaleKey[]
  /** Set when the URLs cannot be listed: everything in the scope is purged, for this reason. */
  readonly everything: { readonly because: string; readonly scope: PurgeScope } | undefined
  /** How long errors that edges may have cached last after the uploads; 0 when none matter. */
  readonly settleSeconds: number
  readonly settleReason: string | undefined
}

/** `site`: what lies below the site's prefix; `distribution`: all, since an error page shows under any URL. */
export type PurgeScope = 'site' | 'distribution'

export interface StalenessInput {
  /** The site's keys begin with it. */
  readonly prefix: string
  readonly stale: readonly StaleKey[]
  readonly space: UrlSpace
  /** Whether the last completed release purged this distribution. If not, its caches may hold anything. */
  readonly isKnown: boolean
  /** Whether the distribution has begun to read cache tags since: what it has cached until now has none. */
  readonly untagged?: boolean
  /** What the last completed release had under the key. */
  readonly recorded: (key: Key) => RecordedObject | undefined
  /** Whether the key's name is proven to stand for its bytes alone, and has not been a missing one before: see fingerprint-evidence.ts. */
  readonly isBound: (key: Key) => boolean
}

/** What S3 answers for a key that is not there: 403 where the caller may not list the bucket, else 404. */
const MISSING_KEY_STATUSES = [403, 404]

export function findStaleness({
  stale,
  space,
  prefix,
  isKnown,
  untagged,
  recorded,
  isBound,
}: StalenessInput): Staleness {
  const errorPages = errorPageTtls(space)
  const wholeBecause = !isKnown
    ? 'the first deploy to it: what edges have cached so far is not known'
    : untagged === true
      ? 'it has begun to read cache tags: every copy is to be fetched once more, with its own'
      : undefined
  if (wholeBecause !== undefined) {
    const scope = [...errorPages.keys()].some((key) => key.startsWith(prefix)) ? 'distribution' : 'site'
    return purgeEverything(wholeBecause, scope)
  }
  if (stale.length === 0) return purgeOnly([])
  const changedErrorPage = stale.find((entry) => errorPages.has(entry.key))
  const pageTtlSeconds = changedErrorPage === undefined ? 0 : (errorPages.get(changedErrorPage.key) ?? 0)
  const errorTtlSeconds = Math.max(pageTtlSeconds, longestErrorTtlSeconds(space, recorded))
  const canSettle = errorTtlSeconds <= MAX_SETTLE_SECONDS
  if (changedErrorPage !== undefined && !canSettle) {
    // The old page is cached under URLs that nobody can list.
    const because = `the error page ${changedErrorPage.key} changed and edges keep errors for ${errorTtlSeconds} s`
    return purgeEverything(because, 'distribution')
  }
  const unmapped = unmappedBecause(space)
  if (unmapped !== undefined) {
    const because = `${describeKeys(stale)}, and ${unmapped}, so their URLs are not known one by one`
    return purgeEverything(because, changedErrorPage === undefined ? 'site' : 'distribution')
  }
  const purge: StaleKey[] = []
  const settling: StaleKey[] = []
  let lifetimeSeconds = 0
  for (const entry of stale) {
    if (entry.kind !== 'changed' && entry.wasRecorded && isBound(entry.key)) continue
    const keptSeconds = secondsInCaches(entry, space, recorded)
    if (keptSeconds !== undefined && keptSeconds <= MAX_SETTLE_SECONDS) {
      lifetimeSeconds = Math.max(lifetimeSeconds, keptSeconds)
      continue
    }
    const before =
      entry.kind === 'added' ? longCachedBefore(entry.key, space, (key) => recorded(key) !== undefined) : undefined
    if (before !== undefined) purge.push({ ...entry, reason: `${entry.reason}, and ${before}` })
    else if (entry.kind === 'added' && canSettle) settling.push(entry)
    else if (entry.kind === 'added')
      purge.push({ ...entry, reason: `${entry.reason}, and edges keep "not found" for ${errorTtlSeconds} s` })
    else purge.push(entry)
  }
  const waitsForErrors = changedErrorPage !== undefined || settling.length > 0
  if (!waitsForErrors && lifetimeSeconds === 0) return purgeOnly(purge)
  return {
    purge,
    everything: undefined,
    settleSeconds: waitsForErrors ? Math.max(errorTtlSeconds, lifetimeSeconds) : lifetimeSeconds,
    settleReason: waitsForErrors
      ? describeSettling(changedErrorPage, settling)
      : `edges keep what says "no-store" for ${lifetimeSeconds} s`,
  }
}

/** Until edges ask again by themselves for what a page was; undefined: too long, or not known. */
function secondsInCaches(
  { key, kind, wasRecorded }: StaleKey,
  space: UrlSpace,
  recorded: StalenessInput['recorded'],
): number | undefined {
  const before = recorded(key)
  if (!wasRecorded || kind === 'added' || before === undefined) return undefined
  return shortLifetimeSeconds(before.metadata, behaviorsOfBucket(space))
}

function purgeOnly(purge: readonly StaleKey[]): Staleness {
  return { purge, everything: undefined, settleSeconds: 0, settleReason: undefined }
}

function purgeEverything(because: string, scope: PurgeScope): Staleness {
  return { purge: [], everything: { because, scope }, settleSeconds: 0, settleReason: undefined }
}

/** The longest that any edge keeps the answer for a missing key. Of contradicting pages the pessimistic one counts: a 403 is cached too. */
function longestErrorTtlSeconds(space: UrlSpace, recorded: StalenessInput['recorded']): number {
  const configured = (status: number): CustomErrorResponse | undefined =>
    space.distribution.errorResponses.find((response) => response.errorCode === status)
  const ttls = MISSING_KEY_STATUSES.map(
    (status) => configured(status)?.errorCachingMinTtlSeconds ?? DEFAULT_ERROR_TTL_SECONDS,
  )
  // A website's error document is sent with its own headers, and an error lives as long as they say.
  const document = space.website?.errorDocument
  const documentTtl = document === undefined ? 0 : sharedLifetimeSeconds(recorded(document)?.metadata ?? {})
  return Math.max(LEAST_ERROR_TTL_SECONDS, documentTtl, ...ttls)
}

function describeSettling(errorPage: StaleKey | undefined, settling: readonly StaleKey[]): string {
  if (errorPage !== undefined) return `edges may show the old ${errorPage.key} for URLs that do not exist`
  const what = settling.length === 1 ? `${settling[0]?.key} is` : `${settling.length} new files are`
  return `edges may have cached that ${what} missing`
}

function describeKeys(stale: readonly StaleKey[]): string {
  const first = stale[0]
  if (first === undefined) return 'nothing changed'
  const reason = `${first.key}: ${first.reason}`
  return stale.length === 1 ? reason : `${reason}, and ${stale.length - 1} more`
}
