#!/usr/bin/env node
// The program: connects the process to the app and leaves when all is written.

import { text } from 'node:stream/consumers'
import { setFlagsFromString } from 'node:v8'

import { interrupted } from '../errors.ts'
import { exitCodeAfterSignal, exitCodes } from './exit-codes.ts'
import { printError } from './print-error.ts'
import { openPrompt } from './prompt.ts'
import { runApp } from './run-app.ts'
import { openTerminal } from './terminal.ts'

// Which Node versions we support is ours to say; the AWS SDK prints six lines about its own plans otherwise.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'
// undici's parser of HTTP is WebAssembly that V8 would compile once more, for speed, after half a dozen answers: 90 ms and 35 MB, which even
// ten thousand answers do not earn back, nor a distribution's functions, run for 20,000 URLs. V8 ignores flags that it does not have.
setFlagsFromString('--liftoff-only')

const terminal = openTerminal(process.stdout, process.stderr, process.env)
const interruption = new AbortController()
let stoppedBy: 'SIGINT' | 'SIGTERM' | undefined

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stoppedBy !== undefined) process.exit(exitCodeAfterSignal(exitCodes.failed, stoppedBy))
    stoppedBy = signal
    terminal.writeStatus('Stopping: what is under way is finished and recorded. Once more stops at once.')
    interruption.abort(interrupted(signal))
  })
}

// `freshfront plan | head` closes the pipe early; a deploy goes on all the same.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

process.on('uncaughtException', (error) => {
  printError(error, terminal, { json: false, debug: process.env['FRESHFRONT_DEBUG'] === '1' })
  process.exit(exitCodes.failed)
})

const exitCode = await runApp(process.argv.slice(2), {
  terminal,
  openPrompt: () =>
    openPrompt(
      { input: process.stdin, output: process.stderr, process, interruption: interruption.signal },
      process.env,
    ),
  env: process.env,
  cwd: process.cwd(),
  readInput: () => text(process.stdin),
  interruption: interruption.signal,
})
process.exitCode = exitCodeAfterSignal(exitCode, stoppedBy)
