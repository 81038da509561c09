// One run of the step: inputs → settings → deploy() → log, annotations, outputs, summary, comment → exit code.

import { createHash } from 'node:crypto'
import { relative } from 'node:path'
import { exitCodeOfError, exitCodeOfOutcome, exitCodeOfShard } from '../cli/exit-codes.ts'
import { readCommit } from '../cli/read-commit.ts'
import { nameRelease } from '../cli/sharding.ts'
import type { Environment } from '../config/environment.ts'
import { loadConfig, type LoadedConfig } from '../config/load.ts'
import { deployShard } from '../deploy-shard.ts'
import { deploy } from '../deploy.ts'
import { FreshfrontError } from '../errors.ts'
import type { Config, DeployEvent, Outcome, ShardOutcome } from '../model.ts'
import type { Ports } from '../ports.ts'
import { renderErrorMarkdown, renderOutcomeMarkdown, type MarkdownOptions } from '../report/markdown.ts'
import { createProgress } from '../report/progress.ts'
import { renderShardMarkdown, renderShardText } from '../report/shard.ts'
import { renderOutcomeText } from '../report/text.ts'
import { annotateError, annotateOutcome, annotateShard, warnOfAcl, warnOfSettings } from './annotations.ts'
import { dropRefusedAcl } from './drop-refused-acl.ts'
import { readSettings, type ActionSettings } from './inputs.ts'
import { noteAddresses, type Addresses } from './note-addresses.ts'
import { describeOutputs, describeShardOutputs } from './outputs.ts'
import { gitHubComments, MAX_COMMENT_CHARACTERS, readPullRequest, writeStickyComment } from './pull-request.ts'
import { openRunner, type Runner } from './runner.ts'
import { writeReport, writeShardReport } from './write-report.ts'

export interface ActionOptions {
  readonly env: Environment
  /** Absolute: the checked-out repository. */
  readonly cwd: string
  /** To the log. */
  readonly write: (text: string) => void
  /** Aborted when the job is cancelled. */
  readonly interruption: AbortSignal
}

/** How often the log says how far it is. */
const LINES_EVERY_NTH = 100

/** Never rejects: whatever goes wrong is said, and is in the exit code. */
export async function runAction(options: ActionOptions): Promise<number> {
  const { env, cwd, write } = options
  const runner = openRunner({ env, write, secrets: SECRETS.map((name) => env[name]) })
  try {
    const settings = readSettings(env, cwd)
    return await deployAndReport(settings, runner, options)
  } catch (error) {
    return reportError(error, runner, env)
  }
}

/** Variables of which nothing may be seen. @see AWS SDKs Reference Guide, "Environment variables"; GitHub Docs, "Variables reference" */
const SECRETS = [
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_ACCESS_KEY_ID',
  'INPUT_TOKEN',
  'GITHUB_TOKEN',
  'ACTIONS_RUNTIME_TOKEN',
  'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
]

async function deployAndReport(settings: ActionSettings, runner: Runner, options: ActionOptions): Promise<number> {
  const { env, interruption } = options
  const { flags, words, cwd, defaultDir, dryRun, sharding } = settings
  const loaded = await loadConfig({ flags, words, env, cwd, ...(defaultDir !== undefined && { defaultDir }) })
  const { config } = loaded
  warnOfSettings(runner, settings, loaded)
  const ports = await connect(config)
  const addresses = noteAddresses(ports.distributions, config.verifyUrls ?? [])
  const bucket = dropRefusedAcl(ports.bucket, (acl, reason) => warnOfAcl(runner, acl, reason))
  const commit = await readCommit(cwd, config.release, env)
  const release = sharding === undefined ? undefined : nameRelease(sharding.name, env, commit)
  const progress = createProgress({ tty: false, everyNth: LINES_EVERY_NTH })
  const noted = { ...ports, bucket, distributions: addresses.distributions }
  const how = {
    ...(commit !== undefined && { commit }),
    signal: interruption,
    onEvent(event: DeployEvent): void {
      const line = settings.quiet ? undefined : progress.line(event)
      if (line !== undefined) runner.log(line)
    },
  }
  if (sharding?.kind === 'shard' && release !== undefined) {
    const share = await deployShard(config, noted, { ...how, shard: sharding.shard, name: release })
    await reportShard(share, runner, env)
    return exitCodeOfShard(share)
  }
  const outcome = await deploy(config, noted, {
    ...how,
    mode: dryRun ? 'plan' : 'deploy',
    ...(release !== undefined && { finish: release }),
  })
  await report(outcome, { settings, loaded, addresses, runner, env })
  return exitCodeOfOutcome(outcome)
}

async function connect(config: Config): Promise<Ports> {
  // The SDK takes longer to load than all the rest: a mistake in the settings shows before.
  const { connectAws } = await import('../aws/connect.ts')
  const { bucket, concurrency, region, profile, endpointUrl } = config
  return connectAws({
    bucket,
    concurrency,
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { profile }),
    ...(endpointUrl !== undefined && { endpointUrl }),
  })
}

interface Reporting {
  readonly settings: ActionSettings
  readonly loaded: LoadedConfig
  readonly addresses: Addresses
  readonly runner: Runner
  readonly env: Environment
}

async function report(outcome: Outcome, reporting: Reporting): Promise<void> {
  const { loaded, settings, addresses, runner, env } = reporting
  const { config, sources } = loaded
  const dir = relative(settings.cwd, config.dir) || '.'
  runner.log(renderOutcomeText(outcome, { colors: false, sources, dir }))
  annotateOutcome(runner, outcome)
  for (const [name, value] of Object.entries(describeOutputs(outcome))) runner.setOutput(name, value)
  runner.setOutput('plan', await writeReport(outcome, loaded, env))
  const markdown: MarkdownOptions = { dir, originOf: (id) => addresses.originOf(id) }
  runner.appendSummary(fitMarkdown(outcome, markdown, MAX_SUMMARY_CHARACTERS))
  if (outcome.result === 'planned' && settings.comments) await comment(outcome, markdown, reporting)
}

async function reportShard(outcome: ShardOutcome, runner: Runner, env: Environment): Promise<void> {
  runner.log(renderShardText(outcome, { colors: false }))
  annotateShard(runner, outcome)
  for (const [name, value] of Object.entries(describeShardOutputs(outcome))) runner.setOutput(name, value)
  runner.setOutput('plan', await writeShardReport(outcome, env))
  runner.appendSummary(renderShardMarkdown(outcome))
}

/** A summary may have 1 MiB, a job's summaries together as well. @see GitHub Docs, "Workflow commands", "Job summary limits" */
const MAX_SUMMARY_CHARACTERS = 250_000

/** As many rows as there is room for. */
function fitMarkdown(outcome: Outcome, options: MarkdownOptions, maxCharacters: number): string {
  for (const maxRows of [50, 20, 5, 0]) {
    const text = renderOutcomeMarkdown(outcome, { ...options, maxRows })
    if (text.length <= maxCharacters) return text
  }
  return 'This is too long to be shown here: see the log of the step.\n'
}

async function comment(
  outcome: Outcome,
  markdown: MarkdownOptions,
  { settings, loaded, runner, env }: Reporting,
): Promise<void> {
  const { token } = settings
  const pullRequest = readPullRequest(env)
  if (pullRequest === undefined || token === undefined) return
  const { bucket, prefix } = loaded.config
  const place = createHash('sha256').update(`s3://${bucket}/${prefix}`).digest('hex').slice(0, 16)
  const marker = `<!-- freshfront plan ${place} -->`
  const options = { ...markdown, hidesBucket: settings.hidesBucket }
  const text = fitMarkdown(outcome, options, MAX_COMMENT_CHARACTERS - marker.length - 1)
  try {
    const apiUrl = env['GITHUB_API_URL'] || 'https://api.github.com'
    await writeStickyComment(gitHubComments(pullRequest, { apiUrl, token }), marker, runner.redact(text))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    runner.annotate('warning', `The plan is in the job summary, but not in a comment of the pull request: ${why}.`, {
      title: 'Freshfront: no comment',
    })
  }
}

function reportError(error: unknown, runner: Runner, env: Environment): number {
  const { code, message, fix } = explain(error)
  if (code === 'CREDENTIALS_MISSING' && readPullRequest(env)?.isFork === true) {
    runner.setOutput('result', 'skipped')
    runner.annotate('warning', `There is no plan: the pull request comes from a fork, and forks get no secrets.`, {
      title: 'Freshfront: skipped',
    })
    return 0
  }
  runner.log(`Error: ${message}\n  Fix:  ${fix}\n  Code: ${code}`)
  annotateError(runner, { code, message, fix })
  runner.setOutput('result', 'failed')
  runner.appendSummary(renderErrorMarkdown({ code, message, fix }))
  return exitCodeOfError(error)
}

function explain(error: unknown): { readonly code: string; readonly message: string; readonly fix: string } {
  if (!(error instanceof FreshfrontError)) {
    const reason = error instanceof Error ? error.message || error.name : String(error)
    const fix = 'Please report it. Running the step again is safe: what is owed to the caches is remembered.'
    return { code: 'UNEXPECTED', message: `This is a bug in Freshfront: ${reason}`, fix }
  }
  const { code, message } = error
  return { code, message, fix: FIXES_OF_A_STEP[code] ?? error.fix }
}

/** Where a command line would be told of flags. */
const FIXES_OF_A_STEP: Readonly<Record<string, string>> = {
  BUCKET_NOT_GIVEN: 'Set the input bucket, or put "bucket" in freshfront.json.',
  SOURCE_NOT_GIVEN: 'Set the input source to the folder that the build writes to, or put "dir" in freshfront.json.',
  CREDENTIALS_MISSING:
    'Run aws-actions/configure-aws-credentials before this step, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in its env.',
  NO_SHARDS:
    'Run the steps with shard 1/N to N/N first: in this run of the workflow, or with the same release-name, and with the same bucket and prefix.',
  SHARDS_MISSING: 'Run the jobs of these shards again, then the one with finish: "Re-run failed jobs" does both.',
  SHARDED_RELEASE_OVER:
    'Deploy what is newest. To put this one live after all, start the workflow anew, or run all shards with another release-name.',
}
