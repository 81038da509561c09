// Invalidations: taken, carried to every cache after its own delay, and completed when the last one is done.
// Facts: CloudFront API Reference, CreateInvalidation and InvalidationBatch; Developer Guide, "Pay for file invalidation".

import type { EmulatorClock } from '../clock.ts'
import { ApiError } from './api-error.ts'
import type { CacheStore } from './cache-store.ts'
import type { Distribution } from './distributions.ts'
import { checkInvalidationItems } from './invalidation-paths.ts'
import type { Purge } from './purge-matching.ts'
import { createPurgeMatcher } from './purge-matching.ts'
import type { Quota } from './quota.ts'
import type { SeededRandom } from './seeded-random.ts'
import { UPPER_CASE } from './seeded-random.ts'

export interface Invalidation {
  readonly id: string
  readonly distributionId: string
  /** Of one tenant only. */
  readonly tenantId?: string | undefined
  readonly callerReference: string
  readonly items: readonly string[]
  readonly createdAtMs: number
  readonly status: 'InProgress' | 'Completed'
}

export interface InvalidationBatch {
  readonly callerReference: string
  readonly items: readonly string[]
}

/** Milliseconds from CreateInvalidation to the purge of each cache; the last number stands for the edges after it. */
export interface PurgeDelays {
  readonly regional: number
  readonly edges: readonly number[]
}

/** A distribution, or one tenant of it. */
export interface InvalidationScope {
  readonly distributionId: string
  readonly tenantId?: string | undefined
}

export interface Invalidations {
  /**
   * Throws the API's error; the same batch sent again is answered with the first one's invalidation.
   *
   * @param distribution as its tenant has it, where only that tenant is meant
   */
  create(distribution: Distribution, batch: InvalidationBatch): Invalidation
  /** @throws {ApiError} `NoSuchInvalidation` */
  get(scope: InvalidationScope, id: string): Invalidation
  /** Newest first; those of a distribution without those of its tenants. */
  list(scope: InvalidationScope): readonly Invalidation[]
  /** All distributions, oldest first: what is kept on disk. */
  all(): readonly Invalidation[]
  /** Items taken since the month began (UTC): each costs one path of the month's 1,000 free ones. */
  countPathsBilledThisMonth(): number
}

export interface InvalidationsOptions {
  readonly clock: EmulatorClock
  readonly random: SeededRandom
  readonly quota: Quota
  readonly regional: CacheStore
  readonly edges: readonly CacheStore[]
  /** Default: drawn anew for each invalidation, 20–900 ms. */
  readonly purgeDelaysMs: PurgeDelays | undefined
  readonly matching: Pick<Purge, 'wildcardAtDirectory' | 'templateInvalidation' | 'purgeMatches'>
  readonly saved: readonly Invalidation[]
  readonly onChange: () => void
}

const SHORTEST_PURGE_MS = 20
const LONGEST_PURGE_MS = 900

export function createInvalidations(options: InvalidationsOptions): Invalidations {
  const { clock, random, quota, regional, edges, onChange } = options
  // A restart leaves the caches empty, so whatever was in progress has come true.
  const all = new Map(options.saved.map((one) => [one.id, { ...one, status: 'Completed' as Invalidation['status'] }]))

  function drawDelays(): PurgeDelays {
    const delays = [regional, ...edges].map(() => random.between(SHORTEST_PURGE_MS, LONGEST_PURGE_MS))
    // The regional cache goes first: an edge purged before it could be filled again with the old copy and keep it. That
    // race is not ruled out by any page of CloudFront; `purgeDelaysMs` brings it about.
    const first = Math.min(...delays)
    delays.splice(delays.indexOf(first), 1)
    return { regional: first, edges: delays }
  }

  function startPurge(invalidation: Invalidation, cacheTagHeader: string | undefined): void {
    const { distributionId, tenantId, items } = invalidation
    const matches = createPurgeMatcher({ distributionId, tenantId, items, cacheTagHeader, ...options.matching })
    const delays = options.purgeDelaysMs ?? drawDelays()
    const edgeDelays = edges.map((_, index) => delays.edges[index] ?? delays.edges.at(-1) ?? delays.regional)
    const caches = [
      { cache: regional, delayMs: delays.regional },
      ...edges.map((cache, index) => ({ cache, delayMs: edgeDelays[index] ?? delays.regional })),
    ]
    let waiting = caches.length
    for (const { cache, delayMs } of caches) {
      clock.schedule(delayMs, () => {
        cache.purge(matches)
        waiting -= 1
        if (waiting === 0) clock.schedule(random.between(5, 50), () => complete(invalidation.id))
      })
    }
  }

  function complete(id: string): void {
    const found = all.get(id)
    if (found !== undefined) all.set(id, { ...found, status: 'Completed' })
  }

  const listOf = ({ distributionId, tenantId }: InvalidationScope): Invalidation[] =>
    [...all.values()].filter((one) => one.distributionId === distributionId && one.tenantId === tenantId)

  return {
    create(distribution, { callerReference, items }) {
      checkInvalidationItems(items)
      const scope: InvalidationScope = { distributionId: distribution.id, tenantId: distribution.tenant?.id }
      const own = listOf(scope)
      const earlier = own.find((one) => one.callerReference === callerReference)
      if (earlier !== undefined) {
        // Whether another order of the same items still counts as the same batch is not documented: here it does not.
        if (earlier.items.join('\n') === items.join('\n')) return earlier
        throw new ApiError(
          'InvalidationBatchAlreadyExists',
          400,
          'The caller reference was used before, for an invalidation batch with other items.',
        )
      }
      const inProgress = own.filter((one) => one.status === 'InProgress').flatMap((one) => one.items)
      quota.take(items, inProgress)
      let id: string
      do id = `I${random.text(13, UPPER_CASE)}`
      while (all.has(id))
      const invalidation: Invalidation = {
        id,
        ...scope,
        callerReference,
        items: [...items],
        createdAtMs: clock.nowMs(),
        status: 'InProgress',
      }
      all.set(id, invalidation)
      onChange()
      startPurge(invalidation, distribution.config.cacheTagHeader)
      return invalidation
    },
    get(scope, id) {
      const found = listOf(scope).find((one) => one.id === id)
      if (found === undefined) {
        throw new ApiError('NoSuchInvalidation', 404, 'The specified invalidation does not exist.')
      }
      return found
    },
    list: (scope) => listOf(scope).toReversed(),
    all: () => [...all.values()],
    countPathsBilledThisMonth() {
      const month = new Date(clock.nowMs()).toISOString().slice(0, 7)
      return [...all.values()]
        .filter((one) => new Date(one.createdAtMs).toISOString().startsWith(month))
        .reduce((count, one) => count + one.items.length, 0)
    },
  }
}
