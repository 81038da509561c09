// Routing rules of a website: which one a request meets, and where it sends the viewer.
// Facts: S3 user guide, "Configuring a webpage redirect", Routing rules. That the query is dropped is no page's word but
// widely reported.

import type { RoutingRule } from './configuration.ts'

/**
 * The first rule that matches.
 *
 * @param failedWith the status of the failed request; `undefined` before the object is looked for, when only rules
 *   without an error condition are asked
 */
export function findRoutingRule(
  rules: readonly RoutingRule[],
  key: string,
  failedWith: number | undefined,
): RoutingRule | undefined {
  return rules.find(
    ({ condition }) =>
      condition?.httpErrorCodeReturnedEquals === failedWith && key.startsWith(condition?.keyPrefixEquals ?? ''),
  )
}

/** The absolute URL for `Location`. `host` is the one that was asked. */
export function locateRedirect({ condition, redirect }: RoutingRule, key: string, host: string): string {
  const { hostName = host, protocol = 'http', replaceKeyWith, replaceKeyPrefixWith } = redirect
  const base = `${protocol}://${hostName}/`
  if (replaceKeyWith !== undefined) return base + encodeReplacement(replaceKeyWith)
  if (replaceKeyPrefixWith === undefined) return base + encodeKey(key)
  const rest = key.slice(condition?.keyPrefixEquals?.length ?? 0)
  return base + encodeReplacement(replaceKeyPrefixWith) + encodeKey(rest)
}

/** Percent-encodes a key for a header or a path; `/` stays. */
export function encodeKey(key: string): string {
  return key.split('/').map(encodeURIComponent).join('/')
}

/** Rules write queries and fragments (`resize?key=`, `#!/`), so only what no header can carry is encoded. */
function encodeReplacement(text: string): string {
  return text.replaceAll(/[^\x21-\x7e]+/g, encodeURIComponent)
}
