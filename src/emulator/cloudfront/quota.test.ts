import { describe, expect, it } from 'vitest'
import { turnableClock } from '../clock.ts'
import type { QuotaModel } from './quota.ts'
import { createQuota } from './quota.ts'

const paths = (count: number): string[] => Array.from({ length: count }, (_, index) => `/${index}`)
const wildcards = (count: number): string[] => Array.from({ length: count }, (_, index) => `/${index}/*`)

function start(model: QuotaModel) {
  const clock = turnableClock()
  const quota = createQuota(model, () => clock.nowMs())
  function codeOf(items: string[], inProgress: string[] = []): string {
    try {
      quota.take(items, inProgress)
      return 'taken'
    } catch (error) {
      return (error as { code: string }).code
    }
  }
  return { clock, codeOf }
}

describe('createQuota rate-2026', () => {
  it('allows 3,000 items at once and 150 a second after that', () => {
    const { clock, codeOf } = start('rate-2026')
    expect(codeOf(paths(3000))).toBe('taken')
    expect(codeOf(paths(1))).toBe('Throttling')
    clock.advance(1000)
    expect(codeOf(paths(151))).toBe('Throttling')
    expect(codeOf(paths(150))).toBe('taken')
  })

  it('allows 15 wildcards at once and one a second after that', () => {
    const { clock, codeOf } = start('rate-2026')
    expect(codeOf(wildcards(15))).toBe('taken')
    expect(codeOf(wildcards(1))).toBe('Throttling')
    expect(codeOf(paths(10))).toBe('taken')
    clock.advance(1000)
    expect(codeOf(wildcards(1))).toBe('taken')
  })

  it('takes nothing of a batch that it refuses', () => {
    const { clock, codeOf } = start('rate-2026')
    codeOf(wildcards(15))
    expect(codeOf([...paths(2900), '/w/*'])).toBe('Throttling')
    clock.advance(1)
    expect(codeOf(paths(2985))).toBe('taken')
  })

  it('calls a batch too large that no waiting would let through', () => {
    const { codeOf } = start('rate-2026')
    expect(codeOf(paths(3001))).toBe('BatchTooLarge')
    expect(codeOf(wildcards(16))).toBe('BatchTooLarge')
  })
})

describe('createQuota rate-2026-no-burst', () => {
  it('allows 150 items and one wildcard at once, and calls more in one batch too large', () => {
    const { clock, codeOf } = start('rate-2026-no-burst')
    expect([paths(151), wildcards(2)].map((batch) => codeOf(batch))).toEqual(['BatchTooLarge', 'BatchTooLarge'])
    expect(codeOf([...paths(149), '/w/*'])).toBe('taken')
    expect(codeOf(paths(1))).toBe('Throttling')
    for (let tenths = 0; tenths < 10; tenths += 1) clock.advance(100)
    expect(codeOf([...paths(149), '/w/*'])).toBe('taken')
  })
})

describe('createQuota in-progress-legacy', () => {
  it('counts paths and wildcards in progress on their own', () => {
    const { codeOf } = start('in-progress-legacy')
    expect(codeOf(paths(1), paths(2999))).toBe('taken')
    expect(codeOf(paths(1), paths(3000))).toBe('TooManyInvalidationsInProgress')
    expect(codeOf(wildcards(1), [...paths(3000), ...wildcards(14)])).toBe('taken')
    expect(codeOf(wildcards(1), wildcards(15))).toBe('TooManyInvalidationsInProgress')
    expect(codeOf(paths(3001))).toBe('BatchTooLarge')
  })
})

describe('createQuota none', () => {
  it('takes any batch', () => {
    expect(start('none').codeOf(wildcards(5000))).toBe('taken')
  })
})
