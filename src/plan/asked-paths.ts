// Paths as people write them × distributions → what each distribution's caches have to forget, and what to tell the user about it. Pure.

import { quote } from '../errors.ts'
import { keyToInvalidationItem, keyToViewerPath } from '../http/paths.ts'
import type { Distribution, Finding } from '../model.ts'
import type { StaleUrl } from './cached-site.ts'
import { answersTo, hostsOf } from './edge-addresses.ts'
import { decodeTypedPath, parseTypedPath, writeQuery, type TypedPath } from './typed-path.ts'
import { behaviorsFor, decodePath, type UrlSpace } from './url-space.ts'

export type AskedSpace = Pick<UrlSpace, 'distribution' | 'runFunction'>

/** What one distribution is asked to forget. */
export interface AskedPaths {
  readonly distribution: Distribution
  /** Those whose item is the user's own have no note. */
  readonly urls: readonly StaleUrl[]
  /** Without `#`. */
  readonly tags: readonly string[]
}

export interface ReadPaths {
  /** In the order of the distributions. */
  readonly asked: readonly AskedPaths[]
  readonly warnings: readonly Finding[]
  /** One sentence for each path that cannot be sent; with any, nothing should be. */
  readonly problems: readonly string[]
}

type PlainPath = TypedPath & { readonly kind: 'path' }

/** Ends a probe of where a function leads all that begins with a prefix. */
const PROBE = 'freshfront-probe.html'
const MAX_HOSTS = 4

export function readTypedPaths(typed: readonly string[], spaces: readonly AskedSpace[]): ReadPaths {
  const hosts = new Set(spaces.flatMap(({ distribution }) => hostsOf(distribution)).map((host) => host.toLowerCase()))
  const read: Read = {
    asked: new Map(spaces.map(({ distribution }) => [distribution.id, { distribution, urls: [], tags: [] }])),
    warnings: [],
    problems: [],
  }
  for (const text of new Set(typed)) {
    const parsed = parseTypedPath(text, hosts)
    if (parsed.kind === 'problem') read.problems.push(`${quote(text)} ${parsed.why}`)
    else if (parsed.kind === 'tag') askForTag(text, parsed.tag, spaces, read)
    else askForPath(text, parsed, spaces, read)
  }
  const warnings = new Map(read.warnings.map((warning) => [warning.message, warning]))
  return { asked: [...read.asked.values()], warnings: [...warnings.values()], problems: read.problems }
}

interface Read {
  readonly asked: ReadonlyMap<
    string,
    { readonly distribution: Distribution; readonly urls: StaleUrl[]; readonly tags: string[] }
  >
  readonly warnings: Finding[]
  readonly problems: string[]
}

function askForTag(
  typed: string,
  tag: string,
  spaces: readonly AskedSpace[],
  { asked, warnings, problems }: Read,
): void {
  const readers = spaces.filter(({ distribution }) => distribution.cacheTagHeader !== undefined)
  const others = spaces.filter((space) => !readers.includes(space)).map(({ distribution }) => distribution.id)
  const without = `${others.join(', ')} ${others.length === 1 ? 'reads' : 'read'} no cache tags`
  if (readers.length === 0) {
    problems.push(`${quote(typed)} is a cache tag, and ${without}. A path that begins with # is written /%23.`)
    return
  }
  if (others.length > 0)
    warnings.push({ code: 'TAG_NOT_READ', message: `${quote(typed)} is not sent to all: ${without}.` })
  for (const { distribution } of readers) {
    const tags = asked.get(distribution.id)?.tags
    // CloudFront compares tags without regard to case.
    if (tags?.every((other) => other.toLowerCase() !== tag.toLowerCase()) === true) tags.push(tag)
  }
}

function askForPath(typed: string, parsed: PlainPath, spaces: readonly AskedSpace[], read: Read): void {
  const { host, fragment } = parsed
  const claiming = host === undefined ? spaces : spaces.filter(({ distribution }) => answersTo(host, distribution))
  if (claiming.length === 0) {
    const names = spaces.flatMap(({ distribution }) => hostsOf(distribution)).join(', ')
    read.problems.push(`${quote(typed)} is a URL of none of the distributions; they answer to ${names}.`)
    return
  }
  if (fragment !== undefined) {
    const message = `${quote(typed)}: browsers do not send what follows #, so it is left out. A # that belongs to a name is written %23.`
    read.warnings.push({ code: 'FRAGMENT_LEFT_OUT', message })
  }
  for (const space of claiming) {
    const urls = read.asked.get(space.distribution.id)?.urls
    for (const { url, warnings } of writePaths(typed, parsed, space)) {
      urls?.push(url)
      read.warnings.push(...warnings)
    }
  }
}

interface Written {
  readonly url: StaleUrl
  readonly warnings: readonly Finding[]
}

/** The path itself, and the others under which caches keep the same answer. */
function writePaths(typed: string, parsed: PlainPath, space: AskedSpace): Written[] {
  const { text, isWhole } = decodeTypedPath(parsed.path)
  const own = writeOne(typed, parsed, { text, isWhole }, space)
  if (!isWhole) return [own]
  const rewritten = rewrittenPaths(text, parsed, space)
  const others = [...rootPaths(text, parsed, space), ...rewritten.found]
  return [
    { ...own, warnings: [...own.warnings, ...rewritten.warnings] },
    ...others.map(({ path, because }): Written => {
      const written = writeOne(typed, parsed, { text: path, isWhole: true }, space)
      return { ...written, url: { ...written.url, reason: `${because}, ${written.url.reason}` } }
    }),
  ]
}

function writeOne(
  typed: string,
  { query, isPrefix }: PlainPath,
  { text, isWhole }: { readonly text: string; readonly isWhole: boolean },
  { distribution }: AskedSpace,
): Written {
  const { item, exact } = keyToInvalidationItem(text.slice(1))
  const isCut = !exact || !isWhole
  const varies = behaviorsFor(text, distribution).some((behavior) => behavior.queryStringsInCacheKey)
  const path = exact ? item : item.slice(0, -1)
  const written = query === undefined || !varies || isCut ? undefined : writeQuery(query)
  const toEnd = written === undefined ? path : `${path}?${written.text}`
  const leavesQuery = query !== undefined && !varies
  const isExact = written === undefined ? !isCut && !varies && (!isPrefix || leavesQuery) : written.isWhole && !isPrefix
  const why =
    isCut || written?.isWhole === false
      ? 'caches may know it in several spellings'
      : varies && !isPrefix && query === undefined
        ? 'query strings are in the cache key'
        : undefined
  const sent = isExact ? toEnd : `${toEnd}*`
  const warnings: Finding[] = []
  if (why !== undefined) {
    const message = `${quote(typed)} is sent as ${sent}, since ${why}. That also refreshes whatever else begins with ${toEnd}.`
    warnings.push({ code: 'PATH_WIDENED', message })
  }
  if (leavesQuery) {
    const message = `${quote(typed)} is sent as ${sent}: query strings are not in the cache key of ${distribution.id} there, so that one path is all of them.`
    warnings.push({ code: 'QUERY_STRING_LEFT_OUT', message })
  }
  const url = {
    path: toEnd,
    isExactItem: isExact,
    prefixLimit: toEnd.length,
    isTagged: false,
  }
  const reason = typed === sent ? 'asked for' : `asked for as ${typed}`
  return {
    url: { key: typed, url, what: 'asked for', reason, note: why === undefined ? '' : ` (a prefix, since ${why})` },
    warnings,
  }
}

/** "/" is cached under its own path or under the root object's, depending on where the rewrite happens: each stands for both. */
function rootPaths(text: string, { isPrefix, query }: PlainPath, { distribution }: AskedSpace): Found[] {
  const { defaultRootObject } = distribution
  if (isPrefix || query !== undefined || defaultRootObject === '') return []
  const because = `the default root object is ${defaultRootObject}`
  if (text === '/') return [{ path: `/${defaultRootObject}`, because }]
  return text === `/${defaultRootObject}` ? [{ path: '/', because }] : []
}

interface Found {
  /** Decoded. */
  readonly path: string
  readonly because: string
}

/** Caches keep an answer under the path that code at the edge has made of the viewer's. */
function rewrittenPaths(
  text: string,
  { host, isPrefix }: PlainPath,
  { distribution, runFunction }: AskedSpace,
): { readonly found: readonly Found[]; readonly warnings: readonly Finding[] } {
  const probe = isPrefix ? text + PROBE : text
  const hosts = host === undefined ? hostsOf(distribution).slice(0, MAX_HOSTS) : [host]
  const found = new Map<string, string>()
  const unknown = new Set<string>()
  for (const { viewerRequest } of behaviorsFor(probe, distribution)) {
    if (viewerRequest === undefined) continue
    const { kind, name } = viewerRequest
    for (const each of hosts) {
      const answer = kind === 'function' ? runFunction(name, keyToViewerPath(probe.slice(1)), each) : undefined
      if (answer === undefined || answer.kind === 'failed') unknown.add(name)
      const uri = answer?.kind === 'uri' ? decodePath(answer.uri) : probe
      if (isPrefix && !uri.endsWith(PROBE)) continue
      const path = isPrefix ? uri.slice(0, -PROBE.length) : uri
      if (path.startsWith('/') && path !== text) found.set(path, `the function ${name} rewrites to it`)
    }
  }
  return {
    found: [...found].map(([path, because]) => ({ path, because })),
    warnings: [...unknown].map((name) => ({
      code: 'FUNCTION_NOT_KNOWN',
      message: `${distribution.id} runs ${name} on requests before its cache is asked, and what that makes of them cannot be found out here. Where it rewrites a path, give what it rewrites it to as well.`,
    })),
  }
}
