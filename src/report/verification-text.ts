// What the edge answered, as a person reads it on a terminal. Pure.

import type { SiteVerification, StaleAnswer, UncheckedUrl, Verification } from '../model.ts'
import { formatCount, formatDuration, formatNumber } from './amounts.ts'
import { createPaint, type Paint } from './colors.ts'
import { wrapText } from './layout.ts'
import { showName, showOnOneLine } from './terminal-text.ts'

export interface VerificationTextOptions {
  readonly width: number
  readonly paint: Paint
}

/** URLs with their answers before the list ends in "… and 12 more". */
const MAX_URLS = 20

export function renderVerification(verification: Verification, options: VerificationTextOptions): string[] {
  const { paint } = options
  const { urls, keys, ofKeys, edges, purgedAgain, stale, changedAtEdge, unchecked } = verification
  if (ofKeys === 0) return []
  const sample = keys < ofKeys ? ` (of ${formatNumber(keys)} of ${formatCount(ofKeys, 'key')})` : ''
  const isGood = stale.length === 0 && !unchecked.some(({ kind }) => kind === 'no answer')
  const verb = isGood ? 'Verified' : `${paint('red', '!')} Asked for`
  const heading = `${verb} ${formatCount(urls, 'URL')}${sample} at ${formatCount(edges, 'edge')}`
  const again = purgedAgain.map(
    ({ distribution, items, status }) =>
      `  Purged once more, since an edge was stale: ${formatCount(items.length, 'path')} on ${showName(distribution)}${status === 'Completed' ? '' : ` (${status})`}`,
  )
  return [
    heading,
    ...again,
    ...renderAnswers('stale', stale, options),
    ...renderAnswers('changed by the edge itself, so not stale', changedAtEdge, options),
    ...renderUnchecked(unchecked, options),
  ]
}

/** All of `freshfront verify`. @returns lines, the last with its line break too */
export function renderSiteVerificationText(
  site: SiteVerification,
  { colors, width = 100 }: { readonly colors: boolean; readonly width?: number },
): string {
  const paint = createPaint(colors)
  const { bucket, prefix, release, notDeployed, verification, result, seconds } = site
  const duration = formatDuration(seconds)
  const end = {
    fresh: paint('green', `Fresh: the edge answers with what is live (${duration}).`),
    stale: paint('red', 'Stale: the edge answers with something else. Deploy with --force to purge everything.'),
    unverified: paint(
      'red',
      verification.urls === 0
        ? 'Not seen to be fresh: there is no URL whose answer is known beforehand.'
        : 'Not seen to be fresh: not every edge gave an answer.',
    ),
  }[result]
  const waiting =
    notDeployed === 0
      ? []
      : [
          `${formatCount(notDeployed, 'file')} of the folder ${notDeployed === 1 ? 'is' : 'are'} not what is live: not deployed yet`,
        ]
  const sections = [
    [paint('bold', `What is live in ${showName(`s3://${bucket}/${prefix}`)}: release ${showName(release)}`)],
    renderVerification(verification, { width, paint }),
    waiting,
    [end],
  ]
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

function renderAnswers(
  what: string,
  answers: readonly StaleAnswer[],
  { paint, width }: VerificationTextOptions,
): string[] {
  const byUrl = groupBy(answers, ({ url }) => url)
  if (byUrl.size === 0) return []
  const rows = [...byUrl].slice(0, MAX_URLS).flatMap(([url, [first, ...others]]) => {
    if (first === undefined) return []
    const places = new Set([first, ...others].map(({ edge }) => edge)).size
    const more = places > 1 ? ` and ${formatCount(places - 1, 'edge')} more` : ''
    return [
      `    ${showName(url)}  at ${showName(first.edge)}${more}`,
      ...wrapText(`      expected ${showOnOneLine(first.expected)}`, width, '        '),
      ...wrapText(`      got      ${showOnOneLine(first.got)}`, width, '        '),
    ]
  })
  return [`  ${formatCount(byUrl.size, 'URL')} ${what}:`, ...rows, ...renderRest(byUrl.size, paint)]
}

function renderUnchecked(unchecked: readonly UncheckedUrl[], { paint, width }: VerificationTextOptions): string[] {
  const byWhy = groupBy(unchecked, ({ why }) => why)
  const rows = [...byWhy].slice(0, MAX_URLS).flatMap(([why, urls]) => {
    const names = [...new Set(urls.map(({ url }) => showName(url)))]
    const more = names.length > 3 ? ` and ${formatNumber(names.length - 3)} more` : ''
    return wrapText(`  Not checked, since ${showOnOneLine(why)}: ${names.slice(0, 3).join(', ')}${more}`, width, '    ')
  })
  return [...rows, ...renderRest(byWhy.size, paint)]
}

function groupBy<T>(rows: readonly T[], nameOf: (row: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const row of rows) {
    const group = groups.get(nameOf(row))
    if (group === undefined) groups.set(nameOf(row), [row])
    else group.push(row)
  }
  return groups
}

function renderRest(total: number, paint: Paint): string[] {
  return total > MAX_URLS ? [paint('dim', `    … and ${formatNumber(total - MAX_URLS)} more`)] : []
}
