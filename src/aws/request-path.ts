// Keys and queries as they stand in a request's first line: the spelling that AWS's signature is made over.

/** Every byte that RFC 3986 does not leave unreserved is encoded, slashes apart. */
export function encodeKey(key: string): string {
  return encodeStrictly(key).replaceAll('%2F', '/')
}

/** @returns `""`, or `?` and the parameters in the order of their names; one that is undefined or null is left out */
export function buildQuery(query: Readonly<Record<string, string | readonly string[] | null | undefined>>): string {
  const parts = Object.entries(query).flatMap(([name, value]) =>
    value === null || value === undefined
      ? []
      : [value].flat().map((each) => `${encodeStrictly(name)}=${encodeStrictly(each)}`),
  )
  return parts.length === 0 ? '' : `?${parts.toSorted().join('&')}`
}

function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/gu,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
