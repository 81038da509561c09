import { describe, expect, it } from 'vitest'
import type { InvalidationOutcome, StaleAnswer, Verification } from '../model.ts'
import { describeEnd } from './closing-line.ts'
import { EMPTY_PLAN, freshOutcome, idleOutcome, planOf } from '../../test/fakes/outcomes.ts'

const RUN_AGAIN = 'Run the command again: what is still owed is remembered and done then.'

const VERIFIED: Verification = {
  urls: 0,
  edges: 3,
  requests: 102,
  keys: 34,
  ofKeys: 34,
  purgedAgain: [],
  stale: [],
  changedAtEdge: [],
  unchecked: [],
}
const STALE: StaleAnswer = {
  distribution: 'E1',
  key: 'a',
  url: '',
  edge: 'FRA56-P4',
  encoding: 'br',
  expected: '200',
  got: '404',
}

function invalidation(distribution: string, status: InvalidationOutcome['status']): InvalidationOutcome {
  return { distribution, items: [{ item: '/*', reasons: ['all'] }], status }
}

describe('the closing line says', () => {
  it('that every edge is fresh only after a purge', () => {
    expect(describeEnd(freshOutcome(), './public').sentence).toBe('Live and fresh at every edge in 6.2 s.')
    expect(describeEnd(freshOutcome({ invalidations: [] }), './public').sentence).toBe(
      'Live in 6.2 s; no cache had to be purged.',
    )
  })

  it('that there is nothing to do, for a deploy and for a plan', () => {
    const sentence = 'Nothing to do: what is live is what is in ./public.'
    expect(describeEnd(idleOutcome('nothing to do', EMPTY_PLAN), './public')).toEqual({ mood: 'good', sentence })
    expect(describeEnd(idleOutcome('planned', EMPTY_PLAN), './public')).toEqual({ mood: 'good', sentence })
  })

  it('that a plan wrote nothing, and that a deploy of it would be refused', () => {
    const refusals = [{ code: 'TOO_MANY_REMOVALS', message: 'Too many.', fix: 'Use --yes.', confirmable: true }]
    expect(describeEnd(idleOutcome('planned', planOf()), undefined).sentence).toBe(
      'This is the plan; nothing was written.',
    )
    expect(describeEnd(idleOutcome('planned', planOf({ refusals })), undefined).sentence).toBe(
      'This is the plan; nothing was written, and a deploy would be refused.',
    )
    expect(describeEnd(idleOutcome('refused', planOf({ refusals })), undefined).sentence).toBe(
      'Refused: nothing was written.',
    )
  })

  it('that purges were not waited for', () => {
    expect(describeEnd(freshOutcome({ result: 'live' }), undefined).sentence).toBe(
      'Live in 6.2 s. The purges were not waited for: until they are complete, an edge may still answer with what was there before.',
    )
    expect(describeEnd(freshOutcome({ result: 'live', invalidations: [] }), undefined).sentence).toBe(
      'Live in 6.2 s; no cache had to be purged.',
    )
  })

  it('that the edge was seen to be fresh, was not seen so, or was seen stale', () => {
    const verification = { ...VERIFIED, urls: 34 }
    expect(describeEnd(freshOutcome({ verification }), undefined).sentence).toBe(
      'Live in 6.2 s, and seen to be fresh at the edge.',
    )
    expect(describeEnd(freshOutcome({ result: 'unverified', verification }), undefined)).toEqual({
      mood: 'bad',
      sentence: 'Live and purged in 6.2 s, but not seen to be fresh: not every edge gave an answer.',
    })
    const stale = ['https://x.test/a', 'https://x.test/a', 'https://x.test/b'].map((url) => ({ ...STALE, url }))
    expect(describeEnd(freshOutcome({ result: 'stale', verification: { ...verification, stale } }), undefined)).toEqual(
      {
        mood: 'bad',
        sentence: `Live, but 2 URLs are still stale at an edge. ${RUN_AGAIN}`,
      },
    )
  })

  it('which distributions may be stale when all is live but not all purged', () => {
    const outcome = freshOutcome({
      result: 'failed',
      invalidations: [invalidation('E1', 'Completed'), invalidation('E2', 'failed'), invalidation('E3', 'InProgress')],
    })
    expect(describeEnd(outcome, undefined)).toEqual({
      mood: 'bad',
      sentence: `Live, but not all purged: E2, E3. ${RUN_AGAIN}`,
    })
  })

  it('how far it came when something failed on the way', () => {
    expect(describeEnd(freshOutcome({ result: 'failed', removed: [] }), undefined).sentence).toBe(
      `Failed after 6.2 s: 2 of 2 uploads and 0 of 1 removal are done. ${RUN_AGAIN}`,
    )
    expect(describeEnd(freshOutcome({ result: 'failed', uploaded: [], removed: [] }), undefined).sentence).toBe(
      `Failed after 6.2 s: nothing was changed. ${RUN_AGAIN}`,
    )
    expect(describeEnd(freshOutcome({ result: 'failed' }), undefined).sentence).toBe(
      `Live, but not finished after 6.2 s: see what failed above. ${RUN_AGAIN}`,
    )
  })
})
