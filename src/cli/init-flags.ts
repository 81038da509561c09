// The flags of init, as data for the parser.

import type { FlagParametersForType } from '@stricli/core'

import type { CliContext } from './context.ts'
import { deployFlags, type DeployFlags } from './flags.ts'
import { parseArgument } from './usage-errors.ts'

export interface InitFlags extends Pick<DeployFlags, 'bucket' | 'prefix' | 'distribution' | 'region' | 'verifyUrl'> {
  readonly dir?: string
  readonly build?: string
  readonly branch?: string
  readonly roleArn?: string
  readonly planRoleArn?: string
  readonly pullRequests?: boolean
  readonly fromWorkflow?: string
  readonly yes?: boolean
  readonly dryRun?: boolean
  readonly force?: boolean
}

const text = (input: string): string => input

export const initFlags: FlagParametersForType<InitFlags, CliContext> = {
  dir: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'folder',
    brief: 'Where the built site lies, below the project (what the generator says)',
  },
  build: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'command',
    brief: 'What builds the site (what the generator and package.json say)',
  },
  bucket: deployFlags.bucket,
  prefix: deployFlags.prefix,
  distribution: deployFlags.distribution,
  region: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'region',
    brief: 'The region of the bucket (AWS_REGION, or us-east-1)',
  },
  roleArn: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'arn',
    brief: 'The role that the workflow assumes (the variable AWS_ROLE_ARN of the repository)',
  },
  planRoleArn: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'arn',
    brief: 'The role for pull requests, which should only read (AWS_PLAN_ROLE_ARN; no plans until it is set)',
  },
  branch: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'name',
    brief: 'Pushes to which branch are deployed (the default branch)',
  },
  pullRequests: { kind: 'boolean', optional: true, brief: 'Show on pull requests what they would change (yes)' },
  verifyUrl: {
    kind: 'parsed',
    parse: text,
    optional: true,
    variadic: true,
    placeholder: 'url',
    brief: "The site's public address: each deploy asks the edge there afterwards (not asked)",
  },
  fromWorkflow: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'file',
    brief: 'Rewrite the steps of this workflow that deploy, and nothing else',
  },
  yes: { kind: 'boolean', optional: true, withNegated: false, brief: 'Ask nothing: take what was found' },
  dryRun: { kind: 'boolean', optional: true, withNegated: false, brief: 'Show what would be written; write nothing' },
  force: { kind: 'boolean', optional: true, withNegated: false, brief: 'Overwrite files that say something else' },
}

/** The project, not the built site: that is below it. */
export const initArguments: {
  readonly kind: 'tuple'
  readonly parameters: readonly [
    {
      readonly optional: true
      readonly parse: (input: string) => string
      readonly placeholder: string
      readonly brief: string
    },
  ]
} = {
  kind: 'tuple',
  parameters: [{ optional: true, parse: parseArgument, placeholder: 'DIR', brief: 'The folder of the project' }],
}
