// --shard, --finish and --release-name: what they ask for, and what a release is called where nobody says.

import type { Environment } from '../config/environment.ts'
import { argumentsInvalid, releaseNameInvalid, releaseNameMissing, shardInvalid } from '../errors.ts'
import type { Commit, Shard } from '../model.ts'
import type { DeployFlags } from './flags.ts'

export type Sharding =
  | { readonly kind: 'shard'; readonly shard: Shard; readonly name: string | undefined }
  | { readonly kind: 'finish'; readonly name: string | undefined }

const MAX_SHARDS = 1000

/** Where they may be given otherwise than on a command line, what they are called there. */
type NameShardingFlag = (flag: 'shard' | 'finish' | 'release-name' | 'release') => string

/**
 * @returns undefined: the whole site is deployed by one run
 * @throws {FreshfrontError} `SHARD_INVALID`, `RELEASE_NAME_INVALID`, `ARGUMENTS_INVALID`
 */
export function readSharding(
  { shard, finish = false, releaseName, plan }: DeployFlags,
  mode: 'deploy' | 'plan',
  nameOf: NameShardingFlag = (flag) => `--${flag}`,
): Sharding | undefined {
  if (shard !== undefined && finish) {
    throw argumentsInvalid(
      beginSentence(
        `${nameOf('shard')} uploads a share and ${nameOf('finish')} ends the release: one run does one of the two.`,
      ),
      `Run ${nameOf('finish')} once, after all shards.`,
    )
  }
  if (shard === undefined && !finish) {
    if (releaseName === undefined) return undefined
    throw argumentsInvalid(
      beginSentence(`${nameOf('release-name')} is the name of a sharded release, and this is none.`),
      `Leave it out, or add ${nameOf('shard')} or ${nameOf('finish')}. What the site was built from is ${nameOf('release')}.`,
    )
  }
  if (plan !== undefined) {
    throw argumentsInvalid('A saved plan is of the whole site.', 'Leave out --plan, or --shard and --finish.')
  }
  if (releaseName !== undefined && !NAME.test(releaseName)) throw releaseNameInvalid(releaseName)
  if (shard === undefined) return { kind: 'finish', name: releaseName }
  if (mode === 'plan') {
    throw argumentsInvalid(
      'There is no plan of a single shard: what is removed and refreshed is known when all are there.',
      `Plan without ${nameOf('shard')}, for the whole site, or with ${nameOf('finish')} when the shards are uploaded.`,
    )
  }
  return { kind: 'shard', shard: readShard(shard, beginSentence(nameOf('shard'))), name: releaseName }
}

function beginSentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function readShard(text: string, name: string): Shard {
  const [, index = '0', count = '0'] = /^(\d{1,4})\/(\d{1,4})$/u.exec(text) ?? []
  const shard = { index: Number(index), count: Number(count) }
  if (shard.index < 1 || shard.index > shard.count || shard.count > MAX_SHARDS) throw shardInvalid(text, name)
  return shard
}

/** It becomes a part of keys. */
const NAME = /^[\dA-Za-z][\w.-]{0,99}$/u

/** What is the same for all jobs of one run of a CI system, and for those of them that are run again. */
const RUN_NUMBERS = [
  'GITHUB_RUN_ID',
  'CI_PIPELINE_ID',
  'CIRCLE_WORKFLOW_ID',
  'BUILDKITE_BUILD_ID',
  'BITBUCKET_PIPELINE_UUID',
  'BUILD_BUILDID',
  'BUILD_TAG',
  'SLURM_ARRAY_JOB_ID',
] as const

/** @throws {FreshfrontError} `RELEASE_NAME_MISSING` */
export function nameRelease(named: string | undefined, env: Environment, commit: Commit | undefined): string {
  if (named !== undefined) return named
  const number = RUN_NUMBERS.map((name) => env[name]).find((value) => value !== undefined && value !== '')
  const name = (number ?? commit?.id ?? '').replace(/[^\w.-]+/gu, '-').replace(/^[^\dA-Za-z]+/u, '')
  if (name === '') throw releaseNameMissing()
  return name.slice(0, 100)
}
