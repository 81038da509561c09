import { describe, expect, it } from 'vitest'
import { fakeClock } from '../../test/fakes/fake-clock.ts'
import { retrying } from './retry.ts'

function failing(times: number, name: string): { task: () => Promise<string>; calls: () => number } {
  let calls = 0
  const task = async (): Promise<string> => {
    calls += 1
    if (calls <= times) throw Object.assign(new Error('no'), { name })
    return 'done'
  }
  return { task, calls: () => calls }
}

describe('retrying', () => {
  it.each(['OperationAborted', 'ConditionalRequestConflict'])(
    'tries again after %s, with growing pauses',
    async (name) => {
      const clock = fakeClock()
      expect(await retrying(failing(3, name).task, clock)).toBe('done')
      expect(clock.sleptMs).toEqual([200, 400, 800])
    },
  )

  it('gives up after five attempts with the last error', async () => {
    const { task, calls } = failing(9, 'OperationAborted')
    await expect(retrying(task, fakeClock())).rejects.toMatchObject({ name: 'OperationAborted' })
    expect(calls()).toBe(5)
  })

  it.each(['AccessDenied', 'PreconditionFailed', 'NoSuchBucket'])('does not try %s again', async (name) => {
    const { task, calls } = failing(1, name)
    await expect(retrying(task, fakeClock())).rejects.toMatchObject({ name })
    expect(calls()).toBe(1)
  })
})
