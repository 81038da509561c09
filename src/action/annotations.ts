// Warnings and failures as annotations of the run, where nobody has to open the log to see them.

import type { LoadedConfig } from '../config/load.ts'
import type { FreshfrontError } from '../errors.ts'
import type { Failure, Finding, Outcome, Refusal, ShardOutcome } from '../model.ts'
import { describeEnd } from '../report/closing-line.ts'
import { exitCodeOfOutcome } from '../cli/exit-codes.ts'
import type { ActionSettings } from './inputs.ts'
import type { AnnotationKind, Runner } from './runner.ts'

/** GitHub shows ten of each kind for a step. @see GitHub Docs, "Limits in GitHub Actions" */
const MAX_ANNOTATIONS = 9

export function annotateOutcome(runner: Runner, outcome: Outcome): void {
  const { plan, failures } = outcome
  annotateTroubles(runner, { ...plan, failures }, outcome.result === 'refused')
  const saysNothing = failures.length + plan.refusals.length === 0
  if (saysNothing && exitCodeOfOutcome(outcome) !== 0) {
    runner.annotate('error', describeEnd(outcome, undefined).sentence, { title: 'Freshfront' })
  }
}

/** One share of the site. */
export function annotateShard(runner: Runner, outcome: ShardOutcome): void {
  annotateTroubles(runner, outcome, outcome.result === 'refused')
}

interface Troubles {
  readonly warnings: readonly Finding[]
  readonly refusals: readonly Refusal[]
  readonly failures: readonly Failure[]
}

function annotateTroubles(runner: Runner, { warnings, refusals, failures }: Troubles, isRefused: boolean): void {
  annotateAll(runner, 'warning', warnings)
  annotateAll(runner, isRefused ? 'error' : 'warning', refusals.map(withFix))
  annotateAll(
    runner,
    'error',
    failures.map((failure) => withFix({ ...failure, message: `${failure.what}: ${failure.message}` })),
  )
}

export function annotateError(
  runner: Runner,
  error: { readonly code: string; readonly message: string; readonly fix: string },
): void {
  // Of what cannot be read as JSON it is known where.
  const [, file, line, col] = (error.code === 'CONFIG_NOT_JSON' && /^(.+?):(\d+):(\d+): /.exec(error.message)) || []
  const place = file === undefined || line === undefined || col === undefined ? {} : { file, line, col }
  runner.annotate('error', withFix(error).message, { title: `Freshfront: ${error.code}`, ...place })
}

export function warnOfSettings(runner: Runner, settings: ActionSettings, { config, sources }: LoadedConfig): void {
  if (settings.leftOut.length > 0) {
    runner.annotate('notice', `Left out of args, since it changes nothing here: ${settings.leftOut.join(', ')}.`, {
      title: 'Freshfront: args',
    })
  }
  if (settings.sharding === undefined && sources.dir === undefined && config.dir === settings.defaultDir) {
    runner.annotate(
      'warning',
      'Neither source nor SOURCE_DIR is set, so the whole repository is deployed, as s3-sync-action does (but for .git). Set the input source to the folder of the built site.',
      { title: 'Freshfront: the whole repository' },
    )
  }
}

export function warnOfAcl(runner: Runner, acl: string, reason: FreshfrontError): void {
  const why =
    reason.code === 'ACLS_NOT_SUPPORTED'
      ? 'the bucket takes no ACLs, as all buckets made since April 2023'
      : 'with it every upload is denied, and without it none (S3 Block Public Access denies public ACLs)'
  runner.annotate(
    'warning',
    `Uploaded without --acl ${acl}: ${why}. Leave it out; CloudFront reads the bucket through a bucket policy for origin access control.`,
    { title: 'Freshfront: ACL' },
  )
}

function annotateAll(
  runner: Runner,
  kind: AnnotationKind,
  findings: readonly { readonly code: string; readonly message: string }[],
): void {
  for (const { code, message } of findings.slice(0, MAX_ANNOTATIONS)) {
    runner.annotate(kind, message, { title: `Freshfront: ${code}` })
  }
  const rest = findings.length - MAX_ANNOTATIONS
  if (rest > 0) runner.annotate(kind, `and ${rest} more: see the log of the step`, { title: 'Freshfront' })
}

function withFix<T extends { readonly message: string; readonly fix?: string }>(finding: T): T {
  return finding.fix === undefined ? finding : { ...finding, message: `${finding.message}\nFix: ${finding.fix}` }
}
