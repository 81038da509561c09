import { describe, expect, it } from 'vitest'
import type { DeployEvent } from '../model.ts'
import { EMPTY_PLAN, planOf } from '../../test/fakes/outcomes.ts'
import { createProgress } from './progress.ts'

const RUN: readonly DeployEvent[] = [
  { kind: 'scanning', done: 100, bytes: 340_000 },
  { kind: 'scanned', files: 120, bytes: 5_100_000, skipped: 2 },
  { kind: 'listing', done: 1000 },
  { kind: 'listed', objects: 1200, distributions: ['E1', 'E2'] },
  { kind: 'planned', plan: planOf() },
  { kind: 'uploaded', key: 'a.css', sizeBytes: 500, done: 1, total: 3 },
  { kind: 'backing-off', what: 'PUT b.html', seconds: 2, reason: 'SlowDown' },
  { kind: 'uploaded', key: 'b.html', sizeBytes: 700, done: 2, total: 3 },
  { kind: 'uploaded', key: 'c.html', sizeBytes: 800, done: 3, total: 3 },
  { kind: 'removed', done: 1, total: 1 },
  { kind: 'invalidating', distribution: 'E1', id: 'I1', items: 2, done: 1, total: 1 },
  { kind: 'waiting', seconds: 10, reason: 'a 404 may be cached' },
  { kind: 'invalidated', distribution: 'E1', id: 'I1', seconds: 5.1, done: 1, total: 1 },
  { kind: 'verifying', done: 12, total: 90 },
  { kind: 'stale', urls: 2 },
  { kind: 'failed', failure: { what: 'purge E2', code: 'THROTTLED', message: 'Too many.' } },
  { kind: 'recorded', release: '2026-11-23T05-14-49Z-1f3a9c' },
]

describe('createProgress', () => {
  it('says on a terminal at each event how far it is', () => {
    const progress = createProgress({ tty: true, everyNth: 10 })
    expect(RUN.map((event) => progress.line(event))).toEqual([
      'Reading files: 100, 340 kB',
      'Read 120 files, 5.1 MB; 2 left out',
      'Listing the bucket: 1,000 objects',
      'Found 1,200 objects in the bucket, behind E1, E2',
      'Planned: 2 uploads, 1 removal, 2 paths to invalidate',
      'Uploading 1/3, 500 B: a.css',
      'Trying again in 2.0 s: PUT b.html: SlowDown',
      'Uploading 2/3, 1.2 kB: b.html',
      'Uploading 3/3, 2.0 kB: c.html',
      'Removing 1/1',
      'Invalidating 2 paths on E1 (I1)',
      'Waiting 10 s: a 404 may be cached',
      'E1 is purged at every edge after 5.1 s (I1)',
      'Asking the edge: 12/90',
      '2 URLs still stale at an edge: purging once more',
      'Failed: purge E2: Too many.',
      'Recorded release 2026-11-23T05-14-49Z-1f3a9c',
    ])
  })

  it('keeps for a log every phase, and every second upload and the last', () => {
    const progress = createProgress({ tty: false, everyNth: 2 })
    expect(RUN.map((event) => progress.line(event)).filter((line) => line !== undefined)).toEqual([
      'Read 120 files, 5.1 MB; 2 left out',
      'Found 1,200 objects in the bucket, behind E1, E2',
      'Planned: 2 uploads, 1 removal, 2 paths to invalidate',
      'Trying again in 2.0 s: PUT b.html: SlowDown',
      'Uploaded 2/3, 1.2 kB',
      'Uploaded 3/3, 2.0 kB',
      'Removed 1/1',
      'Invalidating 2 paths on E1 (I1)',
      'Waiting 10 s: a 404 may be cached',
      'E1 is purged at every edge after 5.1 s (I1)',
      '2 URLs still stale at an edge: purging once more',
      'Failed: purge E2: Too many.',
      'Recorded release 2026-11-23T05-14-49Z-1f3a9c',
    ])
  })

  const sent = (done: number, total: number): DeployEvent => {
    return { kind: 'invalidating', distribution: 'E1', id: `I${done}`, items: 150, done, total }
  }
  const complete = (done: number, total: number): DeployEvent => {
    return { kind: 'invalidated', distribution: 'E1', id: `I${done}`, seconds: 8, done, total }
  }
  const waiting = (seconds: number): DeployEvent => ({ kind: 'purging', done: 3, total: 12, seconds })

  it('counts the requests and the invalidations where there are several', () => {
    const progress = createProgress({ tty: true, everyNth: 10 })
    expect([sent(3, 12), waiting(8), complete(4, 12)].map((event) => progress.line(event))).toEqual([
      'Invalidating 150 paths on E1 (I3), 3 of 12 requests sent',
      'Waiting for the edges since 8.0 s: 3 of 12 invalidations complete',
      'E1 is purged at every edge after 8.0 s (I4), 4 of 12 invalidations complete',
    ])
  })

  it('keeps for a log every tenth of many requests and the last, and says once a minute that it waits', () => {
    const progress = createProgress({ tty: false, everyNth: 10 })
    const numbers = Array.from({ length: 12 }, (_, index) => index + 1)
    const events = [
      ...numbers.map((done) => sent(done, 12)),
      ...[2, 59, 61, 119, 122].map((seconds) => waiting(seconds)),
      ...numbers.map((done) => complete(done, 12)),
    ]
    expect(events.map((event) => progress.line(event)).filter((line) => line !== undefined)).toEqual([
      'Invalidating 150 paths on E1 (I10), 10 of 12 requests sent',
      'Invalidating 150 paths on E1 (I12), 12 of 12 requests sent',
      'Waiting for the edges since 1 min 1 s: 3 of 12 invalidations complete',
      'Waiting for the edges since 2 min 2 s: 3 of 12 invalidations complete',
      'E1 is purged at every edge after 8.0 s (I10), 10 of 12 invalidations complete',
      'E1 is purged at every edge after 8.0 s (I12), 12 of 12 invalidations complete',
    ])
  })

  it('does not say the same twice in a row', () => {
    const progress = createProgress({ tty: false, everyNth: 1 })
    const waiting: DeployEvent = { kind: 'waiting', seconds: 10, reason: 'a 404 may be cached' }
    expect(progress.line(waiting)).toBe('Waiting 10 s: a 404 may be cached')
    expect(progress.line(waiting)).toBeUndefined()
  })

  it('says when there is nothing to do, and when a guard says no', () => {
    const refusals = [{ code: 'TOO_MANY_REMOVALS', message: 'Too many.', fix: 'Use --yes.', confirmable: true }]
    const progress = createProgress({ tty: false, everyNth: 1 })
    expect(progress.line({ kind: 'planned', plan: EMPTY_PLAN })).toBe('Planned: nothing to do')
    expect(progress.line({ kind: 'planned', plan: planOf({ refusals }) })).toBe('Planned, and refused')
  })

  it('stays on one line, without control characters from names', () => {
    const progress = createProgress({ tty: true, everyNth: 1 })
    const uploaded: DeployEvent = { kind: 'uploaded', key: 'a\n\u001b[2J.html', sizeBytes: 1, done: 1, total: 1 }
    expect(progress.line(uploaded)).toBe('Uploading 1/1, 1 B: "a\\n\\u001b[2J.html"')
  })
})
