// Which URLs may an edge still answer wrongly once the uploads are done, and which of them mend themselves soon enough? Pure.

import type { CustomErrorResponse, Distribution, Key, SiteState } from '../model.ts'
import type { StaleKey } from './diff.ts'
import { DEFAULT_ERROR_TTL_SECONDS, LEAST_ERROR_TTL_SECONDS, MAX_SETTLE_SECONDS } from './limits.ts'
import { keyToServedPaths, unmappedBecause } from './viewer-paths.ts'

export interface Staleness {
  /** Keys whose URLs are purged. */
  readonly purge: readonly StaleKey[]
  /** Set when the URLs cannot be listed: everything in the site's scope is purged, for this reason. */
  readonly everythingBecause: string | undefined
  /** How long errors that edges may have cached last after the uploads; 0 when none matter. */
  readonly settleSeconds: number
  readonly settleReason: string | undefined
}

/** What S3 answers for a key that is not there: 403 where the caller may not list the bucket, else 404. */
const MISSING_KEY_STATUSES = [403, 404]

export function findStaleness(
  stale: readonly StaleKey[],
  bucket: string,
  state: SiteState | undefined,
  distribution: Distribution,
): Staleness {
  if (state === undefined) return purgeEverything('the first deploy: what edges have cached so far is not known')
  if (stale.length === 0) return { purge: [], everythingBecause: undefined, settleSeconds: 0, settleReason: undefined }

  const unmapped = unmappedBecause(bucket, distribution)
  if (unmapped !== undefined)
    return purgeEverything(`${describeKeys(stale)}, and ${unmapped}, so their URLs are not known one by one`)

  const changedErrorPage = stale.find((entry) => isErrorPage(entry.key, bucket, distribution))
  const added = stale.filter((entry) => entry.kind === 'added')
  const purge = stale.filter((entry) => entry.kind !== 'added')
  const errorTtlSeconds = longestErrorTtlSeconds(distribution)
  if (changedErrorPage !== undefined && errorTtlSeconds > MAX_SETTLE_SECONDS) {
    // The old page is cached under URLs that nobody can list.
    return purgeEverything(
      `the error page ${changedErrorPage.key} changed and edges keep errors for ${errorTtlSeconds} s`,
    )
  }
  if (errorTtlSeconds > MAX_SETTLE_SECONDS) {
    return { purge: [...purge, ...added], everythingBecause: undefined, settleSeconds: 0, settleReason: undefined }
  }
  if (changedErrorPage === undefined && added.length === 0) {
    return { purge, everythingBecause: undefined, settleSeconds: 0, settleReason: undefined }
  }
  return {
    purge,
    everythingBecause: undefined,
    settleSeconds: errorTtlSeconds,
    settleReason:
      changedErrorPage === undefined
        ? `edges may have cached that ${added.length === 1 ? `${added[0]?.key} is` : `${added.length} new files are`} missing`
        : `edges may show the old ${changedErrorPage.key} for URLs that do not exist`,
  }
}

function purgeEverything(because: string): Staleness {
  return { purge: [], everythingBecause: because, settleSeconds: 0, settleReason: undefined }
}

/** The longest that any edge keeps the answer for a missing key. Of contradicting pages the pessimistic one counts: a 403 is cached too. */
function longestErrorTtlSeconds(distribution: Distribution): number {
  const configured = (status: number): CustomErrorResponse | undefined =>
    distribution.errorResponses.find((response) => response.errorCode === status)
  const ttls = MISSING_KEY_STATUSES.map(
    (status) => configured(status)?.errorCachingMinTtlSeconds ?? DEFAULT_ERROR_TTL_SECONDS,
  )
  return Math.max(LEAST_ERROR_TTL_SECONDS, ...ttls)
}

function isErrorPage(key: Key, bucket: string, distribution: Distribution): boolean {
  const pages = distribution.errorResponses.map((response) => response.responsePagePath)
  return keyToServedPaths(key, bucket, distribution).some((path) => pages.includes(`/${path.relativeKey}`))
}

function describeKeys(stale: readonly StaleKey[]): string {
  const first = stale[0]
  if (first === undefined) return 'nothing changed'
  const reason = `${first.key}: ${first.reason}`
  return stale.length === 1 ? reason : `${reason}, and ${stale.length - 1} more`
}
