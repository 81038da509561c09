// The flags of deploy and plan, as data for the parser: what each is called, takes and means.

import type { FlagParametersForType } from '@stricli/core'

import type { CliContext } from './context.ts'
import { parseArgument } from './usage-errors.ts'

/** As the parser hands them over. Where `aws s3 sync` has the flag, ours has the same name and meaning. */
export interface DeployFlags {
  readonly bucket?: string
  readonly prefix?: string
  readonly distribution?: readonly string[]
  readonly include?: readonly string[]
  readonly exclude?: readonly string[]
  readonly delete?: boolean
  readonly keep?: readonly string[]
  readonly maxDelete?: string
  readonly keepAssets?: string
  readonly ignore?: readonly string[]
  readonly cacheControl?: string
  readonly sse?: string
  readonly sseKmsKeyId?: string
  readonly storageClass?: string
  readonly acl?: string
  readonly allowSecrets?: readonly string[]
  readonly followSymlinks?: boolean
  readonly force?: boolean
  readonly wait?: boolean
  readonly maxPaths?: string
  readonly maxCost?: string
  readonly countAccount?: boolean
  readonly lockWait?: string
  readonly newestWins?: boolean
  readonly release?: string
  readonly verifyUrl?: readonly string[]
  readonly resolve?: readonly string[]
  readonly yes?: boolean
  readonly dryRun?: boolean
  /** A saved plan: only deploy takes it. */
  readonly plan?: string
  readonly local?: boolean
  readonly json?: boolean
  readonly quiet?: boolean
  readonly concurrency?: string
  readonly region?: string
  readonly profile?: string
  readonly endpointUrl?: string
  readonly config?: string
}

export interface PlanFlags extends Omit<DeployFlags, 'plan'> {
  readonly out?: string
  readonly format?: 'text' | 'json' | 'markdown'
}

const text = (input: string): string => input

export const deployFlags: FlagParametersForType<DeployFlags, CliContext> = {
  bucket: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'name',
    brief: 'The bucket of the site, or s3://bucket/prefix',
  },
  prefix: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'prefix',
    brief: 'The part of the bucket that is the site (the whole bucket)',
  },
  distribution: {
    kind: 'parsed',
    parse: text,
    optional: true,
    variadic: true,
    placeholder: 'id',
    brief: 'A distribution to refresh (all that serve the bucket); repeatable',
  },
  exclude: {
    kind: 'parsed',
    parse: text,
    optional: true,
    variadic: true,
    placeholder: 'pattern',
    brief: 'Leave out files that match; * also matches /',
  },
  include: {
    kind: 'parsed',
    parse: text,
    optional: true,
    variadic: true,
    placeholder: 'pattern',
    brief: 'Take files that match back in; the last match decides',
  },
  delete: { kind: 'boolean', optional: true, brief: 'Also remove objects that Freshfront did not put there (no)' },
  keep: {
    kind: 'parsed',
    parse: text,
    optional: true,
    variadic: true,
    placeholder: 'pattern',
    brief: 'Never remove objects that match; * also matches /; repeatable',
  },
  maxDelete: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'number',
    brief: 'The most removals without --yes (half of the site or 256)',
  },
  keepAssets: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'time',
    brief: 'How long fingerprinted assets outlive their build: releases, days (3,7d)',
  },
  ignore: {
    kind: 'parsed',
    parse: text,
    optional: true,
    variadic: true,
    placeholder: 'pattern',
    brief: 'Leave text files as they are that differ only in what this regular expression matches; repeatable',
  },
  cacheControl: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'value',
    brief: 'One Cache-Control for every object, or recommended (none)',
  },
  sse: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'name',
    brief: 'How S3 encrypts uploads: AES256, aws:kms, aws:kms:dsse (as the bucket does)',
  },
  sseKmsKeyId: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'key',
    brief: 'The KMS key of it (the key of AWS for S3)',
  },
  storageClass: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'name',
    brief: 'The storage class of uploads (STANDARD)',
  },
  acl: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'name',
    brief: 'A canned ACL, for buckets that still take them (none)',
  },
  allowSecrets: {
    kind: 'parsed',
    parse: text,
    optional: true,
    variadic: true,
    placeholder: 'pattern',
    brief: 'Deploy files that match although they look like secrets; repeatable',
  },
  followSymlinks: { kind: 'boolean', optional: true, brief: 'Deploy what links out of the folder point to (no)' },
  force: {
    kind: 'boolean',
    optional: true,
    withNegated: false,
    brief: 'Upload and refresh everything, changed or not, also over something newer',
  },
  wait: { kind: 'boolean', optional: true, brief: 'Wait until every invalidation is complete (yes)' },
  maxPaths: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'number',
    brief: "The most invalidation paths (this deploy's share of the month's free ones)",
  },
  maxCost: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'dollars',
    brief: 'What may be spent on paths beyond the free ones (0)',
  },
  countAccount: {
    kind: 'boolean',
    optional: true,
    brief: 'Ask CloudFront what the whole account has used this month (no)',
  },
  lockWait: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'seconds',
    brief: 'How long to wait for another deploy that is under way (0)',
  },
  release: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'commit',
    brief: 'What the site was built from (GITHUB_SHA, or HEAD of this folder)',
  },
  newestWins: {
    kind: 'boolean',
    optional: true,
    brief: 'End quietly when something newer is live or being deployed (no)',
  },
  verifyUrl: {
    kind: 'parsed',
    parse: text,
    optional: true,
    variadic: true,
    placeholder: 'url',
    brief: "The site's public address: ask the edge there afterwards; repeatable (not asked)",
  },
  resolve: {
    kind: 'parsed',
    parse: text,
    optional: true,
    variadic: true,
    placeholder: 'host:port:address',
    brief: 'Where that host is reached, as with curl, to ask several edges; repeatable',
  },
  yes: { kind: 'boolean', optional: true, withNegated: false, brief: 'Confirm what a guard would refuse' },
  dryRun: {
    kind: 'boolean',
    optional: true,
    withNegated: false,
    brief: 'Write nothing and show the plan, as freshfront plan does',
  },
  plan: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'file',
    brief: 'Carry out what freshfront plan --out has saved, exactly, or nothing',
  },
  local: {
    kind: 'boolean',
    optional: true,
    withNegated: false,
    brief: 'Use the embedded S3 and CloudFront in .freshfront/local, no account needed',
  },
  json: {
    kind: 'boolean',
    optional: true,
    withNegated: false,
    brief: 'Print one JSON document on stdout and nothing else',
  },
  quiet: {
    kind: 'boolean',
    optional: true,
    withNegated: false,
    brief: 'Say nothing but errors and what was asked for',
  },
  concurrency: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'number',
    brief: 'Uploads under way at once, 1 to 256 (16)',
  },
  region: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'region',
    brief: 'The region of the bucket (as the AWS CLI finds it)',
  },
  profile: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'name',
    brief: 'The AWS profile for credentials and region',
  },
  endpointUrl: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'url',
    brief: 'The S3 endpoint, for stores other than AWS',
  },
  config: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'file',
    brief: 'The configuration file (freshfront.json, if there is one)',
  },
}

const { plan: _plan, ...planningFlags } = deployFlags

export const planFlags: FlagParametersForType<PlanFlags, CliContext> = {
  ...planningFlags,
  out: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'file',
    brief: 'Save the plan for freshfront deploy --plan',
  },
  format: {
    kind: 'enum',
    values: ['text', 'json', 'markdown'],
    optional: true,
    brief: 'How to show the plan; json is --json',
  },
}

export type VerifyFlags = Pick<DeployFlags, SharedWithVerify> & { readonly all?: boolean }

type SharedWithVerify =
  | 'bucket'
  | 'prefix'
  | 'distribution'
  | 'include'
  | 'exclude'
  | 'allowSecrets'
  | 'followSymlinks'
  | 'verifyUrl'
  | 'resolve'
  | 'cacheControl'
  | 'ignore'
  | 'local'
  | 'json'
  | 'quiet'
  | 'region'
  | 'profile'
  | 'endpointUrl'
  | 'config'

export const verifyFlags: FlagParametersForType<VerifyFlags, CliContext> = {
  bucket: deployFlags.bucket,
  prefix: deployFlags.prefix,
  distribution: deployFlags.distribution,
  verifyUrl: {
    kind: 'parsed',
    parse: text,
    optional: true,
    variadic: true,
    placeholder: 'url',
    brief: "The site's public address; repeatable (each distribution's own domain name)",
  },
  resolve: deployFlags.resolve,
  all: {
    kind: 'boolean',
    optional: true,
    withNegated: false,
    brief: 'Ask for every URL instead of a sample of 200',
  },
  exclude: deployFlags.exclude,
  include: deployFlags.include,
  allowSecrets: deployFlags.allowSecrets,
  cacheControl: deployFlags.cacheControl,
  ignore: deployFlags.ignore,
  followSymlinks: deployFlags.followSymlinks,
  local: deployFlags.local,
  json: deployFlags.json,
  quiet: deployFlags.quiet,
  region: deployFlags.region,
  profile: deployFlags.profile,
  endpointUrl: deployFlags.endpointUrl,
  config: deployFlags.config,
}

export type InvalidateFlags = Pick<
  DeployFlags,
  | 'bucket'
  | 'prefix'
  | 'distribution'
  | 'include'
  | 'exclude'
  | 'wait'
  | 'dryRun'
  | 'local'
  | 'json'
  | 'quiet'
  | 'region'
  | 'profile'
  | 'endpointUrl'
  | 'config'
  | 'maxPaths'
> & { readonly pathsFrom?: string; readonly fromGit?: string; readonly root?: string }

export const invalidateFlags: FlagParametersForType<InvalidateFlags, CliContext> = {
  distribution: {
    kind: 'parsed',
    parse: text,
    optional: true,
    variadic: true,
    placeholder: 'id',
    brief: 'A distribution to invalidate on (all that serve the bucket); repeatable',
  },
  bucket: deployFlags.bucket,
  prefix: deployFlags.prefix,
  pathsFrom: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'file',
    brief: 'More paths, one a line; - reads them from standard input',
  },
  fromGit: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'range',
    brief: 'The URLs of the files that commits have changed: v1..v2, or v1 for all since',
  },
  root: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'dir',
    brief: 'The folder of the repository that is the site (the whole of it)',
  },
  exclude: deployFlags.exclude,
  include: deployFlags.include,
  maxPaths: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'number',
    brief: 'The most paths to send; more are folded into prefixes',
  },
  wait: deployFlags.wait,
  dryRun: {
    kind: 'boolean',
    optional: true,
    withNegated: false,
    brief: 'Send nothing and show what would be sent',
  },
  local: deployFlags.local,
  json: deployFlags.json,
  quiet: deployFlags.quiet,
  region: deployFlags.region,
  profile: deployFlags.profile,
  endpointUrl: deployFlags.endpointUrl,
  config: deployFlags.config,
}

export type StatusFlags = Pick<
  DeployFlags,
  'bucket' | 'prefix' | 'local' | 'json' | 'region' | 'profile' | 'endpointUrl' | 'config'
>

export const statusFlags: FlagParametersForType<StatusFlags, CliContext> = {
  bucket: deployFlags.bucket,
  prefix: deployFlags.prefix,
  local: deployFlags.local,
  json: deployFlags.json,
  region: deployFlags.region,
  profile: deployFlags.profile,
  endpointUrl: deployFlags.endpointUrl,
  config: deployFlags.config,
}

export type UnlockFlags = Omit<StatusFlags, 'json'> & { readonly force?: boolean }

const { json: _json, ...unlockPlace } = statusFlags

export const unlockFlags: FlagParametersForType<UnlockFlags, CliContext> = {
  force: {
    kind: 'boolean',
    optional: true,
    withNegated: false,
    brief: 'Take the lock away; without it, say what that risks',
  },
  ...unlockPlace,
}

export type DoctorFlags = Pick<
  DeployFlags,
  | 'bucket'
  | 'prefix'
  | 'distribution'
  | 'verifyUrl'
  | 'resolve'
  | 'acl'
  | 'local'
  | 'json'
  | 'region'
  | 'profile'
  | 'endpointUrl'
  | 'config'
>

export const doctorFlags: FlagParametersForType<DoctorFlags, CliContext> = {
  bucket: deployFlags.bucket,
  prefix: deployFlags.prefix,
  distribution: {
    kind: 'parsed',
    parse: text,
    optional: true,
    variadic: true,
    placeholder: 'id',
    brief: 'A distribution to look at (all that serve the bucket); repeatable',
  },
  verifyUrl: verifyFlags.verifyUrl,
  resolve: deployFlags.resolve,
  acl: deployFlags.acl,
  local: deployFlags.local,
  json: deployFlags.json,
  region: deployFlags.region,
  profile: deployFlags.profile,
  endpointUrl: deployFlags.endpointUrl,
  config: deployFlags.config,
}

export interface IamFlags extends Pick<
  DeployFlags,
  'bucket' | 'prefix' | 'distribution' | 'acl' | 'countAccount' | 'region' | 'config'
> {
  readonly only?: 'role' | 'trust' | 'bucket'
  readonly format?: 'json' | 'cloudformation' | 'terraform'
  readonly account?: string
  readonly repo?: string
  readonly branch?: string
  readonly environment?: string
  readonly ownerId?: string
  readonly repoId?: string
  readonly roleName?: string
  readonly tenants?: boolean
  readonly doctor?: boolean
}

export const iamFlags: FlagParametersForType<IamFlags, CliContext> = {
  bucket: deployFlags.bucket,
  prefix: deployFlags.prefix,
  distribution: {
    kind: 'parsed',
    parse: text,
    optional: true,
    variadic: true,
    placeholder: 'id',
    brief: 'A distribution that may be read and refreshed (any of the account); repeatable',
  },
  only: { kind: 'enum', values: ['role', 'trust', 'bucket'], optional: true, brief: 'Only that policy (all of them)' },
  format: {
    kind: 'enum',
    values: ['json', 'cloudformation', 'terraform'],
    optional: true,
    brief: 'As policies, or as a template that makes the role too (json)',
  },
  account: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'number',
    brief: 'The AWS account; templates find it out',
  },
  repo: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'owner/name',
    brief: 'The GitHub repository that deploys',
  },
  branch: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'name',
    brief: 'The branch whose jobs may deploy (main)',
  },
  environment: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'name',
    brief: 'The GitHub environment whose jobs may deploy, instead of a branch',
  },
  ownerId: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'number',
    brief: "GitHub's number for the owner, so that nobody who takes over the name is let in",
  },
  repoId: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'number',
    brief: "GitHub's number for the repository",
  },
  roleName: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'name',
    brief: 'What the role is called in a template (freshfront-deploy)',
  },
  acl: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'name',
    brief: 'Also allow uploads with a canned ACL (no)',
  },
  countAccount: {
    kind: 'boolean',
    optional: true,
    brief: 'Also allow to ask what the whole account has invalidated (no)',
  },
  tenants: {
    kind: 'boolean',
    optional: true,
    withNegated: false,
    brief: 'Also allow to refresh tenants of multi-tenant distributions',
  },
  doctor: {
    kind: 'boolean',
    optional: true,
    withNegated: false,
    brief: 'Also allow what only freshfront doctor reads',
  },
  region: deployFlags.region,
  config: deployFlags.config,
}

export type HeadersPolicyFlags = Pick<DeployFlags, 'include' | 'exclude' | 'config'> & {
  readonly name?: string
  readonly pattern?: string
}

export const headersPolicyFlags: FlagParametersForType<HeadersPolicyFlags, CliContext> = {
  name: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'name',
    brief: 'What the policy is called; names are unique in an account (freshfront-headers)',
  },
  pattern: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'pattern',
    brief: 'Of several policies, the one for the cache behavior with this path pattern',
  },
  exclude: deployFlags.exclude,
  include: deployFlags.include,
  config: deployFlags.config,
}

export type RedirectsFlags = Pick<DeployFlags, 'include' | 'exclude' | 'config'> & {
  readonly function?: boolean
  readonly directoryIndex?: boolean
}

export const redirectsFlags: FlagParametersForType<RedirectsFlags, CliContext> = {
  function: {
    kind: 'boolean',
    optional: true,
    withNegated: false,
    brief: 'Write a CloudFront Function that makes them, instead of a list',
  },
  directoryIndex: {
    kind: 'boolean',
    optional: true,
    withNegated: false,
    brief: 'It also serves /blog/ and /blog from blog/index.html',
  },
  exclude: deployFlags.exclude,
  include: deployFlags.include,
  config: deployFlags.config,
}

export interface LocalFlags {
  readonly port?: string
  readonly prefix?: string
  readonly include?: readonly string[]
  readonly exclude?: readonly string[]
  readonly allowSecrets?: readonly string[]
  readonly cacheControl?: string
  readonly config?: string
  readonly quiet?: boolean
}

export const localFlags: FlagParametersForType<LocalFlags, CliContext> = {
  port: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'number',
    brief: 'The port of the first edge location; the others follow (any free one)',
  },
  prefix: deployFlags.prefix,
  exclude: deployFlags.exclude,
  include: deployFlags.include,
  allowSecrets: deployFlags.allowSecrets,
  cacheControl: deployFlags.cacheControl,
  config: deployFlags.config,
  quiet: deployFlags.quiet,
}

/** The folder, and where it goes as `aws s3 sync` would have it. */
export const deployArguments: {
  readonly kind: 'tuple'
  readonly parameters: readonly [OptionalArgument, OptionalArgument]
} = {
  kind: 'tuple',
  parameters: [
    { optional: true, parse: parseArgument, placeholder: 'DIR', brief: 'The folder of the built site' },
    {
      optional: true,
      parse: parseArgument,
      placeholder: 's3://…',
      brief: 'bucket/prefix, another way to say --bucket',
    },
  ],
}

export const localArguments: { readonly kind: 'tuple'; readonly parameters: readonly [OptionalArgument] } = {
  kind: 'tuple',
  parameters: [
    {
      optional: true,
      parse: parseArgument,
      placeholder: 'DIR',
      brief: 'The folder of the built site, deployed at once',
    },
  ],
}

export const siteArguments: { readonly kind: 'tuple'; readonly parameters: readonly [OptionalArgument] } = {
  kind: 'tuple',
  parameters: [{ optional: true, parse: parseArgument, placeholder: 'DIR', brief: 'The folder of the built site' }],
}

export const invalidateArguments: {
  readonly kind: 'array'
  readonly parameter: Omit<OptionalArgument, 'optional'>
} = {
  kind: 'array',
  parameter: { parse: parseArgument, placeholder: 'PATH', brief: 'A path, a prefix that ends in *, a #tag or a URL' },
}

interface OptionalArgument {
  readonly optional: true
  readonly parse: (input: string) => string
  readonly placeholder: string
  readonly brief: string
}
