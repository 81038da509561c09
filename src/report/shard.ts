// ShardOutcome → what a person reads on a terminal, the JSON document of `deploy --shard --json`, and Markdown. Pure.

import type { ShardOutcome } from '../model.ts'
import { formatCount, formatDuration, formatNumber, formatSize } from './amounts.ts'
import { createPaint } from './colors.ts'
import { wrapText } from './layout.ts'
import { codeOf, proseOf } from './markdown-text.ts'
import { showJson, showName, showSentence } from './terminal-text.ts'

/** @returns the document, indented, with a line break at its end; what is in it stays, a later release may add to it */
export function renderShardJson(outcome: ShardOutcome): string {
  const { name, shard, bucket, prefix, result, files, unchanged, uploads, parts, staged, uploaded } = outcome
  return showJson({
    formatVersion: 1,
    releaseName: name,
    shard,
    bucket,
    prefix,
    result,
    files,
    unchanged,
    uploads: uploads.map(({ key, reason, sizeBytes, wave }) => ({ key, reason, sizeBytes, wave })),
    parts,
    staged,
    uploaded: uploaded.length,
    warnings: outcome.warnings.map(({ code, message }) => ({ code, message })),
    refusals: outcome.refusals,
    failures: outcome.failures,
    requests: outcome.requests,
    seconds: outcome.seconds,
  })
}

/** @returns lines, the last with its line break too */
export function renderShardText(
  outcome: ShardOutcome,
  options: { readonly colors: boolean; readonly width?: number },
): string {
  const paint = createPaint(options.colors)
  const width = options.width ?? 100
  const troubles = troublesOf(outcome).flatMap(({ kind, text, code, fix }) => [
    ...wrapText(`${kind}: ${showSentence(text)} (${code})`, width, '  '),
    ...(fix === undefined ? [] : wrapText(`  Fix: ${showSentence(fix)}`, width, '  ')),
  ])
  const place = showName(`s3://${outcome.bucket}/${outcome.prefix}`)
  const heading = `Shard ${shardOf(outcome)} of release ${showName(outcome.name)} to ${place}`
  const lines = [paint('bold', heading), ...describeShare(outcome), ...troubles, describeEnd(outcome)]
  return `${lines.flatMap((line) => wrapText(line, width, '  ')).join('\n')}\n`
}

/** For a job summary. */
export function renderShardMarkdown(outcome: ShardOutcome): string {
  const troubles = troublesOf(outcome).map(
    ({ kind, text, code, fix }) =>
      `- **${kind}** (${codeOf(code)}): ${proseOf(text)}${fix === undefined ? '' : `<br>Fix: ${proseOf(fix)}`}`,
  )
  const heading = `### Shard ${shardOf(outcome)} of release ${codeOf(outcome.name)}`
  const lines = [...describeShare(outcome).map((line) => `- ${line}`), ...troubles]
  return `${[heading, lines.join('\n'), describeEnd(outcome)].join('\n\n')}\n`
}

function shardOf({ shard: { index, count } }: ShardOutcome): string {
  return `${formatNumber(index)}/${formatNumber(count)}`
}

function describeShare({ result, files, unchanged, uploads, uploaded, parts, staged }: ShardOutcome): string[] {
  if (result === 'superseded') return [`${formatCount(files, 'file')} in its range`]
  const bytes = uploads.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  const done = uploaded.length === uploads.length ? '' : `${formatNumber(uploaded.length)} of `
  return [
    `${formatCount(files, 'file')} in its range, ${formatNumber(unchanged)} unchanged`,
    `Uploaded ${done}${formatCount(uploads.length, 'file')}, ${formatSize(bytes)}${parts === 0 ? '' : `; ${formatNumber(parts)} of other shards, since pages of this one need them`}`,
    ...(staged.length === 0 ? [] : [`${formatCount(staged.length, 'file')} kept back until --finish`]),
  ]
}

function describeEnd(outcome: ShardOutcome): string {
  const duration = formatDuration(outcome.seconds)
  switch (outcome.result) {
    case 'uploaded':
      return `Uploaded and recorded in ${duration}. When all shards are, --finish ends the release.`
    case 'refused':
      return 'Refused: nothing was written.'
    case 'superseded':
      return 'Superseded: nothing was written, since something newer is live or being deployed.'
    case 'failed':
      return `Failed after ${duration}. Run the same shard again: it goes on where this one stopped.`
  }
}

interface Trouble {
  readonly kind: string
  readonly text: string
  readonly code: string
  readonly fix?: string
}

function troublesOf({ failures, refusals, warnings }: ShardOutcome): Trouble[] {
  return [
    ...failures.map(({ what, message, code, fix }) => ({
      kind: 'Failed',
      text: `${what}: ${message}`,
      code,
      ...(fix !== undefined && { fix }),
    })),
    ...refusals.map(({ message, code, fix }) => ({ kind: 'Refused', text: message, code, fix })),
    ...warnings.map(({ message, code }) => ({ kind: 'Warning', text: message, code })),
  ]
}
