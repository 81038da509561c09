// From items to CreateInvalidation requests: small enough for CloudFront's rates, each with a reference of its own. Pure: the hash
// function is handed in.

import type { PlannedInvalidation, PlannedItem, ReleaseId } from '../model.ts'
import { MAX_ITEMS_PER_BATCH, MAX_PREFIXES_PER_BATCH } from './limits.ts'

/** Text → hexadecimal digest of at least 32 digits. */
export type Hash = (text: string) => string

/**
 * @param release the last release that wrote to the site. Repeating a batch after a crash gives the same reference, which CloudFront
 *   answers with the first invalidation; new writes give a new one, since the caches may have been filled in between.
 * @see CloudFront API Reference, InvalidationBatch: CallerReference
 */
export function toBatches(
  distribution: string,
  items: readonly PlannedItem[],
  release: ReleaseId,
  hash: Hash,
): PlannedInvalidation[] {
  return splitItems(items).map((batch) => ({
    distribution,
    callerReference: `freshfront-${hash([distribution, release, ...batch.map((entry) => entry.item)].join('\n')).slice(0, 32)}`,
    items: batch,
  }))
}

function splitItems(items: readonly PlannedItem[]): PlannedItem[][] {
  const prefixes = items.filter(isPrefix)
  const exact = items.filter((entry) => !isPrefix(entry))
  const batches: PlannedItem[][] = []
  while (prefixes.length > 0 || exact.length > 0) {
    const batch = prefixes.splice(0, MAX_PREFIXES_PER_BATCH)
    batch.push(...exact.splice(0, MAX_ITEMS_PER_BATCH - batch.length))
    batches.push(batch)
  }
  return batches
}

function isPrefix(entry: PlannedItem): boolean {
  return entry.item.endsWith('*')
}
