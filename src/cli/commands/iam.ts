// freshfront iam: settings and names → policies → JSON, CloudFormation or Terraform. Asks nobody.

import { loadConfig } from '../../config/load.ts'
import { argumentsInvalid, quote } from '../../errors.ts'
import { isDynamicReference } from '../../iam/cloudformation.ts'
import { makePolicies, renderPolicies, type PolicyFormat } from '../../iam/policies.ts'
import { ACCOUNT_TO_BE_FOUND, partitionOf } from '../../iam/policy.ts'
import type { GitHubSource } from '../../iam/trust-policy.ts'
import type { CliContext } from '../context.ts'
import type { IamFlags } from '../flags.ts'
import { toConfigFlags } from './deploy.ts'

export async function runIam(this: CliContext, flags: IamFlags): Promise<void> {
  const { env, cwd, argv, terminal } = this
  const { format = 'json', only, repo, branch, environment, ownerId, repoId, account, roleName, ...rest } = flags
  const { tenants, doctor, ...settings } = rest
  const { config } = await loadConfig({ flags: toConfigFlags(settings, argv), env, cwd, defaultDir: cwd })
  const source = readSource({ repo, branch, environment, ownerId, repoId })
  if (only === 'trust' && source === undefined) {
    throw argumentsInvalid('--only trust needs --repo.', 'Name the GitHub repository: --repo OWNER/NAME.')
  }
  const scope = {
    partition: partitionOf(config.region),
    account: readAccount(account, format),
    bucket: config.bucket,
    prefix: config.prefix,
    distributions: config.distributions,
  }
  const names = { roleName: readRoleName(roleName ?? 'freshfront-deploy'), bucket: config.bucket }
  const branchOrEnvironment = branch ?? environment ?? ''
  if (format === 'cloudformation' && [config.prefix, branchOrEnvironment].some(isDynamicReference)) {
    throw argumentsInvalid(
      'CloudFormation would look up a name with {{resolve: in it instead of taking it.',
      'Use --format json or --format terraform.',
    )
  }
  const needs = {
    acl: config.acl !== undefined,
    countAccount: config.invalidation?.countsAccount === true,
    tenants: tenants === true,
    doctor: doctor === true,
  }
  const input = { scope, needs, roleName: names.roleName, ...(source !== undefined && { source }) }
  terminal.writeResult(renderPolicies(makePolicies(input, only), format, names))
  if (only === undefined && source === undefined) {
    terminal.writeStatus('Without the trust policy for GitHub Actions: name the repository with --repo OWNER/NAME.')
  }
}

type SourceFlags = Partial<
  Readonly<Record<'repo' | 'branch' | 'environment' | 'ownerId' | 'repoId', string | undefined>>
>

function readSource({ repo, branch, environment, ownerId, repoId }: SourceFlags): GitHubSource | undefined {
  if (repo === undefined) {
    const given = Object.entries({ branch, environment, 'owner-id': ownerId, 'repo-id': repoId })
    const [alone] = given.find(([, value]) => value !== undefined) ?? []
    if (alone === undefined) return undefined
    throw argumentsInvalid(`--${alone} says something about no repository.`, 'Add --repo OWNER/NAME.')
  }
  const parts = /^(?<owner>[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)\/(?<name>[\w.-]{1,100})$/u.exec(repo)?.groups
  if (parts === undefined) {
    throw argumentsInvalid(`--repo: expected OWNER/NAME, not ${quote(repo)}.`, 'As in github.com/OWNER/NAME.')
  }
  if (branch !== undefined && environment !== undefined) {
    throw argumentsInvalid(
      'A job with an environment does not tell AWS its branch, so that --branch and --environment cannot both be asked for.',
      'Use --environment, and restrict the environment to the branch in the settings of the repository.',
    )
  }
  const name = branch ?? environment ?? 'main'
  if (name === '' || /\p{Cc}/u.test(name)) {
    throw argumentsInvalid(`No branch or environment is called ${quote(name)}.`, 'Check the variable it comes from.')
  }
  if ((ownerId === undefined) !== (repoId === undefined)) {
    throw argumentsInvalid('--owner-id and --repo-id belong together.', `Both are in: gh api repos/${repo}`)
  }
  for (const id of [ownerId, repoId]) {
    if (id !== undefined && !/^\d{1,20}$/u.test(id)) {
      throw argumentsInvalid(
        `Expected a number for --owner-id and --repo-id, not ${quote(id)}.`,
        `gh api repos/${repo}`,
      )
    }
  }
  const { owner = '', name: repoName = '' } = parts
  return {
    owner,
    repo: repoName,
    from: environment === undefined ? { branch: name } : { environment: name },
    ...(ownerId !== undefined && repoId !== undefined && { ids: { owner: ownerId, repo: repoId } }),
  }
}

/** Templates find the account out; a policy that is pasted somewhere cannot. */
function readAccount(account: string | undefined, format: PolicyFormat): string {
  if (account === undefined && format !== 'json') return ACCOUNT_TO_BE_FOUND
  if (account !== undefined && /^\d{12}$/u.test(account)) return account
  throw argumentsInvalid(
    account === undefined
      ? 'The policies name the account, which --account says.'
      : `--account: expected twelve digits, not ${quote(account)}.`,
    'aws sts get-caller-identity --query Account shows it; --format cloudformation and terraform find it by themselves.',
  )
}

/** @see IAM API Reference, CreateRole: RoleName */
function readRoleName(name: string): string {
  if (/^[\w+=,.@-]{1,64}$/u.test(name)) return name
  throw argumentsInvalid(
    `--role-name: expected up to 64 letters, digits and +=,.@-_, not ${quote(name)}.`,
    'Or leave it out: freshfront-deploy.',
  )
}
