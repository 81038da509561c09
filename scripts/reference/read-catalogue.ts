// The codes that Freshfront reports, out of its own source: the errors of errors.ts, and the findings written where they are found. Pure.

import { readTexts, skipPart, splitAtCommas } from './read-code.ts'

export interface CatalogueEntry {
  readonly code: string
  readonly kind: 'error' | 'refusal' | 'failure' | 'warning'
  /** For errors: `failed`, `usage`, `refused` …: the classes of exit codes. */
  readonly errorClasses: readonly string[]
  /** Each way to say it. */
  readonly messages: readonly string[]
  readonly fixes: readonly string[]
}

/** @param source src/errors.ts */
export function readErrors(source: string): readonly CatalogueEntry[] {
  const opening = 'new FreshfrontError('
  const entries: CatalogueEntry[] = []
  for (let start = source.indexOf(opening); start !== -1; start = source.indexOf(opening, start + 1)) {
    const [codes = '', message = '', options = '{}'] = splitAtCommas(source, start + opening.length - 1)
    const fields = readFields(options)
    const resolve = (expression: string): readonly string[] => readTexts(resolveName(source, expression, start))
    const classes = readTexts(fields.get('errorClass') ?? "'failed'")
    for (const code of readTexts(codes).filter(isCode))
      entries.push({
        code,
        kind: 'error',
        errorClasses: classes,
        messages: resolve(message),
        fixes: resolve(fields.get('fix') ?? ''),
      })
  }
  return mergeEntries(entries)
}

/** @param sources of all of src/ but errors.ts */
export function readFindings(sources: readonly string[]): readonly CatalogueEntry[] {
  return mergeEntries(sources.flatMap(readFindingsOf))
}

function readFindingsOf(source: string): readonly CatalogueEntry[] {
  return [...source.matchAll(/\bcode: '([A-Z][A-Z_]{3,})'/g)].flatMap(({ index, 1: code = '' }) => {
    const fields = readEnclosing(source, index)
    const message = fields.get('message')
    if (message === undefined) return []
    return [
      {
        code,
        kind: kindOf(fields),
        errorClasses: [],
        messages: readTexts(resolveName(source, message, index)),
        fixes: readTexts(resolveName(source, fields.get('fix') ?? '', index)),
      },
    ]
  })
}

/** The fields of the literal that the field at `position` belongs to. */
function readEnclosing(source: string, position: number): ReadonlyMap<string, string> {
  for (let start = source.lastIndexOf('{', position); start > 0; start = source.lastIndexOf('{', start - 1))
    if (skipPart(source, start) > position && source[start - 1] !== '$') return readFields(source.slice(start))
  return new Map()
}

function kindOf(fields: ReadonlyMap<string, string>): CatalogueEntry['kind'] {
  if (fields.has('confirmable')) return 'refusal'
  return fields.has('what') || fields.has('fix') ? 'failure' : 'warning'
}

/** `{ code: 'X', message, fix: f() }` → `code` to `'X'`, `message` to `message`, `fix` to `f()`. */
export function readFields(literal: string): ReadonlyMap<string, string> {
  if (!literal.startsWith('{')) return new Map()
  return new Map(
    splitAtCommas(literal, 0).flatMap((part) => {
      const plain = part.replace(/^(?:\s*\/\/[^\n]*\n|\s*\/\*[\s\S]*?\*\/)+\s*/, '')
      const [, name, value] = /^(\w+)(?::\s*([\s\S]*))?$/.exec(plain) ?? []
      return name === undefined ? [] : [[name, value ?? name] as const]
    }),
  )
}

/** A name → what the last `const` of that name before `position`, or a constant of the module, is made of; anything else as it is. */
function resolveName(source: string, expression: string, position: number): string {
  if (!/^\w+$/.test(expression)) return expression
  const declarations = [...source.matchAll(new RegExp(`\\bconst ${expression}(?:: [^=]+)? =\\s`, 'g'))]
  const before = declarations.filter(({ index }) => index < position)
  const functionStart = source.lastIndexOf('\nfunction ', position)
  const exportStart = source.lastIndexOf('\nexport ', position)
  const declaration = before.findLast(
    ({ index }) => index > Math.max(functionStart, exportStart) || source[index - 1] === '\n',
  )
  if (declaration === undefined) return ''
  const start = declaration.index + declaration[0].length
  let end = start
  // An expression ends with a line that the next one does not go on from: the house writes no semicolons.
  while (end < source.length && !(source[end] === '\n' && !/^\s*[?:.+|&]/.test(source.slice(end + 1, end + 80))))
    end = skipPart(source, end)
  return source.slice(start, end)
}

function mergeEntries(entries: readonly CatalogueEntry[]): readonly CatalogueEntry[] {
  const codes = [...new Set(entries.map(({ code }) => code))].sort()
  return codes.map((code) => {
    const same = entries.filter((entry) => entry.code === code)
    return {
      code,
      kind: same[0]?.kind ?? 'error',
      errorClasses: [...new Set(same.flatMap(({ errorClasses }) => errorClasses))],
      messages: [...new Set(same.flatMap(({ messages }) => messages))],
      fixes: [...new Set(same.flatMap(({ fixes }) => fixes))],
    }
  })
}

function isCode(text: string): boolean {
  return /^[A-Z][A-Z_]+$/.test(text)
}
