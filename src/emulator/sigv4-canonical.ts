// A raw request target in the canonical form that Signature Version 4 signs.

export type QueryPair = readonly [name: string, value: string]

/** S3 encodes a path once; every other service folds it and encodes it a second time. `undefined`: not valid UTF-8. */
export function canonicalizePath(path: string, isS3: boolean): string | undefined {
  if (isS3) {
    const decoded = decodePercent(path)
    return decoded === undefined ? undefined : encodePercent(decoded).replaceAll('%2F', '/')
  }
  const folded: string[] = []
  for (const segment of path.split('/').filter((one) => one !== '' && one !== '.')) {
    if (segment === '..') folded.pop()
    else folded.push(encodePercent(segment))
  }
  return `/${folded.join('/')}${folded.length > 0 && path.endsWith('/') ? '/' : ''}`
}

export function canonicalizeQuery(query: readonly QueryPair[]): string {
  return query
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [encodePercent(name), encodePercent(value)] as const)
    .toSorted(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

export function canonicalizeHeader(value: string): string {
  return value.trim().replaceAll(/ +/g, ' ')
}

/** Decoded name and value pairs in order; `undefined` when an escape is not valid UTF-8. */
export function parseQuery(text: string): QueryPair[] | undefined {
  const pairs: QueryPair[] = []
  for (const part of text.split('&').filter((one) => one !== '')) {
    const [name, value = ''] = splitOnce(part, '=').map((one) => decodePercent(one))
    if (name === undefined || value === undefined) return undefined
    pairs.push([name, value])
  }
  return pairs
}

/** The value of the first pair of that name. */
export function valueOf(query: readonly QueryPair[], name: string): string | undefined {
  return query.find(([other]) => other === name)?.[1]
}

function decodePercent(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** RFC 3986: everything but the unreserved characters. */
function encodePercent(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** Cuts at the first separator; the second part is `''` when there is none. */
export function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)]
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
