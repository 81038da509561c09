// The world and the folder → the plan of one release: the pure plan, and the order that the pages' own references ask for.

import { hash } from 'node:crypto'
import { planOutdated } from './errors.ts'
import type {
  Commit,
  Config,
  Distribution,
  Finding,
  Key,
  Plan,
  ReleaseId,
  RequestCounts,
  SavedPlan,
  SiteSnapshot,
} from './model.ts'
import { describeBasis, digestPlan, findMoved } from './plan/basis.ts'
import { makePlan } from './plan/make-plan.ts'
import { orderUploads } from './plan/waves.ts'
import type { World } from './read-world.ts'
import { compileFilters, compilePatterns } from './site/filters.ts'
import { readReferences } from './site/references.ts'

export interface ReleaseInput {
  readonly config: Config
  readonly site: SiteSnapshot
  /** Files of the site that differ from what is live only in what the user's `ignore` matches: they stand there as they are live. */
  readonly ignored?: readonly Key[]
  readonly world: World
  readonly release: ReleaseId
  readonly nowMs: number
  readonly commit: Commit | undefined
  readonly warnings: readonly Finding[]
  /** Of the end of a sharded release. */
  readonly sharded?: { readonly name: string; readonly isDone: (key: Key) => boolean } | undefined
  /** What taking and giving back the lock still takes. */
  readonly lockRequests: Partial<RequestCounts>
  readonly requestsSoFar: RequestCounts
  readonly signal: AbortSignal | undefined
}

export async function planRelease(input: ReleaseInput): Promise<Plan> {
  const { config, world, signal } = input
  const byName = makePlan({
    ...input,
    ...world,
    isExcluded: keysLeftAlone(config),
    isKeptByRule: keysNeverRemoved(config),
    recordsCommit: input.commit !== undefined && input.commit.id !== world.state?.commit?.id,
    hash: sha256,
    runFunction: (name, uri, host) => world.functions.run(name, uri, host),
  })
  const references = await readReferences(
    // What the shards have put is there, each page after its parts.
    byName.uploads.filter(({ key }) => input.sharded?.isDone(key) !== true).map(({ file }) => file),
    { prefix: config.prefix, hosts: hostsOf(world.live.distributions, config), ...(signal && { signal }) },
  )
  if (references.size === 0) return byName
  return { ...byName, uploads: orderUploads(byName.uploads, references, config.prefix) }
}

/** What `deploy` takes back to do exactly this, or to say what has moved. */
export function savePlan(plan: Plan, { config, site, world, nowMs, commit }: ReleaseInput): SavedPlan {
  return {
    formatVersion: 1,
    release: plan.release,
    plannedAt: new Date(nowMs).toISOString(),
    ...(commit !== undefined && { commit }),
    basis: describeBasis({ ...world, config, site, hash: sha256 }),
    digest: digestPlan(plan, sha256),
  }
}

/**
 * Before anything is written: the world is the one that the plan was made for, and the plan is the same.
 *
 * @throws {FreshfrontError} `PLAN_OUTDATED`, which names all that has moved
 */
export function checkSavedPlan(saved: SavedPlan, plan: Plan, input: ReleaseInput): void {
  const now = savePlan(plan, input)
  const moved = findMoved(saved.basis, now.basis)
  if (moved.length > 0) throw planOutdated(moved)
  if (saved.digest !== now.digest) throw planOutdated(['This version of Freshfront plans otherwise.'])
}

/** Keys that the user's filters keep out of the deploy. */
export function keysLeftAlone({ filters, prefix }: Config): (key: Key) => boolean {
  const isIncluded = compileFilters(filters)
  return (key) => !isIncluded(key.slice(prefix.length))
}

function keysNeverRemoved({ keep = [], prefix }: Config): (key: Key) => boolean {
  const matches = compilePatterns(keep)
  return (key) => matches(key.slice(prefix.length))
}

export function sha256(text: string): string {
  return hash('sha256', text)
}

/** Where the site itself is served: pages name their preview images by whole URLs. */
export function hostsOf(distributions: readonly Distribution[], { verifyUrls = [] }: Config): string[] {
  return [
    ...distributions.flatMap(({ domainName, aliases }) => [domainName, ...aliases]),
    ...verifyUrls.map((url) => new URL(url).hostname),
  ]
}
