// A store that takes so many requests a second and refuses the others with 503 SlowDown: a whole deploy over HTTP, counted by the store.

import { afterEach, describe, expect, it } from 'vitest'
import { createTokenBucket } from '../src/apply/token-bucket.ts'
import type { HttpResponse } from '../src/emulator/index.ts'
import { type Cloud, startCloud } from './cloud.ts'

const FILES = 100
const PER_SECOND = 50

const slowDown: HttpResponse = {
  status: 503,
  headers: { 'Content-Type': 'application/xml' },
  body: Buffer.from('<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>'),
}

interface Counted {
  taken: number
  refused: number
  refusedInARow: number
  longestRefusal: number
}

let cloud: Cloud
afterEach(() => cloud.close())

async function startThrottled(answer: HttpResponse): Promise<Counted> {
  const counted = { taken: 0, refused: 0, refusedInARow: 0, longestRefusal: 0 }
  const tokens = createTokenBucket({ tokensPerSecond: PER_SECOND, capacity: 5, nowMs: () => performance.now() })
  cloud = await startCloud({
    inRealTime: true,
    emulator: {
      intercept(service) {
        if (service !== 's3') return undefined
        if (tokens.book(1) > 0) {
          // What is refused takes nothing.
          tokens.book(-1)
          counted.refused += 1
          counted.longestRefusal = Math.max(counted.longestRefusal, (counted.refusedInARow += 1))
          return answer
        }
        counted.refusedInARow = 0
        counted.taken += 1
        return undefined
      },
    },
  })
  await cloud.write(Object.fromEntries(Array.from({ length: FILES }, (_, page) => [`${page}.html`, `page ${page}`])))
  return counted
}

describe('a store that refuses what is too much with 503 SlowDown', () => {
  it.each([
    ['503 SlowDown', slowDown],
    ['429, as other stores than S3 answer', { ...slowDown, status: 429 }],
  ])('gets every file all the same, and is asked too much rarely: %s', async (_, answer) => {
    const counted = await startThrottled(answer)
    const outcome = await cloud.deploy()
    expect([outcome.result, outcome.failures, outcome.uploaded.length]).toEqual(['fresh', [], FILES])
    expect(counted.taken).toBeGreaterThan(FILES)
    // Eight at once, each sent again at once, would be refused hundreds of times.
    expect(counted.refused).toBeGreaterThan(0)
    expect(counted.refused).toBeLessThan(FILES / 2)
    expect(counted.longestRefusal).toBeLessThanOrEqual(16)
  })
})
