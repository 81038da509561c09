// A workflow of GitHub Actions → its jobs and steps, each with the lines of the file that it is written on. Pure.

import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Node,
  type YAMLMap,
} from 'yaml'

import { workflowNotReadable } from '../errors.ts'
import type { StepContent } from './old-steps.ts'

export interface WorkflowJob {
  readonly name: string
  readonly environment: ReadonlySet<string>
  readonly steps: readonly WorkflowStep[]
}

export interface WorkflowStep {
  /** Counted from 0; `end` is not part of it. */
  readonly start: number
  readonly end: number
  /** Of its keys. */
  readonly indent: number
  /** In the order in which they stand. */
  readonly keys: readonly StepKey[]
  readonly content: StepContent
  /** The same as it was parsed. */
  readonly value: Readonly<Record<string, unknown>>
  /** Why its text cannot be edited. */
  readonly unusual?: string
  /** Where its script is written: from the character after `run: ` on, or from a line on with so many blanks before each. */
  readonly script?: { readonly kind: 'plain'; readonly line: number; readonly offset: number } | ScriptBlock
}

interface ScriptBlock {
  readonly kind: 'block'
  readonly firstLine: number
  readonly indent: number
}

interface StepKey {
  readonly name: string
  readonly start: number
  readonly end: number
}

/** @throws {FreshfrontError} `WORKFLOW_NOT_READABLE` */
export function readWorkflow(text: string, fileName: string): readonly WorkflowJob[] {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, prettyErrors: false })
  const [error] = document.errors
  if (error !== undefined) {
    const { line, col } = lineCounter.linePos(error.pos[0])
    throw workflowNotReadable(`${fileName}:${line}:${col}`, error.message.replace(/\.?$/u, ''))
  }
  const jobs = document.get('jobs')
  if (!isMap(document.contents) || !isMap(jobs)) throw workflowNotReadable(fileName, 'it has no jobs')
  const written = [...text.matchAll(/\b([A-Za-z_]\w*)=[^\n]*>>\s*"?\$(?:GITHUB_ENV\b|\{GITHUB_ENV\})/gu)]
  const ofWorkflow = [...namesOf(document.contents, 'env'), ...written.map(([, name = '']) => name)]
  const lines = text.split('\n')
  return jobs.items.flatMap(({ key, value: job }) => {
    const steps = isMap(job) ? job.get('steps') : undefined
    if (!isMap(job) || !isSeq(steps)) return []
    const defaults = { ...runDefaults(document.contents), ...runDefaults(job) }
    const items = steps.items.filter((item) => isMap(item))
    const starts = items.map((item) => lineCounter.linePos(item.range?.[0] ?? 0).line - 1)
    const last = lineAfter(steps.range?.[2] ?? text.length, text)
    return {
      name: toText(isScalar(key) ? key.value : key),
      environment: new Set([...ofWorkflow, ...namesOf(job, 'env')]),
      steps: items.map((item, position) =>
        readStep(item, {
          lines,
          lineCounter,
          defaults,
          start: starts[position] ?? 0,
          next: starts[position + 1] ?? last,
        }),
      ),
    }
  })
}

interface StepPlace {
  readonly lines: readonly string[]
  readonly lineCounter: LineCounter
  readonly defaults: Readonly<Record<string, string>>
  readonly start: number
  readonly next: number
}

function readStep(item: YAMLMap, { lines, lineCounter, defaults, start, next }: StepPlace): WorkflowStep {
  const indent = lineCounter.linePos(item.range?.[0] ?? 0).col - 1
  let end = Math.min(next, lines.length)
  while (end > start + 1 && isOutside(lines[end - 1] ?? '', indent)) end--
  const keyStarts = item.items.map(({ key }) => lineOf(key, lineCounter))
  const value = item.toJSON() as Record<string, unknown>
  const keys = item.items.map(({ key }, position) => ({
    name: toText(isScalar(key) ? key.value : key),
    start: keyStarts[position] ?? start,
    end: keyStarts[position + 1] ?? end,
  }))
  const unusual = findUnusual(item, lines[start] ?? '', indent, new Set(keyStarts).size)
  const script = scriptPlace(item.get('run', true), lines, lineCounter)
  return {
    start,
    end,
    indent,
    keys,
    value,
    content: { ...defaults, ...readContent(value) },
    ...(unusual !== undefined && { unusual }),
    ...(script !== undefined && { script }),
  }
}

/** Blank lines and comments that do not stand deeper than the keys belong to what follows. */
function isOutside(line: string, indent: number): boolean {
  const [, blanks = '', rest = ''] = /^(\s*)([^]*)$/u.exec(line.trimEnd()) ?? []
  return rest === '' || (rest.startsWith('#') && blanks.length <= indent)
}

function findUnusual(item: YAMLMap, firstLine: string, indent: number, keyLines: number): string | undefined {
  if (item.flow === true || keyLines !== item.items.length) return 'Its keys do not stand on lines of their own.'
  if (!/^\s*- +$/u.test(firstLine.slice(0, indent))) return 'It does not begin on the line of its hyphen.'
  let anchored = false
  visit(item, {
    Node: (_key, node) => {
      if (isAlias(node) || node.anchor !== undefined) anchored = true
    },
  })
  return anchored ? 'It shares values with other places (an anchor or an alias).' : undefined
}

function scriptPlace(
  node: unknown,
  lines: readonly string[],
  lineCounter: LineCounter,
): WorkflowStep['script'] | undefined {
  if (!isScalar(node)) return undefined
  const { line, col } = lineCounter.linePos(node.range?.[0] ?? 0)
  if (node.type === 'PLAIN' && !(node.source ?? '').includes('\n')) {
    return lineCounter.linePos(node.range?.[1] ?? 0).line === line
      ? { kind: 'plain', line: line - 1, offset: col - 1 }
      : undefined
  }
  const [, blanks = ''] = /^( *)\S/u.exec(lines[line] ?? '') ?? []
  // A first line that is indented further, or empty, would need the header's own indentation indicator.
  const simple = node.type === 'BLOCK_LITERAL' && blanks !== '' && /\|[+-]?\s*$/u.test(lines[line - 1] ?? '')
  return simple ? { kind: 'block', firstLine: line, indent: blanks.length } : undefined
}

function readContent(value: Readonly<Record<string, unknown>>): StepContent {
  const { uses, run, shell, 'working-directory': workingDirectory } = value
  return {
    ...(uses !== undefined && { uses: toText(uses) }),
    ...(run !== undefined && { run: toText(run) }),
    ...(shell !== undefined && { shell: toText(shell) }),
    ...(workingDirectory !== undefined && { workingDirectory: toText(workingDirectory) }),
    with: readTexts(value['with']),
    env: readTexts(value['env']),
  }
}

function readTexts(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {}
  return Object.fromEntries(Object.entries(value).map(([name, text]) => [name, toText(text)]))
}

function runDefaults(node: unknown): Record<string, string> {
  const run: unknown = isMap(node) ? node.getIn(['defaults', 'run']) : undefined
  if (!isMap(run)) return {}
  const { shell, 'working-directory': workingDirectory } = readTexts(run.toJSON())
  return { ...(shell !== undefined && { shell }), ...(workingDirectory !== undefined && { workingDirectory }) }
}

function namesOf(node: YAMLMap, key: string): readonly string[] {
  const map = node.get(key)
  return isMap(map) ? map.items.map((pair) => toText(isScalar(pair.key) ? pair.key.value : pair.key)) : []
}

/** A value as Actions would hand it on. */
export function toText(value: unknown): string {
  if (typeof value === 'string') return value
  return value === null || value === undefined ? '' : JSON.stringify(value)
}

/** The first line, counted from 0, of which nothing stands before the offset. */
function lineAfter(offset: number, text: string): number {
  const before = text.slice(0, offset)
  const line = before.split('\n').length - 1
  return before.slice(before.lastIndexOf('\n') + 1).trim() === '' ? line : line + 1
}

function lineOf(key: unknown, lineCounter: LineCounter): number {
  const node: Node | undefined = isNode(key) ? key : undefined
  return lineCounter.linePos(node?.range?.[0] ?? 0).line - 1
}
