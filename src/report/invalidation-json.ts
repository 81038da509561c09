// InvalidateOutcome → the JSON document of `invalidate --json`. Its shape is a promise to other programs. Pure.

import type { InvalidateOutcome, PlannedItem } from '../model.ts'

/** @returns the document, indented, with a line break at its end; what is in it stays, a later release may add to it */
export function renderInvalidateJson(outcome: InvalidateOutcome): string {
  const { result, planned, invalidations, settleSeconds, warnings, failures, seconds } = outcome
  const document = {
    formatVersion: 1,
    result,
    invalidations:
      result === 'planned'
        ? planned.map(({ distribution, items }) => ({ distribution, items: items.map(describeItem) }))
        : invalidations.map(({ distribution, items, id, status }) => ({
            distribution,
            items: items.map(describeItem),
            id,
            status,
          })),
    settleSeconds,
    warnings: warnings.map(({ code, message }) => ({ code, message })),
    failures: failures.map(({ what, code, message, fix }) => ({ what, code, message, fix })),
    seconds,
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

function describeItem({ item, reasons }: PlannedItem): PlannedItem {
  return { item, reasons }
}
