// What the runner starts: connects the process to the action. Bundled into dist/action/index.cjs by scripts/build-action.ts.

import { setFlagsFromString } from 'node:v8'
import { exitCodeAfterSignal, exitCodes } from '../cli/exit-codes.ts'
import { interrupted } from '../errors.ts'
import { runAction } from './run-action.ts'

// Which Node versions we support is ours to say; the AWS SDK prints six lines about its own plans otherwise.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'
// undici's parser of HTTP is WebAssembly that V8 would compile once more, for speed, after half a dozen answers: 90 ms and 35 MB, which even
// ten thousand answers do not earn back, nor a distribution's functions, run for 20,000 URLs. V8 ignores flags that it does not have.
setFlagsFromString('--liftoff-only')

const interruption = new AbortController()
let stoppedBy: 'SIGINT' | 'SIGTERM' | undefined

// A cancelled job gets SIGINT, 7.5 s later SIGTERM, and 2.5 s later its end. @see GitHub Docs, "Canceling a workflow run"
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stoppedBy !== undefined) process.exit(exitCodeAfterSignal(exitCodes.failed, stoppedBy))
    stoppedBy = signal
    interruption.abort(interrupted(signal))
  })
}

void runAction({
  env: process.env,
  cwd: process.cwd(),
  write: (text) => process.stdout.write(text),
  interruption: interruption.signal,
}).then((exitCode) => {
  process.exitCode = exitCodeAfterSignal(exitCode, stoppedBy)
})
