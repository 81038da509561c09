// A workflow that deploys with other tools → the same workflow with Freshfront in their place. Pure. Only the lines of the steps
// that deploy are touched, and a job of which any part cannot be carried over is left as it is.

import { FreshfrontError } from '../errors.ts'
import { FRESHFRONT_ACTION } from './action-pins.ts'
import { renderActionStep, toActionStep, type ActionStep } from './freshfront-step.ts'
import type { OldInvalidation, OldUpload } from './old-deploy.ts'
import { readOldStep, type OldStep } from './old-steps.ts'
import { readWorkflow, toText, type WorkflowJob, type WorkflowStep } from './workflow-steps.ts'

export interface WorkflowRewrite {
  /** The same as before when nothing could be rewritten. */
  readonly text: string
  /** How many uploads have become a step of Freshfront. */
  readonly rewritten: number
  /** Whether a step uses Freshfront already. */
  readonly usesFreshfront: boolean
  /** What is left as it was, and why. */
  readonly warnings: readonly string[]
  /** What is different now, and harmless. */
  readonly notes: readonly string[]
}

/**
 * @param fileName for messages
 * @throws {FreshfrontError} `WORKFLOW_NOT_READABLE`
 */
export function rewriteWorkflow(text: string, fileName: string): WorkflowRewrite {
  const jobs = readWorkflow(text, fileName)
  const results = jobs.map((job) => rewriteJob(job, text))
  const edits = results.flatMap((result) => result.edits)
  const warnings = results.flatMap((result) => result.warnings)
  const unchanged = { text, rewritten: 0, usesFreshfront: usesFreshfront(jobs), notes: [] }
  if (edits.length === 0) return { ...unchanged, warnings }

  const rewritten = applyEdits(text, edits)
  if (!keepsTheRest(jobs, rewritten, results)) {
    const name = 'This workflow is written in a way that cannot be edited safely'
    return { ...unchanged, warnings: [...warnings, `${name}; put the step in by hand.`] }
  }
  return {
    text: rewritten,
    rewritten: results.reduce((sum, { groups }) => sum + groups.length, 0),
    usesFreshfront: true,
    warnings,
    notes: [...new Set(results.flatMap((result) => result.notes))],
  }
}

interface Edit {
  readonly start: number
  readonly end: number
  readonly lines: readonly string[]
}

/** An upload and what is invalidated after it. */
interface Group {
  readonly upload: OldUpload
  readonly step: WorkflowStep
  readonly invalidations: OldInvalidation[]
  readonly invalidationSteps: Set<WorkflowStep>
  action?: ActionStep
}

interface JobResult {
  readonly edits: readonly Edit[]
  readonly groups: readonly Group[]
  /** For each step, how often it is there afterwards and whether its script is shorter. */
  readonly kept: readonly { readonly step: WorkflowStep; readonly trimmed: boolean }[]
  readonly warnings: readonly string[]
  readonly notes: readonly string[]
}

function rewriteJob(job: WorkflowJob, text: string): JobResult {
  const old = new Map<WorkflowStep, OldStep>()
  for (const step of job.steps) {
    const found = readOldStep(step.content, job)
    if (found !== undefined) old.set(step, found)
  }
  const untouched = job.steps.map((step) => ({ step, trimmed: false }))
  const left = (warnings: readonly string[]): JobResult => ({
    edits: [],
    groups: [],
    kept: untouched,
    notes: [],
    warnings,
  })
  if (old.size === 0) return left([])

  const groups = groupParts(old)
  const obstacles = [
    ...findObstacles(job, old, text),
    ...groups.flatMap((group) => findGroupObstacles(group, job, old)),
  ]
  const [first] = groups
  if (first === undefined && obstacles.length === 0) {
    obstacles.push(`Job ${job.name} invalidates and uploads nothing: Freshfront does both in one step.`)
  }
  const twice = findDoubledTarget(groups)
  if (twice !== undefined) {
    obstacles.push(
      `Job ${job.name} uploads more than once to ${twice}: say what differs between them in freshfront.json instead.`,
    )
  }
  if (obstacles.length > 0) return left(obstacles.map((sentence) => `${sentence} Left as it is.`))

  for (const group of groups) group.action = toAction(group, old)
  const edits = [...old].map(([step, { keepScript }]) => editStep(step, keepScript, groups, text))
  return {
    edits,
    groups,
    kept: untouched
      .filter(({ step }) => old.get(step)?.keepScript !== undefined || !old.has(step))
      .map(({ step }) => ({ step, trimmed: old.has(step) })),
    warnings: [],
    notes: groups.flatMap((group) => noteChanges(group)),
  }
}

/** Each invalidation belongs to the upload before it. */
function groupParts(old: ReadonlyMap<WorkflowStep, OldStep>): readonly Group[] {
  const groups: Group[] = []
  for (const [step, { parts }] of old) {
    for (const part of parts) {
      if (part.kind === 'upload') {
        groups.push({ upload: part, step, invalidations: [], invalidationSteps: new Set() })
      } else if (part.kind === 'invalidation') {
        groups.at(-1)?.invalidations.push(part)
        groups.at(-1)?.invalidationSteps.add(step)
      }
    }
  }
  return groups
}

const editableKeys: ReadonlySet<string> = new Set([
  'name',
  'id',
  'if',
  'continue-on-error',
  'timeout-minutes',
  'uses',
  'run',
  'with',
  'env',
  'shell',
  'working-directory',
])

function findObstacles(job: WorkflowJob, old: ReadonlyMap<WorkflowStep, OldStep>, text: string): string[] {
  const found: string[] = []
  let uploads = 0
  for (const [step, { parts, keepScript }] of old) {
    const here = `Line ${step.start + 1}`
    for (const part of parts) {
      if (part.kind === 'obstacle') found.push(`${here}: ${part.sentence}`)
      if (part.kind === 'upload') uploads++
      if (part.kind === 'invalidation' && uploads === 0 && [...old.values()].some(hasUpload)) {
        found.push(`${here}: It invalidates before anything is uploaded.`)
      }
    }
    if (step.unusual !== undefined) found.push(`${here}: ${step.unusual}`)
    const strange = step.keys.find(({ name }) => !editableKeys.has(name))
    if (strange !== undefined) found.push(`${here}: It has a key "${strange.name}".`)
    const id = step.value['id']
    if (typeof id === 'string' && text.includes(`steps.${id}.`)) {
      found.push(`${here}: Other steps read what it puts out (steps.${id}).`)
    }
    if (keepScript !== undefined && trimScript(step, keepScript, text) === undefined) {
      found.push(`${here}: Other commands share its script; give the deploy a step of its own.`)
    }
  }
  return found.map((sentence) => sentence.replace(/^Line/u, `Job ${job.name}, line`))
}

function hasUpload({ parts }: OldStep): boolean {
  return parts.some(({ kind }) => kind === 'upload')
}

function findGroupObstacles(group: Group, job: WorkflowJob, old: ReadonlyMap<WorkflowStep, OldStep>): string[] {
  const found: string[] = []
  const from = job.steps.indexOf(group.step)
  for (const step of group.invalidationSteps) {
    const here = `Job ${job.name}, line ${step.start + 1}`
    const condition = conditionOf(step)
    if (condition !== '' && condition !== conditionOf(group.step)) {
      found.push(`${here}: It invalidates under another condition than the upload.`)
    }
    const between = job.steps.slice(from + 1, job.steps.indexOf(step))
    if (between.some(({ content }) => content.uses?.startsWith('aws-actions/configure-aws-credentials'))) {
      found.push(`${here}: It invalidates with other credentials than the upload.`)
    }
    const [one, other] = [old.get(group.step)?.env ?? {}, old.get(step)?.env ?? {}]
    const clash = Object.keys(other).find((name) => one[name] !== undefined && one[name] !== other[name])
    if (clash !== undefined) found.push(`${here}: Its ${clash} is not that of the upload.`)
  }
  if (group.invalidations.some(({ profile }) => profile !== undefined && profile !== group.upload.profile)) {
    found.push(`Job ${job.name}, line ${group.step.start + 1}: Upload and invalidation use different profiles.`)
  }
  return found
}

/** `success()` is what a step without a condition has. */
function conditionOf({ value }: WorkflowStep): string {
  const text = toText(value['if'])
    .replace(/^\s*\$\{\{([^]*)\}\}\s*$/u, '$1')
    .trim()
  return text === 'success()' ? '' : text
}

function findDoubledTarget(groups: readonly Group[]): string | undefined {
  const targets = groups.map(({ upload }) => `s3://${upload.bucket ?? '…'}/${upload.prefix ?? ''}`)
  return targets.find((target, position) =>
    targets.some((other, at) => at !== position && `${target}/`.replace(/\/+$/u, '/').startsWith(other)),
  )
}

function toAction({ upload, step, invalidations, invalidationSteps }: Group, old: ReadonlyMap<WorkflowStep, OldStep>) {
  const ids = [
    ...(upload.distribution === undefined ? [] : [upload.distribution]),
    ...invalidations.map((one) => one.distribution),
  ]
  const env = [step, ...invalidationSteps].map((each) => old.get(each)?.env ?? {})
  return toActionStep(upload, [...new Set(ids)], Object.fromEntries(env.flatMap((one) => Object.entries(one))))
}

function noteChanges({ upload, invalidations }: Group): readonly string[] {
  const where = upload.bucket === undefined ? 'the bucket' : upload.bucket
  return [
    ...upload.notes,
    invalidations.length > 0 || upload.distribution !== undefined
      ? 'The paths to invalidate are left out: they are worked out from what changed.'
      : `Nothing was invalidated after the upload to ${where}; Freshfront refreshes every distribution that serves it.`,
    ...(upload.source === '.'
      ? ['The whole checkout is deployed, as before: set source to the folder of the built site.']
      : []),
  ]
}

/** What stands where the step stood: nothing, what is left of its script, the step of Freshfront, or both. */
function editStep(step: WorkflowStep, keepScript: number | undefined, groups: readonly Group[], text: string): Edit {
  const lines = text.split('\n')
  const own = groups.filter((group) => group.step === step)
  const kept = keepScript === undefined ? [] : (trimScript(step, keepScript, text) ?? [])
  const added = own.flatMap(({ action }, position) =>
    action === undefined ? [] : renderStep(step, action, lines, keepScript === undefined && position === 0),
  )
  const replacement = [...kept, ...added]
  if (replacement.length > 0) return { start: step.start, end: step.end, lines: replacement }
  // One of two blank lines around what goes away goes with it.
  const blank = (lines[step.end] ?? '').trim() === '' && (lines[step.start - 1] ?? '').trim() === ''
  const atEnd = step.end >= lines.length - 1
  return { start: step.start - (blank && atEnd ? 1 : 0), end: step.end + (blank && !atEnd ? 1 : 0), lines: [] }
}

const replacedKeys: ReadonlySet<string> = new Set(['uses', 'run', 'with', 'env', 'shell', 'working-directory'])

/** @param inPlace whether name and id of the old step are its own; a second step has only the conditions */
function renderStep(step: WorkflowStep, action: ActionStep, lines: readonly string[], inPlace: boolean): string[] {
  const rendered = renderActionStep(action)
  const eol = eolOf(lines[step.start])
  const blanks = ' '.repeat(step.indent)
  const result: string[] = []
  let placed = false
  for (const key of step.keys) {
    const own = lines.slice(key.start, Math.min(key.end, step.end))
    if (replacedKeys.has(key.name)) {
      if (!placed) result.push(...rendered.map((line) => `${blanks}${line}${eol}`))
      placed = true
      // A comment between two keys says something about the next.
      const comments = own.toReversed().findIndex((line) => !(/^\s*#/u.test(line) && line.search(/\S/u) <= step.indent))
      result.push(...own.slice(comments === -1 ? 0 : own.length - comments))
    } else if (inPlace || !['name', 'id'].includes(key.name)) {
      result.push(...own.map((line, position) => (position === 0 ? blanks + line.slice(step.indent) : line)))
    }
  }
  const start = lines[step.start] ?? ''
  const [head = '', ...others] = result
  return [start.slice(0, step.indent) + head.slice(step.indent), ...others]
}

/** @returns the lines of the step with its script up to `keep`, or undefined when its text cannot be cut there */
function trimScript(step: WorkflowStep, keep: number, text: string): readonly string[] | undefined {
  const lines = text.split('\n')
  const script = step.content.run ?? ''
  if (step.script?.kind === 'plain') {
    const { line, offset } = step.script
    const cut = (lines[line] ?? '').slice(0, offset + keep) + eolOf(lines[line])
    return lines.slice(step.start, step.end).map((own, position) => (step.start + position === line ? cut : own))
  }
  if (step.script?.kind !== 'block') return undefined
  const before = script.slice(0, keep).split('\n')
  const lastLine = step.script.firstLine + before.length - 1
  const scriptKey = step.keys.find(({ name }) => name === 'run')
  const cut = (lines[lastLine] ?? '').slice(0, step.script.indent + (before.at(-1)?.length ?? 0))
  const after = lines.slice(Math.min(scriptKey?.end ?? step.end, step.end), step.end)
  return [...lines.slice(step.start, lastLine), cut.replace(/\r$/u, '') + eolOf(lines[lastLine]), ...after]
}

/** What a line of Windows has before its line feed. */
function eolOf(line: string | undefined): string {
  return line?.endsWith('\r') === true ? '\r' : ''
}

function applyEdits(text: string, edits: readonly Edit[]): string {
  const lines = text.split('\n')
  for (const { start, end, lines: replacement } of edits.toSorted((a, b) => b.start - a.start)) {
    lines.splice(start, end - start, ...replacement)
  }
  return lines.join('\n')
}

/** Whether the text read again has every step that was to stay, the new ones, and nothing else. */
function keepsTheRest(before: readonly WorkflowJob[], rewritten: string, results: readonly JobResult[]): boolean {
  let after: readonly WorkflowJob[]
  try {
    after = readWorkflow(rewritten, '')
  } catch (error) {
    if (error instanceof FreshfrontError) return false
    throw error
  }
  const describe = ({ value, content }: WorkflowStep, trimmed = false): string =>
    JSON.stringify({ ...value, run: trimmed ? '' : content.run })
  return before.every((job, position) => {
    const result = results[position]
    const now = after[position]?.steps ?? []
    if (result === undefined || after[position]?.name !== job.name) return false
    const actions = result.groups.map(({ action }) => JSON.stringify([action?.uses, action?.with, action?.env]))
    const found = now
      .map(({ content }) => JSON.stringify([content.uses, content.with, content.env]))
      .filter((step) => step.includes(FRESHFRONT_ACTION))
    const expected = result.kept.map(({ step, trimmed }) => describe(step, trimmed))
    const rest = now.filter(({ content }) => !(result.groups.length > 0 && content.uses?.startsWith(FRESHFRONT_ACTION)))
    return (
      rest.length === expected.length &&
      rest.every((step, at) => describe(step, result.kept[at]?.trimmed) === expected[at]) &&
      actions.every((action) => found.includes(action))
    )
  })
}

function usesFreshfront(jobs: readonly WorkflowJob[]): boolean {
  return jobs.some((job) => job.steps.some(({ content }) => content.uses?.startsWith(`${FRESHFRONT_ACTION}@`)))
}
