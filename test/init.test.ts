// freshfront init as a user runs it: the built program in a folder of its own, and the questions at a terminal.

import { execFileSync, spawn } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PassThrough } from 'node:stream'
import { fileURLToPath } from 'node:url'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'

import { openPrompt, type Prompt } from '../src/cli/prompt.ts'
import { runApp } from '../src/cli/run-app.ts'
import { openTerminal } from '../src/cli/terminal.ts'
import { interrupted } from '../src/errors.ts'

const program = fileURLToPath(new URL('../dist/program/main.js', import.meta.url))
const workflows = fileURLToPath(new URL('./init/workflows/', import.meta.url))
const WORKFLOW = '.github/workflows/deploy.yml'

let cwd: string
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'freshfront-init-'))
})
afterEach(() => rm(cwd, { recursive: true }))

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(cwd, path)), { recursive: true })
  await writeFile(join(cwd, path), text)
}

function read(path: string): Promise<string> {
  return readFile(join(cwd, path), 'utf8')
}

async function writeAstroSite(folder = '.'): Promise<void> {
  await write(join(folder, 'package.json'), '{"scripts":{"build":"astro build"},"devDependencies":{"astro":"^5.0.0"}}')
  await write(join(folder, 'package-lock.json'), '{}')
}

interface Ended {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

function freshfront(...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, 'init', ...args], { cwd, env: { PATH: process.env['PATH'] } })
    const text = { stdout: '', stderr: '' }
    child.stdout.on('data', (data) => (text.stdout += String(data)))
    child.stderr.on('data', (data) => (text.stderr += String(data)))
    child.on('close', (exitCode) => resolve({ exitCode, ...text }))
  })
}

describe('freshfront init', () => {
  it('writes both files, and finds them as they should be when it runs again', async () => {
    execFileSync('git', ['init', '-q', '-b', 'trunk'], { cwd })
    await writeAstroSite()
    const first = await freshfront('--bucket', 'my-site', '--region', 'eu-west-1')
    expect(first).toMatchObject({ exitCode: 0, stderr: 'Found Astro: npm run build writes dist.\n' })
    expect(first.stdout).toContain(`Wrote freshfront.json and ${WORKFLOW}.`)
    expect(JSON.parse(await read('freshfront.json'))).toEqual({
      $schema: 'https://unpkg.com/freshfront/schema.json',
      dir: 'dist',
      bucket: 'my-site',
      region: 'eu-west-1',
    })
    expect(parse(await read(WORKFLOW))).toMatchObject({ on: { push: { branches: ['trunk'] } } })

    const again = await freshfront()
    expect(again.exitCode).toBe(0)
    expect(again.stdout).toContain(`freshfront.json is as it should be.\n${WORKFLOW} is as it should be.`)
  })

  it('shows what it would change in a file that is there, and needs a word to do it', async () => {
    await writeAstroSite()
    await write('freshfront.json', '{ "bucket": "old-site", "maxDelete": 5 }')
    const refused = await freshfront('--bucket', 'new-site')
    expect(refused).toMatchObject({ exitCode: 3 })
    expect(refused.stdout).toContain('-{ "bucket": "old-site", "maxDelete": 5 }')
    expect(refused.stderr).toContain('FILES_DIFFER')
    await expect(read(WORKFLOW)).rejects.toThrow('ENOENT')

    expect(await freshfront('--bucket', 'new-site', '--force')).toMatchObject({ exitCode: 0 })
    expect(JSON.parse(await read('freshfront.json'))).toMatchObject({ bucket: 'new-site', maxDelete: 5, dir: 'dist' })
  })

  it('says in --help what it takes, with examples', async () => {
    const { exitCode, stdout } = await freshfront('--help')
    expect(exitCode).toBe(0)
    for (const word of ['EXAMPLES', '--from-workflow', '--dry-run']) expect(stdout).toContain(word)
  })

  it('writes nothing with --dry-run', async () => {
    await writeAstroSite()
    const { exitCode, stdout } = await freshfront('--bucket', 'my-site', '--dry-run')
    expect([exitCode, stdout.includes('+  "bucket": "my-site"'), stdout.includes('+name: Deploy')]).toEqual([
      0,
      true,
      true,
    ])
    await expect(read('freshfront.json')).rejects.toThrow('ENOENT')
  })

  it('puts the workflow of a project in a subfolder at the root of the repository', async () => {
    execFileSync('git', ['init', '-q'], { cwd })
    await writeAstroSite('website')
    expect(await freshfront('website', '--bucket', 'my-site')).toMatchObject({ exitCode: 0 })
    expect(JSON.parse(await read('website/freshfront.json'))).toMatchObject({ dir: 'dist' })
    expect(parse(await read(WORKFLOW))).toMatchObject({ defaults: { run: { 'working-directory': 'website' } } })
  })

  it('rewrites the workflow of the post that all this began with', async () => {
    const before = await readFile(join(workflows, 'seed.yml'), 'utf8')
    await write('old.yml', before)
    expect(await freshfront('--from-workflow', 'old.yml')).toMatchObject({ exitCode: 3 })
    expect(await read('old.yml')).toBe(before)

    const { exitCode, stdout } = await freshfront('--from-workflow', 'old.yml', '--yes')
    expect([exitCode, await read('old.yml')]).toEqual([0, await readFile(join(workflows, 'seed.after.yml'), 'utf8')])
    expect(stdout).toContain('-        uses: jakejarvis/s3-sync-action@v0.5.1\n+        uses: freshfront/freshfront@v1')
    expect((await freshfront('--from-workflow', 'old.yml')).stdout).toContain('there is nothing to rewrite')
  })
})

/** The same program in this process, with a terminal that is typed at. */
async function atTerminal(answers: readonly string[], ...args: readonly string[]): Promise<Ended> {
  const text = { stdout: '', stderr: '' }
  const left = [...answers]
  const prompt: Prompt = {
    ask: async (question, fallback) => {
      text.stderr += `${question} (${fallback ?? ''})\n`
      const answer = left.shift()
      return answer === undefined || answer === '' ? (fallback ?? '') : answer
    },
    close: () => undefined,
  }
  const terminal = openTerminal(
    { write: (more) => (text.stdout += more) },
    { write: (more) => (text.stderr += more) },
    {},
  )
  const interruption = new AbortController().signal
  const exitCode = await runApp(['init', ...args], {
    terminal,
    env: {},
    cwd,
    interruption,
    readInput: () => Promise.resolve(''),
    openPrompt: () => prompt,
  })
  return { exitCode, ...text }
}

describe('freshfront init at a terminal', () => {
  it('asks for what it cannot see, with what it has found as the default, and asks again when an answer is wrong', async () => {
    await writeAstroSite()
    const { exitCode, stderr } = await atTerminal(['', '', 'My Site', 'my-site', 'E2QWRUHAPOMQZL', 'eu-west-1'])
    expect(exitCode).toBe(0)
    expect(stderr).toContain('Folder of the built site (dist)\nBucket ()\nIt has capital letters.\nBucket ()\n')
    expect(JSON.parse(await read('freshfront.json'))).toMatchObject({
      bucket: 'my-site',
      distribution: 'E2QWRUHAPOMQZL',
    })
    expect(await read(WORKFLOW)).toContain('aws-region: eu-west-1')
  })

  it('asks before it overwrites', async () => {
    await write('old.yml', await readFile(join(workflows, 'seed.yml'), 'utf8'))
    expect(await atTerminal([''], '--from-workflow', 'old.yml')).toMatchObject({ exitCode: 3 })
    expect(await atTerminal(['y'], '--from-workflow', 'old.yml')).toMatchObject({ exitCode: 0 })
    expect(await read('old.yml')).toContain('uses: freshfront/freshfront@v1')
  })

  it.each([
    ['BUCKET_NOT_GIVEN', ['--dir', 'dist']],
    ['Where the built site lies', ['--bucket', 'my-site']],
    ['--bucket: "My Site" cannot be used. It has capital letters.', ['--dir', 'dist', '--bucket', 'My Site']],
    ['--role-arn: "x" cannot be used', ['--dir', 'dist', '--bucket', 'my-site', '--role-arn', 'x']],
    ['There is no folder "website"', ['website']],
    ['there is no such file', ['--from-workflow', 'none.yml']],
    ['--bucket is for a new workflow', ['--from-workflow', 'none.yml', '--bucket', 'my-site']],
  ])('ends with 2 and says: %s', async (words, args) => {
    const { exitCode, stderr } = await atTerminal([], '--yes', ...args)
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(words)])
  })

  it('ends with 2 when no step of a workflow deploys, and with 3 when none can be carried over', async () => {
    await write('test.yml', 'jobs:\n  a:\n    steps:\n      - run: npm test\n')
    await write('odd.yml', 'jobs:\n  a:\n    steps:\n      - run: aws s3 sync a s3://b1b --sse\n')
    expect(await atTerminal([], '--from-workflow', 'test.yml')).toMatchObject({ exitCode: 2 })
    const { exitCode, stdout, stderr } = await atTerminal([], '--from-workflow', 'odd.yml')
    expect([exitCode, stdout]).toEqual([3, 'Nothing of odd.yml could be carried over; it is as it was.\n'])
    expect(stderr).toContain('Freshfront has no --sse.')
  })
})

describe('openPrompt', () => {
  function open(): {
    prompt: Prompt | undefined
    input: PassThrough
    shown: () => string
    signals: EventEmitter
    stop: AbortController
  } {
    const input = Object.assign(new PassThrough(), { isTTY: true })
    const output = Object.assign(new PassThrough(), { isTTY: true })
    const signals = new EventEmitter()
    const stop = new AbortController()
    const prompt = openPrompt({ input, output, process: signals, interruption: stop.signal }, { TERM: 'dumb' })
    return { prompt, input, shown: () => String(output.read()), signals, stop }
  }

  it('shows the question with its default, which Enter takes', async () => {
    const { prompt, input, shown } = open()
    const answer = prompt?.ask('Branch', 'main')
    input.write('\n')
    expect([await answer, shown()]).toEqual(['main', 'Branch (main): '])
    const next = prompt?.ask('Bucket')
    input.write('  my-site \n')
    expect(await next).toBe('my-site')
    prompt?.close()
  })

  it('ends when the input does, and when it is interrupted', async () => {
    const first = open()
    const answer = first.prompt?.ask('Bucket')
    first.input.end()
    await expect(answer).rejects.toThrow('The input ended before all questions were answered.')

    const second = open()
    const other = second.prompt?.ask('Bucket')
    second.stop.abort(interrupted('SIGINT'))
    await expect(other).rejects.toMatchObject({ code: 'INTERRUPTED' })
    second.prompt?.close()
  })

  it('asks nobody in CI or behind a pipe', () => {
    const [tty, pipe] = [Object.assign(new PassThrough(), { isTTY: true }), new PassThrough()]
    const rest = { process: new EventEmitter(), interruption: new AbortController().signal }
    expect(openPrompt({ input: tty, output: tty, ...rest }, { CI: 'true' })).toBeUndefined()
    expect(openPrompt({ input: pipe, output: tty, ...rest }, {})).toBeUndefined()
    expect(openPrompt({ input: tty, output: pipe, ...rest }, {})).toBeUndefined()
  })
})
