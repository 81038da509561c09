import { describe, expect, it } from 'vitest'
import { distribution } from '../../test/fakes/nouns.ts'
import { fakeClock } from '../../test/fakes/fake-clock.ts'
import { memoryDistributions, type MemoryDistributionsOptions } from '../../test/fakes/memory-distributions.ts'
import { accessDenied, invalidationsThrottled } from '../errors.ts'
import type { PlannedInvalidation } from '../model.ts'
import { invalidateAll } from './invalidate.ts'

const batch = (id: string, reference: string, ...items: string[]): PlannedInvalidation => {
  return { distribution: id, callerReference: reference, items: items.map((item) => ({ item, reasons: ['changed'] })) }
}

async function run(
  planned: readonly PlannedInvalidation[],
  options: MemoryDistributionsOptions & { wait?: boolean } = {},
) {
  const distributions = memoryDistributions([distribution({ id: 'E1' }), distribution({ id: 'E2' })], options)
  const clock = fakeClock()
  const result = await invalidateAll(
    planned,
    { distributions, clock },
    { wait: options.wait ?? true, onEvent: () => undefined, signal: undefined },
  )
  return { ...result, sent: distributions.sent, sleptMs: clock.sleptMs }
}

describe('invalidateAll', () => {
  it('sends each batch with its own reference and polls until it is complete', async () => {
    const { invalidations, sent, failures } = await run([batch('E1', 'ref-1', '/a', '/b')], { readsUntilCompleted: 3 })
    expect(sent).toEqual([{ distribution: 'E1', items: ['/a', '/b'], callerReference: 'ref-1' }])
    expect(invalidations).toMatchObject([{ distribution: 'E1', id: 'I1', status: 'Completed' }])
    expect(failures).toEqual([])
  })

  it('keeps a second between the batches of one distribution', async () => {
    const { sent, sleptMs } = await run([batch('E1', 'r1', '/a'), batch('E1', 'r2', '/b'), batch('E2', 'r3', '/c')])
    expect(sent.map(({ callerReference }) => callerReference).toSorted()).toEqual(['r1', 'r2', 'r3'])
    expect(sleptMs).toEqual([1000])
  })

  it('backs off with growing pauses while CloudFront takes no more, and repeats the same reference', async () => {
    const refusals = Array.from({ length: 3 }, () => invalidationsThrottled('E1', 'TooManyInvalidationsInProgress'))
    const { invalidations, sleptMs, sent } = await run([batch('E1', 'r1', '/a')], { refusals })
    expect(sleptMs).toEqual([1000, 2000, 4000])
    expect(sent).toHaveLength(1)
    expect(invalidations[0]?.status).toBe('Completed')
  })

  it('gives up after about five minutes of throttling and says that nothing was sent', async () => {
    const refusals = Array.from({ length: 99 }, () => invalidationsThrottled('E1', 'Throttling'))
    const { invalidations, failures, sleptMs } = await run([batch('E1', 'r1', '/a')], { refusals })
    expect(invalidations).toMatchObject([{ status: 'not sent' }])
    expect(failures).toMatchObject([{ what: 'invalidate 1 items of E1', code: 'INVALIDATIONS_THROTTLED' }])
    expect(sleptMs.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(240_000)
  })

  it('fails at once when it may not invalidate, and still serves the other distribution', async () => {
    const refusals = [accessDenied('cloudfront:CreateInvalidation', 'distribution E1')]
    const { invalidations, failures } = await run([batch('E1', 'r1', '/a'), batch('E2', 'r2', '/a')], { refusals })
    expect(invalidations.map(({ distribution: id, status }) => `${id} ${status}`)).toEqual([
      'E1 not sent',
      'E2 Completed',
    ])
    expect(failures).toMatchObject([{ code: 'ACCESS_DENIED' }])
  })

  it('does not poll when it need not wait', async () => {
    const { invalidations, sleptMs } = await run([batch('E1', 'r1', '/a')], { readsUntilCompleted: 3, wait: false })
    expect(invalidations).toMatchObject([{ status: 'InProgress' }])
    expect(sleptMs).toEqual([])
  })

  it('stops waiting for one that takes longer than 15 minutes, and says so', async () => {
    const { invalidations, failures } = await run([batch('E1', 'r1', '/a')], { readsUntilCompleted: 1e9 })
    expect(invalidations).toMatchObject([{ status: 'InProgress' }])
    expect(failures).toMatchObject([{ code: 'INVALIDATION_SLOW', what: 'wait for I1' }])
  })
})
