// The built program as a child process in a folder of its own: each test of a file that imports this has a new one.

import { spawn, type ChildProcess } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterEach, beforeEach, expect } from 'vitest'

export const program: string = fileURLToPath(new URL('../dist/program/main.js', import.meta.url))

/** The folder that the program runs in; a site lies in its `public`. */
export let cwd: string
let children: ChildProcess[]
beforeEach(async () => {
  children = []
  cwd = await mkdtemp(join(tmpdir(), 'freshfront-cli-'))
  await mkdir(join(cwd, 'home'))
  await write('public/index.html', '<h1>one</h1>')
})
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  await rm(cwd, { recursive: true })
})

export async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(cwd, path)), { recursive: true })
  await writeFile(join(cwd, path), text)
}

/** Nothing of the machine's own AWS set-up may leak in. */
export function start(args: readonly string[], env: Record<string, string> = {}): ChildProcess {
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: join(cwd, 'home'), AWS_EC2_METADATA_DISABLED: 'true', ...env },
  })
  children.push(child)
  return child
}

export interface Ended {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

export async function end(child: ChildProcess): Promise<Ended> {
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (data) => (stdout += String(data)))
  child.stderr?.on('data', (data) => (stderr += String(data)))
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve))
  expect(stdout + stderr).not.toMatch(/^ {4}at /m)
  return { exitCode, stdout, stderr }
}

export function freshfront(args: readonly string[], env?: Record<string, string>): Promise<Ended> {
  return end(start(args, env))
}

/** Resolves with what the stream has said up to and including `wanted`. */
export function heard(stream: NodeJS.ReadableStream | null, wanted: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    stream?.on('data', (data) => {
      text += String(data)
      if (wanted.test(text)) resolve(text)
    })
    stream?.on('end', () => reject(new Error(`It ended without ${wanted}: ${text}`)))
  })
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
