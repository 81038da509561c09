// Questions to the person at the terminal, one line each. There is none in CI or behind a pipe: then nobody is asked.

import type { EventEmitter } from 'node:events'
import { createInterface } from 'node:readline/promises'

import { argumentsInvalid } from '../errors.ts'

export interface Prompt {
  /**
   * @param fallback shown, and the answer when only Enter is pressed
   * @returns without blanks around it; `''` when nothing was answered and there is no fallback
   */
  ask(question: string, fallback?: string): Promise<string>
  /** Gives the terminal back; no question can follow. */
  close(): void
}

export interface PromptStreams {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean }
  /** Where Ctrl-C is to arrive: a terminal that asks gets it as a key. */
  readonly process: Pick<EventEmitter, 'emit'>
  readonly interruption: AbortSignal
}

/** @returns undefined where nobody could answer */
export function openPrompt(
  { input, output, process, interruption }: PromptStreams,
  env: Readonly<Record<string, string | undefined>>,
): Prompt | undefined {
  if (input.isTTY !== true || output.isTTY !== true || (env['CI'] ?? '') !== '') return undefined
  const lines = createInterface({ input, output, terminal: env['TERM'] !== 'dumb' })
  lines.on('SIGINT', () => process.emit('SIGINT', 'SIGINT'))
  const ended = new Promise<never>((_, reject) => {
    const fix = 'Answer each question, or say everything with flags and --yes.'
    lines.on('close', () => reject(argumentsInvalid('The input ended before all questions were answered.', fix)))
  })
  // Closing is not always unexpected; who still waits for an answer hears of it below.
  ended.catch(() => undefined)
  return {
    async ask(question, fallback) {
      const shown = fallback === undefined || fallback === '' ? `${question}: ` : `${question} (${fallback}): `
      try {
        const answer = (await Promise.race([lines.question(shown, { signal: interruption }), ended])).trim()
        return answer === '' ? (fallback ?? '') : answer
      } catch (error) {
        throw interruption.aborted ? interruption.reason : error
      }
    },
    close: () => lines.close(),
  }
}
