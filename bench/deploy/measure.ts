// One run of a program, measured from outside: GNU time reads what the kernel counted for it and all that it started.

import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from './tool.ts'

export interface Measured {
  readonly wallSeconds: number
  /** User and system, of the program and the programs it waited for. */
  readonly cpuSeconds: number
  /** Of the largest of them. */
  readonly peakBytes: number
}

const TIMEOUT_SECONDS = 30 * 60
const KEPT_CHARACTERS = 1000

/**
 * @param folder the program's working folder and home
 * @throws {Error} with the beginning of what it wrote on stderr, or the end of stdout, when it fails or takes more than half an hour
 */
export async function runMeasured(
  { file, args, env: ownEnv }: Command,
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<Measured> {
  const record = join(folder, '.time')
  const startMs = performance.now()
  // Nothing of our own environment: no proxy, no credentials, no CI variables.
  const time = ['/usr/bin/time', '--format', '%U %S %M', '--output', record]
  // `timeout` ends all that has been started, where a signal to GNU time would end that alone.
  const child = spawn('timeout', [`${TIMEOUT_SECONDS}`, ...time, file, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], LANG: 'C.UTF-8', HOME: folder, ...env, ...ownEnv },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout = (stdout + chunk.toString()).slice(-KEPT_CHARACTERS)))
  child.stderr.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(0, KEPT_CHARACTERS)))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  const wallSeconds = (performance.now() - startMs) / 1000
  if (code !== 0) throw new Error(`ended with ${code ?? 'a signal'}: ${(stderr || stdout).trim()}`)
  const last = (await readFile(record, 'utf8')).trim().split('\n').at(-1) ?? ''
  const [user = 0, system = 0, peakKibibytes = 0] = last.split(' ').map(Number)
  return { wallSeconds, cpuSeconds: user + system, peakBytes: peakKibibytes * 1024 }
}
