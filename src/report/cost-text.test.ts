import { expect, it } from 'vitest'
import { plannedCost } from '../../test/fakes/nouns.ts'
import { describeCost } from './cost-text.ts'

it('says nothing where nothing is invalidated', () => {
  expect(describeCost(plannedCost())).toEqual([])
})

it('compares with exact paths and with /*', () => {
  const exactPaths = { paths: 57, priceUsd: 0 }
  const everything = { paths: 1, evicts: 412, priceUsd: 0 }
  expect(describeCost(plannedCost({ paths: 3, freeLeft: 961, exactPaths, everything }))).toEqual([
    '3 paths of 961 free ones left this month; nothing unchanged goes cold.',
    'A path for every URL would be 57; /* would take 412 unchanged along.',
  ])
})

it('counts what goes cold, and what has to be paid', () => {
  const exactPaths = { paths: 1947, priceUsd: 9.73 }
  const everything = { paths: 1, evicts: 9000, priceUsd: 0.005 }
  const cost = plannedCost({ paths: 4, evicts: 1, freeLeft: 1, priceUsd: 0.015, exactPaths, everything })
  expect(describeCost(cost)).toEqual([
    '4 paths of 1 free ones left this month, so $0.015; 1 unchanged object goes cold.',
    'A path for every URL would be 1,947 ($9.73); /* would take 9,000 unchanged along.',
  ])
})

it('claims nothing of what goes cold where a distribution is purged whole', () => {
  expect(describeCost(plannedCost({ paths: 1, isWhole: true }))).toEqual(['1 path of 1,000 free ones left this month.'])
})
