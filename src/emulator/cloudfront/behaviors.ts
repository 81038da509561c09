// Which cache behavior serves a viewer path? The first whose path pattern matches; the default one, `*`, comes last.
// Facts: CloudFront Developer Guide, "Cache behavior settings", Path pattern.

/** The pattern's `*` stands for any characters, `/` too, and `?` for exactly one; the leading `/` is optional. */
export function matchesPathPattern(pattern: string, path: string): boolean {
  const source = (pattern.startsWith('/') ? pattern : `/${pattern}`)
    .replaceAll(/[\\^$.+()[\]{}|]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 's').test(path)
}

/** @param behaviors in the distribution's order, the default behavior (`*`) last */
export function selectBehavior<Behavior extends { readonly pathPattern: string }>(
  behaviors: readonly Behavior[],
  viewerPath: string,
): Behavior {
  const path = normalizePath(viewerPath)
  const found = behaviors.find((behavior) => matchesPathPattern(behavior.pathPattern, path))
  if (found === undefined) throw new TypeError('A distribution without a default cache behavior.')
  return found
}

/** As CloudFront does for this choice only (`//`, `.` and `..` folded); cache key and origin get the raw path. */
function normalizePath(path: string): string {
  const kept: string[] = []
  const segments = path
    .replaceAll(/\/{2,}/g, '/')
    .split('/')
    .slice(1)
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1
    if (segment === '..') kept.pop()
    if (segment !== '.' && segment !== '..') kept.push(segment)
    else if (isLast) kept.push('')
  }
  return `/${kept.join('/')}`
}
