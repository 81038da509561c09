// Which files of the site a file needs to be whole: images, styles, scripts and frames of a page, what a style sheet or a script loads.
// Reads disk.

import { readFileSync } from 'node:fs'
import type { Key, SiteFile } from '../model.ts'
import { scanCss } from './scan-css.ts'
import { scanHtml, type WrittenUrl } from './scan-html.ts'
import { scanScript } from './scan-script.ts'
import { takeTurns } from './turns.ts'

/** Larger files are not read: their place in the order is then by their names alone. Ours. */
const MAX_READ_BYTES = 4 * 1024 * 1024
/** Where the site's own URLs are, for resolving; never asked. */
const SITE_ORIGIN = 'http://site.invalid'

export interface ReferencesOptions {
  /** `""`, or ends with `/`. */
  readonly prefix: string
  /** Host names under which the site itself is served: absolute URLs to them are its own. */
  readonly hosts: readonly string[]
  /** Whether a key may be named as a part; undefined: where it is that of one of the files. */
  readonly isPart?: (key: Key) => boolean
  readonly signal?: AbortSignal
}

/**
 * Reads the files and finds which others of them they name as parts. A link that a visitor follows (`<a href>`) names no part. Only
 * what is written down can be found: names that scripts put together at run time are not.
 *
 * @param files those that will be uploaded; parts outside of them are left out, since they are there already
 * @returns for each file that names any; one file of up to 4 MiB is in memory at a time
 */
export async function readReferences(
  files: readonly SiteFile[],
  options: ReferencesOptions,
): Promise<ReadonlyMap<Key, readonly Key[]>> {
  const keys = new Set(files.map(({ key }) => key))
  const isPart = options.isPart ?? ((key: Key) => keys.has(key))
  const readable = files.filter((file) => scannerOf(file) !== undefined && file.sizeBytes <= MAX_READ_BYTES)
  const found = new Map<Key, readonly Key[]>()
  // A single file names nothing that is uploaded with it.
  if (keys.size < 2 && options.isPart === undefined) return found
  const turn = takeTurns()
  for (const file of readable) {
    await turn()
    if (options.signal?.aborted === true) break
    const parts = new Set<Key>()
    for (const { url, base } of scannerOf(file)?.(readText(file.filePath)) ?? []) {
      const part = findKey(url, base, file.key, isPart, options)
      if (part !== undefined && part !== file.key) parts.add(part)
    }
    if (parts.size > 0) found.set(file.key, [...parts])
  }
  return found
}

function scannerOf({ metadata }: SiteFile): ((text: string) => readonly WrittenUrl[]) | undefined {
  const [type = ''] = metadata.contentType.split(';')
  if (metadata.contentEncoding !== undefined) return undefined
  switch (type.trim()) {
    case 'text/html':
    case 'application/xhtml+xml':
    case 'image/svg+xml':
      return scanHtml
    case 'text/css':
      return (text) => scanCss(text).map((url) => ({ url }))
    case 'text/javascript':
    case 'application/javascript':
      return (text) => scanScript(text).map((url) => ({ url }))
    default:
      return undefined
  }
}

function readText(filePath: string): string {
  try {
    // The scan has just read it, so that it is in memory; to ask a thread for it takes ten times as long as to read it.
    return readFileSync(filePath, 'utf8')
  } catch {
    // Gone since it was scanned: its upload will fail and say so.
    return ''
  }
}

/** The key that answers to a URL written in the file `from`: the file itself, its `.html`, or the index of a folder. */
function findKey(
  url: string,
  base: string | undefined,
  from: Key,
  isPart: (key: Key) => boolean,
  { prefix, hosts }: ReferencesOptions,
): Key | undefined {
  const own = `${SITE_ORIGIN}/${from.slice(prefix.length).split('/').map(encodeURIComponent).join('/')}`
  let resolved: URL
  try {
    resolved = new URL(url, base === undefined ? own : new URL(base, own))
  } catch {
    // Not a URL: browsers load nothing from it either.
    return undefined
  }
  if (resolved.origin !== SITE_ORIGIN && !hosts.includes(resolved.hostname)) return undefined
  const path = decode(resolved.pathname).slice(1).normalize('NFC')
  const names = path === '' || path.endsWith('/') ? [`${path}index.html`] : [path, `${path}.html`, `${path}/index.html`]
  // The prefix is part of the URL where the origin path does not hold it.
  return names.flatMap((name) => [prefix + name, name]).find((key) => key.startsWith(prefix) && isPart(key))
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    // A lone `%` stands for itself, as in the key.
    return path
  }
}
