// The step's inputs and environment → settings, each with the name that a user knows it by. Pure. Stronger first: an input, `args`, then the
// environment of s3-sync-action, where no FRESHFRONT_ variable says otherwise.

import { isAbsolute, resolve } from 'node:path'
import { deployFlags, type DeployFlags } from '../cli/flags.ts'
import { readSharding, type Sharding } from '../cli/sharding.ts'
import { environmentVariables, type Environment } from '../config/environment.ts'
import type { ConfigFlags, FlagWords } from '../config/layers.ts'

import { argumentsInvalid, quote } from '../errors.ts'
import { readArgs, toKebabCase } from './read-args.ts'
import { readOldEnvironment } from './old-environment.ts'

export interface ActionSettings {
  readonly flags: ConfigFlags
  readonly words: FlagWords
  /** Absolute. */
  readonly cwd: string
  /** The folder when nothing names one. */
  readonly defaultDir?: string
  /** Undefined: the step deploys the whole site. */
  readonly sharding: Sharding | undefined
  readonly dryRun: boolean
  readonly quiet: boolean
  /** Whether a plan becomes a comment on its pull request. */
  readonly comments: boolean
  /** Whether the bucket's name is not to be shown where anybody reads. */
  readonly hidesBucket: boolean
  readonly token: string | undefined
  readonly leftOut: readonly string[]
}

export interface ActionInput {
  readonly name: string
  readonly kind: 'text' | 'switch' | 'lines'
}

/** Flags that are no input: what a step shows is not for a user to choose, and it has no embedded cloud. */
const FLAGS_WITHOUT_INPUT: ReadonlySet<string> = new Set<keyof DeployFlags>(['json', 'quiet', 'local', 'plan'])

const settingInputs: readonly (ActionInput & { readonly flag: keyof DeployFlags })[] = (
  Object.keys(deployFlags) as (keyof DeployFlags)[]
)
  .filter((flag) => !FLAGS_WITHOUT_INPUT.has(flag))
  .map((flag) => {
    const isList = 'variadic' in deployFlags[flag]
    const kind = deployFlags[flag].kind === 'boolean' ? 'switch' : isList ? 'lines' : 'text'
    return { name: toKebabCase(flag), flag, kind }
  })

/** Every input of action.yml. */
export const actionInputs: readonly ActionInput[] = [
  { name: 'source', kind: 'text' },
  ...settingInputs.map(({ name, kind }): ActionInput => ({ name, kind })),
  { name: 'args', kind: 'text' },
  { name: 'working-directory', kind: 'text' },
  { name: 'comment', kind: 'switch' },
  { name: 'token', kind: 'text' },
]

const FIX = 'Correct it in the workflow: docs/action.md says what each input takes.'

/** @throws {FreshfrontError} `ARGUMENTS_INVALID`, `UNKNOWN_FLAG` */
export function readSettings(env: Environment, workspace: string): ActionSettings {
  const typed: Record<string, unknown> = {}
  for (const { name, flag, kind } of settingInputs) typed[flag] = readValue(env, name, kind)
  const read = splitSharding(withoutUndefined(typed) as DeployFlags)
  const { include = [], exclude = [], dryRun: dryRunOfInputs, ...inputs } = read.others
  const args = readArgs(readText(env, 'args') ?? '')
  const ofArgs = splitSharding(args.flags)
  const { dryRun: dryRunOfArgs, quiet = false, ...argFlags } = ofArgs.others
  const dryRun = dryRunOfInputs ?? dryRunOfArgs ?? false
  const namesInArgs = new Set(Object.keys(args.flags).map(toKebabCase))
  const sharding = readSharding({ ...ofArgs.sharding, ...read.sharding }, dryRun ? 'plan' : 'deploy', (flag) =>
    readText(env, flag) === undefined && namesInArgs.has(flag) ? `--${flag} in args` : `the input ${flag}`,
  )
  const source = readText(env, 'source')
  const given: ConfigFlags = { ...argFlags, ...inputs, ...(source !== undefined && { dir: source }) }
  const old = readOldEnvironment(env, (setting) => setting in given || isSet(env, environmentVariables[setting]))
  const takesWholeRepository = old.takesWholeRepository && sharding === undefined
  const filters = [
    ...(takesWholeRepository ? old.filters : []),
    ...args.filters,
    ...exclude.map((pattern) => ({ kind: 'exclude' as const, pattern })),
    ...include.map((pattern) => ({ kind: 'include' as const, pattern })),
  ]
  const cwd = resolve(workspace, readText(env, 'working-directory') ?? '.')
  const flags = { ...old.flags, ...given, ...(filters.length > 0 && { filters }) }
  return {
    // A folder of the old environment lies in the repository, wherever the step works.
    flags: flags.dir === undefined || isAbsolute(flags.dir) ? flags : { ...flags, dir: resolve(cwd, flags.dir) },
    words: {
      nameOf: (setting) => {
        if (setting === 'filters') return 'the patterns of the step'
        if (setting === 'dir') return source === undefined ? old.names['dir'] : 'the input source'
        if (setting in inputs) return `the input ${toKebabCase(setting)}`
        return setting in argFlags ? `--${toKebabCase(setting)} in args` : old.names[setting]
      },
      fix: FIX,
    },
    cwd,
    // A finish works from what the shards have recorded.
    ...((takesWholeRepository || sharding?.kind === 'finish') && { defaultDir: cwd }),
    sharding,
    dryRun,
    quiet,
    comments: readSwitch(env, 'comment') ?? true,
    hidesBucket: old.names['bucket'] !== undefined,
    token: readText(env, 'token') ?? (env['GITHUB_TOKEN'] || undefined),
    leftOut: args.leftOut,
  }
}

interface SplitFlags<T> {
  readonly sharding: Pick<DeployFlags, 'shard' | 'finish' | 'releaseName'>
  readonly others: Omit<T, 'shard' | 'finish' | 'releaseName'>
}

function splitSharding<T extends Pick<DeployFlags, 'shard' | 'finish' | 'releaseName'>>(flags: T): SplitFlags<T> {
  const { shard, finish, releaseName, ...others } = flags
  return { sharding: withoutUndefined({ shard, finish, releaseName }), others }
}

function readValue(env: Environment, name: string, kind: ActionInput['kind']): unknown {
  if (kind === 'switch') return readSwitch(env, name)
  return kind === 'lines' ? readLines(env, name) : readText(env, name)
}

/** An input that nobody has filled in is an empty text. @see GitHub Docs, "Metadata syntax for GitHub Actions", inputs */
function readText(env: Environment, name: string): string | undefined {
  const text = env[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`]?.trim()
  return text === '' ? undefined : text
}

function readLines(env: Environment, name: string): readonly string[] | undefined {
  const lines = readText(env, name)
    ?.split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  return lines
}

/** @see YAML 1.2.2, "Core Schema": what a workflow writes without quotes arrives as it was written */
function readSwitch(env: Environment, name: string): boolean | undefined {
  const text = readText(env, name)
  if (text === undefined) return undefined
  if (/^(?:true|True|TRUE)$/.test(text)) return true
  if (/^(?:false|False|FALSE)$/.test(text)) return false
  throw argumentsInvalid(`The input ${name}: expected true or false, not ${quote(text)}.`, FIX)
}

function isSet(env: Environment, variable: string): boolean {
  return (env[variable] ?? '') !== ''
}

function withoutUndefined(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}
