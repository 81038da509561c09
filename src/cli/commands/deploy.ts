// freshfront deploy: settings → ports → deploy() → text or JSON → exit code. freshfront plan is the same up to the plan.

import { isAbsolute, relative, resolve } from 'node:path'
import { readSwitch } from '../../config/environment.ts'
import type { ConfigFlags } from '../../config/layers.ts'
import { loadConfig, type LoadedConfig } from '../../config/load.ts'
import { deploy } from '../../deploy.ts'
import { quote } from '../../errors.ts'
import type { Commit, Config, ConfigSources, DeployEvent, Outcome, SavedPlan, ShardOutcome } from '../../model.ts'
import type { Ports } from '../../ports.ts'
import { createProgress } from '../../report/progress.ts'
import { describeOutcome, renderOutcomeJson } from '../../report/json.ts'
import { renderOutcomeMarkdown } from '../../report/markdown.ts'
import { renderShardJson, renderShardMarkdown, renderShardText } from '../../report/shard.ts'
import { renderOutcomeText } from '../../report/text.ts'
import type { CliContext } from '../context.ts'
import type { EmbeddedCloud } from '../embedded-cloud.ts'
import { exitCodeOfOutcome, exitCodeOfShard } from '../exit-codes.ts'
import { readCommit } from '../read-commit.ts'
import { readFilterOrder } from '../filter-order.ts'
import type { DeployFlags, LocalFlags, PlanFlags, VerifyFlags } from '../flags.ts'
import { readPlanFile, refuseWhatPlanSays, writePlanFile } from '../plan-file.ts'
import { nameRelease, readSharding, type Sharding } from '../sharding.ts'
import type { Terminal } from '../terminal.ts'
import { readArguments } from '../usage-errors.ts'

/** How often a log that cannot be overwritten says how far it is. */
const LINES_EVERY_NTH = 100

export async function runDeploy(this: CliContext, flags: DeployFlags, first?: string, second?: string): Promise<void> {
  const dryRun = flags.dryRun ?? readSwitch(this.env, 'FRESHFRONT_DRY_RUN') ?? false
  await deployOrPlan(this, flags, [first, second], dryRun ? 'plan' : 'deploy')
}

export async function deployOrPlan(
  context: CliContext,
  { markdown = false, ...flags }: DeployFlags & Pick<PlanFlags, 'out'> & { readonly markdown?: boolean },
  positional: readonly [string | undefined, string | undefined],
  mode: 'deploy' | 'plan',
): Promise<void> {
  const { env, cwd, terminal } = context
  const json = flags.json ?? readSwitch(env, 'FRESHFRONT_JSON') ?? false
  const quiet = flags.quiet ?? readSwitch(env, 'FRESHFRONT_QUIET') ?? false
  const sharding = readSharding(flags, mode)
  const planFile = flags.plan === undefined ? undefined : await readPlanFile(resolve(cwd, flags.plan))
  if (planFile !== undefined) refuseWhatPlanSays(flags, positional)
  const local = planFile?.local ?? flags.local ?? readSwitch(env, 'FRESHFRONT_LOCAL') ?? false
  const loading = {
    flags: { ...toConfigFlags(flags, context.argv), ...readArguments(...positional) },
    env,
    cwd,
    // A finish works from what the shards have recorded.
    ...(sharding?.kind === 'finish' && { defaultDir: cwd }),
    ...(planFile !== undefined && { saved: { settings: planFile.settings, file: flags.plan ?? '' } }),
  }
  const run = { mode, quiet, sharding, ...(planFile !== undefined && { saved: planFile.saved }) }
  const ends = { json, markdown, quiet, local, ...(flags.out !== undefined && { out: resolve(cwd, flags.out) }) }
  if (!local) {
    const loaded = await loadConfig(loading)
    if (sharding?.kind === 'shard') {
      finishShard(context, await deployShardThere(loaded.config, undefined, context, { ...run, sharding }), ends)
      return
    }
    const outcome = await deployThere(loaded.config, undefined, context, run)
    await finish(context, outcome, loaded, ends)
    return
  }
  const { LOCAL_BUCKET, openEmbeddedCloud } = await import('../embedded-cloud.ts')
  const loaded = await loadConfig({ ...loading, defaultBucket: LOCAL_BUCKET })
  const { config, sources } = loaded
  const unused = nameUnusedSettings(sources)
  if (unused.length > 0 && !quiet) terminal.writeStatus(`Not used with --local: ${unused.join(', ')}.`)
  const cloud = await openEmbeddedCloud({ cwd, bucket: config.bucket, prefix: config.prefix, announce: false })
  try {
    if (sharding?.kind === 'shard') {
      finishShard(context, await deployShardThere(config, cloud, context, { ...run, sharding }), ends)
      return
    }
    const outcome = await deployThere(config, cloud, context, run)
    await finish(context, outcome, loaded, ends)
    if (!json && !quiet && mode === 'deploy') {
      terminal.writeStatus(cloud.isRunningElsewhere ? whereToLook(cloud) : 'To look at the site, run freshfront local.')
    }
  } finally {
    await cloud.close()
  }
}

/** What config/ takes of the flags, in its words. */
export function toConfigFlags(
  flags: DeployFlags & LocalFlags & VerifyFlags & Pick<PlanFlags, 'out'>,
  argv: readonly string[],
): ConfigFlags {
  const { dryRun: _1, local: _2, json: _3, quiet: _4, include: _5, exclude: _6, ...others } = flags
  const { port: _7, all: _8, plan: _9, out: _10, shard: _11, finish: _12, releaseName: _13, ...settings } = others
  const filters = readFilterOrder(argv)
  return { ...settings, ...(filters.length > 0 && { filters }) }
}

/**
 * Deploys to AWS, or to the embedded cloud, where the names and places of AWS mean nothing.
 *
 * @param cloud undefined: AWS
 */
export async function deployThere(
  config: Config,
  cloud: EmbeddedCloud | undefined,
  context: CliContext,
  options: {
    readonly mode: 'deploy' | 'plan'
    readonly quiet: boolean
    readonly saved?: SavedPlan
    readonly sharding?: Sharding | undefined
  },
): Promise<Outcome> {
  const commit = await readCommitFor(config, cloud, context)
  const { sharding } = options
  const finishes = sharding === undefined ? undefined : nameRelease(sharding.name, context.env, commit)
  const ports = await connect(config, cloud)
  return deploy(cloud === undefined ? config : withoutPlaces(config), ports, {
    mode: options.mode,
    ...(options.saved !== undefined && { saved: options.saved }),
    ...(commit !== undefined && { commit }),
    ...(finishes !== undefined && { finish: finishes }),
    signal: context.interruption,
    edges: cloud?.edgeAddresses ?? [],
    ...(!options.quiet && { onEvent: showProgress(context.terminal) }),
  })
}

/** One share of the site. @param cloud undefined: AWS */
async function deployShardThere(
  config: Config,
  cloud: EmbeddedCloud | undefined,
  context: CliContext,
  { sharding, quiet }: { readonly sharding: Sharding & { readonly kind: 'shard' }; readonly quiet: boolean },
): Promise<ShardOutcome> {
  const commit = await readCommitFor(config, cloud, context)
  const name = nameRelease(sharding.name, context.env, commit)
  const { deployShard } = await import('../../deploy-shard.ts')
  const ports = await connect(config, cloud)
  return deployShard(cloud === undefined ? config : withoutPlaces(config), ports, {
    shard: sharding.shard,
    name,
    ...(commit !== undefined && { commit }),
    signal: context.interruption,
    ...(!quiet && { onEvent: showProgress(context.terminal) }),
  })
}

/** The embedded cloud is for trying things out: there only a commit that was named is kept in order. */
async function readCommitFor(
  config: Config,
  cloud: EmbeddedCloud | undefined,
  { cwd, env }: CliContext,
): Promise<Commit | undefined> {
  return cloud === undefined || config.release !== undefined ? readCommit(cwd, config.release, env) : undefined
}

/** @param cloud undefined: AWS */
export async function connect(config: Config, cloud: EmbeddedCloud | undefined): Promise<Ports> {
  // The SDK takes longer to load than all the rest: a mistake in the settings shows before.
  const { connectAws } = await import('../../aws/connect.ts')
  const { region, profile, endpointUrl, bucket, concurrency } = config
  return connectAws({
    bucket,
    concurrency,
    ...(cloud?.connection ?? {
      ...(region !== undefined && { region }),
      ...(profile !== undefined && { profile }),
      ...(endpointUrl !== undefined && { endpointUrl }),
    }),
  })
}

/** What names something in AWS or on the Internet, and nothing in the embedded cloud. */
export function withoutPlaces({ verifyUrls: _urls, resolve: _resolve, ...config }: Config): Config {
  return { ...config, distributions: [] }
}

export function whereToLook(cloud: EmbeddedCloud): string {
  const rows = cloud.edges.map((edge) => `  ${edge.url}  ${edge.name}`)
  return ['Look at the site, as each edge location serves it:', ...rows].join('\n')
}

/** `--region`, `distribution of freshfront.json`: they name places in AWS. */
export function nameUnusedSettings(sources: ConfigSources): readonly string[] {
  const unused = ['distributions', 'region', 'profile', 'endpointUrl', 'verifyUrls', 'resolve'] as const
  return unused.flatMap((name) => {
    const source = sources[name]
    if (source === undefined || source === 'default') return []
    return [/^--|^[A-Z]/.test(source) ? source : `${fileKeys.get(name) ?? name} of ${source}`]
  })
}

/** Where a setting is called otherwise in freshfront.json. */
const fileKeys: ReadonlyMap<string, string> = new Map([
  ['distributions', 'distribution'],
  ['verifyUrls', 'verifyUrl'],
])

export function showProgress(terminal: Terminal): (event: DeployEvent) => void {
  const progress = createProgress({ tty: terminal.status.tty, everyNth: LINES_EVERY_NTH })
  return (event) => {
    const line = progress.line(event)
    if (line !== undefined) terminal.writeProgress(line)
  }
}

function finishShard(
  { terminal, process }: CliContext,
  outcome: ShardOutcome,
  { json, markdown, quiet }: { readonly json: boolean; readonly markdown: boolean; readonly quiet: boolean },
): void {
  process.exitCode = exitCodeOfShard(outcome)
  if (json) terminal.writeResult(renderShardJson(outcome))
  else if (markdown) terminal.writeResult(renderShardMarkdown(outcome))
  else if (!quiet || process.exitCode !== 0) terminal.writeResult(renderShardText(outcome, terminal.result))
}

async function finish(
  context: CliContext,
  outcome: Outcome,
  { config, sources, settings }: LoadedConfig,
  options: {
    readonly json: boolean
    readonly markdown: boolean
    readonly quiet: boolean
    readonly local: boolean
    readonly out?: string
  },
): Promise<void> {
  const { terminal, process } = context
  process.exitCode = exitCodeOfOutcome(outcome)
  if (options.out !== undefined && outcome.saved !== undefined) {
    const plan = describeOutcome(outcome)
    await writePlanFile(options.out, { local: options.local, settings, saved: outcome.saved, plan })
  }
  if (options.json) {
    terminal.writeResult(renderOutcomeJson(outcome))
    return
  }
  const wantsNoText = options.quiet && process.exitCode === 0 && outcome.result !== 'planned'
  if (wantsNoText) return
  const dir = nearName(context.cwd, config.dir)
  terminal.writeResult(
    options.markdown
      ? renderOutcomeMarkdown(outcome, { dir })
      : renderOutcomeText(outcome, { ...terminal.result, sources, dir }),
  )
  if (options.out !== undefined) terminal.writeStatus(howToCarryOut(nearName(context.cwd, options.out)))
}

function howToCarryOut(file: string): string {
  return `Saved as ${quote(file)}. To do exactly this, or nothing: freshfront deploy --plan FILE`
}

/** A folder as the user would write it: `./public` where it lies below the working directory. */
function nearName(cwd: string, dir: string): string {
  const near = relative(cwd, dir)
  return near.startsWith('..') || isAbsolute(near) ? dir : `./${near}`
}
