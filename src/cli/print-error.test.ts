import { describe, expect, it } from 'vitest'

import { bucketNotFound } from '../errors.ts'
import { printError } from './print-error.ts'
import { openTerminal } from './terminal.ts'

function print(error: unknown, options: { json?: boolean; debug?: boolean } = {}) {
  const written = { stdout: '', stderr: '' }
  const stream = (name: 'stdout' | 'stderr') => ({ write: (text: string) => (written[name] += text) })
  const terminal = openTerminal(stream('stdout'), stream('stderr'), {})
  printError(error, terminal, { json: options.json ?? false, debug: options.debug ?? false })
  return written
}

describe('printError', () => {
  it('says what happened, what to do, and the code', () => {
    expect(print(bucketNotFound('my-site', 'in eu-west-1', { cause: new Error('NoSuchBucket') }))).toEqual({
      stdout: '',
      stderr: `Error: There is no bucket "my-site" in eu-west-1.
  Fix:  Check the spelling of --bucket and the account of the credentials, or create the bucket first.
  Code: BUCKET_NOT_FOUND
`,
    })
  })

  it('calls an error that nobody foresaw a bug, without its stack', () => {
    const { stderr } = print(new TypeError('x is undefined'))
    expect(stderr).toMatch(/^Error: This is a bug in Freshfront: x is undefined\n {2}Fix: {2}Please report it/)
    expect(stderr).not.toMatch(/^ {4}at /m)
  })

  it('obeys no control character of a message, in text or as JSON', () => {
    const error = new Error('cannot open \u001b]0;owned\u0007\u009b2J.html')
    const text = print(error, { debug: true }).stderr
    expect(text).toContain(String.raw`cannot open \u001b]0;owned\u0007\u009b2J.html`)
    expect(text).not.toMatch(/[^\n\P{Cc}]/u)
    expect(print(error, { json: true }).stdout).not.toMatch(/[^\n\P{Cc}]/u)
  })

  it('shows stack and causes to whoever asks for them', () => {
    const { stderr } = print(new Error('outer', { cause: new Error('inner') }), { debug: true })
    expect(stderr).toMatch(/^ {4}at /m)
    expect(stderr).toContain('Caused by: Error: inner')
  })

  it('is one JSON document on stdout for programs', () => {
    const { stdout, stderr } = print(bucketNotFound('my-site', 'in eu-west-1'), { json: true })
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toMatchObject({ formatVersion: 1, error: { code: 'BUCKET_NOT_FOUND' } })
  })
})
