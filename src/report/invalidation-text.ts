// InvalidateOutcome → what a person reads on a terminal. Pure.

import type { InvalidateOutcome } from '../model.ts'
import { formatCount, formatDuration } from './amounts.ts'
import { createPaint, type Style } from './colors.ts'
import { wrapText } from './layout.ts'
import { showName, showSentence } from './terminal-text.ts'
import { describeInvalidation, renderItems, renderTrouble } from './text.ts'

/** @returns lines, the last with its line break too */
export function renderInvalidateText(
  outcome: InvalidateOutcome,
  options: { readonly colors: boolean; readonly width?: number },
): string {
  const paint = createPaint(options.colors)
  const width = options.width ?? 100
  const { result, planned, invalidations, settleSeconds, settleReasons, warnings, failures } = outcome
  const isPlan = result === 'planned'
  const purges = isPlan
    ? planned.flatMap(({ distribution, items }) => [
        `Invalidates ${formatCount(items.length, 'path')} on ${showName(distribution)}`,
        ...renderItems(items, paint),
      ])
    : invalidations.flatMap((each) => [describeInvalidation(each, paint), ...renderItems(each.items, paint)])
  const settling =
    settleSeconds === 0 || (!isPlan && result !== 'fresh')
      ? []
      : wrapText(
          `${isPlan ? 'Waits' : 'Waited'} ${formatDuration(settleSeconds)} instead of purging: ${settleReasons.map(showSentence).join('; ')}`,
          width,
          '  ',
        )
  const troubles = [
    ...warnings.flatMap(({ message }) => renderTrouble('yellow', message, undefined, width, paint)),
    ...failures.flatMap(({ what, code, message, fix }) =>
      renderTrouble('red', `${what}: ${message} (${code})`, fix, width, paint),
    ),
  ]
  const { style, sentence } = describeEnd(outcome)
  const sections = [[...purges, ...settling], troubles, wrapText(sentence, width, '').map((line) => paint(style, line))]
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

function describeEnd({ result, seconds, planned, settleSeconds }: InvalidateOutcome): {
  style: Style
  sentence: string
} {
  const duration = formatDuration(seconds)
  switch (result) {
    case 'planned':
      return planned.length + settleSeconds === 0
        ? { style: 'green', sentence: NOTHING }
        : { style: 'cyan', sentence: 'This is the plan; nothing was sent.' }
    case 'nothing to do':
      return { style: 'green', sentence: NOTHING }
    case 'fresh':
      return { style: 'green', sentence: `Purged at every edge in ${duration}.` }
    case 'live':
      return {
        style: 'cyan',
        sentence: `Sent in ${duration}. The purges were not waited for: until they are complete, an edge may still answer with what was there before.`,
      }
    case 'unverified':
      return { style: 'red', sentence: `Sent, but the purge is still under way after ${duration}.` }
    case 'failed':
      return { style: 'red', sentence: `Failed after ${duration}: not all is purged. Nothing of it is remembered.` }
  }
}

const NOTHING = 'Nothing to invalidate.'
