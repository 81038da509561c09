// The same data with each of its strings replaced. Pure.

/** Names of properties stay; `replace` may put anything in a string's place. */
export function mapStrings(data: unknown, replace: (text: string) => unknown): unknown {
  if (typeof data === 'string') return replace(data)
  if (Array.isArray(data)) return data.map((each) => mapStrings(each, replace))
  if (typeof data !== 'object' || data === null) return data
  return Object.fromEntries(
    Object.entries(data)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, mapStrings(value, replace)]),
  )
}
