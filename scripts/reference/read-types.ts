// The fields of the interfaces that JSON documents are made of, with their docstrings, out of the source. Pure.

import { skipPart } from './read-code.ts'

export interface TypeField {
  /** `uploads[].key` */
  readonly path: string
  /** `text`, `number`, `list of text`, `"new" or "forced"` */
  readonly type: string
  readonly isOptional: boolean
  readonly doc: string
}

interface Declaration {
  /** `{ … }` of an interface, or what a type stands for. */
  readonly text: string
  readonly parents: readonly string[]
}

/** `Outcome['result']` */
const INDEXED = /^(\w+)\['(\w+)'\]$/

export type Declarations = ReadonlyMap<string, Declaration>

interface Member {
  readonly name: string
  readonly type: string
  readonly isOptional: boolean
  readonly doc: string
}

export function readDeclarations(sources: readonly string[]): Declarations {
  const declarations = new Map<string, Declaration>()
  for (const source of sources) {
    for (const match of source.matchAll(/^export interface (\w+)(?: extends ([\w, ]+))? (?=\{)/gm)) {
      const start = match.index + match[0].length
      const parents = match[2]?.split(/,\s*/) ?? []
      declarations.set(match[1] ?? '', { text: source.slice(start, skipPart(source, start)), parents })
    }
    for (const match of source.matchAll(/^export type (\w+) =([^\n]*(?:\n {2}[^\n]*)*)/gm))
      declarations.set(match[1] ?? '', { text: (match[2] ?? '').trim(), parents: [] })
  }
  return declarations
}

/** @returns all fields of the type `name`, those of its parts below them */
export function listFields(declarations: Declarations, name: string, path = ''): readonly TypeField[] {
  return membersOf(declarations, name).flatMap((member) => listMember(declarations, member, path))
}

/** @throws {Error} when there is no such type: the reference would be silent about it */
function membersOf(declarations: Declarations, name: string): readonly Member[] {
  const declaration = declarations.get(name)
  if (declaration === undefined) throw new Error(`no interface ${name}`)
  return [...declaration.parents.flatMap((parent) => membersOf(declarations, parent)), ...readMembers(declaration.text)]
}

function listMember(declarations: Declarations, member: Member, path: string): readonly TypeField[] {
  const { type, isList } = unwrap(member.type)
  const own = `${path}${member.name}`
  const below = `${own}${isList ? '[]' : ''}.`
  const inner = partsOf(declarations, type).flatMap((part) => listMember(declarations, part, below))
  const shown = inner.length > 0 ? 'object' : nameType(declarations, type)
  return [
    {
      path: own,
      type: isList ? `list of ${shown}` : shown,
      isOptional: member.isOptional,
      doc: docOf(declarations, member),
    },
    ...inner,
  ]
}

/** Of `{ … }`, of the name of an interface, or of `Name & { … }`; none of anything else. */
function partsOf(declarations: Declarations, type: string): readonly Member[] {
  const [, name, rest] = /^(\w+) & (\{[\s\S]*\})$/.exec(type) ?? []
  if (name !== undefined && rest !== undefined) return [...membersOf(declarations, name), ...readMembers(rest)]
  if (type.startsWith('{')) return readMembers(type)
  return declarations.get(type)?.text.startsWith('{') === true ? membersOf(declarations, type) : []
}

/** Its own, or that of the field which `Outcome['result']` stands for. */
function docOf(declarations: Declarations, { type, doc }: Member): string {
  const [, owner, field] = INDEXED.exec(type) ?? []
  if (doc !== '' || owner === undefined) return doc
  return membersOf(declarations, owner).find(({ name }) => name === field)?.doc ?? ''
}

/** `{ readonly a: string … }` → its members, with docstrings. */
function readMembers(body: string): readonly Member[] {
  const members: Member[] = []
  let position = 1
  let doc = ''
  while (position < body.length - 1) {
    if (body.startsWith('/*', position)) {
      const end = skipPart(body, position)
      doc = readDoc(body.slice(position, end))
      position = end
      continue
    }
    const [head, name = '', optional] = /^readonly (\w+)(\??): ?/.exec(body.slice(position)) ?? []
    if (head === undefined) {
      position = skipPart(body, position)
      continue
    }
    const start = position + head.length
    let end = start
    while (end < body.length - 1 && !endsMember(body, end)) end = skipPart(body, end)
    members.push({ name, type: body.slice(start, end).trim(), isOptional: optional === '?', doc })
    doc = ''
    position = end
  }
  return members
}

/** A member ends with a line, unless the next one goes on with a union, or with `;`. */
function endsMember(body: string, position: number): boolean {
  return body[position] === ';' || (body[position] === '\n' && !/^\s*\|/.test(body.slice(position + 1, position + 40)))
}

function unwrap(text: string): { readonly type: string; readonly isList: boolean } {
  const plain = text.replace(/^readonly /, '')
  return plain.endsWith('[]') ? { type: plain.slice(0, -2).trim(), isList: true } : { type: plain, isList: false }
}

function nameType(declarations: Declarations, type: string): string {
  const [, owner = '', field] = INDEXED.exec(type) ?? []
  if (field !== undefined) {
    const member = membersOf(declarations, owner).find(({ name }) => name === field)
    return member === undefined ? type : nameType(declarations, member.type)
  }
  if (type === 'string') return 'text'
  const alias = declarations.get(type)
  if (alias !== undefined) return nameType(declarations, alias.text)
  const extract = /^Extract<[^,]+, ([\s\S]+)>$/.exec(type)
  if (extract !== null) return nameType(declarations, extract[1] ?? '')
  const words = [...type.matchAll(/'([^']+)'/g)].map(({ 1: word }) => `"${word ?? ''}"`)
  return words.length > 0 ? words.join(', ') : type
}

/** The text of a docstring on one line, without tags. */
function readDoc(comment: string): string {
  return comment
    .replace(/^\/\*\*?|\*\/$/g, '')
    .replace(/^\s*\* ?/gm, '')
    .replace(/(^|\s)@\w[\s\S]*$/, '')
    .replace(/\s+/g, ' ')
    .trim()
}
