import { expect, it } from 'vitest'
import { behavior } from '../../test/fakes/url-space.ts'
import { shortLifetimeSeconds } from './edge-lifetime.ts'

const noStore = { cacheControl: 'private, No-Store' }

it('is nothing for no-store where the minimum TTL is 0', () => {
  expect(shortLifetimeSeconds(noStore, [behavior()])).toBe(0)
})

it('is the longest minimum TTL of the behaviors for no-store, which a minimum TTL overrules', () => {
  expect(shortLifetimeSeconds(noStore, [behavior(), behavior({ minTtlSeconds: 1 })])).toBe(1)
})

it('is nothing under a behavior that keeps nothing', () => {
  expect(shortLifetimeSeconds({}, [behavior({ maxTtlSeconds: 0 })])).toBe(0)
})

it.each([[{}], [{ cacheControl: 'no-cache' }], [{ cacheControl: 'max-age=0' }]])(
  'is not known to be short for %j',
  (metadata) => {
    expect(shortLifetimeSeconds(metadata, [behavior()])).toBeUndefined()
  },
)

it('is not known where code at the edge may have set the header', () => {
  expect(shortLifetimeSeconds(noStore, [behavior({ changesResponses: 'anything' })])).toBeUndefined()
})
