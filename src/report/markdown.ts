// Outcome → the Markdown of a job summary, of a pull request's comment and of `plan --format markdown`. Pure. Nothing from outside reaches
// it but through markdown-text.ts.

import type { Outcome, PlannedItem, PlannedUpload } from '../model.ts'
import { formatCount, formatDuration, formatNumber, formatSize } from './amounts.ts'
import { renderChurn } from './churn-text.ts'
import { describeEnd, isOnlyPlanned } from './closing-line.ts'
import { formatDollars } from './cost-text.ts'
import { codeOf, linkOf, preformatted, proseOf, proseOnOneLine } from './markdown-text.ts'

export interface MarkdownOptions {
  /** Of each table, before it ends in "and 380 more" (50). */
  readonly maxRows?: number
  /** The folder as the user named it. */
  readonly dir?: string
  /** Where a distribution is reached, `https://www.example.com`: what was deployed is then linked. */
  readonly originOf?: (distribution: string) => string | undefined
  /** Leaves out the bucket's name, where the reader may be anybody. */
  readonly hidesBucket?: boolean
}

/** @returns lines, the last with its line break too */
export function renderOutcomeMarkdown(outcome: Outcome, options: MarkdownOptions = {}): string {
  const { maxRows = 50 } = options
  return joinSections([
    [`### ${proseOnOneLine(describeEnd(outcome, options.dir).sentence)}`],
    renderPlace(outcome, options),
    renderTroubles(outcome),
    renderStale(outcome, maxRows),
    renderUploads(outcome, maxRows, linksOf(outcome, options)),
    renderRemovals(outcome, maxRows),
    renderPurges(outcome, maxRows, options),
    renderCost(outcome),
    renderLeftAlone(outcome),
    outcome.churn === undefined ? [] : [preformatted(renderChurn(outcome.churn, 100))],
  ])
}

/** A run that ended before there was an outcome. */
export function renderErrorMarkdown(error: {
  readonly code: string
  readonly message: string
  readonly fix: string
}): string {
  return joinSections([
    ['### Not deployed'],
    [proseOf(error.message)],
    [`**Fix:** ${proseOf(error.fix)} (${codeOf(error.code)})`],
  ])
}

function joinSections(sections: readonly (readonly string[])[]): string {
  const texts = sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'))
  return `${texts.join('\n\n')}\n`
}

function renderPlace(outcome: Outcome, { hidesBucket = false }: MarkdownOptions): string[] {
  const { plan } = outcome
  const distributions = [...new Set(plan.invalidations.map(({ distribution }) => codeOf(distribution)))]
  const place = hidesBucket ? 'the site' : codeOf(`s3://${plan.bucket}/${plan.prefix}`)
  const behind = distributions.length === 0 ? '' : `, behind ${distributions.join(', ')}`
  const verb = isOnlyPlanned(outcome) ? 'Plan for' : 'Deploy to'
  return [`${verb} ${place}${behind}, release ${codeOf(plan.release)}`]
}

function renderTroubles({ plan, failures }: Outcome): string[] {
  return [
    ...failures.map(({ what, code, message, fix }) => renderTrouble('Failed', `${what}: ${message}`, code, fix)),
    ...plan.refusals.map(({ code, message, fix }) => renderTrouble('Refused', message, code, fix)),
    ...plan.warnings.map(({ code, message }) => renderTrouble('Warning', message, code, undefined)),
  ]
}

function renderTrouble(kind: string, message: string, code: string, fix: string | undefined): string {
  const how = fix === undefined ? '' : `<br>Fix: ${proseOf(fix)}`
  return `- **${kind}** (${codeOf(code)}): ${proseOf(message)}${how}`
}

function renderStale({ verification }: Outcome, maxRows: number): string[] {
  const stale = verification?.stale ?? []
  const rows = stale.map(({ url, edge, expected, got }) => [
    codeOf(url),
    codeOf(edge),
    proseOnOneLine(expected),
    proseOnOneLine(got),
  ])
  return renderTable(`Still stale: ${formatCount(stale.length, 'answer')}`, ['URL', 'Edge', 'Expected', 'Got'], rows, {
    maxRows,
  })
}

/** One address of each key: `/blog/` rather than `/blog/index.html`, and rather than `/blog`, where relative links lead elsewhere. */
function linksOf({ plan }: Outcome, { originOf }: MarkdownOptions): (key: string) => string {
  const urls = new Map<string, string>()
  const rank = (url: string): number => url.length + (url.endsWith('/') ? 0 : 10_000)
  for (const { key, path, distribution, expect } of plan.checks.list) {
    const origin = originOf?.(distribution)
    if (origin === undefined || expect.kind !== 'object') continue
    const url = `${origin}${path}`
    const known = urls.get(key)
    if (known === undefined || rank(url) < rank(known)) urls.set(key, url)
  }
  return (key) => {
    const url = urls.get(key)
    return url === undefined ? codeOf(key) : linkOf(key, url)
  }
}

function renderUploads(outcome: Outcome, maxRows: number, link: (key: string) => string): string[] {
  const { plan, uploaded } = outcome
  const isPlan = isOnlyPlanned(outcome)
  const doneKeys = new Set(uploaded.map(({ key }) => key))
  const isDone = ({ key }: PlannedUpload): boolean => isPlan || doneKeys.has(key)
  const done = plan.uploads.filter(isDone)
  const sizeBytes = done.reduce((sum, upload) => sum + upload.sizeBytes, 0)
  const count = doneOf(done.length, plan.uploads.length, 'file')
  const rows = plan.uploads.map((upload) => [
    // What is not live yet would be a link to nothing, or to what was there before.
    isPlan ? codeOf(upload.key) : link(upload.key),
    isDone(upload) ? upload.reason : `**not uploaded** (${upload.reason})`,
    formatSize(upload.sizeBytes),
  ])
  const title = `${isPlan ? 'Would go live' : 'Went live'}: ${count}, ${formatSize(sizeBytes)}`
  return renderTable(title, ['File', 'Why', 'Size'], rows, { maxRows })
}

function renderRemovals(outcome: Outcome, maxRows: number): string[] {
  const { plan, removed } = outcome
  const isPlan = isOnlyPlanned(outcome)
  const doneKeys = new Set(removed)
  const count = doneOf(isPlan ? plan.removals.length : removed.length, plan.removals.length, 'object')
  const rows = plan.removals.map(({ key, reason }) => [
    codeOf(key),
    isPlan || doneKeys.has(key) ? reason : `**not removed** (${reason})`,
  ])
  return renderTable(`${isPlan ? 'Would be removed' : 'Removed'}: ${count}`, ['File', 'Why'], rows, { maxRows })
}

function renderPurges(outcome: Outcome, maxRows: number, { originOf }: MarkdownOptions): string[] {
  const isPlan = isOnlyPlanned(outcome)
  const purges = isPlan ? outcome.plan.invalidations : outcome.invalidations
  const tables = purges.map((purge) => {
    const state = 'status' in purge && purge.status !== 'Completed' ? ` (${purge.status})` : ''
    const id = 'id' in purge && purge.id !== undefined ? `, ${codeOf(purge.id)}` : ''
    const title = `${isPlan ? 'Would be purged' : 'Purged'}: ${formatCount(purge.items.length, 'path')} on ${codeOf(purge.distribution)}${id}${state}`
    const origin = originOf?.(purge.distribution)
    const rows = purge.items.map((item) => [linkToItem(item, origin), reasonOf(item), formatNumber(item.evicts ?? 0)])
    return renderTable(title, ['Path', 'Why', 'Unchanged objects that go cold'], rows, { maxRows })
  })
  const { settleSeconds, settleReasons } = outcome.plan
  const wait = `Instead of purging, ${formatDuration(settleSeconds)} of waiting: ${settleReasons.map(proseOnOneLine).join('; ')}`
  return [...tables, settleSeconds > 0 ? [wait] : []].filter((lines) => lines.length > 0).flatMap(withGap)
}

/** A wildcard is no address, a cache tag neither; both stay text. */
function linkToItem({ item }: PlannedItem, origin: string | undefined): string {
  return origin === undefined || !item.startsWith('/') || item.includes('*')
    ? codeOf(item)
    : linkOf(item, `${origin}${item}`)
}

function reasonOf({ reasons: [first = '', ...others] }: PlannedItem): string {
  return proseOnOneLine(first) + (others.length === 0 ? '' : ` (and ${formatNumber(others.length)} more)`)
}

function renderCost({ plan: { cost } }: Outcome): string[] {
  if (cost.paths === 0) return []
  const { exactPaths, everything } = cost
  const evicts = (objects: number): string => (cost.isWhole ? 'not known' : formatNumber(objects))
  const price = (amountUsd: number): string => (amountUsd === 0 ? 'free' : formatDollars(amountUsd))
  const rows = [
    ['this', formatNumber(cost.paths), price(cost.priceUsd), evicts(cost.evicts)],
    ['a path for every URL', formatNumber(exactPaths.paths), price(exactPaths.priceUsd), '0'],
    [codeOf('/*'), formatNumber(everything.paths), price(everything.priceUsd), evicts(everything.evicts)],
  ]
  const title = `What the purge costs: ${formatCount(cost.paths, 'path')} of ${formatNumber(cost.freeLeft)} free ones left this month`
  return renderTable(title, ['', 'Paths', 'Price', 'Unchanged objects that go cold'], rows, { maxRows: rows.length })
}

function renderLeftAlone({ plan }: Outcome): string[] {
  const { unchanged, kept, foreign, ignored = [], cost } = plan
  const isExact = cost.evicts === 0 && !cost.isWhole
  const stay = `${unchanged === 1 ? 'stays' : 'stay'} ${isExact ? 'warm' : 'in the bucket as before'}`
  return [
    ...(unchanged > 0 ? [`- ${formatNumber(unchanged)} unchanged ${stay}`] : []),
    ...(ignored.length > 0
      ? [`- ${formatCount(ignored.length, 'file')} left as live: only what "ignore" matches`]
      : []),
    ...(kept.length > 0 ? [`- ${formatCount(kept.length, 'asset')} of earlier builds kept for pages still open`] : []),
    ...(foreign.length > 0
      ? [`- ${formatCount(foreign.length, 'object')} not put there by Freshfront left alone`]
      : []),
  ]
}

/** @returns nothing for no rows */
function renderTable(
  title: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  { maxRows }: { readonly maxRows: number },
): string[] {
  if (rows.length === 0) return []
  const shown = rows.slice(0, maxRows)
  const rest = rows.length - shown.length
  const table = [
    `| ${columns.join(' | ')} |`,
    `|${columns.map(() => ' --- |').join('')}`,
    ...shown.map((cells) => `| ${cells.join(' | ')} |`),
  ]
  return [
    `**${title}**`,
    '',
    ...(shown.length > 0 ? table : []),
    ...(rest > 0 ? ['', `… and ${formatNumber(rest)} more`] : []),
  ]
}

function withGap(lines: readonly string[], index: number): readonly string[] {
  return index === 0 ? lines : ['', ...lines]
}

function doneOf(done: number, total: number, noun: string): string {
  return done === total ? formatCount(total, noun) : `${formatNumber(done)} of ${formatCount(total, noun)}`
}
