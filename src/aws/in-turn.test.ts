import { expect, it } from 'vitest'
import { inTurn } from './in-turn.ts'

it('begins a task when the one before has ended, also when that failed', async () => {
  const notes: string[] = []
  const queue = inTurn()
  const task =
    (name: string, fails = false) =>
    async (): Promise<string> => {
      notes.push(`begin ${name}`)
      await Promise.resolve()
      notes.push(`end ${name}`)
      if (fails) throw new Error(name)
      return name
    }
  const results = await Promise.allSettled([queue(task('a')), queue(task('b', true)), queue(task('c'))])
  expect(notes).toEqual(['begin a', 'end a', 'begin b', 'end b', 'begin c', 'end c'])
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
})
