import { describe, expect, it } from 'vitest'
import { joinDebts } from './debt.ts'

describe('debts', () => {
  it('are joined to all that either owes, under the name of the first', () => {
    const one = { formatVersion: 1 as const, release: 'r2', keys: ['b', 'c'], puts: [{ key: 'b', etag: '"2"' }] }
    const other = {
      formatVersion: 1 as const,
      release: 'r1',
      keys: ['a', 'b'],
      puts: [
        { key: 'b', etag: '"1"' },
        { key: 'b', etag: '"2"' },
      ],
    }
    expect(joinDebts(one, other)).toEqual({
      formatVersion: 1,
      release: 'r2',
      keys: ['a', 'b', 'c'],
      puts: [
        { key: 'b', etag: '"1"' },
        { key: 'b', etag: '"2"' },
      ],
    })
    expect(joinDebts(one, undefined)).toBe(one)
  })
})
