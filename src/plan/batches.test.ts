import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { toBatches } from './batches.ts'

const hash = (text: string): string => createHash('sha256').update(text).digest('hex')
const items = (...paths: string[]): { item: string; reasons: string[] }[] =>
  paths.map((item) => ({ item, reasons: ['changed'] }))

describe('toBatches', () => {
  it('makes the same reference from the same plan, and another for other items, releases and distributions', () => {
    const reference = (distribution: string, release: string, ...paths: string[]): string | undefined =>
      toBatches(distribution, items(...paths), release, hash)[0]?.callerReference
    expect(reference('E1', 'r1', '/a')).toBe(reference('E1', 'r1', '/a'))
    const all = [
      reference('E1', 'r1', '/a'),
      reference('E2', 'r1', '/a'),
      reference('E1', 'r2', '/a'),
      reference('E1', 'r1', '/b'),
    ]
    expect(new Set(all).size).toBe(4)
  })

  it('sends at most 150 items and one prefix in a request', () => {
    const paths = ['/x*', '/y*', ...Array.from({ length: 200 }, (_, index) => `/${index}`)]
    const batches = toBatches('E1', items(...paths), 'r1', hash)
    expect(batches.map((batch) => batch.items.length)).toEqual([150, 52])
    expect(batches.map((batch) => batch.items.filter(({ item }) => item.endsWith('*')).length)).toEqual([1, 1])
    expect(batches.flatMap((batch) => batch.items.map(({ item }) => item)).toSorted()).toEqual(paths.toSorted())
  })

  it('makes no request out of nothing', () => {
    expect(toBatches('E1', [], 'r1', hash)).toEqual([])
  })
})
