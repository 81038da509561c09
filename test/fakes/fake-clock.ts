// A Clock that jumps: sleeping takes no time and moves it forward.

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
  return {
    sleptMs,
    nowMs: () => nowMs,
    async sleep(durationMs, signal) {
      signal?.throwIfAborted()
      nowMs += durationMs
      sleptMs.push(durationMs)
      onSleep?.(durationMs)
    },
  }
}
