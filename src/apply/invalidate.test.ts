import { describe, expect, it } from 'vitest'
import { distribution } from '../../test/fakes/nouns.ts'
import { fakeClock } from '../../test/fakes/fake-clock.ts'
import { memoryDistributions, type MemoryDistributionsOptions } from '../../test/fakes/memory-distributions.ts'
import {
  accessDenied,
  interrupted,
  invalidationItemsRefused,
  invalidationsThrottled,
  invalidationTooLarge,
  tooManyInvalidationsInProgress,
} from '../errors.ts'
import type { DeployEvent, PlannedInvalidation } from '../model.ts'
import { invalidateAll } from './invalidate.ts'

const batch = (id: string, reference: string, ...items: string[]): PlannedInvalidation => {
  return { distribution: id, callerReference: reference, items: items.map((item) => ({ item, reasons: ['changed'] })) }
}

async function run(
  planned: readonly PlannedInvalidation[],
  options: MemoryDistributionsOptions & {
    wait?: boolean
    signal?: AbortSignal
    onEvent?: (event: DeployEvent) => void
  } = {},
) {
  const distributions = memoryDistributions([distribution({ id: 'E1' }), distribution({ id: 'E2' })], options)
  const clock = fakeClock()
  const events: DeployEvent[] = []
  const result = await invalidateAll(
    planned,
    { distributions, clock },
    {
      wait: options.wait ?? true,
      onEvent(event) {
        events.push(event)
        options.onEvent?.(event)
      },
      signal: options.signal,
    },
  )
  return { ...result, sent: distributions.sent, sleptMs: clock.sleptMs, events }
}

describe('invalidateAll', () => {
  it('sends each batch with its own reference and polls until it is complete', async () => {
    const { invalidations, sent, failures } = await run([batch('E1', 'ref-1', '/a', '/b')], { readsUntilCompleted: 3 })
    expect(sent).toEqual([{ distribution: 'E1', items: ['/a', '/b'], callerReference: 'ref-1' }])
    expect(invalidations).toMatchObject([{ distribution: 'E1', id: 'I1', status: 'Completed' }])
    expect(failures).toEqual([])
  })

  it('keeps a second between wildcards, also of different distributions, and sends exact paths meanwhile', async () => {
    const batches = [
      batch('E1', 'r1', '/a*'),
      batch('E2', 'r2', '/b*'),
      batch('E1', 'r3', '/c'),
      batch('E2', 'r4', '/d'),
    ]
    const { sent, sleptMs } = await run(batches)
    expect(sent.map(({ callerReference }) => callerReference).toSorted()).toEqual(['r1', 'r2', 'r3', 'r4'])
    expect(sleptMs).toEqual([1000])
  })

  it('sends 30 prefixes in 29 seconds, and says how far it is', async () => {
    const batches = Array.from({ length: 30 }, (_, index) => batch('E1', `r${index}`, `/${index}/*`))
    const { sleptMs, events } = await run(batches)
    expect(sleptMs).toEqual(Array.from({ length: 29 }, () => 1000))
    expect(events[1]).toEqual({ kind: 'invalidating', distribution: 'E1', id: 'I2', items: 1, done: 2, total: 30 })
  })

  it('backs off with growing pauses while CloudFront takes no more, and repeats the same reference', async () => {
    const refusals = Array.from({ length: 3 }, () => invalidationsThrottled('E1', 'Throttling'))
    const { invalidations, sleptMs, sent, events } = await run([batch('E1', 'r1', '/a')], { refusals })
    expect(sleptMs).toEqual([973, 1324, 3216])
    expect(sent).toEqual([{ distribution: 'E1', items: ['/a'], callerReference: 'r1' }])
    expect(invalidations[0]?.status).toBe('Completed')
    expect(events[0]).toEqual({
      kind: 'backing-off',
      what: 'invalidation of E1',
      seconds: 0.973,
      reason: 'CloudFront takes no more invalidations for E1 just now (Throttling).',
    })
  })

  it('tries again as soon as one of its own is complete where too many are in progress', async () => {
    let isComplete = false
    const onEvent = ({ kind }: DeployEvent): void => void (isComplete ||= kind === 'invalidated')
    const refuse = ([item]: readonly string[]): Error | undefined =>
      item === '/b' && !isComplete ? tooManyInvalidationsInProgress('E1') : undefined
    const batches = [batch('E1', 'r1', '/a'), batch('E1', 'r2', '/b')]
    const { sleptMs, events } = await run(batches, { refuse, onEvent, readsUntilCompleted: 6, wait: false })
    expect(events.map((event) => (event.kind === 'backing-off' ? event.seconds : event.kind))).toEqual([
      'invalidating',
      0.604,
      1.104,
      3.29,
      5.739,
      'invalidated',
      'invalidating',
    ])
    expect(sleptMs).toEqual([604, 1104, 2000, 1290, 2000, 2000])
  })

  it('goes on sending where its own may not be read, and says so only when it waits for them', async () => {
    const refusals: Error[] = []
    const onEvent = ({ kind }: DeployEvent): void => {
      if (kind === 'invalidating' && !hasRefused) refusals.push(tooManyInvalidationsInProgress('E1'))
      hasRefused = true
    }
    let hasRefused = false
    const readRefusal = accessDenied('cloudfront:GetInvalidation', 'distribution E1')
    const options = { refusals, readRefusal, onEvent, readsUntilCompleted: 9 }
    const { sent, failures } = await run([batch('E1', 'r1', '/a'), batch('E1', 'r2', '/b')], options)
    expect(sent).toHaveLength(2)
    expect(failures.map(({ what, code }) => `${what}: ${code}`)).toEqual([
      'wait for I1: ACCESS_DENIED',
      'wait for I2: ACCESS_DENIED',
    ])
  })

  it('gives up after half an hour of throttling, and leaves the other batches of that distribution unsent', async () => {
    const refuse = (items: readonly string[]): Error | undefined =>
      items.includes('/ok') ? undefined : invalidationsThrottled('E1', 'Throttling')
    const batches = [batch('E1', 'r1', '/a', '/b'), batch('E1', 'r2', '/c'), batch('E2', 'r3', '/ok')]
    const { invalidations, failures, sleptMs } = await run(batches, { refuse })
    expect(invalidations.map(({ status }) => status)).toEqual(['not sent', 'not sent', 'Completed'])
    expect(failures).toEqual([
      {
        what: 'invalidate 3 items of E1',
        code: 'INVALIDATIONS_THROTTLED',
        message:
          'CloudFront has refused an invalidation of E1 for 29 minutes: CloudFront takes no more invalidations for E1 just now (Throttling).',
        fix: 'Run the command again in a few minutes; what is owed is remembered.',
      },
    ])
    const totalMs = sleptMs.reduce((sum, ms) => sum + ms, 0)
    expect(totalMs).toBeGreaterThan(25 * 60_000)
    expect(totalMs).toBeLessThanOrEqual(30 * 60_000)
    expect(Math.max(...sleptMs)).toBeLessThanOrEqual(300_000)
  })

  it('halves what is too large, with references that follow from the whole', async () => {
    const refuse = (items: readonly string[]): Error | undefined =>
      items.length > 2 ? invalidationTooLarge('E1') : undefined
    const { sent, failures, events } = await run([batch('E1', 'r', '/1', '/2', '/3', '/4', '/5')], { refuse })
    expect(sent).toEqual([
      { distribution: 'E1', items: ['/4', '/5'], callerReference: 'r-b' },
      { distribution: 'E1', items: ['/1', '/2'], callerReference: 'r-a-a' },
      { distribution: 'E1', items: ['/3'], callerReference: 'r-a-b' },
    ])
    expect(failures).toEqual([])
    expect(events.filter(({ kind }) => kind === 'invalidating').at(-1)).toMatchObject({ done: 3, total: 3 })
  })

  it('says which item is refused, and sends all others', async () => {
    const refuse = (items: readonly string[]): Error | undefined =>
      items.includes('/~') ? invalidationItemsRefused('E1', 'One or more invalid paths.') : undefined
    const paths = Array.from({ length: 149 }, (_, index) => `/${index}`)
    const { sent, failures, invalidations } = await run([batch('E1', 'r', ...paths, '/~')], { refuse })
    expect(sent.flatMap(({ items }) => items).toSorted()).toEqual(paths.toSorted())
    expect(invalidations.filter(({ status }) => status === 'not sent').map(({ items }) => items)).toEqual([
      [{ item: '/~', reasons: ['changed'] }],
    ])
    expect(failures.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'INVALIDATION_ITEMS_REFUSED: CloudFront refuses "/~" in an invalidation of E1; the others were sent. CloudFront refuses an item of an invalidation of E1: One or more invalid paths.',
    ])
  })

  it('says so where even one item is too large', async () => {
    const { failures } = await run([batch('E1', 'r', '/a', '/b')], { refuse: () => invalidationTooLarge('E1') })
    expect(failures.map(({ message }) => message)).toEqual([
      'CloudFront takes "/a" in no invalidation of E1, however small (BatchTooLarge).',
      'CloudFront takes "/b" in no invalidation of E1, however small (BatchTooLarge).',
    ])
  })

  it('ends after some hundred requests where every item is refused', async () => {
    let requests = 0
    const refuse = (): Error => ((requests += 1), invalidationItemsRefused('E1', 'Tags are not switched on.'))
    const tags = Array.from({ length: 150 }, (_, index) => `#${index}`)
    const { failures, invalidations } = await run([batch('E1', 'r', ...tags)], { refuse })
    expect(requests).toBe(129)
    expect(invalidations.flatMap(({ items }) => items)).toHaveLength(150)
    expect(failures).toHaveLength(65)
  })

  it('stops sending when it is interrupted while it backs off', async () => {
    const interruption = new AbortController()
    const refusals = [invalidationsThrottled('E1', 'Throttling')]
    const onEvent = ({ kind }: DeployEvent): void =>
      void (kind === 'backing-off' && interruption.abort(interrupted('SIGINT')))
    const batches = [batch('E1', 'r1', '/a'), batch('E1', 'r2', '/b')]
    const { sent, failures } = await run(batches, { refusals, onEvent, signal: interruption.signal })
    expect(sent).toEqual([])
    expect(failures).toMatchObject([{ what: 'invalidate 2 items of E1', code: 'INTERRUPTED' }])
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
