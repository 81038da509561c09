// freshfront headers-policy: what S3 cannot send, as a response headers policy. Asks nobody.

import { noSuchPolicy } from '../../errors.ts'
import { makeHeadersPolicies } from '../../site-rules/headers-policy.ts'
import type { CliContext } from '../context.ts'
import type { HeadersPolicyFlags } from '../flags.ts'
import { readSite } from '../read-site.ts'

export async function runHeadersPolicy(this: CliContext, flags: HeadersPolicyFlags, dir?: string): Promise<void> {
  const { terminal } = this
  const { site } = await readSite(this, flags, dir)
  const made = makeHeadersPolicies(site.unstoredHeaders ?? [], flags.name ?? 'freshfront-headers')
  const known = made.policies.map(({ pathPattern }) => pathPattern)
  const policies = made.policies.filter(({ pathPattern }) => [undefined, pathPattern].includes(flags.pattern))
  if (policies.length === 0 && flags.pattern !== undefined) throw noSuchPolicy(flags.pattern, known)
  for (const remark of made.remarks) terminal.writeStatus(remark)
  const [only, ...others] = policies
  if (only === undefined) {
    terminal.writeStatus('S3 sends all headers that the site asks for; no policy is needed.')
  } else if (others.length === 0) {
    if (flags.pattern === undefined && only.pathPattern !== '*')
      terminal.writeStatus(`For the cache behavior ${only.pathPattern}.`)
    terminal.writeResult(JSON.stringify(only.ResponseHeadersPolicyConfig, null, 2))
  } else {
    const each = 'One for each cache behavior, in the order in which these must stand; --pattern writes one alone.'
    terminal.writeStatus(each)
    terminal.writeResult(JSON.stringify(policies, null, 2))
  }
}
