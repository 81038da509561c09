// What a plan must not do unless the user says so. Pure.

import type { PlannedRemoval, Refusal } from '../model.ts'

/** Removing this many objects never needs a word, however small the site. Ours. */
const ALWAYS_ALLOWED_REMOVALS = 256

export interface GuardInput {
  readonly removals: readonly PlannedRemoval[]
  /** How many objects are under the prefix now. */
  readonly liveObjects: number
  /** The user's own limit; undefined: half of what is live or 256, whichever is more. */
  readonly maxDelete: number | undefined
}

/** @returns one refusal for each guard that says no */
export function findRefusals(input: GuardInput): Refusal[] {
  const limit = input.maxDelete ?? Math.max(ALWAYS_ALLOWED_REMOVALS, Math.floor(input.liveObjects / 2))
  if (input.removals.length <= limit) return []
  return [
    {
      code: 'TOO_MANY_REMOVALS',
      message: `This would remove ${input.removals.length} of ${input.liveObjects} objects; without a word from you the limit is ${limit}.`,
      fix: `Check that the folder holds the whole site. If it does, allow it with --max-delete ${input.removals.length} or --yes.`,
      confirmable: true,
    },
  ]
}
