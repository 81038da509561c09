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
    every(periodMs, task, signal) {
      void (async () => {
        // Unreferenced: a lease is no reason for the process to stay.
        const options = { ref: false, signal }
        while (!signal.aborted) {
          const slept = await sleep(periodMs, true, options).catch(() => false)
          if (slept) await task()
        }
      })()
    },
  }
}
