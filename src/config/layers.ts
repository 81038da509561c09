// One layer for each source of settings: what the flags, the environment or the file say, checked, and how to name it.
// Pure; paths become absolute here, because each source has its own folder that they are relative to.

import { resolve } from 'node:path'

import type { FilterRule } from '../model.ts'
import type { ConfigFile } from './config-file.ts'
import {
  ENVIRONMENT_FIX,
  environmentVariables,
  findMistypedVariables,
  parseAmount,
  parseWholeNumber,
  readEnvironment,
  splitList,
  switchNames,
  SWITCH_EXPECTATION,
  type Environment,
} from './environment.ts'
import { describeIssues, type Problem, type SourceWords } from './problems.ts'
import { bucketIsGivenOnce, prefixIsGivenOnce } from './rules.ts'
import { configFileKeys, configFileSchema, runSettingsSchema, type RunSettings } from './schema.ts'
import { withoutUndefined } from './without-undefined.ts'

/** Flags as they were typed; numbers are still text, so that all mistakes are reported together. */
export interface ConfigFlags {
  /** --config */
  readonly config?: string
  /** The folder, as an argument. */
  readonly dir?: string
  /** `s3://bucket/prefix`, as a second argument. */
  readonly target?: string
  readonly bucket?: string
  readonly prefix?: string
  readonly distribution?: readonly string[]
  readonly region?: string
  readonly profile?: string
  readonly endpointUrl?: string
  /** --include and --exclude in the order in which they were typed. */
  readonly filters?: readonly FilterRule[]
  readonly delete?: boolean
  readonly keep?: readonly string[]
  readonly allowSecrets?: readonly string[]
  readonly followSymlinks?: boolean
  readonly precompressed?: boolean
  readonly statCache?: boolean
  readonly acl?: string
  readonly cacheControl?: string
  readonly sse?: string
  readonly sseKmsKeyId?: string
  readonly storageClass?: string
  readonly concurrency?: string
  readonly maxDelete?: string
  readonly keepAssets?: string
  /** Regular expressions. */
  readonly ignore?: readonly string[]
  readonly maxPaths?: string
  /** US dollars. */
  readonly maxCost?: string
  readonly countAccount?: boolean
  readonly lockWait?: string
  readonly newestWins?: boolean
  readonly trustState?: boolean
  readonly release?: string
  readonly verifyUrl?: readonly string[]
  /** `HOST:PORT:ADDRESS` */
  readonly resolve?: readonly string[]
  readonly wait?: boolean
  readonly force?: boolean
  readonly yes?: boolean
}

/** What flags are called that are not typed on a command line, and where a user corrects them. */
export interface FlagWords {
  /** `the input bucket`; undefined: as on a command line. */
  nameOf(setting: string): string | undefined
  readonly fix: string
}

/** What one source says: flags, environment or file. */
export interface Layer {
  readonly settings: RunSettings
  /** The name of the source of one setting, as ConfigSources shows it. */
  readonly sourceOf: (setting: keyof RunSettings) => string
  readonly problems: readonly Problem[]
}

export function readFlagLayer(flags: ConfigFlags, cwd: string, own?: FlagWords): Layer {
  const {
    config: _config,
    target,
    dir,
    distribution,
    filters,
    concurrency,
    maxDelete,
    maxPaths,
    maxCost,
    lockWait,
    bucket,
    ...rest
  } = flags
  const input = withoutUndefined({
    ...rest,
    bucket: target ?? bucket,
    distribution: distribution?.flatMap((ids) => (ids.includes(',') ? splitList(ids) : [ids])),
    filters: filters?.map((rule) => ({ [rule.kind]: rule.pattern })),
    concurrency: concurrency === undefined ? undefined : parseWholeNumber(concurrency),
    maxDelete: maxDelete === undefined ? undefined : parseWholeNumber(maxDelete),
    maxPaths: maxPaths === undefined ? undefined : parseWholeNumber(maxPaths),
    maxCost: maxCost === undefined ? undefined : parseAmount(maxCost),
    lockWait: lockWait === undefined ? undefined : parseWholeNumber(lockWait),
    dir,
  })
  const nameOf = (setting: string, path = ''): string => {
    const ownName = own?.nameOf(setting)
    if (ownName !== undefined) return ownName
    if (setting === 'dir') return 'DIR'
    if (setting === 'bucket' && target !== undefined) return 'the target'
    if (setting === 'filters') return path.endsWith('include') ? '--include' : '--exclude'
    return `--${setting.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
  }
  const layer = checkLayer(input, {
    nameOf,
    knownNames: [],
    fix: own?.fix ?? 'Correct the flag; --help says what each of them takes.',
  })
  const twice = bucketIsGivenOnce(bucket, target)
  return {
    settings: withAbsoluteDir(layer.settings, cwd),
    sourceOf: (setting) => {
      const ownName = own?.nameOf(setting)
      if (ownName !== undefined) return ownName
      if (setting === 'dir' || (setting === 'bucket' && target !== undefined)) return 'argument'
      if (setting === 'filters') return [...new Set((filters ?? []).map((rule) => `--${rule.kind}`))].join(', ')
      return setting === 'wait' && flags.wait === false ? '--no-wait' : nameOf(setting)
    },
    problems: twice === undefined ? layer.problems : [...layer.problems, twice],
  }
}

export function readEnvironmentLayer(env: Environment, cwd: string): Layer {
  const nameOf = (setting: string, path = ''): string => {
    if (setting === 'filters') return path.endsWith('include') ? 'FRESHFRONT_INCLUDE' : 'FRESHFRONT_EXCLUDE'
    return Reflect.get(environmentVariables, setting) as string
  }
  const layer = checkLayer(readEnvironment(env), {
    nameOf,
    expectationOf: (setting) => (switchNames.includes(setting) ? SWITCH_EXPECTATION : undefined),
    knownNames: [],
    fix: ENVIRONMENT_FIX,
  })
  return {
    settings: withAbsoluteDir(layer.settings, cwd),
    sourceOf: nameOf,
    problems: [...layer.problems, ...findMistypedVariables(env)],
  }
}

export function readFileLayer(file: ConfigFile | undefined): Layer {
  if (file === undefined) return { settings: {}, sourceOf: () => '', problems: [] }
  const layer = checkLayer(
    file.content,
    {
      nameOf: (setting, path) => `"${setting}${path}" in ${file.name}`,
      knownNames: configFileKeys,
      fix: `Correct ${file.name}.`,
    },
    configFileSchema,
  )
  return { settings: withAbsoluteDir(layer.settings, file.dir), sourceOf: () => file.name, problems: layer.problems }
}

/** The settings that a saved plan was made with; its folder is absolute already. */
export function readSavedLayer(settings: unknown, file: string): Layer {
  const layer = checkLayer(settings, {
    nameOf: (setting, path) => `"${setting}${path}" in ${file}`,
    knownNames: [],
    fix: 'Make the plan again, with this version of Freshfront.',
  })
  return { ...layer, sourceOf: () => file }
}

function checkLayer(
  input: unknown,
  words: SourceWords,
  schema: typeof runSettingsSchema | typeof configFileSchema = runSettingsSchema,
): Pick<Layer, 'settings' | 'problems'> {
  const checked = schema.safeParse(input)
  if (!checked.success) return { settings: {}, problems: describeIssues(checked.error.issues, input, words) }
  const { bucket, prefix } = checked.data
  const twice = prefixIsGivenOnce(bucket, prefix, {
    bucket: words.nameOf('bucket', ''),
    prefix: words.nameOf('prefix', ''),
  })
  return { settings: checked.data, problems: twice === undefined ? [] : [twice] }
}

function withAbsoluteDir(settings: RunSettings, base: string): RunSettings {
  return settings.dir === undefined ? settings : { ...settings, dir: resolve(base, settings.dir) }
}
