// Lets the rest of the program have its turn during work that never waits for anything: progress, Ctrl-C, answers of the bucket.

import { setImmediate } from 'node:timers/promises'

/** Short enough for Ctrl-C and a progress line, long enough to cost nothing. */
const TURN_MS = 15

/**
 * @returns to be called as often as convenient and, when it gives a promise, waited for: then a turn's time has passed
 */
export function takeTurns(): () => Promise<void> | undefined {
  let startMs = performance.now()
  return () => {
    if (performance.now() - startMs < TURN_MS) return undefined
    return setImmediate().then(() => {
      startMs = performance.now()
    })
  }
}
