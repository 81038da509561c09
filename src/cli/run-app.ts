// argv in, exit code out: parses, runs the command, shows what went wrong.

import { run } from '@stricli/core'

import { readSwitch, type Environment } from '../config/environment.ts'
import { FreshfrontError } from '../errors.ts'
import { buildApp } from './app.ts'
import { exitCodeOfError } from './exit-codes.ts'
import type { Prompt } from './prompt.ts'
import { printError } from './print-error.ts'
import type { Terminal } from './terminal.ts'

export interface RunOptions {
  readonly terminal: Terminal
  /** Asks at the terminal, where somebody can answer. */
  readonly openPrompt?: () => Prompt | undefined
  readonly env: Environment
  /** Absolute. */
  readonly cwd: string
  /** All of standard input, as text. */
  readonly readInput: () => Promise<string>
  /** Aborted to ask the command to end cleanly. */
  readonly interruption: AbortSignal
}

/** @param argv without `node` and the script */
export async function runApp(argv: readonly string[], options: RunOptions): Promise<number> {
  const { terminal, env, cwd } = options
  const errors: unknown[] = []
  const app = buildApp({ cwd, onError: (error) => errors.push(error) })
  // The parser's own copy of the text is dropped: errors are shown below, as JSON where that was asked for.
  const parserProcess = {
    stdout: {
      write: (text: string) => terminal.writeResult(text),
      getColorDepth: () => (terminal.result.colors ? 4 : 1),
    },
    stderr: { write: () => undefined },
    env,
    exitCode: null as number | string | null,
  }
  await run(app, splitEmptyValues(argv), {
    process: parserProcess,
    terminal,
    openPrompt: options.openPrompt ?? (() => undefined),
    env,
    cwd,
    argv,
    readInput: options.readInput,
    interruption: options.interruption,
  })
  if (errors.length === 0) return Number(parserProcess.exitCode)

  const error = errors.length === 1 ? errors[0] : joinErrors(errors)
  printError(error, terminal, { json: wantsJson(argv, env), debug: env['FRESHFRONT_DEBUG'] === '1' })
  return exitCodeOfError(error)
}

/** `--bucket=` is a flag with an empty value, for the configuration to refuse; the parser would take it for an argument. */
function splitEmptyValues(argv: readonly string[]): readonly string[] {
  return argv.flatMap((argument) => (/^--[a-z][a-z-]+=$/.test(argument) ? [argument.slice(0, -1), ''] : [argument]))
}

/** The parser finds several things wrong at once only with the same command line. */
function joinErrors(errors: readonly unknown[]): unknown {
  const known = errors.filter((error) => error instanceof FreshfrontError)
  const [first] = known
  if (first === undefined || known.length < errors.length) return errors[0]
  return new FreshfrontError(first.code, known.map((error) => error.message).join(' '), {
    fix: [...new Set(known.map((error) => error.fix))].join(' '),
    errorClass: first.errorClass,
  })
}

/** Also when the rest of the command line cannot be understood: whoever reads the output is a program. */
function wantsJson(argv: readonly string[], env: Environment): boolean {
  const end = argv.indexOf('--')
  const flags = end === -1 ? argv : argv.slice(0, end)
  if (['--json', '--json=true', '--format=json'].some((flag) => flags.includes(flag))) return true
  if (flags.some((flag, position) => flag === '--format' && flags[position + 1] === 'json')) return true
  try {
    return readSwitch(env, 'FRESHFRONT_JSON') ?? false
  } catch {
    // The variable itself is what is wrong, and is reported as text.
    return false
  }
}
