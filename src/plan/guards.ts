// What a plan must not do unless the user says so. Pure.

import type { PlannedCost, PlannedRemoval, Refusal } from '../model.ts'

/** Removing this many objects never needs a word, however small the site. Ours. */
const ALWAYS_ALLOWED_REMOVALS = 256

export interface GuardInput {
  readonly removals: readonly PlannedRemoval[]
  /** How many objects are under the prefix now. */
  readonly liveObjects: number
  /** The user's own limit; undefined: half of what is live or 256, whichever is more. */
  readonly maxDelete: number | undefined
  readonly cost: PlannedCost
}

/** @returns one refusal for each guard that says no */
export function findRefusals(input: GuardInput): Refusal[] {
  return [...refuseRemovals(input), ...refuseCost(input.cost)]
}

function refuseRemovals({ removals, liveObjects, maxDelete }: GuardInput): Refusal[] {
  const limit = maxDelete ?? Math.max(ALWAYS_ALLOWED_REMOVALS, Math.floor(liveObjects / 2))
  if (removals.length <= limit) return []
  return [
    {
      code: 'TOO_MANY_REMOVALS',
      message: `This would remove ${removals.length} of ${liveObjects} objects; without a word from you the limit is ${limit}.`,
      fix: `Check that the folder holds the whole site. If it does, allow it with --max-delete ${removals.length} or --yes.`,
      confirmable: true,
    },
  ]
}

function refuseCost({ paths, freeLeft, priceUsd, allowedBy }: PlannedCost): Refusal[] {
  if (allowedBy !== 'the month' || paths <= freeLeft) return []
  return [
    {
      code: 'OVER_FREE_PATHS',
      message: `This would invalidate ${paths} paths, and ${freeLeft} of this month's free ones are left: the rest costs $${priceUsd}.`,
      fix: `Allow it with --max-cost ${priceUsd}, --max-paths ${paths} or --yes, or deploy again next month.`,
      confirmable: true,
    },
  ]
}
