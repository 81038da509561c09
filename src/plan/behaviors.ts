// Which cache behavior takes a request? Pure.

import type { CacheBehavior, ViewerPath } from '../model.ts'

/**
 * The first behavior whose pattern matches, in CloudFront's order; the default one, `*`, matches all.
 *
 * @see CloudFront Developer Guide, "Cache behavior settings": path pattern (read 2026-11-23)
 */
export function findBehavior(path: ViewerPath, behaviors: readonly CacheBehavior[]): CacheBehavior | undefined {
  return behaviors.find((behavior) => pathMatches(path, behavior.pathPattern))
}

/**
 * `*` matches any characters, slashes too, `?` exactly one; letter case counts; a leading slash of the pattern is optional; query
 * strings are not looked at.
 */
export function pathMatches(path: ViewerPath, pattern: string): boolean {
  const parts = pattern.replace(/^\//u, '').split('*')
  const rest = path.replace(/^\//u, '')
  const [first = '', ...others] = parts
  const last = others.pop()
  if (!startsLike(rest, first)) return false
  if (last === undefined) return rest.length === first.length
  // Greedy from the left for the inner parts, from the right for the last: enough for `*`, and never slower than the path is long.
  let from = first.length
  for (const part of others) {
    const at = findLike(rest, part, from)
    if (at === -1) return false
    from = at + part.length
  }
  return rest.length - last.length >= from && startsLike(rest.slice(rest.length - last.length), last)
}

function startsLike(text: string, part: string): boolean {
  if (text.length < part.length) return false
  for (let index = 0; index < part.length; index += 1) {
    if (part[index] !== '?' && part[index] !== text[index]) return false
  }
  return true
}

function findLike(text: string, part: string, from: number): number {
  for (let at = from; at + part.length <= text.length; at += 1) {
    if (startsLike(text.slice(at, at + part.length), part)) return at
  }
  return -1
}
