// What is live according to the state alone, for a deploy that lists nothing. Pure.

import { compareKeys } from '../key-order.ts'
import type { Finding, LiveObject, SiteState } from '../model.ts'

/** The objects of the last completed release, as a listing would have them if nobody else had written since. */
export function trustedObjects({ objects, completedAt }: SiteState): LiveObject[] {
  const lastModifiedMs = Date.parse(completedAt)
  return Object.entries(objects)
    .map(([key, { etag, sizeBytes }]) => ({ key, etag, sizeBytes, lastModifiedMs }))
    .toSorted((one, other) => compareKeys(one.key, other.key))
}

export function stateTrusted({ release }: SiteState): Finding {
  return {
    code: 'STATE_TRUSTED',
    message: `Nothing was listed (--trust-state): the bucket is taken to be as release ${release} left it. What others have changed or deleted since is not put right, what they have added is neither seen nor removed, and where a new file takes the place of something they have put, edges may keep showing that. A deploy without --trust-state notices all of it.`,
  }
}

/** @param why completes "since …" */
export function stateNotTrusted(why: string): Finding {
  return { code: 'STATE_NOT_TRUSTED', message: `The bucket was listed in spite of --trust-state, since ${why}.` }
}
