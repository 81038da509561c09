// The protocol between a step and GitHub's runner: log, annotations, masks, outputs, summary. What the step says may hold anything that
// a stranger wrote; none of it becomes a command.

import { randomUUID } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import type { Environment } from '../config/environment.ts'

/** A log line takes effect where it is written: all text of a step goes through here, on one stream. */
export interface Runner {
  log(text: string): void
  annotate(kind: AnnotationKind, message: string, place?: AnnotationPlace): void
  setOutput(name: string, value: string): void
  appendSummary(markdown: string): void
  /** The text without the secrets of this step. */
  redact(text: string): string
}

export type AnnotationKind = 'notice' | 'warning' | 'error'

export interface AnnotationPlace {
  readonly title?: string
  /** Relative to the repository. */
  readonly file?: string
  /** Counted from 1, as `col`. */
  readonly line?: string
  readonly col?: string
}

export interface RunnerOptions {
  readonly env: Environment
  readonly write: (text: string) => void
  /** Whatever of these is long enough to be one is masked from now on. */
  readonly secrets: readonly (string | undefined)[]
}

/** Shorter ones are in every other word, and protect nothing. */
const MIN_SECRET_CHARACTERS = 8

export function openRunner({ env, write, secrets }: RunnerOptions): Runner {
  const masked = secrets
    .flatMap((secret) => (secret ?? '').split(/\r?\n/))
    .filter((secret) => secret.length >= MIN_SECRET_CHARACTERS)
  for (const secret of masked) write(formatCommand('add-mask', secret))
  const redact = (text: string): string => masked.reduce((rest, secret) => rest.replaceAll(secret, '***'), text)
  return {
    redact,
    log(text) {
      const safe = redact(text)
      write(looksLikeCommand(safe) ? withoutCommands(endLine(safe)) : endLine(safe))
    },
    annotate(kind, message, place = {}) {
      write(formatCommand(kind, redact(message), place))
    },
    setOutput(name, value) {
      appendTo(env['GITHUB_OUTPUT'], formatOutput(name, redact(value)))
    },
    appendSummary(markdown) {
      appendTo(env['GITHUB_STEP_SUMMARY'], `${endLine(redact(markdown))}\n`)
    },
  }
}

/** @see GitHub Docs, "Workflow commands for GitHub Actions" */
export function formatCommand(name: string, message: string, properties: AnnotationPlace = {}): string {
  const given = Object.entries(properties).filter(([, value]) => value !== undefined)
  const list = given.map(([key, value]) => `${key}=${escapeProperty(String(value))}`).join(',')
  return `::${name}${list === '' ? '' : ` ${list}`}::${escapeMessage(message)}\n`
}

/** @param delimiter one that no line of the value is equal to */
export function formatOutput(name: string, value: string, delimiter: string = `freshfront-${randomUUID()}`): string {
  if (value.split(/\r\n|\r|\n/).includes(delimiter)) return formatOutput(name, value)
  return `${name}<<${delimiter}\n${value}\n${delimiter}\n`
}

/** The runner also takes `##[command]` anywhere in a line. */
function looksLikeCommand(text: string): boolean {
  return /^\s*::|##\[/mu.test(text)
}

/** Until its own token comes again, the runner takes nothing for a command. */
function withoutCommands(lines: string): string {
  const token = randomUUID()
  return `::stop-commands::${token}\n${lines}::${token}::\n`
}

function escapeMessage(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}

function endLine(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}

/** Outside of a runner there is no such file, and nobody who would read it. */
function appendTo(file: string | undefined, text: string): void {
  if (file !== undefined && file !== '') appendFileSync(file, text)
}
