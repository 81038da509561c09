// A Clock that jumps: sleeping takes no time and moves it forward, past every timer that is due meanwhile.

import type { Clock } from '../../src/ports.ts'

export interface FakeClock extends Clock {
  readonly sleptMs: readonly number[]
}

/** @param onSleep is told of each sleep after time has moved, so that a test can turn other clocks along */
export function fakeClock(
  startMs: number = Date.UTC(2026, 10, 23, 5, 14, 49),
  onSleep?: (durationMs: number) => void,
): FakeClock {
  let nowMs = startMs
  const sleptMs: number[] = []
  const timers: {
    readonly periodMs: number
    dueMs: number
    readonly task: () => Promise<void>
    signal: AbortSignal
  }[] = []
  function moveTo(timeMs: number): void {
    const byMs = timeMs - nowMs
    nowMs = timeMs
    if (byMs > 0) onSleep?.(byMs)
  }
  return {
    sleptMs,
    nowMs: () => nowMs,
    async sleep(durationMs, signal) {
      signal?.throwIfAborted()
      sleptMs.push(durationMs)
      const endMs = nowMs + durationMs
      for (;;) {
        const next = timers.filter((timer) => !timer.signal.aborted).toSorted((a, b) => a.dueMs - b.dueMs)[0]
        if (next === undefined || next.dueMs > endMs) break
        moveTo(Math.max(nowMs, next.dueMs))
        next.dueMs += next.periodMs
        await next.task()
      }
      moveTo(Math.max(nowMs, endMs))
    },
    every(periodMs, task, signal) {
      timers.push({ periodMs, dueMs: nowMs + periodMs, task, signal })
    },
  }
}
