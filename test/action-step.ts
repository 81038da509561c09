// A step of a workflow as GitHub's runner starts it: the committed bundle in a process of its own, with inputs, files for outputs and summary, and an
// event. What comes back is what the runner would make of it.

import { spawn, type ChildProcess } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runAction } from '../src/action/run-action.ts'
import type { Environment } from '../src/config/environment.ts'

export interface Workspace {
  readonly dir: string
  /** Writes files into the checked-out repository; undefined removes one. */
  write(files: Readonly<Record<string, string | undefined>>): Promise<void>
  run(step: Step): Promise<EndedStep>
  /** The same by the source, in this process: for what ends before anybody is asked. */
  runHere(step: Step): Promise<EndedStep>
  close(): Promise<void>
}

export interface Step {
  readonly with?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
  readonly event?: { readonly name: string; readonly payload: unknown }
}

export interface EndedStep {
  readonly exitCode: number | null
  readonly log: string
  /** Commands that the runner carries out, masks left out: `warning title=…::message`. */
  readonly commands: readonly string[]
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
}

const BUNDLE = fileURLToPath(new URL('../dist/action/index.cjs', import.meta.url))

export async function openWorkspace(): Promise<Workspace> {
  const root = await mkdtemp(join(tmpdir(), 'freshfront-action-'))
  const dir = join(root, 'repository')
  await mkdir(dir)
  let steps = 0
  const children: ChildProcess[] = []
  async function runStep(step: Step, start: (env: Environment) => Promise<Pick<EndedStep, 'exitCode' | 'log'>>) {
    const temp = join(root, `step-${++steps}`)
    await mkdir(temp)
    const files = { output: join(temp, 'output'), summary: join(temp, 'summary'), event: join(temp, 'event.json') }
    await Promise.all([writeFile(files.output, ''), writeFile(files.summary, '')])
    await writeFile(files.event, JSON.stringify(step.event?.payload ?? {}))
    const inputs = Object.entries(step.with ?? {}).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])
    const { exitCode, log } = await start({
      PATH: process.env['PATH'],
      HOME: root,
      AWS_EC2_METADATA_DISABLED: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_REPOSITORY: 'octocat/site',
      GITHUB_EVENT_NAME: step.event?.name ?? 'push',
      GITHUB_EVENT_PATH: files.event,
      GITHUB_OUTPUT: files.output,
      GITHUB_STEP_SUMMARY: files.summary,
      RUNNER_TEMP: temp,
      ...Object.fromEntries(inputs),
      ...step.env,
    })
    return {
      exitCode,
      log,
      commands: obeyCommands(log).filter((command) => !command.startsWith('add-mask::')),
      outputs: readOutputs(await readFile(files.output, 'utf8')),
      summary: await readFile(files.summary, 'utf8'),
    }
  }
  return {
    dir,
    async write(files) {
      for (const [name, text] of Object.entries(files)) {
        const file = join(dir, name)
        await mkdir(dirname(file), { recursive: true })
        if (text === undefined) await rm(file)
        else await writeFile(file, text)
      }
    },
    run: (step) =>
      runStep(step, (env) => {
        // FRESHFRONT_ACTION_NODE names another Node: the one that the runner has.
        const child = spawn(process.env['FRESHFRONT_ACTION_NODE'] ?? process.execPath, [BUNDLE], { cwd: dir, env })
        children.push(child)
        return endOf(child)
      }),
    runHere: (step) =>
      runStep(step, async (env) => {
        let log = ''
        const write = (text: string): unknown => (log += text)
        const exitCode = await runAction({ env, cwd: dir, write, interruption: new AbortController().signal })
        return { exitCode, log }
      }),
    async close() {
      for (const child of children) child.kill('SIGKILL')
      await rm(root, { recursive: true })
    },
  }
}

function endOf(child: ChildProcess): Promise<{ exitCode: number | null; log: string }> {
  let log = ''
  child.stdout?.on('data', (data) => (log += String(data)))
  child.stderr?.on('data', (data) => (log += String(data)))
  return new Promise((resolve) => child.on('close', (exitCode) => resolve({ exitCode, log })))
}

/** @see GitHub Docs, "Workflow commands for GitHub Actions"; the older `##[command]` is found anywhere in a line */
export function obeyCommands(log: string): string[] {
  const commands: string[] = []
  let token: string | undefined
  for (const line of log.split(/\r\n|\r|\n/)) {
    const [, command] = /^\s*::(.*)$/.exec(line) ?? /##\[(.*)$/.exec(line) ?? []
    if (command === undefined) continue
    if (token !== undefined) {
      if (command === `${token}::`) token = undefined
    } else if (command.startsWith('stop-commands::')) token = command.slice('stop-commands::'.length)
    else commands.push(command)
  }
  return commands
}

/** @throws {Error} where the runner would fail the step */
export function readOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {}
  const lines = text.split('\n')
  while (lines.length > 1) {
    const [name, delimiter] = (lines.shift() ?? '').split('<<')
    const end = lines.findIndex((line) => line === delimiter)
    if (name === undefined || delimiter === undefined || end === -1) throw new Error(`Not an output: ${name}`)
    outputs[name] = lines
      .splice(0, end + 1)
      .slice(0, -1)
      .join('\n')
  }
  return outputs
}
