// From what the schema found to the sentences that a user reads. Pure.

import type * as z from 'zod'

import { quote } from '../errors.ts'
import { closestName } from './closest-name.ts'
import { expectations, type SettingName } from './expected.ts'

export interface Problem {
  /** With the remark that belongs to it: `--bucket: expected a bucket name, not "A". It has capital letters.` */
  readonly sentence: string
  /** Where to correct it. */
  readonly fix: string
}

/** How one source of settings, a file or the flags, names what it says. */
export interface SourceWords {
  /** `--bucket`, `FRESHFRONT_BUCKET`, `"bucket" in freshfront.json`. @param path below the setting, `[1]` or `[0].exclude` */
  nameOf(setting: string, path: string): string
  /** The words after "expected", where this source writes a value in a way of its own. */
  expectationOf?(setting: SettingName): string | undefined
  readonly knownNames: readonly string[]
  /** Where a user corrects what this source says. */
  readonly fix: string
}

/** Keys that a user may well look for, and where to find what they want. */
const misplacedKeys: Readonly<Record<string, string>> = {
  include: 'Write "filters": [{ "include": "PATTERN" }], in the order in which they apply.',
  exclude: 'Write "filters": [{ "exclude": "PATTERN" }], in the order in which they apply.',
  yes: 'Confirming is for one run: use --yes or FRESHFRONT_YES.',
  force: 'Uploading everything is for one run: use --force or FRESHFRONT_FORCE.',
  dryRun: 'Use freshfront plan, --dry-run or FRESHFRONT_DRY_RUN.',
  noWait: 'Write "wait": false.',
  local: 'Use --local or FRESHFRONT_LOCAL.',
}

/** What a rule looks like, by its setting; filters have the rest. */
const ruleForms: Readonly<Record<string, string>> = {
  urls: 'A rule is { "key": "*index.html", "paths": ["/$1"] }.',
  headers: 'A rule is { "for": "*.pdf", "set": { "Cache-Control": "max-age=60" } }.',
}

/** @param input what the schema was given */
export function describeIssues(
  issues: readonly z.core.$ZodIssue[],
  input: unknown,
  words: SourceWords,
): readonly Problem[] {
  const withUnknownKeys = issues
    .filter((issue) => issue.code === 'unrecognized_keys')
    .map((issue) => pathText(issue.path))
  return issues
    .filter((issue) => issue.code !== 'custom' || !withUnknownKeys.includes(pathText(issue.path)))
    .flatMap((issue) => describeIssue(issue, input, words))
}

function describeIssue(issue: z.core.$ZodIssue, input: unknown, words: SourceWords): readonly Problem[] {
  if (issue.code === 'invalid_union') {
    // The branch that the value was meant for: the one whose outermost type is right.
    const meant = issue.errors.find((branch) => branch.every((inner) => inner.path.length > 0))
    if (meant !== undefined) {
      return meant.flatMap((inner) => describeIssue({ ...inner, path: [...issue.path, ...inner.path] }, input, words))
    }
  }
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => describeUnknownKey(key, issue.path, words))
  const [setting, ...below] = issue.path
  if (setting === undefined)
    return [{ sentence: 'freshfront.json: expected an object: { "bucket": … }.', fix: words.fix }]
  const name = words.nameOf(String(setting), pathText(below))
  const expected =
    below.length > 1 ? expectationWithin(String(setting), String(below[1])) : expectationFor(String(setting), words)
  const sentence = `${name}: expected ${expected}, not ${show(valueAt(input, issue.path))}.`
  return [{ sentence: issue.code === 'custom' ? `${sentence} ${issue.message}` : sentence, fix: words.fix }]
}

function describeUnknownKey(key: string, path: readonly PropertyKey[], words: SourceWords): Problem {
  const [setting, ...below] = path
  if (setting !== undefined) {
    const name = words.nameOf(String(setting), pathText(below))
    const form = ruleForms[String(setting)] ?? 'A rule is { "include": "PATTERN" } or { "exclude": "PATTERN" }.'
    return { sentence: `${name}: there is no key ${quote(key)} in a rule. ${form}`, fix: words.fix }
  }
  const closest = closestName(key, words.knownNames)
  const remark =
    misplacedKeys[key] ??
    (closest === undefined ? `The settings are ${words.knownNames.join(', ')}.` : `Did you mean ${quote(closest)}?`)
  return { sentence: `${words.nameOf(key, '')} is not a setting. ${remark}`, fix: words.fix }
}

function expectationFor(setting: string, words: SourceWords): string {
  const name = Object.keys(expectations).find((known): known is SettingName => known === setting)
  if (name === undefined) return 'a text'
  return words.expectationOf?.(name) ?? expectations[name]
}

/** Of a part of a rule. */
function expectationWithin(setting: string, part: string): string {
  if (setting === 'headers' && part === 'set') return 'headers such as { "Cache-Control": "max-age=60" }'
  if (setting === 'objectTags') return 'a text'
  if (setting !== 'urls') return 'a pattern such as "*.map"'
  return part === 'key' ? 'a pattern such as "*index.html"' : 'paths such as ["/$1"]'
}

/** `[1]`, `[0].exclude`. */
function pathText(path: readonly PropertyKey[]): string {
  return path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('')
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, step) => (typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined),
    input,
  )
}

function show(value: unknown): string {
  const text = typeof value === 'string' ? quote(value) : (JSON.stringify(value) ?? String(value))
  return text.length <= 100 ? text : `${text.slice(0, 99)}…`
}
