// Outcome → the one JSON document of `deploy --json` and `plan --json`. Its shape is a promise to other programs. Pure.

import type {
  ChurnReport,
  Failure,
  Finding,
  Outcome,
  PlannedCost,
  PlannedItem,
  RequestCounts,
  Refusal,
  RemovalReason,
  UploadReason,
} from '../model.ts'
import { isOnlyPlanned } from './closing-line.ts'
import { showJson } from './terminal-text.ts'
import { describeVerification, type VerificationDocument } from './verification-json.ts'

/** The document: what is in it stays; a later release may add to it. */
export interface OutcomeDocument {
  readonly formatVersion: 1
  /** Of this deploy: `2026-11-23T05-14-49Z-1f3a9c`, sorts by time. */
  readonly release: string
  readonly bucket: string
  /** Empty: the whole bucket. */
  readonly prefix: string
  readonly result: Outcome['result']
  /** In the order of the waves; all of a wave is live before the next begins. */
  readonly uploads: readonly {
    readonly key: string
    readonly reason: UploadReason
    readonly sizeBytes: number
    readonly wave: number
    /** There where S3 copies the bytes, and they are not sent: from this key, which is the same where only headers change. */
    readonly copiedFrom?: string
  }[]
  /** After the uploads. */
  readonly removals: readonly { readonly key: string; readonly reason: RemovalReason }[]
  /** Fingerprinted assets that have left the build and stay for some time. */
  readonly kept: readonly { readonly key: string; readonly leftIn: string; readonly leftAt: string }[]
  /** Keys that --keep alone saves from removal. */
  readonly keptByRule: readonly string[]
  /** Keys that stay as they are. */
  readonly unchanged: number
  /** Of those, the ones that differ from the disk only in what `ignore` matches; there when there are any. */
  readonly ignored?: readonly string[]
  /** There in a plan when most pages changed: what changed in them. */
  readonly churn?: ChurnReport
  /** One per CreateInvalidation request; `id` and `status` are there once it has been tried. */
  readonly invalidations: readonly {
    readonly distribution: string
    readonly items: readonly PlannedItem[]
    readonly id?: string
    readonly status?: string
  }[]
  /** What that costs, and what other ways to refresh the same would. */
  readonly cost: PlannedCost
  /** How long errors of new URLs, or an old error page, may stay cached: waited for, which is free, instead of purged. */
  readonly settleSeconds: number
  /** Keys under the prefix that Freshfront did not put there and leaves alone. */
  readonly foreign: readonly string[]
  /** What is worth knowing and stopped nothing. */
  readonly warnings: readonly Finding[]
  /** What a guard said no to; then nothing was written. */
  readonly refusals: readonly Refusal[]
  /** There when the edge was asked. */
  readonly verification?: VerificationDocument
  /** What did not work, and what to do. */
  readonly failures: readonly Failure[]
  /** What was sent; for a plan, what would be. */
  readonly requests: RequestCounts
  /** From the first request to the last answer. */
  readonly seconds: number
}

/** @returns the document, indented, with a line break at its end */
export function renderOutcomeJson(outcome: Outcome): string {
  return showJson(describeOutcome(outcome))
}

export function describeOutcome(outcome: Outcome): OutcomeDocument {
  const { plan } = outcome
  return {
    formatVersion: 1,
    release: plan.release,
    bucket: plan.bucket,
    prefix: plan.prefix,
    result: outcome.result,
    uploads: plan.uploads.map(({ key, reason, sizeBytes, wave, copyOf }) => ({
      key,
      reason,
      sizeBytes,
      wave,
      ...(copyOf !== undefined && { copiedFrom: copyOf.key }),
    })),
    removals: plan.removals.map(({ key, reason }) => ({ key, reason })),
    kept: plan.kept.map(({ key, leftIn, leftAt }) => ({ key, leftIn, leftAt })),
    keptByRule: plan.keptByRule.map(({ key }) => key),
    unchanged: plan.unchanged,
    ...(plan.ignored !== undefined && { ignored: plan.ignored }),
    ...(outcome.churn !== undefined && { churn: describeChurn(outcome.churn) }),
    invalidations: isOnlyPlanned(outcome)
      ? plan.invalidations.map(({ distribution, items }) => ({ distribution, items: items.map(describeItem) }))
      : outcome.invalidations.map(({ distribution, items, id, status }) => ({
          distribution,
          items: items.map(describeItem),
          ...(id === undefined ? {} : { id }),
          status,
        })),
    cost: plan.cost,
    settleSeconds: plan.settleSeconds,
    foreign: plan.foreign,
    warnings: plan.warnings.map(({ code, message }) => ({ code, message })),
    refusals: plan.refusals.map(({ code, message, fix, confirmable }) => ({ code, message, fix, confirmable })),
    ...(outcome.verification !== undefined && { verification: describeVerification(outcome.verification) }),
    failures: outcome.failures.map(({ what, code, message, fix }) => ({
      what,
      code,
      message,
      ...(fix === undefined ? {} : { fix }),
    })),
    requests: describeRequests(outcome.result === 'planned' ? plan.requests : outcome.requests),
    seconds: outcome.seconds,
  }
}

function describeChurn({ changedPages, ofPages, sampled, explained, shapes, ignore }: ChurnReport): ChurnReport {
  return {
    changedPages,
    ofPages,
    sampled,
    explained,
    shapes: shapes.map(({ shape, pages, example: { key, before, after } }) => ({
      shape,
      pages,
      example: { key, before, after },
    })),
    ...(ignore !== undefined && { ignore }),
  }
}

function describeItem({ item, reasons, evicts }: PlannedItem): PlannedItem {
  return { item, reasons, ...(evicts !== undefined && { evicts }) }
}

/** Spelled out, so that the order of the names never depends on who counted. */
function describeRequests(requests: RequestCounts): RequestCounts {
  const {
    put,
    copy,
    list,
    head,
    get,
    delete: deletes,
    readDistribution,
    createInvalidation,
    readInvalidation,
  } = requests
  return { put, copy, list, head, get, delete: deletes, readDistribution, createInvalidation, readInvalidation }
}
