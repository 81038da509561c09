// What is known of a site → a workflow of GitHub Actions that builds it, deploys it, and shows on pull requests what would change. Pure.

import { actionPins, FRESHFRONT_ACTION_USES } from './action-pins.ts'
import type { NewStep } from './set-up-steps.ts'
import { toYamlText } from './yaml-text.ts'

export interface NewWorkflow {
  /** Checkout, set-up and build. */
  readonly steps: readonly NewStep[]
  readonly branch: string
  /** Undefined to take it from the variable AWS_ROLE_ARN of the repository. */
  readonly roleArn?: string
  /** For pull requests: it should only read. Undefined to take it from AWS_PLAN_ROLE_ARN, and to plan nothing until that is set. */
  readonly planRoleArn?: string
  readonly region: string
  /** Of the project below the repository, `''` for its root. */
  readonly folder: string
  /** Whether a pull request is shown what it would change. */
  readonly pullRequests: boolean
}

/** @returns YAML that means what it was given, whatever is in it: every text is quoted where it has to be */
export function writeWorkflow(workflow: NewWorkflow): string {
  const { branch, folder, pullRequests, roleArn, planRoleArn } = workflow
  const pattern = toYamlText(toBranchPattern(branch))
  const isBranch = `github.ref == ${toExpressionText(`refs/heads/${branch}`)}`
  const lines = [
    '# Builds the site and puts it live with Freshfront.',
    'name: Deploy',
    '',
    'on:',
    '  push:',
    '    branches:',
    `      - ${pattern}`,
    ...(pullRequests ? ['  pull_request:', '    branches:', `      - ${pattern}`] : []),
    '  workflow_dispatch:',
    '',
    'permissions:',
    '  contents: read',
    '  id-token: write # to sign in to AWS without stored keys',
    '',
    'concurrency:',
    '  group: deploy-${{ github.ref }}',
    '  # A deploy that is under way ends; of those that wait, the newest goes on.',
    `  cancel-in-progress: ${pullRequests ? "${{ github.event_name == 'pull_request' }}" : 'false'}`,
    '',
    ...(folder === '' ? [] : ['defaults:', '  run:', `    working-directory: ${toYamlText(folder)}`, '']),
    'jobs:',
    '  deploy:',
    `    if: ${toYamlText(isBranch)}`,
    ...renderJob(workflow, roleArn ?? '${{ vars.AWS_ROLE_ARN }}', {}),
    ...(pullRequests
      ? [
          '',
          '  # Shows what a pull request would change, in one comment. Its code has not been reviewed: give it a role that may only',
          '  # read. Forks get none.',
          '  plan:',
          '    if: >-',
          "      github.event_name == 'pull_request' &&",
          `      github.event.pull_request.head.repo.full_name == github.repository${planRoleArn === undefined ? ' &&' : ''}`,
          ...(planRoleArn === undefined ? ["      vars.AWS_PLAN_ROLE_ARN != ''"] : []),
          '    permissions:',
          '      contents: read',
          '      id-token: write',
          '      pull-requests: write',
          ...renderJob(workflow, planRoleArn ?? '${{ vars.AWS_PLAN_ROLE_ARN }}', { 'dry-run': 'true' }),
        ]
      : []),
  ]
  return `${lines.join('\n')}\n`
}

function renderJob(
  { steps, region, folder }: NewWorkflow,
  roleArn: string,
  inputs: Readonly<Record<string, string>>,
): string[] {
  const all: readonly NewStep[] = [
    ...steps,
    {
      uses: actionPins.configureAwsCredentials,
      with: { 'role-to-assume': roleArn, 'aws-region': region },
    },
    {
      uses: FRESHFRONT_ACTION_USES,
      with: { ...(folder !== '' && { config: `${folder}/freshfront.json` }), ...inputs },
    },
  ]
  return ['    runs-on: ubuntu-latest', '    steps:', ...all.flatMap(renderStep)]
}

function renderStep(step: NewStep): readonly string[] {
  if ('run' in step) return [`      - run: ${toYamlText(step.run)}`]
  const inputs = Object.entries(step.with ?? {}).map(
    ([name, value]) => `          ${name}: ${/^(?:true|false)$/u.test(value) ? value : toYamlText(value)}`,
  )
  return [`      - uses: ${step.uses}`, ...(inputs.length === 0 ? [] : ['        with:', ...inputs])]
}

/** @see GitHub Docs, "Workflow syntax", filter pattern cheat sheet: these mean something, and a backslash takes that away */
function toBranchPattern(branch: string): string {
  return branch.replace(/[!+*?[\]\\]/gu, '\\$&')
}

/** @see GitHub Docs, "Evaluate expressions in workflows", literals */
function toExpressionText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
