// The output `plan` as a file: what a dry run has planned, for `freshfront deploy --plan`; after a deploy the document of `--json`.

import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writePlanFile } from '../cli/plan-file.ts'
import type { Environment } from '../config/environment.ts'
import type { LoadedConfig } from '../config/load.ts'
import type { Outcome, ShardOutcome } from '../model.ts'
import { describeOutcome, renderOutcomeJson } from '../report/json.ts'
import { renderShardJson } from '../report/shard.ts'

/** @returns the file; below the runner's own folder, which ends with the job */
export async function writeReport(outcome: Outcome, { settings }: LoadedConfig, env: Environment): Promise<string> {
  const file = await makeFileName(env)
  if (outcome.saved === undefined) await writeFile(file, renderOutcomeJson(outcome))
  else await writePlanFile(file, { local: false, settings, saved: outcome.saved, plan: describeOutcome(outcome) })
  return file
}

/** The document of `--shard --json`. @returns the file */
export async function writeShardReport(outcome: ShardOutcome, env: Environment): Promise<string> {
  const file = await makeFileName(env)
  await writeFile(file, renderShardJson(outcome))
  return file
}

async function makeFileName(env: Environment): Promise<string> {
  return join(await mkdtemp(join(env['RUNNER_TEMP'] || tmpdir(), 'freshfront-')), 'plan.json')
}
