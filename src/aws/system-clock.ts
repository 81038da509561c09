// The Clock port: the machine's time.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../ports.ts'

export function systemClock(): Clock {
  return {
    nowMs: () => Date.now(),
    async sleep(durationMs, signal) {
      try {
        await sleep(durationMs, undefined, signal === undefined ? {} : { signal })
      } catch (error) {
        // Node's own error says only that it was aborted; the signal knows why.
        throw signal?.aborted === true ? signal.reason : error
      }
    },
  }
}
