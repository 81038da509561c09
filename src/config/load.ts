// Flags, environment, freshfront.json and defaults → one checked Config, and where each value came from.
// Reads the disk; the environment and the current folder are handed in.

import { join } from 'node:path'
import { bucketNotGiven, configInvalid, sourceNotGiven } from '../errors.ts'
import type { Config, ConfigSources } from '../model.ts'
import { readConfigFile } from './config-file.ts'
import type { Environment } from './environment.ts'
import {
  readEnvironmentLayer,
  readFileLayer,
  readFlagLayer,
  readSavedLayer,
  type ConfigFlags,
  type FlagWords,
  type Layer,
} from './layers.ts'
import { mergeLayers, mergeSettings } from './merge.ts'
import { findOutputFolders } from './output-folders.ts'
import { deletesWhatIsListed, dirIsOneSite, kmsKeyIsUsed } from './rules.ts'
import type { RunSettings } from './schema.ts'

export interface LoadOptions {
  readonly flags: ConfigFlags
  /** Where the flags are not typed on a command line. */
  readonly words?: FlagWords
  readonly env: Environment
  /** Absolute. */
  readonly cwd: string
  /** The bucket when none is named: the embedded cloud has one of its own. */
  readonly defaultBucket?: string
  /** The folder when none is named, for commands that read none. */
  readonly defaultDir?: string
  /** The settings of a saved plan: environment and freshfront.json have had their say when it was made. */
  readonly saved?: { readonly settings: unknown; readonly file: string }
}

export interface LoadedConfig {
  readonly config: Config
  readonly sources: ConfigSources
  /** The same once more, as a saved plan keeps it. */
  readonly settings: RunSettings
}

/**
 * Finds, reads, checks and merges all settings; a flag wins over the environment, that over the file, that over the default.
 * Include and exclude rules add up instead: file, then environment, then flags, and the last rule that matches decides. So do the
 * patterns of keep and allowSecrets, of which any may match.
 *
 * @throws {FreshfrontError} `CONFIG_INVALID` with every mistake there is, `CONFIG_NOT_FOUND`, `CONFIG_NOT_READABLE`,
 *   `CONFIG_NOT_JSON`, `SOURCE_NOT_GIVEN`, `BUCKET_NOT_GIVEN`
 */
export async function loadConfig(options: LoadOptions): Promise<LoadedConfig> {
  const { flags, env, cwd } = options
  const layers = [readFlagLayer(flags, cwd, options.words), ...(await readOtherLayers(options))]

  const merged = mergeLayers(layers, options.defaultBucket)
  const tooWide = merged.values.dir === undefined ? undefined : dirIsOneSite(merged.values.dir, env['HOME'])
  const acrossSettings = [tooWide, kmsKeyIsUsed(merged.values.storage), deletesWhatIsListed(merged.values)].filter(
    (problem) => problem !== undefined,
  )
  const problems = [...layers.flatMap((layer) => layer.problems), ...acrossSettings]
  if (problems.length > 0) {
    throw configInvalid(
      problems.map((problem) => problem.sentence),
      [...new Set(problems.map((problem) => problem.fix))],
    )
  }
  const { dir = options.defaultDir, bucket } = merged.values
  if (dir === undefined) throw sourceNotGiven(await findOutputFolders(cwd))
  if (bucket === undefined) throw bucketNotGiven()
  const settings = { ...mergeSettings(layers), dir, bucket, prefix: merged.values.prefix }
  const { statCache = (env['CI'] ?? '') === '', ...values } = merged.values
  const cacheFolder = statCache ? { cacheFolder: join(cwd, '.freshfront', 'cache') } : {}
  return { config: { ...values, ...cacheFolder, dir, bucket }, sources: merged.sources, settings }
}

async function readOtherLayers({ flags, env, cwd, saved }: LoadOptions): Promise<Layer[]> {
  if (saved !== undefined) return [readSavedLayer(saved.settings, saved.file)]
  const file = await readConfigFile(cwd, flags.config ?? (env['FRESHFRONT_CONFIG'] || undefined))
  return [readEnvironmentLayer(env, cwd), readFileLayer(file)]
}
