// What changed in most pages, as a person reads it. Pure.

import type { ChurnReport } from '../model.ts'
import { formatNumber } from './amounts.ts'
import { wrapText } from './layout.ts'
import { showOnOneLine, showSentence } from './terminal-text.ts'

/** @returns `412 of 415 pages changed; 20 of 20 compared differ only in <meta name="build" …>.`, and what can be done about it */
export function renderChurn(churn: ChurnReport, width: number): string[] {
  const { changedPages, ofPages, sampled, explained, shapes, ignore } = churn
  const changed = `${formatNumber(changedPages)} of ${formatNumber(ofPages)} pages changed`
  if (shapes.length === 0) {
    return wrapText(`${changed}, and not all in the same way (${formatNumber(sampled)} compared).`, width, '  ')
  }
  const names = shapes.map(({ shape }) => showOnOneLine(shape)).join(' and ')
  const compared = `${formatNumber(explained)} of ${formatNumber(sampled)} compared ${explained === 1 ? 'differs' : 'differ'}`
  const what = wrapText(`${changed}; ${compared} only in ${names}.`, width, '  ')
  if (ignore !== undefined) {
    const setting = showSentence(`"ignore": ${JSON.stringify(ignore)}`)
    return [
      ...what,
      ...wrapText(
        '  To keep such pages as they are while nothing else in them changes, in freshfront.json:',
        width,
        '  ',
      ),
      // On a line of its own and never wrapped, so that it can be copied.
      `    ${setting}`,
    ]
  }
  const [{ example }] = shapes as readonly [ChurnReport['shapes'][number]]
  return [
    ...what,
    ...wrapText(
      `  In ${showOnOneLine(example.key)} it was ${showOnOneLine(example.before) || 'nothing'} and is ${showOnOneLine(example.after) || 'nothing'}.`,
      width,
      '  ',
    ),
  ]
}
