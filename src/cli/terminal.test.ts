import { describe, expect, it } from 'vitest'

import { openTerminal } from './terminal.ts'

function open(tty: boolean, env: Record<string, string> = {}) {
  const written = { stdout: '', stderr: '' }
  const stream = (name: 'stdout' | 'stderr') => ({
    write: (text: string) => (written[name] += text),
    isTTY: tty,
    columns: 20,
    getColorDepth: () => 8,
  })
  return { terminal: openTerminal(stream('stdout'), stream('stderr'), env), written }
}

describe('openTerminal', () => {
  it('writes results to stdout and status to stderr, each with a line break', () => {
    const { terminal, written } = open(false)
    terminal.writeResult('{}')
    terminal.writeStatus('Reading\n')
    expect(written).toEqual({ stdout: '{}\n', stderr: 'Reading\n' })
  })

  it('overwrites progress on a terminal, cut to its width, and clears it before anything else', () => {
    const { terminal, written } = open(true)
    terminal.writeProgress('Uploading a-very-long-file-name.html')
    terminal.writeResult('done')
    expect(written).toEqual({ stdout: 'done\n', stderr: '\r\u001b[2KUploading a-very-lo\r\u001b[2K' })
  })

  it.each([
    ['a pipe', false, {}],
    ['CI', true, { CI: 'true' }],
    ['a terminal that cannot', true, { TERM: 'dumb' }],
  ])('writes progress line by line to %s', (_, tty, env) => {
    const { terminal, written } = open(tty, env)
    terminal.writeProgress('Uploading 1/2')
    terminal.writeProgress('Uploading 2/2')
    expect(written.stderr).toBe('Uploading 1/2\nUploading 2/2\n')
  })

  it.each([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [false, { FORCE_COLOR: '1' }, true],
    [true, { FORCE_COLOR: '0' }, false],
  ])('on a terminal: %s, with %j: colors %s', (tty, env, colors) => {
    expect(open(tty, env).terminal.result.colors).toBe(colors)
  })
})
