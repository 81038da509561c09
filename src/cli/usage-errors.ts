// What the parser refuses, in our words: which argument, what was expected, and what was probably meant.

import { statSync } from 'node:fs'
import { resolve } from 'node:path'

import {
  AliasNotFoundError,
  ArgumentParseError,
  EnumValidationError,
  FlagNotFoundError,
  InvalidNegatedFlagSyntaxError,
  UnexpectedFlagError,
  UnexpectedPositionalError,
  UnsatisfiedFlagError,
} from '@stricli/core'

import { closestName } from '../config/closest-name.ts'
import { argumentsInvalid, FreshfrontError, quote, unknownCommand, unknownFlag } from '../errors.ts'

const SEE_HELP = 'Add --help to the command to see its flags.'

/** Flags of other tools that a user may bring along, and what to do about each. */
const flagsOfOtherTools: Readonly<Record<string, string>> = {
  'size-only': 'Leave it out: files are compared by content, never by size or time alone.',
  'exact-timestamps': 'Leave it out: files are compared by content, never by time.',
  checksum: 'Leave it out: files are always compared by content.',
  'only-show-errors': 'Did you mean --quiet?',
  'no-progress': 'Did you mean --quiet?',
  silent: 'Did you mean --quiet?',
  endpoint: 'Did you mean --endpoint-url?',
  recursive: 'Leave it out: the whole folder is always deployed.',
  'delete-removed': 'Leave it out: what was deployed and has left the folder is removed anyway.',
  invalidate: 'Leave it out: what changed is always refreshed.',
  'cf-invalidate': 'Leave it out: what changed is always refreshed.',
  paths: 'Leave it out: freshfront invalidate takes paths without a flag, and deploy works them out.',
  'distribution-id': 'Did you mean --distribution?',
  dir: 'Name the folder without a flag: freshfront deploy public.',
  source: 'Name the folder without a flag: freshfront deploy public.',
  'acl-public': 'Did you mean --acl public-read?',
  version: 'Use freshfront --version.',
}

/**
 * @param error what the parser threw
 * @param flagNames of the command, `dry-run`
 */
export function explainArgumentError(error: unknown, flagNames: readonly string[]): FreshfrontError {
  if (error instanceof FlagNotFoundError) return explainUnknownFlag(error.input, flagNames)
  if (error instanceof AliasNotFoundError) return unknownFlag(`-${error.input}`, SEE_HELP)
  if (error instanceof UnsatisfiedFlagError) {
    const next = error.nextFlagName === undefined ? '' : `, but --${error.nextFlagName} follows`
    return argumentsInvalid(
      `--${error.externalFlagName} needs a value${next}.`,
      `Write --${error.externalFlagName} VALUE; a value that begins with a hyphen goes after an equals sign.`,
    )
  }
  if (error instanceof UnexpectedPositionalError) {
    return argumentsInvalid(
      `There is one argument too many: ${quote(error.input)}.`,
      'Put a name with spaces in quotes, and a pattern with * too, so that the shell does not expand it.',
    )
  }
  if (error instanceof UnexpectedFlagError) {
    return argumentsInvalid(`--${error.externalFlagName} is given more than once.`, 'Keep one of them.')
  }
  if (error instanceof EnumValidationError) {
    const { externalFlagName, values, input } = error
    return argumentsInvalid(`--${externalFlagName}: expected ${values.join(' or ')}, not ${quote(input)}.`, SEE_HELP)
  }
  if (error instanceof InvalidNegatedFlagSyntaxError) {
    return argumentsInvalid(`--${error.externalFlagName} takes no value.`, `Write --${error.externalFlagName} alone.`)
  }
  if (error instanceof ArgumentParseError) {
    if (error.exception instanceof FreshfrontError) return error.exception
    return argumentsInvalid(
      `--${error.externalFlagNameOrPlaceholder}: expected true or false, not ${quote(error.input)}.`,
      `Write --${error.externalFlagNameOrPlaceholder} alone, or --${error.externalFlagNameOrPlaceholder}=false.`,
    )
  }
  return argumentsInvalid(error instanceof Error ? error.message : String(error), SEE_HELP)
}

function explainUnknownFlag(typed: string, flagNames: readonly string[]): FreshfrontError {
  const closest = closestName(typed, flagNames)
  const hint = flagsOfOtherTools[typed] ?? (closest === undefined ? undefined : `Did you mean --${closest}?`)
  return unknownFlag(`--${typed}`, hint === undefined ? SEE_HELP : `${hint} ${SEE_HELP}`)
}

/** @param cwd where a folder may lie that was named without a command */
export function explainUnknownCommand(typed: string, commandNames: readonly string[], cwd: string): FreshfrontError {
  if (typed.startsWith('-')) {
    return unknownFlag(
      typed,
      `Flags come after the command: freshfront deploy ${typed} …; freshfront --help shows more.`,
    )
  }
  const closest = closestName(typed, commandNames)
  if (typed === 'help') return unknownCommand(typed, 'Use freshfront --help, or freshfront deploy --help.')
  if (closest !== undefined) return unknownCommand(typed, `Did you mean freshfront ${closest}?`)
  if (isFolder(resolve(cwd, typed))) return unknownCommand(typed, `Did you mean freshfront deploy ${typed}?`)
  if (typed === 'sync' || typed === 'push') return unknownCommand(typed, 'Did you mean freshfront deploy?')
  return unknownCommand(typed, `The commands are ${commandNames.join(', ')}; freshfront --help shows more.`)
}

/**
 * Splits the two arguments of a deploy: a folder, and where it goes as `aws s3 sync` would have it.
 *
 * @throws {FreshfrontError} `ARGUMENTS_INVALID`
 */
export function readArguments(
  first: string | undefined,
  second: string | undefined,
): { dir?: string; target?: string } {
  const isTarget = (argument: string | undefined): boolean => argument?.startsWith('s3://') ?? false
  if (first !== undefined && isTarget(first)) {
    if (second === undefined) return { target: first }
    throw argumentsInvalid(
      isTarget(second) ? 'Both arguments are targets.' : 'The target comes before the folder.',
      `Name the folder first: freshfront deploy ${isTarget(second) ? 'public' : second} ${first}.`,
    )
  }
  if (second !== undefined && !isTarget(second)) {
    throw argumentsInvalid(
      `There is one argument too many: ${quote(second)}.`,
      'The second argument, if there is one, is the target: s3://bucket/prefix.',
    )
  }
  return { ...(first !== undefined && { dir: first }), ...(second !== undefined && { target: second }) }
}

/** @throws {FreshfrontError} for what can only be a slip of the pen */
export function parseArgument(argument: string): string {
  if (argument === '') throw argumentsInvalid('An argument is empty.', 'Check the variable that it comes from.')
  if (!argument.startsWith('-') || argument === '-') return argument
  throw argumentsInvalid(
    `${quote(argument)} is no flag.`,
    `${SEE_HELP} A folder of that name is written ./${argument}.`,
  )
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}
