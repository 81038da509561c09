// XML in, XML out, for both REST-XML services: a small element tree in document order, and a writer from plain objects.

import { XMLParser, XMLValidator } from 'fast-xml-parser'

export interface XmlElement {
  readonly name: string
  /** The element's own text, entities decoded, spaces kept; `''` when it has none. */
  readonly text: string
  readonly children: readonly XmlElement[]
}

/**
 * What `writeXml` turns into elements, in the order of the object's fields: arrays repeat their element, `undefined` leaves it out. Attributes
 * may follow the name: `Grantee xsi:type="Group"`.
 */
export type XmlContent =
  | string
  | number
  | boolean
  | readonly XmlContent[]
  | { readonly [name: string]: XmlContent | undefined }

/** The text is not well-formed XML. */
export class XmlMalformed extends Error {}

type ParsedNode = Readonly<Record<string, readonly ParsedNode[] | string>>

const parser = new XMLParser({
  preserveOrder: true,
  parseTagValue: false,
  trimValues: false,
  ignoreAttributes: true,
  removeNSPrefix: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  // Also decodes `&#xD;`, which is how the SDKs write control characters in keys.
  htmlEntities: true,
})

/**
 * Parses a document to its root element. Attributes and comments are dropped.
 *
 * @throws {XmlMalformed} also for a reference to a character that XML 1.0 has not got, `&#x1;`
 */
export function parseXml(text: string): XmlElement {
  if (XMLValidator.validate(text) !== true || namesIllegalCharacter(text))
    throw new XmlMalformed('The XML is not well-formed.')
  const root = toElements(parser.parse(text) as ParsedNode[])[0]
  if (root === undefined) throw new XmlMalformed('The XML has no root element.')
  return root
}

/** The element at a path of names below `element`, the first of each name. */
export function childAt(element: XmlElement, ...path: readonly string[]): XmlElement | undefined {
  let found: XmlElement | undefined = element
  for (const name of path) found = found?.children.find((child) => child.name === name)
  return found
}

/** The text of the element at a path of names below `element`; `undefined` when there is no such element. */
export function textAt(element: XmlElement, ...path: readonly string[]): string | undefined {
  return childAt(element, ...path)?.text
}

/** Every direct child of that name, in order. */
export function childrenNamed(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((child) => child.name === name)
}

/** Writes a document with its declaration; `namespace` becomes the root's `xmlns`. */
export function writeXml(rootName: string, content: XmlContent, namespace?: string): string {
  const xmlns = namespace === undefined ? '' : ` xmlns="${namespace}"`
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${rootName}${xmlns}>${writeContent(content)}</${rootName}>`
}

/** The parser would drop such a reference in silence, and so turn one key into another. */
function namesIllegalCharacter(text: string): boolean {
  return [...text.matchAll(/&#(x?)([0-9a-f]+);/gi)].some(([, hex, digits = '']) => {
    const code = Number.parseInt(digits, hex === '' ? 10 : 16)
    return (code < 0x20 && ![0x09, 0x0a, 0x0d].includes(code)) || code === 0xfffe || code === 0xffff || code > 0x10ffff
  })
}

function writeContent(content: XmlContent): string {
  if (Array.isArray(content)) throw new TypeError('A list must be the value of a named field.')
  if (typeof content !== 'object') return escapeXml(String(content))
  return Object.entries(content)
    .flatMap(([name, value]) => {
      const values: XmlContent[] = value === undefined ? [] : Array.isArray(value) ? value : [value]
      return values.map((one) => `<${name}>${writeContent(one)}</${name.split(' ', 1)[0]}>`)
    })
    .join('')
}

/** Control characters become references, as S3 writes them: parsers would otherwise refuse or normalise them. */
function escapeXml(text: string): string {
  return text.replaceAll(/[<>&"]|\p{Cc}/gu, (one) => {
    const named: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' }
    return named[one] ?? `&#x${one.charCodeAt(0).toString(16)};`
  })
}

function toElements(nodes: readonly ParsedNode[]): XmlElement[] {
  return nodes.flatMap((node) => {
    const [name, inner] = Object.entries(node)[0] ?? ['#text', '']
    if (name === '#text' || typeof inner === 'string') return []
    const text = inner.map((one) => (typeof one['#text'] === 'string' ? one['#text'] : '')).join('')
    return [{ name, text, children: toElements(inner) }]
  })
}
