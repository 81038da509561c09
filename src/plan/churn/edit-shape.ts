// One edit of a page → what it looks like, whatever the values in it, and a regular expression that matches such places. Pure.
//
// A pattern is only offered for what a machine writes by itself: times, numbers, digests. Never for what names a file: a page that keeps
// its old names would lose its style sheets when those are removed.

import { describeTagEdit, isTag } from './tag-shape.ts'
import { escapePattern, isFileName, isMachineMade, isPartOfDate } from './machine-made.ts'
import type { TokenEdit } from './token-edits.ts'

export interface ShapedEdit {
  readonly shape: string
  readonly pattern?: string
  readonly before: string
  readonly after: string
}

/** Unchanged text that is shown, and looked for, before a changed place. */
const MAX_CONTEXT_CHARACTERS = 40
/** Unchanged tokens on one line, between two edits that are shown as one: `23 Nov 2026 08:34`. */
const MAX_GAP_TOKENS = 6
/** A comma and a blank, and the part of a date behind them. */
const MAX_DATE_GAP_TOKENS = 3

/** @returns undefined where a page has so many edits that they explain nothing */
export function shapeEdits(
  edits: readonly TokenEdit[],
  before: readonly string[],
  after: readonly string[],
): ShapedEdit[] | undefined {
  const runs = edits
    .flatMap((edit) => splitTags(edit, before, after))
    .reduce(joinNear(after), [])
    .map(growOverDates(after))
  if (runs.length > MAX_EDITS) return undefined
  const shaped: ShapedEdit[] = []
  let tagBefore: { readonly end: number; readonly edit: ShapedEdit } | undefined
  for (const run of runs) {
    const old = before.slice(run.beforeStart, run.beforeEnd)
    const now = after.slice(run.afterStart, run.afterEnd)
    const asTag = old.length === 1 && now.length === 1 ? describeTagEdit(old[0] ?? '', now[0] ?? '') : undefined
    if (asTag !== undefined) {
      const edit = { ...asTag, before: old.join(''), after: now.join('') }
      tagBefore = { end: run.afterEnd, edit }
      shaped.push(edit)
      continue
    }
    // `<time datetime="…">…</time>`: the text is recognised by its tag, whose own values change too.
    const within = tagBefore?.end === run.afterStart ? tagBefore.edit : undefined
    if (within !== undefined) shaped.pop()
    shaped.push(shapeText({ old, now, after, run, within }))
  }
  return shaped
}

const MAX_EDITS = 12

/** Tags that were each replaced by a tag are edits of their own, beside what was changed around them. */
function splitTags(edit: TokenEdit, before: readonly string[], after: readonly string[]): TokenEdit[] {
  const places = Array.from({ length: edit.afterEnd - edit.afterStart }, (_, at) => ({
    beforeStart: edit.beforeStart + at,
    beforeEnd: edit.beforeStart + at + 1,
    afterStart: edit.afterStart + at,
    afterEnd: edit.afterStart + at + 1,
  }))
  const isTagByTag =
    edit.beforeEnd - edit.beforeStart === places.length &&
    places.every((one) => isTag(before[one.beforeStart]) === isTag(after[one.afterStart]))
  if (!isTagByTag) return [edit]
  return places.reduce((split: TokenEdit[], one) => {
    const last = split.at(-1)
    if (last === undefined || isTag(after[one.afterStart]) || isTag(after[last.afterStart])) return [...split, one]
    return [...split.slice(0, -1), { ...last, beforeEnd: one.beforeEnd, afterEnd: one.afterEnd }]
  }, [])
}

/** Takes in the rest of a date of which only a part has changed: tomorrow another part may. */
function growOverDates(after: readonly string[]) {
  return (edit: TokenEdit, index: number, all: readonly TokenEdit[]): TokenEdit => {
    if (after.slice(edit.afterStart, edit.afterEnd).some((token) => isMarkup(token) || token.includes('\n')))
      return edit
    const [first, last] = [all[index - 1]?.afterEnd ?? 0, all[index + 1]?.afterStart ?? after.length]
    let [left, right] = [edit.afterStart, edit.afterEnd]
    for (let at = left - 1; at >= Math.max(first, left - MAX_DATE_GAP_TOKENS); at -= 1) {
      if (isMarkup(after[at] ?? '') || /\n/u.test(after[at] ?? '')) break
      if (isPartOfDate(after[at] ?? '')) left = at
    }
    for (let at = right; at < Math.min(last, right + MAX_DATE_GAP_TOKENS); at += 1) {
      if (isMarkup(after[at] ?? '') || /\n/u.test(after[at] ?? '')) break
      if (isPartOfDate(after[at] ?? '')) right = at + 1
    }
    return {
      beforeStart: edit.beforeStart - (edit.afterStart - left),
      beforeEnd: edit.beforeEnd + (right - edit.afterEnd),
      afterStart: left,
      afterEnd: right,
    }
  }
}

function joinNear(after: readonly string[]) {
  return (joined: readonly TokenEdit[], edit: TokenEdit): TokenEdit[] => {
    const last = joined.at(-1)
    const gap = last === undefined ? [] : after.slice(last.afterEnd, edit.afterStart)
    const isNear =
      last !== undefined &&
      gap.length <= MAX_GAP_TOKENS &&
      after.slice(last.afterStart, edit.afterEnd).every((token) => !isMarkup(token) && !token.includes('\n'))
    return isNear
      ? [...joined.slice(0, -1), { ...last, beforeEnd: edit.beforeEnd, afterEnd: edit.afterEnd }]
      : [...joined, edit]
  }
}

interface TextEdit {
  readonly old: readonly string[]
  readonly now: readonly string[]
  readonly after: readonly string[]
  readonly run: TokenEdit
  /** The edit of the tag right before. */
  readonly within: ShapedEdit | undefined
}

function shapeText({ old, now, after, run, within }: TextEdit): ShapedEdit {
  const texts = { before: (within?.before ?? '') + old.join(''), after: (within?.after ?? '') + now.join('') }
  if ([...old, ...now].some((token) => isMarkup(token) || token.includes('\n')) || old.length * now.length === 0) {
    const [text, verb] = now.length > 0 ? [now.join(''), old.length > 0 ? '' : 'added '] : [old.join(''), 'removed ']
    return { ...texts, shape: `${verb}${within?.shape ?? ''}${generalise(text)}` }
  }
  const left = within === undefined ? contextBefore(after, run.afterStart) : ''
  const right = contextAfter(after, run.afterEnd)
  const shape = `${within?.shape ?? left}…${right}`
  const isRun = old.length === 1 && now.length === 1
  const isAnchored =
    within === undefined ? /\p{L}{3}/u.test(left) && !/^<\w+>$/u.test(left) && !left.endsWith('/') : true
  const anchor = within === undefined ? escapePattern(left) : within.pattern
  const values = [...old, ...now].filter((token) => /[\p{L}\p{N}]/u.test(token))
  const isSafe =
    anchor !== undefined &&
    isAnchored &&
    values.every((value) => isMachineMade(value) || (old.includes(value) && now.includes(value))) &&
    !values.some(isFileName)
  if (!isSafe || (!isRun && right === '')) return { ...texts, shape }
  const value = isRun ? '[\\p{L}\\p{N}_:.+-]+' : '[^<\\n]*?'
  return { ...texts, shape, pattern: `${anchor}${value}${escapePattern(right)}` }
}

/** What stands before on the same line, back to the nearest tag or number. */
function contextBefore(tokens: readonly string[], end: number): string {
  let context = ''
  for (let at = end - 1; at >= 0; at -= 1) {
    const token = tokens[at] ?? ''
    if (token.includes('\n') || (/\d/u.test(token) && !isTag(token))) break
    if (token.length + context.length > MAX_CONTEXT_CHARACTERS) break
    context = token + context
    if (isMarkup(token)) break
  }
  return context
}

/** The next token that is not blank, with the blanks before it. */
function contextAfter(tokens: readonly string[], start: number): string {
  const [first = '', second = ''] = tokens.slice(start, start + 2)
  const context = first.trim() === '' ? first + second : first
  return /[\d\n]/u.test(context) || context.length > MAX_CONTEXT_CHARACTERS ? '' : context
}

function isMarkup(token: string): boolean {
  return token === '<!--' || token === '-->' || isTag(token)
}

/** `…` for whatever has a digit in it. */
function generalise(text: string): string {
  return text.replaceAll(/[\p{L}\p{N}_:.+-]*\d[\p{L}\p{N}_:.+-]*/gu, '…')
}
