// What a plan must not do unless the user says so. Pure.

import { quote } from '../errors.ts'
import type { FoundSecret, PlannedCost, PlannedRemoval, Refusal } from '../model.ts'

/** Removing this many objects never needs a word, however small the site. Ours. */
const ALWAYS_ALLOWED_REMOVALS = 256

/** Secrets named before the list ends in "and 12 more", and those for which a flag is written out. */
const MAX_NAMED = 20
const MAX_PATTERNS = 5

export interface GuardInput {
  readonly removals: readonly PlannedRemoval[]
  /** How many objects are under the prefix now. */
  readonly liveObjects: number
  /** The user's own limit; undefined: half of what is live or 256, whichever is more. */
  readonly maxDelete: number | undefined
  readonly cost: PlannedCost
  readonly secrets: readonly FoundSecret[]
}

/** @returns one refusal for each guard that says no */
export function findRefusals(input: GuardInput): Refusal[] {
  return [...refuseSecrets(input.secrets), ...refuseRemovals(input), ...refuseCost(input.cost)]
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

/** What is public once may be copied for ever, so that a general yes is not enough. */
export function refuseSecrets(secrets: readonly FoundSecret[]): Refusal[] {
  if (secrets.length === 0) return []
  const named = secrets.slice(0, MAX_NAMED).map(describeSecret)
  const more = secrets.length > MAX_NAMED ? ` and ${secrets.length - MAX_NAMED} more` : ''
  return [
    {
      code: 'SECRETS_FOUND',
      message: `This looks secret and would become public: ${named.join(', ')}${more}.`,
      fix: [...fixNames(secrets), ...fixContents(secrets), ALLOW].join(' '),
      confirmable: false,
    },
  ]
}

const ALLOW = 'Only what may be public after all is allowed with --allow-secrets PATTERN.'

function describeSecret({ path, kind, line }: FoundSecret): string {
  return line === undefined ? quote(path) : `${quote(path)} (${kind} in line ${line})`
}

function fixNames(secrets: readonly FoundSecret[]): string[] {
  const byName = secrets.filter(({ kind }) => kind === 'name')
  if (byName.length === 0) return []
  // These are made to be pasted into a shell: a name that might mean something there is not written out.
  const plain = byName.map(({ path }) => path).filter((path) => /^[\w./@+-]+$/u.test(path))
  const flags = plain
    .slice(0, MAX_PATTERNS)
    .map((path) => `--exclude "${path}${path.endsWith('/') ? '*' : ''}"`)
    .join(' ')
  const isAll = plain.length === byName.length && plain.length <= MAX_PATTERNS
  return [
    `Move it out of the folder, or leave it out with ${isAll ? flags : `--exclude PATTERN${flags && `, such as ${flags}`}`}.`,
  ]
}

function fixContents(secrets: readonly FoundSecret[]): string[] {
  if (secrets.every(({ kind }) => kind === 'name')) return []
  return ['Take keys and tokens out of the text, and revoke those that were public already.']
}
