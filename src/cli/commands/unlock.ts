// freshfront unlock: who holds the lock and what taking it away risks; with --force, take it away.

import { FreshfrontError } from '../../errors.ts'
import type { Lock } from '../../model.ts'
import { describeHolder } from '../../report/status.ts'
import { readLock, removeLock } from '../../state/lock-document.ts'
import { exitCodes } from '../exit-codes.ts'
import type { CliContext } from '../context.ts'
import type { UnlockFlags } from '../flags.ts'
import { withSite } from './status.ts'

const RISK = `A lock that a dead run has left needs no unlock: the next deploy takes it over, 30 seconds after the last sign of life at the
latest. If the run still lives, it stops before its next write once it sees that the lock is gone, which takes up to ten
seconds; a deploy that begins meanwhile may mix two sites. What is owed to the caches stays remembered either way.`

export async function runUnlock(this: CliContext, { force = false, ...flags }: UnlockFlags): Promise<void> {
  const { terminal, process } = this
  await withSite(this, flags, async ({ prefix }, { bucket, clock }) => {
    const holder = await readHolder()
    if (holder === undefined) return terminal.writeResult('The lock is free.')
    if (force) {
      await removeLock(bucket, prefix)
      return terminal.writeResult(`Unlocked. It was ${holder}.`)
    }
    process.exitCode = exitCodes.refused
    terminal.writeResult(`The lock is ${holder}.\n\n${RISK}\n\nTo take it away all the same: freshfront unlock --force`)

    async function readHolder(): Promise<string | undefined> {
      let lock: Lock | undefined
      try {
        lock = (await readLock(bucket, prefix))?.lock
      } catch (error) {
        // A lock that cannot be read is what one most wants to be rid of.
        if (error instanceof FreshfrontError && error.code.startsWith('STATE_')) return `not readable: ${error.message}`
        throw error
      }
      return lock && describeHolder(lock, clock.nowMs())
    }
  })
}
