// FRESHFRONT_* variables → settings in the form that freshfront.json has, not yet checked. An empty variable counts as not
// set: CI systems pass the variables of a job that nobody has filled in as empty ones.

import { configInvalid, quote } from '../errors.ts'
import { closestName } from './closest-name.ts'
import type { SettingName } from './expected.ts'
import type { Problem } from './problems.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** The variable of each setting. Patterns have two, of which FRESHFRONT_EXCLUDE applies first; rules on URLs and headers have none. */
export const environmentVariables: Readonly<
  Record<Exclude<SettingName, 'filters' | 'urls' | 'headers' | 'objectTags' | 'invalidation'>, string>
> = {
  dir: 'FRESHFRONT_DIR',
  bucket: 'FRESHFRONT_BUCKET',
  prefix: 'FRESHFRONT_PREFIX',
  distribution: 'FRESHFRONT_DISTRIBUTION',
  region: 'FRESHFRONT_REGION',
  profile: 'FRESHFRONT_PROFILE',
  endpointUrl: 'FRESHFRONT_ENDPOINT_URL',
  delete: 'FRESHFRONT_DELETE',
  keep: 'FRESHFRONT_KEEP',
  allowSecrets: 'FRESHFRONT_ALLOW_SECRETS',
  followSymlinks: 'FRESHFRONT_FOLLOW_SYMLINKS',
  precompressed: 'FRESHFRONT_PRECOMPRESSED',
  statCache: 'FRESHFRONT_STAT_CACHE',
  acl: 'FRESHFRONT_ACL',
  cacheControl: 'FRESHFRONT_CACHE_CONTROL',
  sse: 'FRESHFRONT_SSE',
  sseKmsKeyId: 'FRESHFRONT_SSE_KMS_KEY_ID',
  storageClass: 'FRESHFRONT_STORAGE_CLASS',
  concurrency: 'FRESHFRONT_CONCURRENCY',
  maxDelete: 'FRESHFRONT_MAX_DELETE',
  keepAssets: 'FRESHFRONT_KEEP_ASSETS',
  ignore: 'FRESHFRONT_IGNORE',
  maxPaths: 'FRESHFRONT_MAX_PATHS',
  maxCost: 'FRESHFRONT_MAX_COST',
  countAccount: 'FRESHFRONT_COUNT_ACCOUNT',
  lockWait: 'FRESHFRONT_LOCK_WAIT',
  newestWins: 'FRESHFRONT_NEWEST_WINS',
  trustState: 'FRESHFRONT_TRUST_STATE',
  release: 'FRESHFRONT_RELEASE',
  verifyUrl: 'FRESHFRONT_VERIFY_URL',
  resolve: 'FRESHFRONT_RESOLVE',
  wait: 'FRESHFRONT_WAIT',
  force: 'FRESHFRONT_FORCE',
  yes: 'FRESHFRONT_YES',
}

export const switchNames: readonly string[] = [
  'delete',
  'followSymlinks',
  'precompressed',
  'statCache',
  'wait',
  'newestWins',
  'trustState',
  'countAccount',
  'force',
  'yes',
] satisfies SettingName[]
const listNames: readonly string[] = [
  'distribution',
  'keep',
  'allowSecrets',
  'verifyUrl',
  'resolve',
] satisfies SettingName[]
const numberNames: readonly string[] = ['concurrency', 'maxDelete', 'maxPaths', 'lockWait'] satisfies SettingName[]

const otherVariables = [
  'FRESHFRONT_INCLUDE',
  'FRESHFRONT_EXCLUDE',
  'FRESHFRONT_CONFIG',
  'FRESHFRONT_DRY_RUN',
  'FRESHFRONT_JSON',
  'FRESHFRONT_QUIET',
  'FRESHFRONT_LOCAL',
  'FRESHFRONT_DEBUG',
]

export const ENVIRONMENT_FIX = 'Correct or unset the variable.'

/** How a switch is written in a variable. */
export const SWITCH_EXPECTATION = '1, 0, true or false'

/** @returns settings by name; what cannot be read as a number or a switch stays the text that it is, for the schema to refuse */
export function readEnvironment(env: Environment): Readonly<Record<string, unknown>> {
  const settings: Record<string, unknown> = {}
  for (const [name, variable] of Object.entries(environmentVariables)) {
    const text = env[variable]
    if (text === undefined || text === '') continue
    if (listNames.includes(name)) settings[name] = splitList(text)
    // A regular expression may well have commas in it.
    else if (name === 'ignore') settings[name] = splitLines(text)
    else if (switchNames.includes(name)) settings[name] = parseSwitch(text) ?? text
    else if (numberNames.includes(name)) settings[name] = parseWholeNumber(text)
    else if (name === 'maxCost') settings[name] = parseAmount(text)
    else settings[name] = text
  }
  const filters = [
    ...splitList(env['FRESHFRONT_EXCLUDE'] ?? '').map((exclude) => ({ exclude })),
    ...splitList(env['FRESHFRONT_INCLUDE'] ?? '').map((include) => ({ include })),
  ]
  return filters.length > 0 ? { ...settings, filters } : settings
}

/** Variables of ours that do not exist but nearly do: FRESHFRONT_DRYRUN would otherwise deploy for real. */
export function findMistypedVariables(env: Environment): readonly Problem[] {
  const known = [...Object.values(environmentVariables), ...otherVariables]
  return Object.keys(env)
    .filter((variable) => variable.startsWith('FRESHFRONT_') && !known.includes(variable))
    .flatMap((variable) => {
      const closest = closestName(variable, known)
      if (closest === undefined) return []
      return [{ sentence: `There is no variable ${quote(variable)}. Did you mean ${closest}?`, fix: ENVIRONMENT_FIX }]
    })
}

/**
 * Reads a switch that is not a setting, such as FRESHFRONT_JSON.
 *
 * @throws {FreshfrontError} `CONFIG_INVALID`
 */
export function readSwitch(env: Environment, variable: string): boolean | undefined {
  const text = env[variable]
  if (text === undefined || text === '') return undefined
  const value = parseSwitch(text)
  if (value !== undefined) return value
  throw configInvalid([`${variable}: expected ${SWITCH_EXPECTATION}, not ${quote(text)}.`], [ENVIRONMENT_FIX])
}

/** `007`, `1e3` and `0x10` are texts. */
export function parseWholeNumber(text: string): number | string {
  return /^(0|[1-9]\d{0,14})$/.test(text) ? Number(text) : text
}

/** `0.5`, `$2`, `10`; anything else stays a text. */
export function parseAmount(text: string): number | string {
  const [, amount] = /^\$?((?:0|[1-9]\d{0,6})(?:\.\d{1,4})?)$/u.exec(text) ?? []
  return amount === undefined ? text : Number(amount)
}

/** `a, b,,c` → `a`, `b`, `c`. */
export function splitList(text: string): readonly string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

function splitLines(text: string): readonly string[] {
  return text.split(/\r?\n/u).filter((line) => line !== '')
}

function parseSwitch(text: string): boolean | undefined {
  const word = text.toLowerCase()
  if (word === '1' || word === 'true') return true
  return word === '0' || word === 'false' ? false : undefined
}
