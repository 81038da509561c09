// The `_headers` file of Netlify and Cloudflare Pages → rules, and what is wrong with it, line by line. Pure.

import type { HeaderRule } from '../model.ts'
import { remarkOnHeader } from './header-rules.ts'
import type { LineFault } from './line-fault.ts'

/**
 * A line that is not indented is a pattern; the indented ones after it are its headers, `Name: value`, or `! Name`, which takes away what
 * earlier patterns have set. A header that is said twice under one pattern has both values, with a comma.
 *
 * @see Netlify docs, "Custom headers"; Cloudflare Pages docs, "Headers"
 */
export function parseHeadersFile(text: string): { rules: readonly HeaderRule[]; faults: readonly LineFault[] } {
  const rules: { pattern: string; line: number; set: Map<string, string>; detach: string[] }[] = []
  const faults: LineFault[] = []
  for (const [index, whole] of text
    .replace(/^\uFEFF/u, '')
    .split(/\r?\n/u)
    .entries()) {
    const line = index + 1
    const content = whole.trim()
    if (content === '' || content.startsWith('#')) continue
    const rule = rules.at(-1)
    const fault = (what: string): number => faults.push({ line, what })
    if (!/^\s/u.test(whole)) {
      const remark = remarkOnPattern(content)
      if (remark !== undefined) fault(remark)
      // Also after a mistake: the lines below belong to it and not to the pattern before.
      rules.push({ pattern: content, line, set: new Map(), detach: [] })
    } else if (rule === undefined) {
      fault('There is no pattern above this header; begin with a path such as /*, not indented.')
    } else if (content.startsWith('!')) {
      const name = content.slice(1).trim()
      if (/^[\w-]+$/u.test(name)) rule.detach.push(name)
      else fault('Write ! and the name of one header: ! Cache-Control.')
    } else {
      const { name = '', value = '' } = /^(?<name>[^:]*?)\s*:\s*(?<value>.*)$/u.exec(content)?.groups ?? {}
      const remark = name === '' ? 'Write a header as Name: value.' : remarkOnHeader(name, value)
      if (remark !== undefined) {
        fault(remark)
        continue
      }
      const known = [...rule.set.keys()].find((other) => other.toLowerCase() === name.toLowerCase())
      const before = known === undefined ? undefined : rule.set.get(known)
      rule.set.set(known ?? name, before === undefined ? value : `${before}, ${value}`)
    }
  }
  return { rules: rules.map(({ set, ...rule }) => ({ ...rule, set: Object.fromEntries(set) })), faults }
}

function remarkOnPattern(pattern: string): string | undefined {
  if (/^https?:\/\//iu.test(pattern)) return 'Patterns are paths here; leave out the host.'
  if (!pattern.startsWith('/')) {
    return pattern.includes(':')
      ? 'A header is indented below the pattern that it belongs to.'
      : 'A pattern begins with /.'
  }
  return /\s/u.test(pattern) ? 'A pattern has no spaces; write %20.' : undefined
}
