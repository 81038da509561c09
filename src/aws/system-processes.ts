// The Processes port: which process this is, and whether another one of this machine still lives.

import { readFile, readlink } from 'node:fs/promises'
import { hostname } from 'node:os'
import type { ProcessIdentity } from '../model.ts'
import type { Processes } from '../ports.ts'

/**
 * Two machines, or containers, may have one host name: a process is looked for only where boot and process-number space are its own.
 * Only Linux tells both; elsewhere a dead run's lock lasts until its lease ends.
 */
export function systemProcesses(): Processes {
  return {
    async describeOwn() {
      const machine = await readMachine()
      const startedAt = await readStart(process.pid)
      return {
        host: hostname(),
        pid: process.pid,
        ...(machine !== undefined && { machine }),
        ...(startedAt !== undefined && { startedAt }),
      }
    },
    async stateOf({ pid, machine, startedAt }: ProcessIdentity) {
      if (machine === undefined || startedAt === undefined || machine !== (await readMachine())) return 'unknown'
      const start = await readStart(pid)
      // A number is given again to another process, which then has another start.
      if (start !== undefined) return start === startedAt ? 'alive' : 'gone'
      return exists(pid) ? 'unknown' : 'gone'
    },
  }
}

/** @see proc(5), namespaces(7) */
async function readMachine(): Promise<string | undefined> {
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8')
    return `${boot.trim()} ${await readlink('/proc/self/ns/pid')}`
  } catch {
    // No Linux, or one that hides it: then nobody can tell, and the lease decides.
    return undefined
  }
}

/** In clock ticks since boot: the 22nd field, counted from behind the name, which may hold anything. @see proc_pid_stat(5) */
async function readStart(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // A zombie has ended; only its parent has not noticed.
    return state === 'Z' || state === 'X' ? 'ended' : fields[18]
  } catch {
    // There is no such process, or it is another user's and hidden.
    return undefined
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH')
  }
}
