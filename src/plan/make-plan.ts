// SiteSnapshot × LiveSnapshot × what is remembered → Plan. Pure: the other files of this folder, composed.

import { md5ToEtag } from '../http/etag.ts'
import type {
  Config,
  Debt,
  Finding,
  Key,
  LiveSnapshot,
  Plan,
  PlannedUpload,
  ReleaseId,
  RequestCounts,
  SiteSnapshot,
  SiteState,
} from '../model.ts'
import { type Hash, toBatches } from './batches.ts'
import { recordDistribution, tagMetadataNames } from './cache-tags.ts'
import { findCopies } from './copies.ts'
import { type Diff, diffSite, type DiffInput, type StaleKey } from './diff.ts'
import { confirmFingerprints } from './fingerprint-evidence.ts'
import { findRefusals } from './guards.ts'
import { describeKept, isAssetKept } from './kept-assets.ts'
import { truthAfterDeploy } from './key-truth.ts'
import { planPurges } from './plan-purges.ts'
import { recordedByKey } from './index-by-key.ts'
import { lacksTags, recordUploads } from './record-uploads.ts'
import { addCounts, countRequests } from './request-costs.ts'
import { makeTagHash } from './tags/cache-tag-list.ts'
import type { RunFunction } from './url-space.ts'
import { findSiteRuleWarnings } from './site-rule-warnings.ts'
import { planChecks } from './verification.ts'
import { findWarnings } from './warnings.ts'
import { orderRemovals, orderUploads } from './waves.ts'

export interface PlanInput {
  readonly site: SiteSnapshot
  readonly live: LiveSnapshot
  readonly state: SiteState | undefined
  readonly debt: Debt | undefined
  readonly config: Pick<
    Config,
    'prefix' | 'force' | 'delete' | 'maxDelete' | 'keepAssets' | 'urls' | 'invalidation' | 'storage'
  >
  readonly isExcluded: DiffInput['isExcluded']
  readonly isKeptByRule: DiffInput['isKeptByRule']
  /** Files of the site that stand for what is live: see ignored.ts. */
  readonly ignored?: readonly Key[]
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
  /** Paths that the whole account has used this month; undefined: CloudFront was not asked. */
  readonly accountPaths?: number | undefined
  /** The uploads of this sharded release are done, but for a few: these keys are there, and their shards have recorded what they owe. */
  readonly sharded?: { readonly name: string; readonly isDone: (key: Key) => boolean } | undefined
  readonly hash: Hash
  /** Runs the viewer-request functions of the distributions. */
  readonly runFunction: RunFunction
}

export function makePlan(input: PlanInput): Plan {
  const { site, live, state, debt: before, config, hash } = input
  const isDone = input.sharded?.isDone ?? (() => false)
  const recorded = recordedByKey(state)
  const tagNames = tagMetadataNames(live.distributions)
  const tagSalt = state?.tagSalt ?? saltTags(hash, live, input.sharded?.name ?? input.release)
  const toTag = makeTagHash(hash, tagSalt)
  const diff = diffSite({
    files: site.files,
    objects: live.objects,
    state,
    debt: before,
    isExcluded: input.isExcluded,
    force: config.force,
    deleteForeign: config.delete,
    isKept: (key, record) => isAssetKept(key, record, { ...config, nowMs: input.nowMs }),
    isKeptByRule: input.isKeptByRule,
    tagNames,
    lacksTags: (file, record) => lacksTags(file, record, tagNames, toTag),
  })
  // What shards have put is there, and no copy is made of what was there before them.
  const needed =
    input.sharded === undefined ? findCopies(diff.uploads, { objects: live.objects, recorded, config }) : diff.uploads
  const { deploys, uploads: unordered } = recordUploads(needed, {
    recorded,
    state,
    tagNames,
    toTag,
    isSharded: input.sharded !== undefined,
  })
  const uploads = orderUploads(unordered, new Map(), config.prefix)
  const removals = orderRemovals(diff.removals, config.prefix)
  const writes = uploads.length + diff.removals.length > 0
  // A run that only pays an old debt keeps that debt's release, so that its invalidations are the same requests again.
  // Shards write without naming the debt anew: what was sent under its name may have been sent before.
  const release = writes || before === undefined || before.sharded !== undefined ? input.release : before.release

  const kept = diff.kept.map((key) =>
    describeKept(key, recorded.get(key), { release, nowMs: input.nowMs, releaseBefore: state?.release }),
  )
  const isProven = confirmFingerprints({ files: site.files, recorded })
  const gone = new Map(Object.entries(state?.gone ?? {}))
  const isBound = (key: Key): boolean => isProven(key) && !gone.has(key)
  const { purges, cost } = planPurges({
    live,
    state,
    debt: before,
    stale: diff.stale,
    config,
    recorded,
    toTag,
    isBound,
    foreign: diff.foreign,
    runFunction: input.runFunction,
    nowMs: input.nowMs,
    accountPaths: input.accountPaths,
  })
  const invalidations = purges.flatMap(({ distribution, items }) => toBatches(distribution.id, items, release, hash))
  const plan = {
    formatVersion: 1 as const,
    release,
    bucket: live.bucket,
    prefix: live.prefix,
    uploads,
    removals,
    kept,
    keptByRule: diff.keptByRule,
    unchanged: diff.unchanged,
    ...(input.ignored !== undefined && input.ignored.length > 0 && { ignored: input.ignored }),
    distributions: Object.fromEntries(
      live.distributions.map((distribution) => [
        distribution.id,
        recordDistribution(distribution, state?.distributions[distribution.id], release),
      ]),
    ),
    invalidations,
    cost,
    deploys,
    tagSalt,
    checks: planChecks({
      targets: purges.map(({ space, staleness }) => ({
        space,
        keys: staleness.everything === undefined ? diff.stale.map(({ key }) => key) : undefined,
      })),
      allKeys: purges.some(({ staleness }) => staleness.everything !== undefined) ? allKeys(site, diff) : [],
      truthOf: truthAfterDeploy({ ...live, state, debt: before, files: site.files, uploads, removals }),
      hash,
    }),
    settleSeconds: Math.max(0, ...purges.map((purge) => purge.staleness.settleSeconds)),
    settleReasons: [...new Set(purges.flatMap((purge) => purge.staleness.settleReason ?? []))],
    debt: debtOf({
      release,
      stale: diff.stale.filter(({ key }) => !isDone(key)),
      uploads: uploads.filter(({ key }) => !isDone(key)),
      writes,
      before,
      paths: cost.paths,
      isFinish: input.sharded !== undefined,
    }),
    foreign: diff.foreign,
    warnings: [
      ...(input.warnings ?? []),
      ...findWarnings(site, live),
      ...findSiteRuleWarnings(site, live, input.runFunction),
    ],
    refusals: findRefusals({
      removals,
      liveObjects: live.objects.length,
      maxDelete: config.maxDelete,
      cost,
      secrets: site.secrets,
    }),
  }
  const hadBefore = {
    hadDebt: before !== undefined,
    hasState: state !== undefined,
    recordsCommit: input.recordsCommit ?? false,
    hasNewlyKept: hasNewlyKept(plan),
  }
  const requests = addCounts(
    addCounts(input.requestsSoFar, input.lockRequests ?? {}),
    countRequests({ ...plan, uploads: uploads.filter(({ key }) => !isDone(key)) }, hadBefore),
  )
  return { ...plan, requests }
}

/** In the site now, or stale. */
function allKeys(site: SiteSnapshot, { stale }: Diff): Key[] {
  return [...new Set([...site.files, ...stale].map(({ key }) => key))]
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
  paths,
  isFinish,
}: {
  readonly release: ReleaseId
  readonly stale: readonly StaleKey[]
  readonly uploads: readonly PlannedUpload[]
  readonly writes: boolean
  readonly before: Debt | undefined
  readonly paths: number
  readonly isFinish: boolean
}): Debt | undefined {
  if (!writes && stale.length === 0 && before === undefined) return undefined
  // A run that has died may have put its bytes before this one puts others, or none: both are remembered until the debt is paid.
  const earlier = before?.puts ?? []
  const known = new Set(earlier.map(({ key, etag }) => `${etag} ${key}`))
  const puts = uploads
    .flatMap((upload) => etagsAfter(upload).map((etag) => ({ key: upload.key, etag })))
    .filter(({ key, etag }) => !known.has(`${etag} ${key}`))
  const allPuts = [...earlier, ...puts]
  // Paying under the old name repeats the requests of the run that died, which are billed once.
  const allPaths = writes ? (before?.paths ?? 0) + paths : Math.max(before?.paths ?? 0, paths)
  return {
    formatVersion: 1,
    release,
    keys: stale.map((entry) => entry.key).toSorted(),
    ...(allPuts.length > 0 && { puts: allPuts }),
    ...(allPaths > 0 && { paths: allPaths }),
    // From the first write of another deploy on, none of its shards may write.
    ...(before?.sharded !== undefined && {
      sharded: isFinish ? before.sharded : { ...before.sharded, overtaken: true },
    }),
  }
}

/** What went up in parts may be in one piece after a copy, and has another ETag then. */
function etagsAfter({ file: { etag, md5 }, copyOf }: PlannedUpload): string[] {
  return copyOf === undefined ? [etag] : [...new Set([etag, md5ToEtag(md5)])]
}

/** Of a first release; for shards it must be the same in all of them. */
export function saltTags(
  hash: Hash,
  { bucket, prefix }: Pick<LiveSnapshot, 'bucket' | 'prefix'>,
  name: string,
): string {
  return hash([bucket, prefix, name].join('\n')).slice(0, 16)
}
