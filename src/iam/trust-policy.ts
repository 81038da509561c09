// Which GitHub Actions jobs may take the role. Pure.

import { escapePolicyText, type PolicyDocument, type PolicyScope } from './policy.ts'

export interface GitHubSource {
  readonly owner: string
  readonly repo: string
  /** GitHub's numbers for them, as text: with both, nobody else can ever be meant. */
  readonly ids?: { readonly owner: string; readonly repo: string }
  /** Jobs on that branch, or of that environment: a job with an environment never says its branch. */
  readonly from: { readonly branch: string } | { readonly environment: string }
}

export const GITHUB_PROVIDER_HOST = 'token.actions.githubusercontent.com'

/**
 * Lists both forms of GitHub's subject: repositories created, renamed or transferred since 2026-07-15 send
 * `repo:OWNER@OWNER_ID/REPO@REPO_ID:…`, older ones `repo:OWNER/REPO:…`. Without the ids a wildcard stands for them; a name cannot hold an
 * `@`, so that no other repository is let in by it.
 *
 * @see GitHub Docs, "OpenID Connect reference"; IAM User Guide, "Create a role for OpenID Connect federation" (read 2026-11-23)
 */
export function makeTrustPolicy(
  { partition, account }: Pick<PolicyScope, 'partition' | 'account'>,
  source: GitHubSource,
): PolicyDocument {
  const { owner, repo, ids } = source
  const suffix = subjectSuffix(source.from)
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'GitHubActions',
        Effect: 'Allow',
        Principal: { Federated: providerArn({ partition, account }) },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: { [`${GITHUB_PROVIDER_HOST}:aud`]: 'sts.amazonaws.com' },
          StringLike: {
            [`${GITHUB_PROVIDER_HOST}:sub`]: [
              `repo:${owner}/${repo}:${suffix}`,
              `repo:${owner}@${ids?.owner ?? '*'}/${repo}@${ids?.repo ?? '*'}:${suffix}`,
            ],
          },
        },
      },
    ],
  }
}

function providerArn({ partition, account }: Pick<PolicyScope, 'partition' | 'account'>): string {
  return `arn:${partition}:iam::${account}:oidc-provider/${GITHUB_PROVIDER_HOST}`
}

/** In subjects a colon of a name is written `%3A`. */
function subjectSuffix(from: GitHubSource['from']): string {
  const write = (name: string): string => escapePolicyText(name.replaceAll(':', '%3A'))
  return 'branch' in from ? `ref:refs/heads/${write(from.branch)}` : `environment:${write(from.environment)}`
}
