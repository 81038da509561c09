// SiteStatus → what a person reads on a terminal, and the JSON document of `status --json`. Pure.

import type { Commit, Lock, SiteStatus } from '../model.ts'
import { formatCount, formatNumber } from './amounts.ts'
import { createPaint } from './colors.ts'
import { alignColumns, wrapText } from './layout.ts'
import { showJson, showName, showOnOneLine } from './terminal-text.ts'

/** Names shown of a list before it ends in "and 12 more". */
const MAX_NAMES = 5

/** @returns the document, indented, with a line break at its end; what is in it stays, a later release may add to it */
export function renderStatusJson(status: SiteStatus): string {
  const { bucket, prefix, release, completedAt, commit, objects, owed, lock, sharded, drift, foreign } = status
  const document = {
    formatVersion: 1,
    bucket,
    prefix,
    release,
    completedAt,
    commit,
    objects,
    owed,
    lock: lock && {
      host: lock.owner.host,
      pid: lock.owner.pid,
      release: lock.release,
      commit: lock.commit,
      startedAt: lock.startedAt,
      leaseEndsAt: lock.leaseEndsAt,
    },
    sharded: sharded && {
      name: sharded.name,
      count: sharded.count,
      complete: sharded.complete,
      begun: sharded.begun,
      overtaken: sharded.overtaken === true,
    },
    drift: { changed: drift.changed, missing: drift.missing },
    foreign,
  }
  return showJson(document)
}

/** @returns lines, the last with its line break too */
export function renderStatusText(
  status: SiteStatus,
  options: { readonly colors: boolean; readonly width?: number; readonly nowMs: number },
): string {
  const paint = createPaint(options.colors)
  const { bucket, prefix, release, completedAt = '', commit, objects, owed, lock, sharded, drift, foreign } = status
  const drifted = [...drift.changed, ...drift.missing]
  const rows = [
    ['Live', release === undefined ? 'nothing that Freshfront has deployed' : `release ${showName(release)}`],
    ...(release === undefined ? [] : [['Completed', showName(completedAt)]]),
    ...(commit === undefined ? [] : [['Commit', describeCommit(commit)]]),
    ['Objects', formatNumber(objects)],
    ['Owed', owed.length === 0 ? 'nothing' : `a purge of ${nameSome(owed, 'key')}; the next deploy pays it`],
    ['Lock', lock === undefined ? 'free' : describeHolder(lock, options.nowMs)],
    ...(sharded === undefined ? [] : [['Shards', describeShards(sharded)]]),
    ['Drift', drifted.length === 0 ? 'none' : `${nameSome(drifted, 'object')} changed or removed by someone else`],
    ['Foreign', foreign.length === 0 ? 'none' : `${nameSome(foreign, 'object')} not put there by Freshfront`],
  ]
  const lines = alignColumns(rows).flatMap((cells) => wrapText(cells.join('  '), options.width ?? 100, '           '))
  return `${[paint('bold', `Status of ${showName(`s3://${bucket}/${prefix}`)}`), ...lines].join('\n')}\n`
}

/** `release 2026-… on ci-7 (process 4242), since …, lease until …` */
export function describeHolder({ owner, release, startedAt, leaseEndsAt }: Lock, nowMs: number): string {
  const lease = Date.parse(leaseEndsAt) > nowMs ? `lease until ${showName(leaseEndsAt)}` : 'its lease has ended'
  return `held by release ${showName(release)} on ${showName(owner.host)} (process ${owner.pid}), since ${showName(startedAt)}, ${lease}`
}

function describeShards({ name, count, complete, begun, overtaken }: NonNullable<SiteStatus['sharded']>): string {
  const under = begun.length === 0 ? '' : `, ${begun.join(', ')} begun`
  const end = overtaken === true ? '; overtaken by another deploy' : '; not finished yet'
  return `release ${showName(name)}: ${formatNumber(complete.length)} of ${formatNumber(count)} uploaded${under}${end}`
}

function describeCommit({ id, committedAt }: Commit): string {
  return `${showOnOneLine(id)}${committedAt === undefined ? '' : ` of ${showName(committedAt)}`}`
}

function nameSome(names: readonly string[], noun: string): string {
  const shown = names.slice(0, MAX_NAMES).map(showName).join(', ')
  const more = names.length > MAX_NAMES ? ` and ${formatNumber(names.length - MAX_NAMES)} more` : ''
  return `${formatCount(names.length, noun)} (${shown}${more})`
}
