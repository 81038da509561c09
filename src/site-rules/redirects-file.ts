// The `_redirects` file of Netlify and Cloudflare Pages → rules, and what is wrong with it, line by line. Pure.

import type { RedirectRule } from '../model.ts'
import type { LineFault } from './line-fault.ts'
import { namesIn } from './redirect-rules.ts'

const STATUSES: readonly RedirectRule['status'][] = [200, 301, 302, 303, 307, 308]
/** Netlify's; Cloudflare Pages takes 302. */
const DEFAULT_STATUS = 301

/**
 * A line is `/from /to`, then a status (301), which may end in `!`: also where the site has a file of that name.
 *
 * @see Netlify docs, "Redirects and rewrites", "Redirect options"; Cloudflare Pages docs, "Redirects"
 */
export function parseRedirectsFile(text: string): { rules: readonly RedirectRule[]; faults: readonly LineFault[] } {
  const rules: RedirectRule[] = []
  const faults: LineFault[] = []
  for (const [index, whole] of text
    .replace(/^\uFEFF/u, '')
    .split(/\r?\n/u)
    .entries()) {
    const content = whole.replace(/(?:^|\s)#.*$/u, '').trim()
    if (content === '') continue
    const line = index + 1
    const parsed = parseLine(content.split(/\s+/u), line)
    if (typeof parsed === 'string') faults.push({ line, what: parsed })
    else rules.push(parsed)
  }
  return { rules, faults }
}

/** @returns what is wrong instead of a rule */
function parseLine([from = '', ...words]: readonly string[], line: number): RedirectRule | string {
  const at = words.findIndex((word) => word.startsWith('/') || /^https?:\/\//iu.test(word))
  const to = words[at]
  if (/^https?:\/\//iu.test(from)) return 'Redirects by host are not supported; begin with the path.'
  if (!from.startsWith('/')) return 'A line is /from /to, and a status such as 301.'
  if (to === undefined) return `There is no place that ${from} leads to: a path that begins with /, or a whole URL.`
  if (at > 0) return `Redirects by query parameters (${words.slice(0, at).join(' ')}) are not supported.`
  const [statusWord = String(DEFAULT_STATUS), ...conditions] = words.slice(at + 1)
  if (statusWord.includes('=') || conditions.length > 0) {
    const said = statusWord.includes('=') ? [statusWord, ...conditions] : conditions
    return `Redirects on conditions (${said.join(' ')}) are not supported.`
  }
  const status = STATUSES.find((known) => String(known) === statusWord.replace(/!$/u, ''))
  if (status === undefined) return remarkOnStatus(statusWord)
  return remarkOnPaths(from, to, status) ?? { from, to, status, force: statusWord.endsWith('!'), line }
}

function remarkOnStatus(word: string): string {
  return /^4\d\d!?$/u.test(word)
    ? `Status ${word} is not a redirect: error pages are custom error responses of the distribution, or the website's error document.`
    : `${word} is not a status that a redirect can have: ${STATUSES.join(', ')}.`
}

function remarkOnPaths(from: string, to: string, status: RedirectRule['status']): string | undefined {
  if (/[?#]/u.test(from)) return `${from} has a ? or # in it; redirects go by the path alone.`
  if (from.split('*').length > 2) return `${from} has more than one *.`
  if (status === 200 && !to.startsWith('/'))
    return 'Status 200 to another host is a proxy, which needs an origin of its own.'
  if (!/^[\x21-\x7e]+$/u.test(to)) return `Write ${to} percent-encoded.`
  const names = namesIn(from)
  if (new Set(names).size < names.length || names.includes('splat')) return `${from} names a placeholder twice.`
  const known = [...names, ...(from.includes('*') ? ['splat'] : [])]
  const unknown = namesIn(to.replace(/^https?:\/\/[^/]*/iu, '')).find((name) => !known.includes(name))
  if (unknown !== undefined) return `${from} has nothing that :${unknown} could stand for.`
  return from === to ? `${from} leads to itself.` : undefined
}
