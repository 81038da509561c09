// freshfront invalidate: settings and paths → ports → invalidatePaths() → text or JSON → exit code.

import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { readSwitch } from '../../config/environment.ts'
import { loadConfig, type LoadedConfig } from '../../config/load.ts'
import { argumentsInvalid, distributionNotGiven, nothingAskedFor, quote, sourceNotFound } from '../../errors.ts'
import { invalidatePaths } from '../../invalidate-paths.ts'
import type { ChangedFile, Config, Finding, InvalidateOutcome } from '../../model.ts'
import { renderInvalidateJson } from '../../report/invalidation-json.ts'
import { renderInvalidateText } from '../../report/invalidation-text.ts'
import type { CliContext } from '../context.ts'
import type { EmbeddedCloud } from '../embedded-cloud.ts'
import { exitCodeOfOutcome } from '../exit-codes.ts'
import type { InvalidateFlags } from '../flags.ts'
import { readChangedFiles } from '../read-changed-files.ts'
import { connect, nameUnusedSettings, showProgress, toConfigFlags, withoutPlaces } from './deploy.ts'

/** From so many on, paths that all are on this disk were hardly typed. */
const MANY_PATHS = 5

interface Asked {
  readonly paths: readonly string[]
  readonly files: readonly ChangedFile[]
  readonly warnings: readonly Finding[]
}

export async function runInvalidate(this: CliContext, flags: InvalidateFlags, ...typed: string[]): Promise<void> {
  const { env, cwd, terminal } = this
  const { pathsFrom, fromGit, root, ...others } = flags
  const options = {
    json: flags.json ?? readSwitch(env, 'FRESHFRONT_JSON') ?? false,
    quiet: flags.quiet ?? readSwitch(env, 'FRESHFRONT_QUIET') ?? false,
    dryRun: flags.dryRun ?? readSwitch(env, 'FRESHFRONT_DRY_RUN') ?? false,
  }
  if (typed.length === 0 && pathsFrom === undefined && fromGit === undefined) throw nothingAskedFor()
  if (root !== undefined && fromGit === undefined)
    throw argumentsInvalid('--root names the folder for --from-git.', 'Add --from-git RANGE, or leave --root out.')
  const loading = { flags: toConfigFlags(others, this.argv), env, cwd, defaultDir: cwd }
  const isLocal = flags.local ?? readSwitch(env, 'FRESHFRONT_LOCAL') ?? false
  if (!isLocal) {
    // A distribution is enough: then there is no bucket, and none is asked.
    const loaded = await loadConfig({ ...loading, defaultBucket: '' })
    if (loaded.config.bucket === '' && loaded.config.distributions.length === 0) throw distributionNotGiven()
    const asked = await readAsked(this, flags, typed, loaded)
    finish(this, await invalidateThere(loaded.config, undefined, asked, this, options), options)
    return
  }
  const { LOCAL_BUCKET, openEmbeddedCloud } = await import('../embedded-cloud.ts')
  const loaded = await loadConfig({ ...loading, defaultBucket: LOCAL_BUCKET })
  const { bucket, prefix } = loaded.config
  const asked = await readAsked(this, flags, typed, loaded)
  const unused = nameUnusedSettings(loaded.sources)
  if (unused.length > 0 && !options.quiet) terminal.writeStatus(`Not used with --local: ${unused.join(', ')}.`)
  const cloud = await openEmbeddedCloud({ cwd, bucket, prefix, announce: false })
  try {
    finish(this, await invalidateThere(withoutPlaces(loaded.config), cloud, asked, this, options), options)
  } finally {
    await cloud.close()
  }
}

async function readAsked(
  { cwd, readInput }: CliContext,
  { pathsFrom, fromGit, root }: InvalidateFlags,
  typed: readonly string[],
  { config, sources }: LoadedConfig,
): Promise<Asked> {
  const listed = pathsFrom === undefined ? [] : await readList(pathsFrom, cwd, readInput)
  const warnings = await warnOfExpansion(typed)
  if (fromGit === undefined) return { paths: [...typed, ...listed], files: [], warnings }
  const named = root === undefined ? (sources.dir === undefined ? undefined : config.dir) : resolve(cwd, root)
  if (named !== undefined && !(await isFolder(named))) throw sourceNotFound(root ?? named, [])
  const files = await readChangedFiles({ folder: named ?? cwd, isRoot: named !== undefined, range: fromGit })
  return { paths: [...typed, ...listed], files, warnings }
}

/** One path a line, or between NUL characters, as `git diff -z --name-only` writes them. */
async function readList(file: string, cwd: string, readInput: () => Promise<string>): Promise<string[]> {
  try {
    const text = file === '-' ? await readInput() : await readFile(resolve(cwd, file), 'utf8')
    return text
      .replace(/^\u{feff}/u, '')
      .split(text.includes('\0') ? '\0' : '\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw argumentsInvalid(
      `Cannot read the paths of ${quote(file)}: ${why}.`,
      'Name a file with one path a line, or - for standard input.',
    )
  }
}

/** An unquoted `/*` is made by the shell into `/bin /boot /dev …`, and none of those is a page. */
async function warnOfExpansion(typed: readonly string[]): Promise<Finding[]> {
  if (typed.length < MANY_PATHS || !typed.every((path) => path.startsWith('/'))) return []
  const found = await Promise.all(typed.map((path) => exists(path)))
  if (!found.every(Boolean)) return []
  const [first = '', second = ''] = typed
  const message = `All of these paths (${first}, ${second} …) are files of this computer: did the shell expand a *? In quotes it stays as it is: '/*'.`
  return [{ code: 'EXPANDED_BY_SHELL', message }]
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch {
    // Not there, or not for us to see: then the shell has not found it either.
    return false
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await exists(path)) && (await stat(path)).isDirectory()
}

async function invalidateThere(
  config: Config,
  cloud: EmbeddedCloud | undefined,
  asked: Asked,
  context: CliContext,
  options: { readonly quiet: boolean; readonly dryRun: boolean },
): Promise<InvalidateOutcome> {
  const ports = await connect(config, cloud)
  const { paths, files, warnings } = asked
  const bucket = config.bucket === '' ? undefined : config.bucket
  return invalidatePaths({ ...config, bucket, paths, files }, ports, {
    mode: options.dryRun ? 'plan' : 'invalidate',
    warnings,
    signal: context.interruption,
    ...(!options.quiet && { onEvent: showProgress(context.terminal) }),
  })
}

function finish(
  { terminal, process }: CliContext,
  outcome: InvalidateOutcome,
  options: { readonly json: boolean; readonly quiet: boolean },
): void {
  process.exitCode = exitCodeOfOutcome(outcome)
  if (options.json) terminal.writeResult(renderInvalidateJson(outcome))
  else if (!options.quiet || process.exitCode !== 0 || outcome.result === 'planned')
    terminal.writeResult(renderInvalidateText(outcome, terminal.result))
}
