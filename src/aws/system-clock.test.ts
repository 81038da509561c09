import { expect, it } from 'vitest'
import { systemClock } from './system-clock.ts'

it('a sleep that is aborted rejects with the reason of the signal', async () => {
  const reason = new Error('Stopped by SIGINT')
  await expect(systemClock().sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason)
})
