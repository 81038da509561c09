// The runner's protocol, and text that tries to speak it.

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { obeyCommands, readOutputs } from '../../test/action-step.ts'
import { formatCommand, formatOutput, openRunner } from './runner.ts'

function record(secrets: string[] = []): { runner: ReturnType<typeof openRunner>; written: () => string } {
  let text = ''
  const runner = openRunner({ env: {}, write: (more) => (text += more), secrets })
  return { runner, written: () => text }
}

it('escapes what would end a message or a property', () => {
  expect(formatCommand('warning', '100%\r\n::error::x', { title: 'a: b, c', file: 'a%,b' })).toBe(
    '::warning title=a%3A b%2C c,file=a%25%2Cb::100%25%0D%0A::error::x\n',
  )
  expect(formatCommand('error', 'x')).toBe('::error::x\n')
})

it.each([
  '::error::x',
  '  ::set-output name=a::b',
  'a ##[set-output name=a]b',
  'a\r::error::x',
  'a\u2028\n\t::error::x',
])('a log line %j is no command', (line) => {
  const { runner, written } = record()
  runner.log(line)
  runner.log('after')
  expect(written()).toContain(line)
  expect(obeyCommands(written())).toEqual([])
  runner.annotate('warning', 'mine')
  expect(obeyCommands(written())).toEqual(['warning::mine'])
})

it('a value that holds lines of its own, or the delimiter, stays one output', () => {
  const value = 'a\nresult=evil\nEOF\nresult<<EOF\nevil\nEOF\nfixed'
  expect(readOutputs(formatOutput('release', value, 'fixed') + formatOutput('result', 'fresh'))).toEqual({
    release: value,
    result: 'fresh',
  })
})

it('masks secrets, each line of them, and shows none itself', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'freshfront-runner-'))
  let text = ''
  const env = { GITHUB_OUTPUT: join(dir, 'output'), GITHUB_STEP_SUMMARY: join(dir, 'summary') }
  const runner = openRunner({
    env,
    write: (more) => (text += more),
    secrets: ['first-secret\nsecond%secret', 'test', undefined],
  })
  runner.log('a test of first-secret')
  runner.annotate('error', 'second%secret')
  runner.setOutput('plan', 'first-secret')
  runner.appendSummary('first-secret')
  expect(text).toBe('::add-mask::first-secret\n::add-mask::second%25secret\na test of ***\n::error::***\n')
  expect((await readFile(env.GITHUB_OUTPUT, 'utf8')) + (await readFile(env.GITHUB_STEP_SUMMARY, 'utf8'))).not.toContain(
    'secret',
  )
  await rm(dir, { recursive: true })
})
