// What the site's own header and redirect rules ask for and S3 cannot do. Pure.

import type { Finding, LiveSnapshot, RedirectRule, SiteSnapshot } from '../model.ts'
import { isObjectRedirect, isShadowed, namesIn } from '../site-rules/redirect-rules.ts'
import { usesOnlyWebsite } from './redirect-objects.ts'
import type { RunFunction } from './url-space.ts'

/** More names than this are counted, not listed. */
const MAX_NAMES = 5

export function findSiteRuleWarnings(site: SiteSnapshot, live: LiveSnapshot, runFunction: RunFunction): Finding[] {
  return [...findUnsentHeaders(site, live), ...findIdleRedirects(site, live, runFunction)]
}

function findUnsentHeaders({ unstoredHeaders = [] }: SiteSnapshot, { distributions }: LiveSnapshot): Finding[] {
  const names = [...new Set(unstoredHeaders.flatMap(({ set }) => Object.keys(set)))].toSorted()
  // With a policy on every distribution it is the user's to keep it as it should be: which headers it has is not read.
  const hasPolicy =
    distributions.length > 0 && distributions.every(({ behaviors }) => behaviors.at(-1)?.changesResponses)
  if (names.length === 0 || hasPolicy) return []
  return [
    {
      code: 'HEADERS_NOT_STORED',
      message: `S3 does not send ${list(names)}. CloudFront does, with a response headers policy: freshfront headers-policy writes it.`,
    },
  ]
}

function findIdleRedirects(site: SiteSnapshot, live: LiveSnapshot, runFunction: RunFunction): Finding[] {
  const keys = new Set(site.files.map(({ key }) => key))
  const byObjects = usesOnlyWebsite(live)
  const idle = (site.redirects ?? []).filter(
    (rule) =>
      !(byObjects && isObjectRedirect(rule)) &&
      !isShadowed(rule, (name) => keys.has(`${live.prefix}${name}`)) &&
      !isMadeAtEdge(rule, live, runFunction),
  )
  if (idle.length === 0) return []
  const what = byObjects
    ? 'As objects only permanent redirects of single paths can be made'
    : 'The bucket is not read through its website endpoint'
  return [
    {
      code: 'REDIRECTS_NOT_MADE',
      message: `Nothing makes ${list(idle.map(({ from, line }) => `${from} (_redirects:${line})`))}. ${what}; freshfront redirects --function writes a CloudFront Function that does.`,
    },
  ]
}

/** Asks each distribution's own function, by an example. */
function isMadeAtEdge(rule: RedirectRule, { distributions }: LiveSnapshot, runFunction: RunFunction): boolean {
  const example = namesIn(rule.from).reduce((path, name) => path.replace(`:${name}`, 'x'), rule.from.replace('*', 'x'))
  return (
    distributions.length > 0 &&
    distributions.every(({ behaviors, domainName, aliases }) => {
      const code = behaviors.at(-1)?.viewerRequest
      if (code?.kind !== 'function') return false
      const answer = runFunction(code.name, example, aliases[0] ?? domainName)
      return rule.status === 200 ? answer.kind === 'uri' && answer.uri !== example : answer.kind === 'response'
    })
  )
}

function list(names: readonly string[]): string {
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : ''
  return `${names.slice(0, MAX_NAMES).join(', ')}${more}`
}
