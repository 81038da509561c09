// Asks the edge whether it answers with what is live, purges once more what it does not, and asks again.

import pMap from 'p-map'
import type {
  AskedEncoding,
  EdgeAddress,
  Failure,
  InvalidationOutcome,
  OnEvent,
  PlannedCheck,
  PlannedChecks,
  PlannedInvalidation,
  StaleAnswer,
  Verification,
} from '../model.ts'
import type { Clock, Distributions, Viewer } from '../ports.ts'
import { failureOf } from './failure.ts'
import { invalidateAll } from './invalidate.ts'
import { judgeAnswer, type Verdict } from './judge-answer.ts'

export interface VerifyOptions {
  /** What to purge once more of what is stale; undefined: only look. */
  readonly planAgain?: (stale: readonly PlannedCheck[]) => readonly PlannedInvalidation[]
  readonly onEvent: OnEvent
  readonly signal: AbortSignal | undefined
}

export interface VerifyResult {
  readonly verification: Verification
  /** Of the second purge. */
  readonly failures: readonly Failure[]
}

const REQUESTS_AT_ONCE = 8
const MAX_TRIES = 3
const BETWEEN_TRIES_MS = 1000
/** Of larger objects only the headers are asked for: their bytes are the user's traffic. */
const MAX_BODY_BYTES = 32 * 1024 * 1024

/** Each has a cache entry of its own at the edge. Browsers send more names than these, which the edge leaves out of its cache key. */
const ACCEPT_ENCODING: Readonly<Record<AskedEncoding, string>> = {
  identity: 'identity',
  gzip: 'gzip',
  br: 'gzip, deflate, br',
}

interface Question {
  readonly check: PlannedCheck
  readonly address: EdgeAddress
  readonly url: string
  readonly encoding: AskedEncoding
}

interface Judged {
  readonly question: Question
  readonly edge: string
  readonly verdict: Verdict
}

/** Never rejects: what could not be asked is in the result. */
export async function verifyEdges(
  checks: PlannedChecks,
  addresses: readonly EdgeAddress[],
  ports: { readonly viewer: Viewer; readonly distributions: Distributions; readonly clock: Clock },
  options: VerifyOptions,
): Promise<VerifyResult> {
  const questions = checks.list.flatMap((check) => questionsOf(check, addresses))
  const first = await askAll(questions, ports, options)
  const stale = first.filter(isStale)
  if (stale.length === 0 || options.planAgain === undefined) {
    return { verification: summarize(checks, first, [], first.length), failures: [] }
  }
  options.onEvent({ kind: 'stale', urls: countDifferent(stale.map(({ question }) => question.url)) })
  const staleChecks = [...new Set(stale.map(({ question }) => question.check))]
  const { invalidations, failures } = await invalidateAll(options.planAgain(staleChecks), ports, {
    ...options,
    wait: true,
  })
  // All encodings and edges of what was stale at one of them: the purge has emptied them all, and any may be filled wrongly again.
  const questionsAgain = questions.filter(({ check }) => staleChecks.includes(check))
  const second = await askAll(questionsAgain, ports, options)
  const last = [...first.filter(({ question }) => !questionsAgain.includes(question)), ...second]
  return { verification: summarize(checks, last, invalidations, first.length + second.length), failures }
}

/** How a run ends that was fresh but for what the edge answers. */
export function resultOfVerification({ stale, unchecked }: Verification): 'fresh' | 'stale' | 'unverified' {
  if (stale.length > 0) return 'stale'
  return unchecked.some(({ kind }) => kind === 'no answer') ? 'unverified' : 'fresh'
}

function questionsOf(check: PlannedCheck, addresses: readonly EdgeAddress[]): Question[] {
  return addresses
    .filter(({ distribution }) => distribution === check.distribution)
    .flatMap((address) =>
      encodingsOf(check).map((encoding) => ({ check, address, url: `${address.origin}${check.path}`, encoding })),
    )
}

function encodingsOf({ expect }: PlannedCheck): AskedEncoding[] {
  const type = expect.kind === 'object' ? expect.metadata.contentType : 'text/html'
  return /^text\/|[/+](?:json|xml|javascript|wasm|x-javascript)\b|^font\/[ot]tf/u.test(type)
    ? ['identity', 'gzip', 'br']
    : ['br']
}

async function askAll(
  questions: readonly Question[],
  ports: { readonly viewer: Viewer; readonly clock: Clock },
  options: VerifyOptions,
): Promise<Judged[]> {
  let done = 0
  return pMap(
    questions,
    async (question) => {
      const judged = await ask(question, ports, options.signal)
      done += 1
      options.onEvent({ kind: 'verifying', done, total: questions.length })
      return judged
    },
    { concurrency: REQUESTS_AT_ONCE },
  )
}

async function ask(
  question: Question,
  { viewer, clock }: { readonly viewer: Viewer; readonly clock: Clock },
  signal: AbortSignal | undefined,
): Promise<Judged> {
  const { check, address, url, encoding } = question
  const { expect } = check
  const isWhole = expect.kind === 'gone' || expect.sizeBytes <= MAX_BODY_BYTES
  const stored = expect.kind === 'gone' ? expect.contentEncoding : expect.metadata.contentEncoding
  let edge = address.address ?? address.origin
  let verdict: Verdict = { kind: 'no answer', why: 'the run was stopped' }
  for (let tries = 0; tries < MAX_TRIES && signal?.aborted !== true; tries += 1) {
    try {
      if (tries > 0) await clock.sleep(BETWEEN_TRIES_MS, signal)
      const answer = await viewer.ask({
        method: isWhole ? 'GET' : 'HEAD',
        url,
        headers: { 'accept-encoding': ACCEPT_ENCODING[encoding], 'user-agent': 'freshfront' },
        decodes: stored === undefined,
        ...(address.address !== undefined && { address: address.address }),
        ...(signal !== undefined && { signal }),
      })
      edge = answer.pop ?? edge
      verdict = judgeAnswer(expect, answer, isWhole)
    } catch (error) {
      verdict = { kind: 'no answer', why: failureOf(url, error).message }
    }
    if (verdict.kind !== 'no answer') break
  }
  return { question, edge, verdict }
}

function isChecked({ verdict }: Judged): boolean {
  return verdict.kind !== 'no answer' && verdict.kind !== 'made at the edge'
}

function isStale({ verdict }: Judged): boolean {
  return verdict.kind === 'stale'
}

function summarize(
  checks: PlannedChecks,
  judged: readonly Judged[],
  purgedAgain: readonly InvalidationOutcome[],
  requests: number,
): Verification {
  return {
    urls: countDifferent(judged.filter(isChecked).map(({ question }) => question.url)),
    edges: countDifferent(judged.filter(isChecked).map(({ edge }) => edge)),
    requests,
    keys: checks.keys,
    ofKeys: checks.ofKeys,
    purgedAgain,
    stale: judged.flatMap((each) => toStaleAnswer(each, 'stale')),
    changedAtEdge: judged.flatMap((each) => toStaleAnswer(each, 'changed at edge')),
    unchecked: judged.flatMap(({ question, edge, verdict }) =>
      verdict.kind === 'no answer' || verdict.kind === 'made at the edge'
        ? [{ url: question.url, edge, kind: verdict.kind, why: verdict.why }]
        : [],
    ),
  }
}

function toStaleAnswer({ question, edge, verdict }: Judged, kind: 'stale' | 'changed at edge'): StaleAnswer[] {
  if (verdict.kind !== kind || !('expected' in verdict)) return []
  const { check, url, encoding } = question
  const { distribution, key } = check
  return [{ distribution, key, url, edge, encoding, expected: verdict.expected, got: verdict.got }]
}

function countDifferent(names: readonly string[]): number {
  return new Set(names).size
}
