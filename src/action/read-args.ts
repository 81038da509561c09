// The input `args` → flags: those of `freshfront deploy`, of which many are those of `aws s3 sync`, and what other flags of the latter
// become. Pure.

import { deployFlags, type DeployFlags } from '../cli/flags.ts'
import { closestName } from '../config/closest-name.ts'
import { argumentsInvalid, quote, unknownFlag } from '../errors.ts'
import type { FilterRule } from '../model.ts'
import { awsSyncFlags } from './aws-sync-flags.ts'
import { splitWords } from './split-words.ts'

export interface ReadArgs {
  readonly flags: Omit<DeployFlags, 'include' | 'exclude'>
  /** In the order in which they stand. */
  readonly filters: readonly FilterRule[]
  /** Flags of `aws s3 sync` that change nothing here: `--size-only`. */
  readonly leftOut: readonly string[]
}

type FlagName = keyof DeployFlags

/** Flags of the command line that an Action has no place for. */
const NOT_HERE: ReadonlySet<string> = new Set<FlagName>(['json', 'local', 'plan'])

const flagNames: readonly FlagName[] = (Object.keys(deployFlags) as FlagName[]).filter((name) => !NOT_HERE.has(name))

/** @throws {FreshfrontError} `ARGUMENTS_INVALID`, `UNKNOWN_FLAG` */
export function readArgs(args: string): ReadArgs {
  const flags: Record<string, unknown> = {}
  const filters: FilterRule[] = []
  const leftOut: string[] = []
  const words = splitWords(args, 'args')
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    const { typed, attached } = splitFlag(word)
    const takeValue = (): string => {
      const value = attached ?? words[++at]
      if (value !== undefined && (attached !== undefined || !/^--[a-z]/.test(value))) return value
      throw argumentsInvalid(`--${typed} in args needs a value.`, `Write --${typed} VALUE.`)
    }
    const own = findOwnFlag(typed)
    const known = own === undefined ? awsSyncFlags.get(typed) : undefined
    if (own !== undefined) {
      const { name, isNegated } = own
      const { kind } = deployFlags[name]
      if (kind === 'boolean') flags[name] = readSwitch(typed, attached) !== isNegated
      else if (name === 'include' || name === 'exclude') filters.push({ kind: name, pattern: takeValue() })
      else if ('variadic' in deployFlags[name]) flags[name] = [...((flags[name] ?? []) as string[]), takeValue()]
      // As in the AWS CLI, the last one counts.
      else flags[name] = takeValue()
    } else if (known?.kind === 'ours') {
      flags[known.name] = readSwitch(typed, attached)
    } else if (known?.kind === 'left out') {
      if (known.takesValue) takeValue()
      leftOut.push(`--${typed}`)
    } else if (known?.kind === 'refused') {
      throw argumentsInvalid(`--${typed} of aws s3 sync cannot be had in args.`, known.fix)
    } else {
      throw explainUnknown(typed)
    }
  }
  return { flags: flags as ReadArgs['flags'], filters, leftOut: [...new Set(leftOut)] }
}

function splitFlag(word: string): { typed: string; attached: string | undefined } {
  const match = /^--([a-z][a-z-]*)(?:=(.*))?$/su.exec(word)
  if (match !== null) return { typed: match[1] ?? '', attached: match[2] }
  throw argumentsInvalid(
    `There is ${quote(word)} in args, which is no flag.`,
    'Name the folder in the input source, the bucket in bucket and its part in prefix; a pattern with spaces goes in quotes.',
  )
}

function findOwnFlag(typed: string): { name: FlagName; isNegated: boolean } | undefined {
  const name = flagNames.find((candidate) => toKebabCase(candidate) === typed)
  if (name !== undefined) return { name, isNegated: false }
  const positive = typed.startsWith('no-')
    ? flagNames.find((candidate) => toKebabCase(candidate) === typed.slice(3))
    : undefined
  if (positive === undefined) return undefined
  const flag = deployFlags[positive]
  const hasNegation = flag.kind === 'boolean' && !('withNegated' in flag && flag.withNegated === false)
  return hasNegation ? { name: positive, isNegated: true } : undefined
}

function readSwitch(typed: string, attached: string | undefined): boolean {
  if (attached === undefined || attached === 'true') return true
  if (attached === 'false') return false
  throw argumentsInvalid(
    `--${typed} in args: expected true or false, not ${quote(attached)}.`,
    `Write --${typed} alone.`,
  )
}

function explainUnknown(typed: string): Error {
  if (NOT_HERE.has(typed)) {
    return argumentsInvalid(`--${typed} has no place in args.`, 'Leave it out: it belongs on a command line.')
  }
  const closest = closestName(typed, [...flagNames.map(toKebabCase), ...awsSyncFlags.keys()])
  return unknownFlag(
    `--${typed}`,
    `${closest === undefined ? '' : `Did you mean --${closest}? `}args takes the flags of freshfront deploy and of aws s3 sync.`,
  )
}

export function toKebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
