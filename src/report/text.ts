// Outcome → what a person reads on a terminal. Pure. Names and messages from outside never reach it raw (terminal-text.ts).

import type {
  ConfigSources,
  InvalidationOutcome,
  Outcome,
  PlannedItem,
  PlannedUpload,
  RequestCounts,
} from '../model.ts'
import { formatCount, formatDuration, formatNumber, formatSize } from './amounts.ts'
import { describeEnd, isOnlyPlanned } from './closing-line.ts'
import { describeCost } from './cost-text.ts'
import { renderChurn } from './churn-text.ts'
import { createPaint, type Paint, type Style } from './colors.ts'
import { alignColumns, wrapText } from './layout.ts'
import { showName, showOnOneLine, showSentence } from './terminal-text.ts'
import { renderVerification } from './verification-text.ts'

export interface TextOptions {
  readonly colors: boolean
  /** Characters on a line, for sentences to wrap at (100); names are never cut. */
  readonly width?: number
  /** Shown where given, but for defaults. */
  readonly sources?: ConfigSources
  /** The folder as the user named it. */
  readonly dir?: string
}

/** Rows shown of a list before it ends in "… and 380 more". Failures, refusals and warnings are always shown in full. */
const MAX_ROWS = 20

/** @returns lines, the last with its line break too */
export function renderOutcomeText(outcome: Outcome, options: TextOptions): string {
  const paint = createPaint(options.colors)
  const width = options.width ?? 100
  const sections = [
    renderHeadline(outcome, options.sources ?? {}, width, paint),
    renderUploads(outcome, paint),
    renderRemovals(outcome, paint),
    renderInvalidations(outcome, width, paint),
    ...(outcome.verification === undefined ? [] : [renderVerification(outcome.verification, { width, paint })]),
    renderLeftAlone(outcome, width, paint),
    ...(outcome.churn === undefined ? [] : [renderChurn(outcome.churn, width)]),
    renderTroubles(outcome, width, paint),
    renderEnd(outcome, options.dir, width, paint),
  ]
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

function renderHeadline(outcome: Outcome, sources: ConfigSources, width: number, paint: Paint): string[] {
  const { plan } = outcome
  const distributions = [...new Set(plan.invalidations.map(({ distribution }) => showName(distribution)))]
  const place = showName(`s3://${plan.bucket}/${plan.prefix}`)
  const behind = distributions.length === 0 ? '' : `, behind ${distributions.join(', ')}`
  const settings = Object.entries(sources)
    .filter(([, source]) => source !== undefined && source !== 'default')
    .map(([name, source]) => `${name} from ${showName(source ?? '')}`)
  return [
    paint('bold', `${isOnlyPlanned(outcome) ? 'Plan for' : 'Deploy to'} ${place}${behind}`),
    ...(settings.length === 0
      ? []
      : wrapText(`Set: ${settings.join(', ')}`, width, '  ').map((line) => paint('dim', line))),
  ]
}

function renderUploads(outcome: Outcome, paint: Paint): string[] {
  const { plan, uploaded } = outcome
  if (plan.uploads.length === 0) return []
  const doneKeys = new Set(uploaded.map(({ key }) => key))
  const isPlan = isOnlyPlanned(outcome)
  const counted = isPlan ? plan.uploads : plan.uploads.filter(({ key }) => doneKeys.has(key))
  const sent = counted.filter(({ copyOf }) => copyOf === undefined)
  const copies = counted.length - sent.length
  const sizeBytes = sent.reduce((sum, upload) => sum + upload.sizeBytes, 0)
  const copied = copies === 0 ? '' : `, ${formatNumber(copies)} of them copied in the bucket`
  const waves = new Set(plan.uploads.map(({ wave }) => wave)).size
  const shown = plan.uploads.slice(0, MAX_ROWS)
  const rows = alignColumns(
    shown.map((upload) => [showName(upload.key), describeReason(upload), formatSize(upload.sizeBytes)]),
  ).map((cells, index) => {
    const upload = shown[index]
    const wave = upload !== undefined && waves > 1 && upload.wave !== shown[index - 1]?.wave ? upload.wave : undefined
    const isMissing = !isPlan && upload !== undefined && !doneKeys.has(upload.key)
    return [
      ...(wave === undefined ? [] : [paint('dim', `  wave ${wave}`)]),
      isMissing
        ? `  ${paint('red', '!')} ${cells.join('  ')}  ${paint('red', 'not uploaded')}`
        : `  ${markUpload(upload, paint)} ${cells.join('  ')}`,
    ]
  })
  const heading = isPlan
    ? `${formatCount(plan.uploads.length, 'upload')}, ${formatSize(sizeBytes)}${copied}`
    : `Uploaded ${doneOf(uploaded.length, plan.uploads.length, 'file')}, ${formatSize(sizeBytes)}${copied}`
  return [heading, ...rows.flat(), ...renderRest(plan.uploads.length, '  ', paint)]
}

/** `new, copied from old/name.png` */
function describeReason({ key, reason, copyOf }: PlannedUpload): string {
  return copyOf === undefined || copyOf.key === key ? reason : `${reason}, copied from ${showName(copyOf.key)}`
}

function markUpload(upload: PlannedUpload | undefined, paint: Paint): string {
  return upload?.reason === 'new' ? paint('green', '+') : paint('yellow', '~')
}

function renderRemovals(outcome: Outcome, paint: Paint): string[] {
  const { plan, removed } = outcome
  if (plan.removals.length === 0) return []
  const isPlan = isOnlyPlanned(outcome)
  const doneKeys = new Set(removed)
  const shown = plan.removals.slice(0, MAX_ROWS)
  const rows = alignColumns(shown.map(({ key, reason }) => [showName(key), reason])).map((cells, index) => {
    const key = shown[index]?.key ?? ''
    return isPlan || doneKeys.has(key)
      ? `  ${paint('red', '-')} ${cells.join('  ')}`
      : `  ${paint('red', '!')} ${cells.join('  ')}  ${paint('red', 'not removed')}`
  })
  const heading = isPlan
    ? formatCount(plan.removals.length, 'removal')
    : `Removed ${doneOf(removed.length, plan.removals.length, 'object')}`
  return [heading, ...rows, ...renderRest(plan.removals.length, '  ', paint)]
}

function renderInvalidations(outcome: Outcome, width: number, paint: Paint): string[] {
  const { plan, result } = outcome
  const isPlan = isOnlyPlanned(outcome)
  const lines = isPlan
    ? plan.invalidations.flatMap(({ distribution, items }) => [
        `Invalidates ${formatCount(items.length, 'path')} on ${showName(distribution)}`,
        ...renderItems(items, paint),
      ])
    : outcome.invalidations.flatMap((invalidation) => [
        describeInvalidation(invalidation, paint),
        ...renderItems(invalidation.items, paint),
      ])
  const isSent = isPlan || outcome.invalidations.some(({ id }) => id !== undefined)
  const cost = (isSent ? describeCost(plan.cost) : []).flatMap((line) => wrapText(`  ${line}`, width, '  '))
  lines.push(...cost.map((line) => paint('dim', line)))
  if (plan.settleSeconds === 0) return lines
  const reasons = plan.settleReasons.map(showOnOneLine).join('; ')
  const verb = isPlan ? 'Waits' : 'Waited'
  const wait = `${verb} ${formatDuration(plan.settleSeconds)} instead of purging: ${reasons}`
  // Only a run that ended well is sure to have waited.
  return isPlan || result === 'fresh' || result === 'stale' || result === 'unverified'
    ? [...lines, ...wrapText(wait, width, '  ')]
    : lines
}

export function describeInvalidation({ distribution, items, id, status }: InvalidationOutcome, paint: Paint): string {
  const paths = `${formatCount(items.length, 'path')} on ${showName(distribution)}`
  const name = id === undefined ? '' : ` (${showName(id)})`
  switch (status) {
    case 'Completed':
      return `Invalidated ${paths}${name}`
    case 'InProgress':
      return `Invalidating ${paths}${name}: not complete yet`
    case 'not sent':
      return `${paint('red', '!')} Not sent: the invalidation of ${paths}`
    case 'failed':
      return `${paint('red', '!')} Failed: the invalidation of ${paths}${name}`
  }
}

export function renderItems(items: readonly PlannedItem[], paint: Paint): string[] {
  const rows = alignColumns(
    items.slice(0, MAX_ROWS).map(({ item, evicts, reasons: [first = '', ...others] }) => {
      const more = others.length === 0 ? '' : ` (and ${formatNumber(others.length)} more)`
      const along = evicts === undefined ? '' : `; takes ${formatCount(evicts, 'unchanged object')} along`
      return [showName(item), showOnOneLine(first) + more + along]
    }),
  )
  return [...rows.map((cells) => `    ${cells.join('  ')}`), ...renderRest(items.length, '    ', paint)]
}

function renderLeftAlone({ plan }: Outcome, width: number, paint: Paint): string[] {
  const lines: string[] = []
  if (plan.unchanged > 0) {
    const isExact = plan.cost.evicts === 0 && !plan.cost.isWhole
    const verb = plan.unchanged === 1 ? 'stays' : 'stay'
    lines.push(
      `${formatNumber(plan.unchanged)} unchanged ${isExact ? `${verb} warm` : `${verb} in the bucket as before`}`,
    )
  }
  if (plan.ignored !== undefined) {
    const verb = plan.ignored.length === 1 ? 'differs' : 'differ'
    lines.push(`  ignored: ${formatCount(plan.ignored.length, 'file')} ${verb} only in what "ignore" matches`)
  }
  if (plan.kept.length > 0) {
    const names = plan.kept.slice(0, 5).map(({ key }) => showName(key))
    const more = plan.kept.length > 5 ? ` and ${formatNumber(plan.kept.length - 5)} more` : ''
    const sentence = `${formatCount(plan.kept.length, 'asset')} of earlier builds kept for pages still open in browsers: ${names.join(', ')}${more}`
    lines.push(...wrapText(sentence, width, '  '))
  }
  if (plan.keptByRule.length > 0) {
    const names = plan.keptByRule.slice(0, 5).map(({ key }) => showName(key))
    const more = plan.keptByRule.length > 5 ? ` and ${formatNumber(plan.keptByRule.length - 5)} more` : ''
    const sentence = `${formatCount(plan.keptByRule.length, 'object')} not in the site kept by --keep: ${names.join(', ')}${more}`
    lines.push(...wrapText(sentence, width, '  '))
  }
  if (plan.foreign.length > 0) {
    const names = plan.foreign.slice(0, 5).map(showName)
    const more = plan.foreign.length > 5 ? ` and ${formatNumber(plan.foreign.length - 5)} more` : ''
    const sentence = `${formatCount(plan.foreign.length, 'object')} not put there by Freshfront left alone: ${names.join(', ')}${more}`
    lines.push(...wrapText(sentence, width, '  '))
  }
  return lines.map((line) => paint('dim', line))
}

function renderTroubles({ plan, failures }: Outcome, width: number, paint: Paint): string[] {
  return [
    ...plan.warnings.flatMap(({ message }) => renderTrouble('yellow', message, undefined, width, paint)),
    ...plan.refusals.flatMap(({ message, fix, confirmable }) =>
      renderTrouble('red', message, confirmable ? fix : `${fix} (--yes does not lift this.)`, width, paint),
    ),
    ...failures.flatMap(({ what, code, message, fix }) =>
      renderTrouble('red', `${showOnOneLine(what)}: ${message} (${code})`, fix, width, paint),
    ),
  ]
}

export function renderTrouble(
  style: Style,
  message: string,
  fix: string | undefined,
  width: number,
  paint: Paint,
): string[] {
  const [first = '', ...rest] = wrapText(showSentence(message), width - 2, '  ')
  return [
    `${paint(style, '!')} ${first}`,
    ...rest,
    ...(fix === undefined ? [] : wrapText(`  Fix: ${showSentence(fix)}`, width, '  ')),
  ]
}

function renderEnd(outcome: Outcome, dir: string | undefined, width: number, paint: Paint): string[] {
  const { mood, sentence } = describeEnd(outcome, dir)
  const style = ({ good: 'green', open: 'cyan', bad: 'red' } as const)[mood]
  const isPlan = outcome.result === 'planned'
  const requests = describeRequests(isPlan ? outcome.plan.requests : outcome.requests)
  return [
    ...(requests === '' ? [] : wrapText(`${isPlan ? 'Takes' : 'Took'} ${requests}`, width, '  ')).map((line) =>
      paint('dim', line),
    ),
    ...wrapText(sentence, width, '').map((line) => paint(style, line)),
  ]
}

const REQUEST_NAMES = [
  ['put', 'PUT'],
  ['copy', 'COPY'],
  ['list', 'LIST'],
  ['head', 'HEAD'],
  ['get', 'GET'],
  ['delete', 'DELETE'],
  ['createInvalidation', 'CreateInvalidation'],
  ['readInvalidation', 'GetInvalidation'],
  ['readDistribution', 'to read distributions'],
] as const

/** `5 requests: 3 PUT, 1 LIST, 1 CreateInvalidation`, or nothing when there were none. */
function describeRequests(requests: RequestCounts): string {
  const sent = REQUEST_NAMES.filter(([kind]) => requests[kind] > 0)
  const total = sent.reduce((sum, [kind]) => sum + requests[kind], 0)
  if (total === 0) return ''
  const kinds = sent.map(([kind, name]) => `${formatNumber(requests[kind])} ${name}`)
  return `${formatCount(total, 'request')}: ${kinds.join(', ')}`
}

function renderRest(total: number, indent: string, paint: Paint): string[] {
  return total > MAX_ROWS ? [paint('dim', `${indent}… and ${formatNumber(total - MAX_ROWS)} more`)] : []
}

function doneOf(done: number, total: number, noun: string): string {
  return done === total ? formatCount(total, noun) : `${formatNumber(done)} of ${formatCount(total, noun)}`
}
