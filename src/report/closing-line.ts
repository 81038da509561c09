// The last sentence of a report: what is true now. Pure.

import type { InvalidationOutcome, Outcome } from '../model.ts'
import { formatCount, formatDuration, formatNumber } from './amounts.ts'
import { showName } from './terminal-text.ts'

export interface ClosingLine {
  readonly mood: 'good' | 'open' | 'bad'
  readonly sentence: string
}

/** Whether the run stopped before its first write on purpose, so that the plan is all there is to tell. */
export function isOnlyPlanned({ result }: Outcome): boolean {
  return result === 'planned' || result === 'refused'
}

/** @param dir the folder that was deployed, as the user named it */
export function describeEnd(outcome: Outcome, dir: string | undefined): ClosingLine {
  const { plan } = outcome
  const duration = formatDuration(outcome.seconds)
  switch (outcome.result) {
    case 'refused':
      return { mood: 'bad', sentence: 'Refused: nothing was written.' }
    case 'planned':
      if (plan.refusals.length > 0) {
        return { mood: 'bad', sentence: 'This is the plan; nothing was written, and a deploy would be refused.' }
      }
      return planIsEmpty(outcome)
        ? nothingToDo(dir)
        : { mood: 'open', sentence: 'This is the plan; nothing was written.' }
    case 'nothing to do':
      return nothingToDo(dir)
    case 'superseded':
      return { mood: 'open', sentence: 'Superseded: nothing was written.' }
    case 'fresh':
      if (outcome.verification !== undefined && outcome.verification.urls > 0)
        return { mood: 'good', sentence: `Live in ${duration}, and seen to be fresh at the edge.` }
      if (outcome.invalidations.length === 0) return purgedNothing(duration)
      return { mood: 'good', sentence: `Live and fresh at every edge in ${duration}.` }
    case 'live':
      if (outcome.invalidations.length === 0 && plan.settleSeconds === 0) return purgedNothing(duration)
      return {
        mood: 'open',
        sentence: `Live in ${duration}. The purges were not waited for: until they are complete, an edge may still answer with what was there before.`,
      }
    case 'stale':
      return { mood: 'bad', sentence: `Live, but ${describeStale(outcome)}. ${RUN_AGAIN}` }
    case 'unverified':
      if (outcome.verification === undefined) {
        return { mood: 'bad', sentence: `Live, but the purge is still under way after ${duration}. ${RUN_AGAIN}` }
      }
      return {
        mood: 'bad',
        sentence: `Live and purged in ${duration}, but not seen to be fresh: not every edge gave an answer.`,
      }
    case 'failed':
      return { mood: 'bad', sentence: `${describeFailure(outcome, duration)} ${RUN_AGAIN}` }
  }
}

function describeStale({ verification }: Outcome): string {
  const urls = new Set(verification?.stale.map(({ url }) => url)).size
  return `${formatCount(urls, 'URL')} ${urls === 1 ? 'is' : 'are'} still stale at an edge`
}

const RUN_AGAIN = 'Run the command again: what is still owed is remembered and done then.'

function describeFailure(outcome: Outcome, duration: string): string {
  const { plan, uploaded, removed } = outcome
  const isWritten = uploaded.length === plan.uploads.length && removed.length === plan.removals.length
  if (!isWritten) {
    if (uploaded.length + removed.length === 0) return `Failed after ${duration}: nothing was changed.`
    return `Failed after ${duration}: ${doneOf(uploaded.length, plan.uploads.length, 'upload')} and ${doneOf(removed.length, plan.removals.length, 'removal')} are done.`
  }
  const unpurged = outcome.invalidations.filter(({ status }) => status !== 'Completed')
  if (unpurged.length > 0) return `Live, but not all purged: ${listDistributions(unpurged)}.`
  return `Live, but not finished after ${duration}: see what failed above.`
}

function doneOf(done: number, total: number, noun: string): string {
  return `${formatNumber(done)} of ${formatCount(total, noun)}`
}

function listDistributions(invalidations: readonly InvalidationOutcome[]): string {
  return [...new Set(invalidations.map(({ distribution }) => showName(distribution)))].join(', ')
}

function planIsEmpty({ plan }: Outcome): boolean {
  return plan.uploads.length === 0 && plan.removals.length === 0 && plan.invalidations.length === 0
}

function purgedNothing(duration: string): ClosingLine {
  return { mood: 'good', sentence: `Live in ${duration}; no cache had to be purged.` }
}

function nothingToDo(dir: string | undefined): ClosingLine {
  const folder = dir === undefined ? 'the folder' : showName(dir)
  return { mood: 'good', sentence: `Nothing to do: what is live is what is in ${folder}.` }
}
