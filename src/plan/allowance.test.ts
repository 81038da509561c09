import { describe, expect, it } from 'vitest'
import { allowanceOf, type AllowanceInput, priceOfPathsUsd } from './allowance.ts'

const NOVEMBER_23 = Date.UTC(2026, 10, 23)

function allow(input: Partial<AllowanceInput>): ReturnType<typeof allowanceOf> {
  return allowanceOf({
    state: undefined,
    debt: undefined,
    config: {},
    nowMs: NOVEMBER_23,
    accountPaths: undefined,
    ...input,
  })
}

const spent = (paths: number, month = '2026-11') => ({ spending: { month, paths, purgedAt: [] } })

describe('the paths of a deploy', () => {
  it('are its share of what is left of the month', () => {
    expect(allow({})).toEqual({ freeLeft: 1000, allowed: 375, allowedBy: 'the month' })
    expect(allow({ state: spent(900) })).toEqual({ freeLeft: 100, allowed: 37, allowedBy: 'the month' })
  })

  it('begin anew with the month', () => {
    expect(allow({ state: spent(900, '2026-10') }).freeLeft).toBe(1000)
  })

  it('are one at least, also when none is free', () => {
    expect(allow({ state: spent(1000) })).toEqual({ freeLeft: 0, allowed: 1, allowedBy: 'the month' })
  })

  it('count what unfinished runs may have sent, and what the account has', () => {
    const debt = { formatVersion: 1 as const, release: 'r1', keys: [], paths: 30 }
    expect(allow({ state: spent(10), debt }).freeLeft).toBe(960)
    expect(allow({ state: spent(10), accountPaths: 700 }).freeLeft).toBe(300)
    expect(allow({ state: spent(800), accountPaths: 700 }).freeLeft).toBe(200)
  })

  it('are what the user says', () => {
    expect(allow({ config: { invalidation: { maxPaths: 5 } } })).toMatchObject({ allowed: 5, allowedBy: 'maxPaths' })
    const bought = { invalidation: { maxCostUsd: 0.05, pathsPerMonth: 100 } }
    expect(allow({ state: spent(100), config: bought })).toEqual({ freeLeft: 0, allowed: 10, allowedBy: 'maxCost' })
  })
})

it('cost half a cent each beyond the free ones', () => {
  expect([-5, 0, 1, 3, 1000].map(priceOfPathsUsd)).toEqual([0, 0, 0.005, 0.015, 5])
})
