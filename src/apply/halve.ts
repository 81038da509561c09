// A batch that CloudFront does not take as a whole → its two halves.

import type { PlannedInvalidation } from '../model.ts'

/**
 * The references follow from the whole's, so that a run that repeats the batch halves it into the same requests, which CloudFront answers
 * with the invalidations it has.
 *
 * @param batch of two items or more
 */
export function halve(batch: PlannedInvalidation): readonly [PlannedInvalidation, PlannedInvalidation] {
  const { distribution, callerReference, items } = batch
  const middle = Math.ceil(items.length / 2)
  return [
    { distribution, callerReference: `${callerReference}-a`, items: items.slice(0, middle) },
    { distribution, callerReference: `${callerReference}-b`, items: items.slice(middle) },
  ]
}
