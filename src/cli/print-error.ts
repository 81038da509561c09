// An error as the user sees it: what happened, what to do, and the code; a stack only for whoever asks for it.

import { styleText } from 'node:util'

import { FreshfrontError } from '../errors.ts'
import { showJson, showOnOneLine, showSentence } from '../report/terminal-text.ts'
import type { Terminal } from './terminal.ts'

export interface PrintOptions {
  /** One JSON document on stdout instead of text on stderr. */
  readonly json: boolean
  /** FRESHFRONT_DEBUG=1: show where an unexpected error came from. */
  readonly debug: boolean
}

export function printError(error: unknown, terminal: Terminal, options: PrintOptions): void {
  const { code, message, fix } = describe(error)
  if (options.json) {
    terminal.writeResult(showJson({ formatVersion: 1, error: { code, message, fix } }))
  } else {
    const title = terminal.status.colors ? styleText('red', 'Error:', { validateStream: false }) : 'Error:'
    terminal.writeStatus(
      `${title} ${showSentence(message)}\n  Fix:  ${showSentence(fix)}\n  Code: ${showOnOneLine(code)}`,
    )
  }
  if (options.debug && error instanceof Error) terminal.writeStatus(showSentence(stackOf(error)))
}

function describe(error: unknown): { code: string; message: string; fix: string } {
  if (error instanceof FreshfrontError) return error
  const reason = error instanceof Error ? error.message || error.name : String(error)
  return {
    code: 'UNEXPECTED',
    message: `This is a bug in Freshfront: ${reason}`,
    fix: 'Please report it, with what FRESHFRONT_DEBUG=1 shows. Running the command again is safe: what is owed is remembered.',
  }
}

function stackOf(error: Error): string {
  const stack = error.stack ?? String(error)
  return error.cause instanceof Error ? `${stack}\nCaused by: ${stackOf(error.cause)}` : stack
}
