// One step of a workflow → what it does for a deploy: the actions that are known, and scripts that call the AWS CLI. Pure.

import { posix } from 'node:path'

import { withoutUndefined } from '../config/without-undefined.ts'
import { readAwsCommand, readSyncArguments } from './aws-cli-command.ts'
import { obstacle, type OldDeployPart } from './old-deploy.ts'
import { readScript, type ResolveVariable, type ShellCommand } from './shell-script.ts'

/** A step as YAML says it, with every value as text. */
export interface StepContent {
  readonly uses?: string
  readonly run?: string
  readonly shell?: string
  readonly workingDirectory?: string
  readonly with: Readonly<Record<string, string>>
  readonly env: Readonly<Record<string, string>>
}

export interface Surroundings {
  /** Names of `env:` of the job and the workflow, and of what scripts have written to GITHUB_ENV. */
  readonly environment: ReadonlySet<string>
}

export interface OldStep {
  readonly parts: readonly OldDeployPart[]
  /** Where in the script the deploy begins, when other commands come before it: the end of the last of these. */
  readonly keepScript?: number
  /** What the Action needs of the environment of the step. */
  readonly env: Readonly<Record<string, string>>
}

/** @returns undefined when the step has nothing to do with a deploy */
export function readOldStep(step: StepContent, surroundings: Surroundings): OldStep | undefined {
  const action = step.uses?.toLowerCase().replace(/@[^]*$/u, '')
  switch (action) {
    case 'jakejarvis/s3-sync-action':
      return { parts: [readSyncAction(step, surroundings)], env: credentialsOf(step.env, ['AWS_S3_ENDPOINT']) }
    case 'reggionick/s3-deploy':
      return { parts: [readS3Deploy(step)], env: credentialsOf(step.env) }
    case 'chetan/invalidate-cloudfront-action':
      return { parts: [readInvalidateAction(step)], env: credentialsOf(step.env) }
    case undefined:
      return step.run === undefined ? undefined : readRunStep(step, step.run, surroundings)
    default:
      return undefined
  }
}

/** Settings of Freshfront or of the AWS CLI's own output are said elsewhere; the rest of AWS_… is for the AWS SDK too. */
function credentialsOf(env: StepContent['env'], also: readonly string[] = []): Record<string, string> {
  const elsewhere = /^AWS_(?:REGION|DEFAULT_REGION|DEFAULT_OUTPUT|PAGER|S3_BUCKET|S3_ENDPOINT|PAGE_SIZE)$/u
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => also.includes(name) || (/^AWS_[A-Z0-9_]+$/u.test(name) && !elsewhere.test(name)),
    ),
  )
}

/** @see https://github.com/jakejarvis/s3-sync-action, README.md and entrypoint.sh */
function readSyncAction({ with: inputs, env }: StepContent, { environment }: Surroundings): OldDeployPart {
  const [command, ...more] = readScript((inputs['args'] ?? '').replaceAll('\n', ' '), () => undefined)
  if (more.length > 0 || command?.plain === false) return obstacle('The args are more than flags.')
  const part = readSyncArguments(command?.words ?? [])
  if (part.kind !== 'upload') return part
  // s3://BUCKET/DEST_DIR was put together from the two, so that a bucket with a folder worked too.
  const [bucket, ...folders] = env['AWS_S3_BUCKET']?.split(/\/(?![^{]*\}\})/u) ?? []
  const prefix = [...folders, env['DEST_DIR'] ?? ''].map(trimSlashes).filter((folder) => folder !== '')
  if (bucket === undefined && !environment.has('AWS_S3_BUCKET')) return obstacle('It has no AWS_S3_BUCKET.')
  // Without a folder the whole checkout was uploaded.
  const source = env['SOURCE_DIR'] ?? (environment.has('SOURCE_DIR') ? undefined : '.')
  return withoutUndefined({
    ...part,
    source,
    bucket,
    prefix: prefix.length === 0 ? undefined : prefix.join('/'),
    region: part.region ?? env['AWS_REGION'],
  })
}

function trimSlashes(text: string): string {
  return text.replace(/^\/+|\/+$/gu, '')
}

/** @see https://github.com/Reggionick/s3-deploy, README.md */
function readS3Deploy({ with: inputs, env }: StepContent): OldDeployPart {
  const known = new Set([
    'folder',
    'bucket',
    'bucket-region',
    'dist-id',
    'invalidation',
    'delete-removed',
    'no-cache',
    'private',
    'cache',
    'files-to-include',
  ])
  const unknown = Object.keys(inputs).find((name) => !known.has(name))
  if (unknown !== undefined) return obstacle(`Freshfront has nothing like its input "${unknown}".`)
  const removed = inputs['delete-removed'] ?? 'false'
  if (!['true', 'false', ''].includes(removed)) return obstacle('Its delete-removed is a pattern.')
  const files = inputs['files-to-include'] ?? '**'
  if (!files.split(',').includes('**')) return obstacle('Its files-to-include leaves files out.')
  const cacheControl =
    inputs['no-cache'] === 'true'
      ? 'no-cache, no-store, must-revalidate'
      : inputs['cache'] === undefined
        ? undefined
        : `max-age=${inputs['cache']}`
  return withoutUndefined({
    kind: 'upload' as const,
    source: inputs['folder'],
    bucket: inputs['bucket'],
    region: inputs['bucket-region'] ?? env['AWS_REGION'],
    distribution: inputs['dist-id'],
    delete: removed === 'true' ? 'true' : undefined,
    args: [
      ...(inputs['private'] === 'true' ? [] : ['--acl public-read']),
      ...(cacheControl === undefined ? [] : [`--cache-control '${cacheControl.replaceAll("'", '')}'`]),
    ],
    notes: [],
  })
}

/** @see https://github.com/chetan/invalidate-cloudfront-action, README.md */
function readInvalidateAction({ env }: StepContent): OldDeployPart {
  const distribution = env['DISTRIBUTION']
  if (distribution === undefined) return obstacle('Its DISTRIBUTION is not in its own env.')
  return { kind: 'invalidation', distribution, notes: [] }
}

function readRunStep(step: StepContent, script: string, { environment }: Surroundings): OldStep | undefined {
  const resolve: ResolveVariable = (name) =>
    step.env[name] ?? gitHubVariables[name] ?? (environment.has(name) ? `\${{ env.${name} }}` : undefined)
  const commands = readScript(script, resolve)
  const parts: OldDeployPart[] = []
  let folder = step.workingDirectory ?? ''
  let folderKnown = true
  let deployStart: number | undefined
  let lastOther: ShellCommand | undefined
  for (const command of commands) {
    const part = readInvalidationInVariable(command, resolve) ?? readAwsCommand(command)
    const first = command.words[0]?.value
    if (part === 'wait' || part !== undefined) {
      deployStart ??= command.start
      if (part !== 'wait') parts.push(part.kind === 'upload' ? { ...part, ...below(folder, part.source) } : part)
    } else if (first === 'cd') {
      const target = command.words[1]
      if (target === undefined || target.unknown !== undefined) {
        if (deployStart === undefined) lastOther = command
        folderKnown = false
      } else folder = posix.isAbsolute(target.value) ? target.value : posix.join(folder, target.value)
    } else if (!isNeutral(command)) {
      if (deployStart !== undefined) {
        parts.push(obstacle('Other commands follow the deploy in the same step; give them a step of their own.'))
        break
      }
      lastOther = command
    }
  }
  if (deployStart === undefined) return undefined
  if (step.shell !== undefined && !/^(?:bash|sh)\b/u.test(step.shell)) {
    parts.push(obstacle(`Its shell is ${step.shell}.`))
  }
  if (!folderKnown) parts.push(obstacle('It changes into a folder that is not known outside of the script.'))
  const region = step.env['AWS_REGION'] ?? step.env['AWS_DEFAULT_REGION']
  return {
    parts: parts.map((part) => (part.kind === 'upload' && region !== undefined ? { region, ...part } : part)),
    ...(lastOther !== undefined && { keepScript: lastOther.end }),
    env: credentialsOf(step.env),
  }
}

/** What a script says to itself and to the log: without the rest of it there is nobody to hear. */
function isNeutral({ words, plain }: ShellCommand): boolean {
  if (!plain) return false
  return (
    ['set', 'echo', 'export', ':', 'true'].includes(words[0]?.value ?? '') ||
    words.every(({ raw }) => /^[A-Za-z_]\w*=/u.test(raw))
  )
}

/** `ID=$(aws cloudfront create-invalidation … --query Invalidation.Id)`, to wait for it. */
function readInvalidationInVariable(
  { words, plain }: ShellCommand,
  resolve: ResolveVariable,
): OldDeployPart | undefined {
  const inner = /^[A-Za-z_]\w*="?\$\(([^]*)\)"?$/u.exec(words.at(-1)?.raw ?? '')?.[1]
  if (inner === undefined || !plain || words.length > 2) return undefined
  const [command, ...more] = readScript(inner, resolve)
  const part = command === undefined || more.length > 0 ? undefined : readAwsCommand(command)
  return part === 'wait' ? undefined : part
}

function below(folder: string, source: string | undefined): { source?: string } {
  if (source === undefined || folder === '' || posix.isAbsolute(source)) return {}
  return { source: posix.join(folder, source) }
}

/** @see GitHub Docs, "Variables reference", default environment variables; "Contexts reference", github context */
const gitHubVariables: Readonly<Record<string, string>> = {
  GITHUB_WORKSPACE: '${{ github.workspace }}',
  GITHUB_SHA: '${{ github.sha }}',
  GITHUB_REF_NAME: '${{ github.ref_name }}',
  GITHUB_HEAD_REF: '${{ github.head_ref }}',
  GITHUB_BASE_REF: '${{ github.base_ref }}',
  GITHUB_REPOSITORY: '${{ github.repository }}',
  GITHUB_REPOSITORY_OWNER: '${{ github.repository_owner }}',
  GITHUB_RUN_ID: '${{ github.run_id }}',
  GITHUB_RUN_NUMBER: '${{ github.run_number }}',
}
