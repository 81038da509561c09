// Headers that S3 cannot send → response headers policies, as `aws cloudfront create-response-headers-policy` takes them. Pure.

import type { HeaderRule } from '../model.ts'
import { PLACEHOLDER, compilePathPattern } from './path-pattern.ts'
import { toCorsConfig, toSecurityConfig, type SetHeader } from './policy-parts.ts'

export interface HeadersPolicy {
  /** Of the cache behavior that it belongs to; `*` is the default behavior. */
  readonly pathPattern: string
  readonly ResponseHeadersPolicyConfig: Readonly<Record<string, unknown>>
}

/** @see CloudFront Developer Guide, "Quotas": custom headers in a response headers policy */
const MAX_CUSTOM_HEADERS = 10

/**
 * One policy for each pattern, with what its own rules and all wider ones say: of a distribution's behaviors only one answers a request.
 *
 * @param rules of which only the unstored headers are left; patterns of files are taken for paths
 * @returns narrower patterns first, in the order in which the behaviors must stand; and what a policy cannot say, as sentences
 * @see CloudFront API Reference, ResponseHeadersPolicyConfig; CloudFront Developer Guide, "Path pattern"
 */
export function makeHeadersPolicies(
  rules: readonly HeaderRule[],
  name: string,
): { policies: readonly HeadersPolicy[]; remarks: readonly string[] } {
  const paths = rules.map((rule) => ({
    ...rule,
    path: rule.pattern.startsWith('/') ? rule.pattern : `/${rule.pattern}`,
  }))
  const patterns = [...new Set(paths.map(({ path }) => toPathPattern(path)))]
  const remarks: string[] = paths
    .filter(({ path }) => /:[A-Za-z]/u.test(path))
    .map(
      ({ pattern }) =>
        `CloudFront has no placeholders: ${pattern} becomes ${toPathPattern(pattern)}, in which * also matches /.`,
    )
  const covers = (wide: string, narrow: string): boolean => wide === '*' || compilePathPattern(wide)(narrow)
  const inOrder = patterns
    .map((pattern) => ({ pattern, covered: patterns.filter((other) => covers(other, pattern)).length }))
    .toSorted((a, b) => b.covered - a.covered)
  const policies = inOrder.map(({ pattern }, index): HeadersPolicy => {
    const headers = new Map<string, SetHeader>()
    for (const { path, set, detach } of paths) {
      if (!covers(toPathPattern(path), pattern)) continue
      for (const header of detach) headers.delete(header.toLowerCase())
      for (const [header, value] of Object.entries(set)) headers.set(header.toLowerCase(), { name: header, value })
    }
    return {
      pathPattern: pattern,
      ResponseHeadersPolicyConfig: {
        Name: inOrder.length === 1 ? name : `${name}-${index + 1}`,
        Comment: `Headers of ${pattern}, by freshfront`.slice(0, 128),
        ...toConfig([...headers.values()], pattern, remarks),
      },
    }
  })
  return { policies, remarks: [...new Set(remarks)] }
}

function toPathPattern(path: string): string {
  const pattern = path.replace(PLACEHOLDER, '*')
  return pattern === '/*' ? '*' : pattern
}

/** A header that CloudFront knows by name must be set in the part that is made for it; the rest are custom. */
function toConfig(headers: readonly SetHeader[], pattern: string, remarks: string[]): Record<string, unknown> {
  const security = toSecurityConfig(headers)
  const cors = toCorsConfig(headers)
  const custom = headers.filter(({ name }) => ![...security.names, ...cors.names].includes(name.toLowerCase()))
  remarks.push(...security.remarks, ...cors.remarks)
  if (custom.length > MAX_CUSTOM_HEADERS) {
    remarks.push(
      `The policy of ${pattern} has ${custom.length} custom headers; CloudFront takes ${MAX_CUSTOM_HEADERS} unless the quota is raised.`,
    )
  }
  const items = custom.map(({ name, value }) => ({ Header: name, Value: value, Override: true }))
  return {
    ...(security.config !== undefined && { SecurityHeadersConfig: security.config }),
    ...(cors.config !== undefined && { CorsConfig: cors.config }),
    ...(items.length > 0 && { CustomHeadersConfig: { Quantity: items.length, Items: items } }),
  }
}
