// DeployEvent → the status line to show now. Pure: a small machine; the shell writes what it says to stderr.

import type { DeployEvent, Plan } from '../model.ts'
import { formatCount, formatDuration, formatNumber, formatSize } from './amounts.ts'
import { showName, showOnOneLine } from './terminal-text.ts'

export interface ProgressOptions {
  /** On a terminal each line replaces the last, so every event has one; in a log only what is worth keeping. */
  readonly tty: boolean
  /** In a log, how many uploads or removals pass between two lines; 1 or more. */
  readonly everyNth: number
}

export interface Progress {
  /** @returns one line without its line break, of any length; undefined when there is nothing new to show */
  line(event: DeployEvent): string | undefined
}

/** Up to so many each has its line in a log too. */
const FEW_INVALIDATIONS = 10

export function createProgress(options: ProgressOptions): Progress {
  let uploadedBytes = 0
  let minutesWaited = 0
  let lastLine: string | undefined

  function describe(event: DeployEvent): string | undefined {
    switch (event.kind) {
      case 'scanning':
        return options.tty ? `Reading files: ${formatNumber(event.done)}, ${formatSize(event.bytes)}` : undefined
      case 'scanned':
        return `Read ${formatCount(event.files, 'file')}, ${formatSize(event.bytes)}${event.skipped === 0 ? '' : `; ${formatNumber(event.skipped)} left out`}`
      case 'listing':
        return options.tty ? `Listing the bucket: ${formatCount(event.done, 'object')}` : undefined
      case 'listed':
        return `Found ${formatCount(event.objects, 'object')} in the bucket, ${listDistributions(event.distributions)}`
      case 'planned':
        return describePlan(event.plan)
      case 'uploaded':
        uploadedBytes += event.sizeBytes
        if (options.tty) {
          return `Uploading ${ofTotal(event)}, ${formatSize(uploadedBytes)}: ${showName(event.key)}`
        }
        return isMilestone(event) ? `Uploaded ${ofTotal(event)}, ${formatSize(uploadedBytes)}` : undefined
      case 'removed':
        if (options.tty) return `Removing ${ofTotal(event)}`
        return isMilestone(event) ? `Removed ${ofTotal(event)}` : undefined
      case 'invalidating':
        if (!isWorthALine(event)) return undefined
        return `Invalidating ${formatCount(event.items, 'path')} on ${showName(event.distribution)} (${showName(event.id)})${describeTotal(event, 'request', 'sent')}`
      case 'purging':
        return describeWait(event)
      case 'invalidated':
        if (!isWorthALine(event)) return undefined
        return `${showName(event.distribution)} is purged at every edge after ${formatDuration(event.seconds)} (${showName(event.id)})${describeTotal(event, 'invalidation', 'complete')}`
      case 'waiting':
        return `Waiting ${formatDuration(event.seconds)}: ${showOnOneLine(event.reason)}`
      case 'backing-off':
        return `Trying again in ${formatDuration(event.seconds)}: ${showOnOneLine(event.what)}: ${showOnOneLine(event.reason)}`
      case 'verifying':
        return options.tty ? `Asking the edge: ${ofTotal(event)}` : undefined
      case 'stale':
        return `${formatCount(event.urls, 'URL')} still stale at an edge: purging once more`
      case 'failed':
        return `Failed: ${showOnOneLine(event.failure.what)}: ${showOnOneLine(event.failure.message)}`
      case 'recorded':
        return `Recorded release ${showName(event.release)}`
    }
  }

  /** In a log once a minute: enough to see that it is alive. */
  function describeWait({ done, total, seconds }: DeployEvent & { kind: 'purging' }): string | undefined {
    const minutes = Math.floor(seconds / 60)
    if (!options.tty && minutes === minutesWaited) return undefined
    minutesWaited = minutes
    return minutes === 0 && !options.tty
      ? undefined
      : `Waiting for the edges since ${formatDuration(seconds)}: ${formatNumber(done)} of ${formatCount(total, 'invalidation')} complete`
  }

  function isWorthALine(event: { readonly done: number; readonly total: number }): boolean {
    return options.tty || event.total <= FEW_INVALIDATIONS || isMilestone(event)
  }

  function isMilestone({ done, total }: { readonly done: number; readonly total: number }): boolean {
    return done === total || done % options.everyNth === 0
  }

  return {
    line(event) {
      const line = describe(event)
      if (line === undefined || line === lastLine) return undefined
      lastLine = line
      return line
    },
  }
}

function describePlan({ uploads, removals, invalidations, refusals }: Plan): string {
  if (refusals.length > 0) return 'Planned, and refused'
  const paths = invalidations.reduce((sum, { items }) => sum + items.length, 0)
  if (uploads.length + removals.length + paths === 0) return 'Planned: nothing to do'
  return `Planned: ${formatCount(uploads.length, 'upload')}, ${formatCount(removals.length, 'removal')}, ${formatCount(paths, 'path')} to invalidate`
}

function listDistributions(distributions: readonly string[]): string {
  return distributions.length === 0 ? 'no distribution' : `behind ${distributions.map(showName).join(', ')}`
}

/** @returns nothing where there is only one */
function describeTotal(
  { done, total }: { readonly done: number; readonly total: number },
  noun: string,
  state: string,
): string {
  return total === 1 ? '' : `, ${formatNumber(done)} of ${formatCount(total, noun)} ${state}`
}

function ofTotal({ done, total }: { readonly done: number; readonly total: number }): string {
  return `${formatNumber(done)}/${formatNumber(total)}`
}
