import { describe, expect, it } from 'vitest'
import { sharedLifetimeSeconds } from './freshness.ts'

describe('sharedLifetimeSeconds', () => {
  it.each([
    [{}, 0],
    [{ cacheControl: 'no-store' }, 0],
    [{ cacheControl: 'public, max-age=60' }, 60],
    [{ cacheControl: 'max-age=60, S-MaxAge="600"' }, 600],
    [{ cacheControl: 'max-age=soon' }, 0],
    [{ cacheControl: 'max-age=5', expires: 'Thu, 01 Jan 2037 00:00:00 GMT' }, 5],
    [{ expires: 'Thu, 01 Jan 2037 00:00:00 GMT' }, Infinity],
  ])('of %j is %d s', (headers, seconds) => {
    expect(sharedLifetimeSeconds(headers)).toBe(seconds)
  })
})
