// What a command gets from the outside, and nothing else: no command touches `process`.

import type { CommandContext, StricliProcess } from '@stricli/core'

import type { Environment } from '../config/environment.ts'
import type { Prompt } from './prompt.ts'
import type { Terminal } from './terminal.ts'

export interface CliContext extends CommandContext {
  /** For the parser; a command sets `exitCode` when it does not end with 0. */
  readonly process: StricliProcess
  readonly terminal: Terminal
  /** Asks at the terminal; undefined where nobody could answer. Called once, by a command that asks. */
  readonly openPrompt: () => Prompt | undefined
  readonly env: Environment
  /** Absolute. */
  readonly cwd: string
  /** Without `node` and the script. */
  readonly argv: readonly string[]
  /** All of standard input, as text. */
  readonly readInput: () => Promise<string>
  /** Aborted at the first Ctrl-C; its reason is a FreshfrontError. */
  readonly interruption: AbortSignal
}
