import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { systemProcesses } from './system-processes.ts'

describe.runIf(process.platform === 'linux')('systemProcesses', () => {
  const processes = systemProcesses()

  it('knows that it lives itself', async () => {
    const own = await processes.describeOwn()
    expect(own.pid).toBe(process.pid)
    expect(await processes.stateOf(own)).toBe('alive')
  })

  it('sees that a process has ended, and that its number belongs to another one now', async () => {
    const own = await processes.describeOwn()
    const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' })
    await once(child, 'exit')
    expect(await processes.stateOf({ ...own, pid: child.pid ?? 0 })).toBe('gone')
    expect(await processes.stateOf({ ...own, startedAt: '1' })).toBe('gone')
  })

  it('cannot tell of another machine, whatever its name', async () => {
    const { host, pid, startedAt = '' } = await processes.describeOwn()
    expect(await processes.stateOf({ host, pid, startedAt, machine: 'another boot' })).toBe('unknown')
    expect(await processes.stateOf({ host, pid })).toBe('unknown')
  })
})
