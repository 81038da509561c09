// What the invalidations cost, in paths, dollars and objects that go cold for nothing, beside what others would have. Pure.

import type { PlannedCost } from '../model.ts'
import { formatCount, formatNumber } from './amounts.ts'

/** @returns sentences; none where nothing is invalidated */
export function describeCost(cost: PlannedCost): string[] {
  if (cost.paths === 0) return []
  const { paths, evicts, freeLeft, priceUsd, isWhole } = cost
  const price = priceUsd === 0 ? '' : `, so ${formatDollars(priceUsd)}`
  const cold = isWhole ? '' : evicts === 0 ? '; nothing unchanged goes cold' : `; ${countObjects(evicts)} cold`
  const own = `${formatCount(paths, 'path')} of ${formatNumber(freeLeft)} free ones left this month${price}${cold}.`
  const others = describeOthers(cost)
  return others === '' ? [own] : [own, others]
}

function describeOthers({ paths, evicts, isWhole, exactPaths, everything }: PlannedCost): string {
  const ofExact = exactPaths.priceUsd === 0 ? '' : ` (${formatDollars(exactPaths.priceUsd)})`
  const exact =
    exactPaths.paths > paths ? `A path for every URL would be ${formatNumber(exactPaths.paths)}${ofExact}` : ''
  const whole =
    !isWhole && everything.evicts > evicts ? `/* would take ${formatNumber(everything.evicts)} unchanged along` : ''
  return [exact, whole]
    .filter((clause) => clause !== '')
    .join('; ')
    .replace(/$/u, exact + whole === '' ? '' : '.')
}

function countObjects(objects: number): string {
  return `${formatCount(objects, 'unchanged object')} ${objects === 1 ? 'goes' : 'go'}`
}

/** `$0.005`, `$12.50` */
export function formatDollars(amountUsd: number): string {
  const isWholeCents = Math.abs(amountUsd * 100 - Math.round(amountUsd * 100)) < 1e-6
  return `$${amountUsd.toFixed(isWholeCents ? 2 : 3)}`
}
