// freshfront invalidate: paths as people write them, and changed files → the items of each distribution → sent, and waited for.

import { createHash } from 'node:crypto'
import { failureOf } from './apply/failure.ts'
import { invalidateAll } from './apply/invalidate.ts'
import {
  bucketNotTold,
  distributionNotGiven,
  FreshfrontError,
  noDistributionAnswers,
  pathsCostMoney,
  pathsNotValid,
} from './errors.ts'
import { compileFunctions } from './functions/compile-functions.ts'
import { bucketOfHost } from './http/s3-hosts.ts'
import { readDistributions, readWebsite } from './live/distributions.ts'
import type {
  BucketWebsite,
  ChangedFile,
  Config,
  Distribution,
  Failure,
  Finding,
  InvalidateOutcome,
  OnEvent,
} from './model.ts'
import { readTypedPaths } from './plan/asked-paths.ts'
import { toBatches } from './plan/batches.ts'
import type { StaleKey } from './plan/diff.ts'
import { planAsked, type AskedInput, type AskedPlan } from './plan/plan-asked.ts'
import { makeTagHash } from './plan/tags/cache-tag-list.ts'
import type { UrlSpace } from './plan/url-space.ts'
import type { Ports } from './ports.ts'
import { compileFilters } from './site/filters.ts'
import { isNeverDeployed } from './site/never-deployed.ts'
import { isSecretName } from './site/secret-names.ts'
import { readDebt } from './state/debt.ts'
import { readSiteState } from './state/site-state.ts'

export interface InvalidateRequest extends Pick<
  Config,
  'prefix' | 'distributions' | 'filters' | 'urls' | 'wait' | 'invalidation'
> {
  /** Undefined: what is in it is not known, and `distributions` names at least one. */
  readonly bucket: string | undefined
  /** As people write them: `/blog/`, `blog/*`, `https://www.example.com/café`, `#tag`. */
  readonly paths: readonly string[]
  /** Files that are put into the bucket, below the prefix. */
  readonly files: readonly ChangedFile[]
}

export interface InvalidateOptions {
  /** `plan` sends nothing. */
  readonly mode: 'invalidate' | 'plan'
  /** Found before. */
  readonly warnings?: readonly Finding[]
  readonly onEvent?: OnEvent
  readonly signal?: AbortSignal
}

/**
 * Invalidates, whatever was invalidated before: each call is a new purge, and is billed as one. Nothing of it is remembered in the bucket.
 *
 * @returns what was sent; failures to send are in it, all of them
 * @throws {FreshfrontError} when nothing could be planned: `PATHS_NOT_VALID`, `OVER_FREE_PATHS`, `DISTRIBUTION_NOT_GIVEN`,
 *   `NO_DISTRIBUTION_ANSWERS`, `BUCKET_NOT_TOLD`, and what reading the distributions throws
 */
export async function invalidatePaths(
  request: InvalidateRequest,
  ports: Ports,
  options: InvalidateOptions,
): Promise<InvalidateOutcome> {
  const startMs = ports.clock.nowMs()
  const distributions = await readTargets(request, ports)
  const { known, warnings } = await readKnown(request, ports)
  const website = request.bucket === undefined ? undefined : await readWebsite(ports.bucket, distributions)
  const plan = await planOn(distributions, request, { known, website, nowMs: startMs })
  const run = `invalidate ${new Date(startMs).toISOString()} ${ports.randomSuffix()}${ports.randomSuffix()}`
  const planned = distributions.flatMap(({ id }, index) => toBatches(id, plan.items[index] ?? [], run, sha256))
  const isPlan = options.mode === 'plan'
  const tooDear = plan.overFree && pathsCostMoney(plan.overFree)
  if (tooDear !== undefined && !isPlan) throw tooDear
  const onEvent = options.onEvent ?? (() => undefined)
  const settled = isPlan ? undefined : settle(plan, request, ports, onEvent, options.signal)
  const sent = isPlan
    ? { invalidations: [], failures: [] }
    : await invalidateAll(planned, ports, { wait: request.wait, onEvent, signal: options.signal })
  const failures = [...sent.failures, ...((await settled) ?? [])].map(forgetful)
  return {
    result: isPlan ? 'planned' : resultOf(planned.length + plan.settleSeconds === 0, request.wait, failures),
    planned,
    invalidations: sent.invalidations,
    settleSeconds: plan.settleSeconds,
    settleReasons: plan.settleReasons,
    warnings: [
      ...(options.warnings ?? []),
      ...warnings,
      ...plan.warnings,
      ...(tooDear === undefined ? [] : [{ code: tooDear.code, message: tooDear.message }]),
    ],
    failures,
    requests: ports.meter.counts(),
    seconds: (ports.clock.nowMs() - startMs) / 1000,
  }
}

async function readTargets({ bucket, distributions: named }: InvalidateRequest, ports: Ports): Promise<Distribution[]> {
  if (bucket === undefined && named.length === 0) throw distributionNotGiven()
  const described =
    bucket === undefined
      ? (await Promise.all([...new Set(named)].map((id) => ports.distributions.describe(id)))).flat()
      : await readDistributions(ports.distributions, bucket, named)
  const enabled = described.filter((distribution) => distribution.enabled)
  if (enabled.length === 0) throw noDistributionAnswers(named.length > 0 ? undefined : bucket)
  return enabled
}

/** What Freshfront has recorded of the site. Whoever may invalidate may not always read the bucket: then it is done without. */
async function readKnown(
  { bucket, prefix }: InvalidateRequest,
  ports: Ports,
): Promise<{ readonly known: AskedInput['known']; readonly warnings: readonly Finding[] }> {
  if (bucket === undefined) return { known: undefined, warnings: [] }
  try {
    const state = await readSiteState(ports.bucket, prefix)
    if (state === undefined) return { known: undefined, warnings: [] }
    const debt = await readDebt(ports.bucket, prefix)
    return { known: { state, debt, toTag: makeTagHash(sha256, state.tagSalt) }, warnings: [] }
  } catch (error) {
    if (!(error instanceof FreshfrontError)) throw error
    const message = `What else is on the site is not known, so that paths are not weighed against it. ${error.message}`
    return { known: undefined, warnings: [{ code: 'STATE_NOT_READ', message }] }
  }
}

async function planOn(
  distributions: readonly Distribution[],
  request: InvalidateRequest,
  { known, website, nowMs }: Pick<AskedInput, 'known' | 'nowMs'> & { readonly website: BucketWebsite | undefined },
): Promise<AskedPlan> {
  const { urls, prefix } = request
  const stale = toStaleKeys(request)
  const functions = await compileFunctions(distributions)
  try {
    const spaces = distributions.map((distribution): UrlSpace => ({
      bucket: request.bucket ?? bucketBehind(distribution, stale.length > 0),
      distribution,
      website,
      urls,
      runFunction: (name, uri, host) => functions.run(name, uri, host),
    }))
    const { asked, warnings, problems } = readTypedPaths(request.paths, spaces)
    if (problems.length > 0) throw pathsNotValid(problems)
    const targets = spaces.flatMap((space, index) => {
      const ofSpace = asked[index]
      return ofSpace === undefined ? [] : [{ space, asked: ofSpace }]
    })
    const { invalidation } = request
    const plan = planAsked({ targets, prefix, stale, known, invalidation, nowMs })
    return { ...plan, warnings: [...warnings, ...plan.warnings] }
  } finally {
    functions.dispose()
  }
}

/** Files that a deploy would leave on the disk are left out. */
function toStaleKeys({ files, filters, prefix }: InvalidateRequest): StaleKey[] {
  const isIncluded = compileFilters(filters)
  const isDeployed = (path: string): boolean =>
    isIncluded(path) &&
    path.split('/').every((name, index, names) => {
      const isFile = index === names.length - 1
      return !isNeverDeployed(names.slice(0, index + 1).join('/')) && !isSecretName(name, isFile ? 'file' : 'folder')
    })
  return files
    .filter(({ path }) => isDeployed(path))
    .map(({ path, change }) => ({
      key: prefix + path.normalize('NFC'),
      kind: change,
      reason: `${change} in git`,
      wasRecorded: false,
    }))
}

/** @throws {FreshfrontError} `BUCKET_NOT_TOLD` where that matters */
function bucketBehind({ id, origins }: Distribution, matters: boolean): string {
  const buckets = [...new Set(origins.flatMap(({ domainName }) => bucketOfHost(domainName) ?? []))]
  const [only = ''] = buckets
  if (!matters || buckets.length === 1) return only
  throw bucketNotTold(
    id,
    buckets.length === 0 ? 'none of its origins is a bucket' : `its origins are ${buckets.join(', ')}`,
  )
}

/** Cached errors run out by themselves while the purges are under way. */
async function settle(
  { settleSeconds, settleReasons }: AskedPlan,
  { wait }: InvalidateRequest,
  { clock }: Ports,
  onEvent: OnEvent,
  signal: AbortSignal | undefined,
): Promise<Failure[]> {
  if (settleSeconds === 0 || !wait || signal?.aborted === true) return []
  onEvent({ kind: 'waiting', seconds: settleSeconds, reason: settleReasons.join('; ') })
  try {
    await clock.sleep(settleSeconds * 1000, signal)
    return []
  } catch (error) {
    return [failureOf('wait for cached errors to end', error)]
  }
}

/** A deploy's words promise that what is owed is remembered; here nobody remembers it. */
function forgetful(failure: Failure): Failure {
  const fix = failure.code === 'INVALIDATION_SLOW' ? 'Nothing: it completes by itself.' : ASK_AGAIN
  return failure.fix === undefined || /remembered|goes on waiting/u.test(failure.fix) ? { ...failure, fix } : failure
}

const ASK_AGAIN = 'Run the same command again: nothing of it is remembered.'

function resultOf(isEmpty: boolean, wait: boolean, failures: readonly Failure[]): InvalidateOutcome['result'] {
  if (failures.length > 0) return failures.every(({ code }) => code === 'INVALIDATION_SLOW') ? 'unverified' : 'failed'
  if (isEmpty) return 'nothing to do'
  return wait ? 'fresh' : 'live'
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
