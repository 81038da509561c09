// The Clock port: the machine's time.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../ports.ts'

export function systemClock(): Clock {
  return {
    nowMs: () => Date.now(),
    sleep: (durationMs, signal) => sleep(durationMs, undefined, signal === undefined ? {} : { signal }),
  }
}
