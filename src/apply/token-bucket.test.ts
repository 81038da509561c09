import { describe, expect, it } from 'vitest'
import { createTokenBucket } from './token-bucket.ts'

function start(tokensPerSecond: number, capacity: number) {
  let nowMs = 0
  const bucket = createTokenBucket({ tokensPerSecond, capacity, nowMs: () => nowMs })
  return { bucket, turn: (byMs: number) => void (nowMs += byMs) }
}

describe('createTokenBucket', () => {
  it('gives a full bucket at once, then makes wait for what flows in', () => {
    const { bucket, turn } = start(150, 150)
    expect(bucket.book(150)).toBe(0)
    expect(bucket.book(75)).toBe(500)
    turn(500)
    expect(bucket.book(15)).toBe(100)
  })

  it('queues those who ask at the same moment one behind the other', () => {
    const { bucket } = start(1, 1)
    expect([bucket.book(1), bucket.book(1), bucket.book(1)]).toEqual([0, 1000, 2000])
  })

  it('holds no more than its capacity after a long rest', () => {
    const { bucket, turn } = start(1, 1)
    turn(3_600_000)
    expect([bucket.book(1), bucket.book(1)]).toEqual([0, 1000])
  })

  it('lets more than its capacity go from a full bucket, and the next one waits for the debt', () => {
    const { bucket, turn } = start(150, 150)
    expect(bucket.book(3000)).toBe(0)
    expect(bucket.book(1)).toBe(19_007)
    turn(60_000)
    expect(bucket.book(150)).toBe(0)
  })

  it('makes nobody wait who takes nothing', () => {
    const { bucket } = start(1, 1)
    expect([bucket.book(1), bucket.book(0)]).toEqual([0, 0])
  })
})
