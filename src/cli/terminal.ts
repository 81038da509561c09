// Where the text goes: results to stdout, status to stderr, and one line of progress that is overwritten where that works.

/** What is needed of `process.stdout` and `process.stderr`. */
export interface OutputStream {
  write(text: string): unknown
  readonly isTTY?: boolean
  readonly columns?: number
  getColorDepth?(env?: object): number
}

export interface Terminal {
  /** What the user asked for. */
  writeResult(text: string): void
  /** What happens meanwhile, warnings and errors. */
  writeStatus(text: string): void
  /** A line that the next one replaces; where that does not work, a line like any other. */
  writeProgress(line: string): void
  readonly result: { readonly colors: boolean; readonly width?: number }
  readonly status: { readonly colors: boolean; readonly tty: boolean }
}

export function openTerminal(
  stdout: OutputStream,
  stderr: OutputStream,
  env: Readonly<Record<string, string | undefined>>,
): Terminal {
  // A log of CI is no terminal, even where it pretends to be one: nothing there is overwritten.
  const overwrites = stderr.isTTY === true && env['TERM'] !== 'dumb' && (env['CI'] ?? '') === ''
  let progressShown = false
  function endProgress(): void {
    if (progressShown) stderr.write('\r\u001b[2K')
    progressShown = false
  }
  return {
    writeResult(text) {
      endProgress()
      stdout.write(endWithNewline(text))
    },
    writeStatus(text) {
      endProgress()
      stderr.write(endWithNewline(text))
    },
    writeProgress(line) {
      if (!overwrites) {
        stderr.write(endWithNewline(line))
        return
      }
      // A line that wraps cannot be overwritten.
      stderr.write(`\r\u001b[2K${line.slice(0, (stderr.columns ?? 80) - 1)}`)
      progressShown = true
    },
    result: { colors: hasColors(stdout, env), ...(stdout.columns !== undefined && { width: stdout.columns }) },
    status: { colors: hasColors(stderr, env), tty: overwrites },
  }
}

/** @see https://no-color.org, https://force-color.org */
function hasColors(stream: OutputStream, env: Readonly<Record<string, string | undefined>>): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false
  if (env['FORCE_COLOR'] !== undefined) return env['FORCE_COLOR'] !== '0' && env['FORCE_COLOR'] !== 'false'
  return stream.isTTY === true && (stream.getColorDepth?.(env) ?? 1) >= 4
}

function endWithNewline(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}
