// SiteSnapshot × LiveSnapshot × what is remembered → Plan. Pure: the other files of this folder, composed.

import type {
  Config,
  Debt,
  Finding,
  Key,
  LiveSnapshot,
  Plan,
  PlannedRemoval,
  PlannedUpload,
  ReleaseId,
  RequestCounts,
  SiteSnapshot,
  SiteState,
} from '../model.ts'
import { isMultipartSize, partRanges } from '../http/etag.ts'
import { endpointOfBucket } from '../http/s3-hosts.ts'
import { type Hash, toBatches } from './batches.ts'
import { recordDistribution, reliableTag, tagMetadataName, tagMetadataNames, tagsOf } from './cache-tags.ts'
import { diffSite, type DiffInput, type StaleKey } from './diff.ts'
import { confirmFingerprints } from './fingerprint-evidence.ts'
import { findRefusals } from './guards.ts'
import { planItems } from './invalidation.ts'
import { describeKept, isAssetKept } from './kept-assets.ts'
import { truthAfterDeploy } from './key-truth.ts'
import { MAX_KEYS_PER_DELETE } from './limits.ts'
import { findStaleness } from './staleness.ts'
import type { RunFunction, UrlSpace } from './url-space.ts'
import { planChecks } from './verification.ts'
import { orderRemovals, orderUploads } from './waves.ts'

export interface PlanInput {
  readonly site: SiteSnapshot
  readonly live: LiveSnapshot
  readonly state: SiteState | undefined
  readonly debt: Debt | undefined
  readonly config: Pick<Config, 'prefix' | 'force' | 'delete' | 'maxDelete' | 'keepAssets' | 'urls'>
  readonly isExcluded: DiffInput['isExcluded']
  /** The name of this release, should it write anything. */
  readonly release: ReleaseId
  readonly nowMs: number
  /** Found before: the lock's. */
  readonly warnings?: readonly Finding[]
  /** What taking and giving back the lock still takes; renewals are not foreseen, they depend on how long the deploy takes. */
  readonly lockRequests?: Partial<RequestCounts>
  /** Whether the state has to name another commit even if nothing else is to do. */
  readonly recordsCommit?: boolean
  /** What reading the world has cost already. */
  readonly requestsSoFar: RequestCounts
  readonly hash: Hash
  /** Runs the viewer-request functions of the distributions. */
  readonly runFunction: RunFunction
}

export function makePlan(input: PlanInput): Plan {
  const { site, live, state, config } = input
  const tagNames = tagMetadataNames(live.distributions)
  const diff = diffSite({
    files: site.files,
    objects: live.objects,
    state,
    debt: input.debt,
    isExcluded: input.isExcluded,
    force: config.force,
    deleteForeign: config.delete,
    isKept: (key, record) => isAssetKept(key, record, { ...config, nowMs: input.nowMs }),
    tagNames,
  })
  const unordered = diff.uploads.map(({ file, reason }): Omit<PlannedUpload, 'wave'> => {
    const { key, sizeBytes, metadata } = file
    return { key, reason, sizeBytes, file, cacheTags: tagsOf(key, metadata, tagNames, input.hash) }
  })
  const uploads = orderUploads(unordered, new Map(), config.prefix)
  const removals = orderRemovals(diff.removals, config.prefix)
  const writes = uploads.length + diff.removals.length > 0
  // A run that only pays an old debt keeps that debt's release, so that its invalidations are the same requests again.
  const release = writes || input.debt === undefined ? input.release : input.debt.release

  const recorded = new Map(Object.entries(state?.objects ?? {}))
  const isBound = confirmFingerprints({ files: site.files, recorded })
  const gone = new Map(Object.entries(state?.gone ?? {}))
  const kept = diff.kept.map((key) =>
    describeKept(key, recorded.get(key), { release, nowMs: input.nowMs, releaseBefore: state?.release }),
  )
  const purges = live.distributions.map((distribution) => {
    const { bucket, website } = live
    const space: UrlSpace = { bucket, distribution, website, urls: config.urls, runFunction: input.runFunction }
    const before = state?.distributions[distribution.id]
    const staleness = findStaleness({
      stale: diff.stale,
      space,
      prefix: live.prefix,
      isKnown: before !== undefined,
      recorded: (key) => recorded.get(key),
      isBound: (key) => isBound(key) && !gone.has(key),
    })
    const tagOf = (key: Key): string | undefined => reliableTag(recorded.get(key), distribution, before)
    const items = planItems({ staleness, space, prefix: live.prefix, tagOf })
    const keysToCheck = staleness.everything === undefined ? diff.stale.map(({ key }) => key) : undefined
    return { staleness, batches: toBatches(distribution.id, items, release, input.hash), space, keys: keysToCheck }
  })
  const invalidations = purges.flatMap((purge) => purge.batches)
  const plan = {
    formatVersion: 1 as const,
    release,
    bucket: live.bucket,
    prefix: live.prefix,
    uploads,
    removals,
    kept,
    unchanged: diff.unchanged,
    distributions: Object.fromEntries(
      live.distributions.map((distribution) => [
        distribution.id,
        recordDistribution(distribution, state?.distributions[distribution.id], release),
      ]),
    ),
    invalidations,
    checks: planChecks({
      targets: purges,
      allKeys: [...new Set([...site.files, ...diff.stale].map(({ key }) => key))],
      truthOf: truthAfterDeploy({
        prefix: live.prefix,
        files: site.files,
        objects: live.objects,
        state,
        debt: input.debt,
        uploads,
        removals,
      }),
      hash: input.hash,
    }),
    settleSeconds: Math.max(0, ...purges.map((purge) => purge.staleness.settleSeconds)),
    settleReasons: [...new Set(purges.flatMap((purge) => purge.staleness.settleReason ?? []))],
    debt: debtOf({ release, stale: diff.stale, uploads, writes, before: input.debt }),
    foreign: diff.foreign,
    warnings: [...(input.warnings ?? []), ...findWarnings(site, live)],
    refusals: findRefusals({
      removals,
      liveObjects: live.objects.length,
      maxDelete: config.maxDelete,
    }),
  }
  return {
    ...plan,
    requests: addCounts(
      addCounts(input.requestsSoFar, input.lockRequests ?? {}),
      costOf(plan, {
        hadDebt: input.debt !== undefined,
        hasState: state !== undefined,
        recordsCommit: input.recordsCommit ?? false,
      }),
    ),
  }
}

/** Whether applying the plan changes anything anywhere. */
export function planHasWork(plan: Plan, state: SiteState | undefined): boolean {
  return (
    state === undefined ||
    plan.debt !== undefined ||
    hasNewlyKept(plan) ||
    plan.uploads.length > 0 ||
    plan.removals.length > 0 ||
    plan.invalidations.length > 0
  )
}

/** That an asset has left the build must be remembered, or it would never be removed. */
function hasNewlyKept({ kept, release }: Pick<Plan, 'kept' | 'release'>): boolean {
  return kept.some(({ leftIn }) => leftIn === release)
}

function debtOf({
  release,
  stale,
  uploads,
  writes,
  before,
}: {
  readonly release: ReleaseId
  readonly stale: readonly StaleKey[]
  readonly uploads: readonly PlannedUpload[]
  readonly writes: boolean
  readonly before: Debt | undefined
}): Debt | undefined {
  if (!writes && stale.length === 0 && before === undefined) return undefined
  // A run that has died may have put its bytes before this one puts others, or none: both are remembered until the debt is paid.
  const earlier = before?.puts ?? []
  const puts = uploads
    .map(({ key, file }) => ({ key, etag: file.etag }))
    .filter((put) => !earlier.some(({ key, etag }) => key === put.key && etag === put.etag))
  const allPuts = [...earlier, ...puts]
  return {
    formatVersion: 1,
    release,
    keys: stale.map((entry) => entry.key).toSorted(),
    ...(allPuts.length > 0 && { puts: allPuts }),
  }
}

function findWarnings(site: SiteSnapshot, live: LiveSnapshot): Finding[] {
  const warnings: Finding[] = []
  if (live.distributions.length === 0) {
    warnings.push({
      code: 'NO_DISTRIBUTION',
      message: `No CloudFront distribution of this account serves the bucket ${live.bucket}, so there is no cache to refresh.`,
    })
  }
  for (const distribution of live.distributions) {
    if (distribution.cacheTagHeader === undefined || tagMetadataName(distribution) !== undefined) continue
    warnings.push({
      code: 'TAG_HEADER_NOT_METADATA',
      message: `${distribution.id} looks for cache tags in the header ${distribution.cacheTagHeader}, which S3 does not send; with x-amz-meta-cache-tag Freshfront could purge by tag.`,
    })
  }
  for (const { id, origins } of live.distributions) {
    const ours = origins.filter(({ domainName }) => endpointOfBucket(domainName, live.bucket) !== undefined)
    const reaching = ours.filter(
      ({ originPath }) =>
        `${originPath}/`.startsWith(`/${live.prefix}`) || `/${live.prefix}`.startsWith(`${originPath}/`),
    )
    if (reaching.length > 0) continue
    warnings.push({
      code: 'DISTRIBUTION_ELSEWHERE',
      message: `No origin of ${id} is known to lead to s3://${live.bucket}/${live.prefix}: check --distribution, --prefix and its origin path.`,
    })
  }
  const unread = site.skipped.filter((file) => file.reason === 'never-deployed').map((file) => file.path)
  if (unread.length > 0) {
    const more = unread.length > 5 ? ` and ${unread.length - 5} more` : ''
    warnings.push({
      code: 'NEVER_DEPLOYED',
      message: `Left in the folder, since such files are not for the public: ${unread.slice(0, 5).join(', ')}${more}.`,
    })
  }
  return warnings
}

/** The requests that applying the plan takes: deploy's own order, see deploy.ts. Polls for completion are not foreseen. */
function costOf(
  plan: Pick<Plan, 'release' | 'uploads' | 'removals' | 'kept' | 'invalidations' | 'debt'>,
  before: { readonly hadDebt: boolean; readonly hasState: boolean; readonly recordsCommit: boolean },
): Partial<RequestCounts> {
  const uploadPuts = plan.uploads.map(({ sizeBytes }) =>
    // A multipart upload is begun, filled part by part, and completed.
    isMultipartSize(sizeBytes) ? partRanges(sizeBytes).length + 2 : 1,
  )
  const writes = plan.uploads.length + plan.removals.length > 0
  const recordsRelease =
    writes ||
    !before.hasState ||
    before.recordsCommit ||
    plan.invalidations.length > 0 ||
    plan.debt !== undefined ||
    hasNewlyKept(plan)
  return {
    list: before.hadDebt ? 1 : 0,
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

function addCounts(a: RequestCounts, b: Partial<RequestCounts>): RequestCounts {
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
