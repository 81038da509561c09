// The Distributions port over plain arrays, for tests of single steps.

import { distributionNotFound } from '../../src/errors.ts'
import type { Distribution } from '../../src/model.ts'
import type { Distributions, InvalidationProgress } from '../../src/ports.ts'

export interface SentInvalidation {
  readonly distribution: string
  readonly items: readonly string[]
  readonly callerReference: string
}

export interface MemoryDistributions extends Distributions {
  readonly sent: readonly SentInvalidation[]
}

export interface MemoryDistributionsOptions {
  /** How often an invalidation is read before it is complete. */
  readonly readsUntilCompleted?: number
  /** Thrown by createInvalidation, one after the other, before it succeeds. */
  readonly refusals?: Error[]
  /** Thrown by createInvalidation whenever it gives an error. */
  readonly refuse?: (items: readonly string[]) => Error | undefined
  /** Thrown by readInvalidation, each time. */
  readonly readRefusal?: Error
}

export function memoryDistributions(
  all: readonly Distribution[],
  { readsUntilCompleted = 0, refusals = [], refuse, readRefusal }: MemoryDistributionsOptions = {},
): MemoryDistributions {
  const sent: SentInvalidation[] = []
  const reads = new Map<string, number>()
  const progress = (id: string): InvalidationProgress => {
    const left = reads.get(id) ?? readsUntilCompleted
    reads.set(id, left - 1)
    return { id, status: left <= 0 ? 'Completed' : 'InProgress' }
  }
  return {
    sent,
    async list() {
      return all.map(({ id, origins }) => {
        return { id, originDomainNames: origins.map(({ domainName }) => domainName), isMultiTenant: false }
      })
    },
    async describe(id) {
      const found = all.find((distribution) => distribution.id === id)
      if (found === undefined) throw distributionNotFound(id)
      return [found]
    },
    async createInvalidation(distribution, items, callerReference) {
      const refusal = refusals.shift() ?? refuse?.(items)
      if (refusal !== undefined) throw refusal
      sent.push({ distribution, items, callerReference })
      return progress(`I${sent.length}`)
    },
    async countPathsSince() {
      return sent.reduce((count, { items }) => count + items.length, 0)
    },
    async readInvalidation(_, id) {
      if (readRefusal !== undefined) throw readRefusal
      return progress(id)
    },
  }
}
