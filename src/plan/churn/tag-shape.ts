// A tag whose attributes have other values now → its shape, and a pattern for it. Pure.

import { escapePattern, isMachineMade } from './machine-made.ts'

/** Attributes that say which tag it is, rather than what is in it. */
const IDENTIFYING: readonly string[] = ['name', 'property', 'itemprop', 'http-equiv', 'id', 'class', 'rel']

/** Attributes that name files, or vouch for one. */
const NAMING: readonly string[] = [
  'action',
  'background',
  'data',
  'formaction',
  'href',
  'imagesrcset',
  'integrity',
  'manifest',
  'poster',
  'src',
  'srcset',
  'style',
]

interface Attribute {
  readonly name: string
  /** With its quotes. */
  readonly raw: string
  /** As it is written, with the blanks before it. */
  readonly source: string
}

export function isTag(token: string | undefined): boolean {
  return token !== undefined && /^<\/?[a-z][^<>]*>$/iu.test(token)
}

/** @returns undefined unless both are the same tag with the same attributes, of which some have other values */
export function describeTagEdit(before: string, after: string): { shape: string; pattern?: string } | undefined {
  const [old, now] = [parseTag(before), parseTag(after)]
  if (old === undefined || now === undefined || old.name !== now.name) return undefined
  if (old.attributes.map(({ name }) => name).join(' ') !== now.attributes.map(({ name }) => name).join(' '))
    return undefined
  const pairs = now.attributes.flatMap((attribute, at) => {
    const was = old.attributes[at]
    return was === undefined || was.raw === attribute.raw ? [] : [{ was, is: attribute }]
  })
  if (pairs.length === 0) return undefined
  const unchanged = now.attributes.filter((attribute) => !pairs.some(({ is }) => is === attribute))
  const identifying = unchanged.find(({ name }) => IDENTIFYING.includes(name))
  const shape =
    identifying === undefined
      ? `<${now.name} ${pairs.map(({ is }) => `${is.name}="…"`).join(' ')}>`
      : `<${now.name} ${identifying.name}="${unquote(identifying.raw)}" …>`
  const isSafe = pairs.every(
    ({ was, is }) => !NAMING.includes(is.name) && isMachineEdit(unquote(was.raw), unquote(is.raw)),
  )
  if (!isSafe) return { shape }
  const namesFiles = now.attributes.some(({ name }) => NAMING.includes(name))
  if (identifying !== undefined && !namesFiles) {
    const isFirst = now.attributes[0] === identifying
    const end = /["']$/u.test(identifying.raw) ? '' : '(?=[\\s>])'
    return { shape, pattern: `<${now.name}${isFirst ? '' : '[^>]*'}${escapePattern(identifying.source)}${end}[^>]*>` }
  }
  const [first, ...others] = pairs
  const isOwn = first !== undefined && others.length === 0 && /^(?:data-|nonce$)/u.test(first.is.name)
  return isOwn ? { shape, pattern: toAttributePattern(first.is) } : { shape }
}

function toAttributePattern({ source, raw }: Attribute): string {
  const start = escapePattern(source.slice(0, -raw.length))
  const [quote = ''] = /^["']/u.exec(raw) ?? []
  return quote === '' ? `${start}[^\\s>]+` : `${start}${quote}[^${quote}]*${quote}`
}

function parseTag(token: string): { name: string; attributes: Attribute[] } | undefined {
  const name = isTag(token) ? /^<([^\s/>]+)/u.exec(token)?.[1] : undefined
  if (name === undefined) return undefined
  const attributes = [...token.matchAll(/\s+([^\s=>"'/]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>"']+))?/gu)].map(
    ([source, attribute = '', raw = '']): Attribute => ({ name: attribute.toLowerCase(), raw, source }),
  )
  return { name: name.toLowerCase(), attributes }
}

/** Neither a URL nor prose. */
function isMachineEdit(before: string, after: string): boolean {
  if ([before, after].some((value) => /^(?:[a-z]+:)?\/\/|^\.{0,2}\/|\.[a-z][a-z\d]{1,4}(?:[?#]|$)/iu.test(value)))
    return false
  const [old, now] = [toWords(before), toWords(after)]
  return [...old, ...now].every((word) => isMachineMade(word) || (old.includes(word) && now.includes(word)))
}

function toWords(value: string): string[] {
  return value.split(/[^\p{L}\p{N}_:.+-]+/u).filter((word) => word !== '')
}

function unquote(raw: string): string {
  return raw.replaceAll(/^["']|["']$/gu, '')
}
