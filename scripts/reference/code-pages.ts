// The reference of what is read by programs: codes of errors and findings, fields of JSON documents. Pure.

import { escapeText, makePage, makeTable, showCode, showDoc } from './markdown.ts'
import { readErrors, readFields, readFindings, type CatalogueEntry } from './read-catalogue.ts'
import { skipPart } from './read-code.ts'
import { listFields, type Declarations, type TypeField } from './read-types.ts'

/**
 * @param exitCodes by class of error
 * @param catalogue src/errors.ts
 * @param sources all others
 */
export function makeErrorsPage(
  exitCodes: Readonly<Record<string, number>>,
  catalogue: string,
  sources: readonly string[],
): string {
  const errors = readErrors(catalogue)
  const findings = readFindings(sources).filter(({ code }) => errors.every((error) => error.code !== code))
  const sections: readonly (readonly [string, string, readonly CatalogueEntry[]])[] = [
    ['Errors', 'They end the command, with the exit code that is given.', errors],
    [
      'Refusals',
      "A guard's no: nothing was written, exit code 3. They are in `refusals` of the JSON document.",
      findings.filter(({ kind }) => kind === 'refusal'),
    ],
    [
      'Failures',
      'Something that did not work while the rest went on; in `failures` of the JSON document.',
      findings.filter(({ kind }) => kind === 'failure'),
    ],
    [
      'Warnings',
      'They stop nothing; in `warnings` of the JSON document.',
      findings.filter(({ kind }) => kind === 'warning'),
    ],
  ]
  return makePage(
    'Errors, refusals and warnings',
    'The codes stay as they are; the sentences may be put better in a later release. ‹Words like these› stand for what the sentence is about.',
    sections.map(([title, intro, entries]) =>
      [`## ${title}`, intro, ...entries.map((entry) => describeEntry(entry, exitCodes))].join('\n\n'),
    ),
  )
}

function describeEntry(entry: CatalogueEntry, exitCodes: Readonly<Record<string, number>>): string {
  const numbers = entry.errorClasses.map((name) => `${String(exitCodes[name] ?? 1)} (${name})`)
  const lines = [
    ...entry.messages.map((message) => `- ${escapeText(message)}`),
    ...(entry.messages.length === 0 ? ['- The sentence says by itself what it is about.'] : []),
    ...entry.fixes.map((fix) => `- **Fix:** ${escapeText(fix)}`),
    ...(numbers.length === 0 ? [] : [`- **Exit code:** ${numbers.join(' or ')}`]),
  ]
  return `### ${showCode(entry.code)}\n\n${lines.join('\n')}`
}

export interface DocumentSource {
  readonly title: string
  readonly intro: string
  /** The interfaces that say what the fields mean, the first that has one wins. */
  readonly types: readonly string[]
  /** The function that makes it, where it is not one of the types: its `document` names the fields. */
  readonly madeBy?: { readonly source: string; readonly name: string }
}

export function makeJsonPage(declarations: Declarations, documents: readonly DocumentSource[]): string {
  return makePage(
    'JSON documents',
    '`--json` prints one document on stdout and nothing else. What is in it stays as long as `formatVersion` does; a later release may add to it. A field with a `?` may be missing.',
    documents.map((document) => {
      const rows = listDocument(declarations, document).map(({ path, type, isOptional, doc }) => [
        showCode(`${path}${isOptional ? '?' : ''}`),
        `${escapeText(type)}.${doc === '' ? '' : ` ${showDoc(doc)}`}`,
      ])
      return [`## ${document.title}`, document.intro, makeTable(['field', 'value, meaning'], rows)].join('\n\n')
    }),
  )
}

function listDocument(declarations: Declarations, { types, madeBy }: DocumentSource): readonly TypeField[] {
  const fields = types.flatMap((type) => listFields(declarations, type))
  if (madeBy === undefined) return fields
  return listLiteral(readDocument(madeBy.source, madeBy.name), fields, '')
}

/** `const document = { … }` of the function. @throws {Error} when it has none */
function readDocument(source: string, name: string): string {
  const start = source.indexOf('const document = {', source.indexOf(`export function ${name}(`))
  if (start === -1) throw new Error(`${name} makes no document`)
  const brace = source.indexOf('{', start)
  return source.slice(brace, skipPart(source, brace))
}

/** The names of the literal, each as the types describe it. */
function listLiteral(literal: string, fields: readonly TypeField[], path: string): readonly TypeField[] {
  return [...readFields(literal)].flatMap(([name, value]) => {
    const own = `${path}${name}`
    const field = fields.find((each) => each.path === own) ?? findByLastName(fields, path, name)
    const inner = /^(?:\w+ && )?(?=\{)/.exec(value)
    const shown = {
      path: own,
      type: field?.type ?? nameLiteral(value),
      isOptional: field?.isOptional ?? false,
      doc: field?.doc ?? '',
    }
    if (inner !== null) {
      const isOptional = shown.isOptional || inner[0] !== ''
      return [{ ...shown, type: 'object', isOptional }, ...listLiteral(value.slice(inner[0].length), fields, `${own}.`)]
    }
    const below = fields.filter((each) => each.path.startsWith(`${own}.`) || each.path.startsWith(`${own}[].`))
    return [shown, ...below]
  })
}

/** `lock.host` of the document is `lock.owner.host` of the type. */
function findByLastName(fields: readonly TypeField[], path: string, name: string): TypeField | undefined {
  return path === '' ? undefined : fields.find((each) => each.path.startsWith(path) && each.path.endsWith(`.${name}`))
}

function nameLiteral(value: string): string {
  return /^\d+$/.test(value) ? value : 'text'
}
