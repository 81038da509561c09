// The URLs of a page's parts: what a browser loads by itself to show it. A small scanner that follows the states of the HTML
// tokenizer as far as finding attributes needs. Pure.

import { scanCss } from './scan-css.ts'
import { scanScript } from './scan-script.ts'

/** A URL as a file writes it; `base`: what a page's `<base href>` says it is relative to. */
export interface WrittenUrl {
  readonly url: string
  readonly base?: string
}

const TAG_NAME = /<([a-z][^\s/>]*)/iy
const ATTRIBUTE = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/gu
/** Between their tags nothing is a tag. */
const RAW_TEXT: ReadonlySet<string> = new Set(['script', 'style', 'textarea', 'title', 'xmp', 'iframe', 'noembed'])
const URL_ATTRIBUTES = ['src', 'poster', 'background', 'data-src']
const SRCSET_ATTRIBUTES = ['srcset', 'imagesrcset', 'data-srcset']
/** Relations of `<link>` that are loaded to show this page; the others name other pages. */
const PART_RELATION =
  /(?:^|\s)(?:stylesheet|icon|apple-touch-icon(?:-precomposed)?|apple-touch-startup-image|mask-icon|manifest|preload|modulepreload)(?:\s|$)/iu
const PART_META = /^(?:og:(?:image|video|audio)(?::(?:secure_)?url)?|twitter:image(?::src)?|msapplication-tileimage)$/iu

/** @returns every part as written, in order; links to follow (`<a href>`, `rel=canonical`) are none. @see HTML Standard, "Tokenization" */
export function scanHtml(text: string): WrittenUrl[] {
  const urls: string[] = []
  let base: string | undefined
  let at = text.indexOf('<')
  while (at !== -1) {
    if (text.startsWith('<!--', at)) {
      const end = text.indexOf('-->', at + 4)
      if (end === -1) break
      at = text.indexOf('<', end)
      continue
    }
    TAG_NAME.lastIndex = at
    const name = TAG_NAME.exec(text)?.[1]?.toLowerCase()
    if (name === undefined) {
      at = text.indexOf('<', at + 1)
      continue
    }
    let end = findTagEnd(text, TAG_NAME.lastIndex)
    if (end === -1) break
    const attributes = readAttributes(text.slice(TAG_NAME.lastIndex, end))
    end += 1
    urls.push(...partsOfTag(name, attributes))
    if (name === 'base') base ??= attributes.get('href')
    if (RAW_TEXT.has(name)) {
      const close = findClose(text, name, end)
      const content = text.slice(end, close)
      if (name === 'style') urls.push(...scanCss(content))
      if (name === 'script') urls.push(...partsOfScript(content, attributes))
      end = close
    }
    at = text.indexOf('<', end)
  }
  return urls.map((url) => (base === undefined ? { url } : { url, base }))
}

/** Where the tag's `>` is: one in quotes is part of a value. @returns -1 when the tag is cut off */
function findTagEnd(text: string, from: number): number {
  const mark = /["'>]/gu
  mark.lastIndex = from
  for (let found = mark.exec(text); found !== null; found = mark.exec(text)) {
    if (found[0] === '>') return found.index
    const closing = text.indexOf(found[0], found.index + 1)
    // A quote that never ends is a lone apostrophe.
    if (closing !== -1) mark.lastIndex = closing + 1
  }
  return -1
}

function readAttributes(text: string): Map<string, string> {
  const attributes = new Map<string, string>()
  for (const [, name = '', double, single, bare] of text.matchAll(ATTRIBUTE)) {
    const key = name.toLowerCase()
    // The first of two counts, as in browsers.
    if (!attributes.has(key)) attributes.set(key, decodeEntities(double ?? single ?? bare ?? ''))
  }
  return attributes
}

function partsOfTag(name: string, attributes: ReadonlyMap<string, string>): string[] {
  const urls = URL_ATTRIBUTES.flatMap((attribute) => attributes.get(attribute) ?? [])
  for (const attribute of SRCSET_ATTRIBUTES) urls.push(...readSrcset(attributes.get(attribute) ?? ''))
  urls.push(...scanCss(attributes.get('style') ?? ''))
  const href = attributes.get('href') ?? attributes.get('xlink:href')
  if (href !== undefined && namesPartByHref(name, attributes)) urls.push(href)
  if (name === 'object') urls.push(attributes.get('data') ?? '')
  if (name === 'meta' && PART_META.test(attributes.get('property') ?? attributes.get('name') ?? '')) {
    urls.push(attributes.get('content') ?? '')
  }
  return urls.map((url) => url.trim()).filter((url) => url !== '' && !/^(?:data:|#)/iu.test(url))
}

function namesPartByHref(name: string, attributes: ReadonlyMap<string, string>): boolean {
  if (name === 'link') return PART_RELATION.test(attributes.get('rel') ?? '')
  return name === 'image' || name === 'use' || name === 'feimage'
}

function partsOfScript(content: string, attributes: ReadonlyMap<string, string>): string[] {
  const type = (attributes.get('type') ?? '').trim().toLowerCase()
  if (type === 'importmap') return readImportMap(content)
  return type === '' || type === 'module' || type === 'text/javascript' ? scanScript(content) : []
}

/** `small.png 1x, large.png 2x`; a URL ends at white space, so that commas may be in it. */
function readSrcset(text: string): string[] {
  return [...text.matchAll(/([^\s,]\S*[^\s,]|[^\s,])(?:\s+[^,]*)?(?:,|$)/gu)].map(([, url = '']) => url)
}

/** @see HTML Standard, "Import maps" */
function readImportMap(content: string): string[] {
  let map: unknown
  try {
    map = JSON.parse(content)
  } catch {
    // Browsers pass over a broken map too.
    return []
  }
  const imports = valuesOf(map, 'imports')
  const scopes = valuesOf(map, 'scopes').flatMap((scope) => Object.values(scope ?? {}))
  return [...imports, ...scopes].filter((url) => typeof url === 'string')
}

function valuesOf(map: unknown, name: string): unknown[] {
  const value: unknown = typeof map === 'object' && map !== null ? Reflect.get(map, name) : undefined
  return typeof value === 'object' && value !== null ? Object.values(value) : []
}

function findClose(text: string, name: string, from: number): number {
  const close = new RegExp(`</${name}(?=[\\s/>])`, 'giu')
  close.lastIndex = from
  return close.exec(text)?.index ?? text.length
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Those that generators write into URLs. */
function decodeEntities(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/giu, (_, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[String(name).toLowerCase()] ?? ''
    const point = decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal)
    return point <= 0x10ffff ? String.fromCodePoint(point) : ''
  })
}
