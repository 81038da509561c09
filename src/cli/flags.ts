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
  readonly precompressed?: boolean
  readonly statCache?: boolean
  readonly force?: boolean
  readonly wait?: boolean
  readonly maxPaths?: string
  readonly maxCost?: string
  readonly countAccount?: boolean
  readonly lockWait?: string
  readonly newestWins?: boolean
  readonly trustState?: boolean
  readonly release?: string
  readonly verifyUrl?: readonly string[]
  readonly resolve?: readonly string[]
  readonly yes?: boolean
  readonly dryRun?: boolean
  /** A saved plan: only deploy takes it. */
  readonly plan?: string
  readonly shard?: string
  readonly finish?: boolean
  readonly releaseName?: string
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

interface ValueFlag {
  readonly kind: 'parsed'
  readonly parse: (input: string) => string
  readonly optional: true
  readonly placeholder: string
  readonly brief: string
}

/** `--name PLACEHOLDER`; what it may be is checked with all other settings. */
function value(placeholder: string, brief: string): ValueFlag {
  return { kind: 'parsed', parse: text, optional: true, placeholder, brief }
}

/** The same, as often as one likes. */
function repeatable(placeholder: string, brief: string): ValueFlag & { readonly variadic: true } {
  return { ...value(placeholder, brief), variadic: true }
}

interface SwitchFlag {
  readonly kind: 'boolean'
  readonly optional: true
  readonly brief: string
}

/** `--name` and `--no-name`. */
function yesOrNo(brief: string): SwitchFlag {
  return { kind: 'boolean', optional: true, brief }
}

/** `--name` alone. */
function yes(brief: string): SwitchFlag & { readonly withNegated: false } {
  return { ...yesOrNo(brief), withNegated: false }
}

export const deployFlags: FlagParametersForType<DeployFlags, CliContext> = {
  bucket: value('name', 'The bucket of the site, or s3://bucket/prefix'),
  prefix: value('prefix', 'The part of the bucket that is the site (the whole bucket)'),
  distribution: repeatable('id', 'A distribution to refresh (all that serve the bucket); repeatable'),
  exclude: repeatable('pattern', 'Leave out files that match; * also matches /'),
  include: repeatable('pattern', 'Take files that match back in; the last match decides'),
  delete: yesOrNo('Also remove objects that Freshfront did not put there (no)'),
  keep: repeatable('pattern', 'Never remove objects that match; * also matches /; repeatable'),
  maxDelete: value('number', 'The most removals without --yes (half of the site or 256)'),
  keepAssets: value('time', 'How long fingerprinted assets outlive their build: releases, days (3,7d)'),
  ignore: repeatable(
    'pattern',
    'Leave text files as they are that differ only in what this regular expression matches; repeatable',
  ),
  cacheControl: value('value', 'One Cache-Control for every object, or recommended (none)'),
  sse: value('name', 'How S3 encrypts uploads: AES256, aws:kms, aws:kms:dsse (as the bucket does)'),
  sseKmsKeyId: value('key', 'The KMS key of it (the key of AWS for S3)'),
  storageClass: value('name', 'The storage class of uploads (STANDARD)'),
  acl: value('name', 'A canned ACL, for buckets that still take them (none)'),
  allowSecrets: repeatable('pattern', 'Deploy files that match although they look like secrets; repeatable'),
  followSymlinks: yesOrNo('Deploy what links out of the folder point to (no)'),
  precompressed: yesOrNo('Store app.js.br and app.js.gz beside app.js with its type and their encoding (no)'),
  statCache: yesOrNo('Read only files whose inode, size or times have changed (yes; in CI no)'),
  force: yes('Upload and refresh everything, changed or not, also over something newer'),
  wait: yesOrNo('Wait until every invalidation is complete (yes)'),
  maxPaths: value('number', "The most invalidation paths (this deploy's share of the month's free ones)"),
  maxCost: value('dollars', 'What may be spent on paths beyond the free ones (0)'),
  countAccount: yesOrNo('Ask CloudFront what the whole account has used this month (no)'),
  lockWait: value('seconds', 'How long to wait for another deploy that is under way (0)'),
  release: value('commit', 'What the site was built from (GITHUB_SHA, or HEAD of this folder)'),
  newestWins: yesOrNo('End quietly when something newer is live or being deployed (no)'),
  trustState: yesOrNo('List nothing, trust what the last deploy recorded; misses what others have changed (no)'),
  verifyUrl: repeatable('url', "The site's public address: ask the edge there afterwards; repeatable (not asked)"),
  resolve: repeatable(
    'host:port:address',
    'Where that host is reached, as with curl, to ask several edges; repeatable',
  ),
  yes: yes('Confirm what a guard would refuse'),
  dryRun: yes('Write nothing and show the plan, as freshfront plan does'),
  plan: value('file', 'Carry out what freshfront plan --out has saved, exactly, or nothing'),
  shard: value('index/count', 'Upload one share of the site, 3/16, and record it for --finish'),
  finish: yes('When all shards are uploaded: remove, refresh and record the release; takes no folder'),
  releaseName: value('name', 'What all shards of a release are called (the number of the CI run, else the commit)'),
  local: yes('Use the embedded S3 and CloudFront in .freshfront/local, no account needed'),
  json: yes('Print one JSON document on stdout and nothing else'),
  quiet: yes('Say nothing but errors and what was asked for'),
  concurrency: value('number', 'Most uploads under way at once, 1 to 256 (64): how many are best is found out'),
  region: value('region', 'The region of the bucket (as the AWS CLI finds it)'),
  profile: value('name', 'The AWS profile for credentials and region'),
  endpointUrl: value('url', 'The S3 endpoint, for stores other than AWS'),
  config: value('file', 'The configuration file (freshfront.json, if there is one)'),
}

const { plan: _plan, ...planningFlags } = deployFlags

export const planFlags: FlagParametersForType<PlanFlags, CliContext> = {
  ...planningFlags,
  out: value('file', 'Save the plan for freshfront deploy --plan'),
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
  | 'precompressed'
  | 'statCache'
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
  verifyUrl: repeatable('url', "The site's public address; repeatable (each distribution's own domain name)"),
  resolve: deployFlags.resolve,
  all: yes('Ask for every URL instead of a sample of 200'),
  exclude: deployFlags.exclude,
  include: deployFlags.include,
  allowSecrets: deployFlags.allowSecrets,
  cacheControl: deployFlags.cacheControl,
  ignore: deployFlags.ignore,
  followSymlinks: deployFlags.followSymlinks,
  precompressed: deployFlags.precompressed,
  statCache: deployFlags.statCache,
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
  distribution: repeatable('id', 'A distribution to invalidate on (all that serve the bucket); repeatable'),
  bucket: deployFlags.bucket,
  prefix: deployFlags.prefix,
  pathsFrom: value('file', 'More paths, one a line; - reads them from standard input'),
  fromGit: value('range', 'The URLs of the files that commits have changed: v1..v2, or v1 for all since'),
  root: value('dir', 'The folder of the repository that is the site (the whole of it)'),
  exclude: deployFlags.exclude,
  include: deployFlags.include,
  maxPaths: value('number', 'The most paths to send; more are folded into prefixes'),
  wait: deployFlags.wait,
  dryRun: yes('Send nothing and show what would be sent'),
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
  force: yes('Take the lock away; without it, say what that risks'),
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
  distribution: repeatable('id', 'A distribution to look at (all that serve the bucket); repeatable'),
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
  distribution: repeatable('id', 'A distribution that may be read and refreshed (any of the account); repeatable'),
  only: { kind: 'enum', values: ['role', 'trust', 'bucket'], optional: true, brief: 'Only that policy (all of them)' },
  format: {
    kind: 'enum',
    values: ['json', 'cloudformation', 'terraform'],
    optional: true,
    brief: 'As policies, or as a template that makes the role too (json)',
  },
  account: value('number', 'The AWS account; templates find it out'),
  repo: value('owner/name', 'The GitHub repository that deploys'),
  branch: value('name', 'The branch whose jobs may deploy (main)'),
  environment: value('name', 'The GitHub environment whose jobs may deploy, instead of a branch'),
  ownerId: value('number', "GitHub's number for the owner, so that nobody who takes over the name is let in"),
  repoId: value('number', "GitHub's number for the repository"),
  roleName: value('name', 'What the role is called in a template (freshfront-deploy)'),
  acl: value('name', 'Also allow uploads with a canned ACL (no)'),
  countAccount: yesOrNo('Also allow to ask what the whole account has invalidated (no)'),
  tenants: yes('Also allow to refresh tenants of multi-tenant distributions'),
  doctor: yes('Also allow what only freshfront doctor reads'),
  region: deployFlags.region,
  config: deployFlags.config,
}

export type HeadersPolicyFlags = Pick<DeployFlags, 'include' | 'exclude' | 'config'> & {
  readonly name?: string
  readonly pattern?: string
}

export const headersPolicyFlags: FlagParametersForType<HeadersPolicyFlags, CliContext> = {
  name: value('name', 'What the policy is called; names are unique in an account (freshfront-headers)'),
  pattern: value('pattern', 'Of several policies, the one for the cache behavior with this path pattern'),
  exclude: deployFlags.exclude,
  include: deployFlags.include,
  config: deployFlags.config,
}

export type RedirectsFlags = Pick<DeployFlags, 'include' | 'exclude' | 'config'> & {
  readonly function?: boolean
  readonly directoryIndex?: boolean
}

export const redirectsFlags: FlagParametersForType<RedirectsFlags, CliContext> = {
  function: yes('Write a CloudFront Function that makes them, instead of a list'),
  directoryIndex: yes('It also serves /blog/ and /blog from blog/index.html'),
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
  port: value('number', 'The port of the first edge location; the others follow (any free one)'),
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
