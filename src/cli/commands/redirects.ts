// freshfront redirects: who can make each line of _redirects; with --function, the function that makes them all. Asks nobody.

import { functionTooLarge } from '../../errors.ts'
import type { RedirectRule } from '../../model.ts'
import { MAX_FUNCTION_BYTES, writeRedirectFunction } from '../../site-rules/redirect-function.ts'
import { isObjectRedirect, isShadowed } from '../../site-rules/redirect-rules.ts'
import type { CliContext } from '../context.ts'
import type { RedirectsFlags } from '../flags.ts'
import { readSite } from '../read-site.ts'

export async function runRedirects(this: CliContext, flags: RedirectsFlags, dir?: string): Promise<void> {
  const { terminal } = this
  const { config, site } = await readSite(this, flags, dir)
  const keys = new Set(site.files.map(({ key }) => key))
  const hasFile = (name: string): boolean => keys.has(`${config.prefix}${name}`)
  const rules = site.redirects ?? []
  if (flags.function === true) {
    const code = writeRedirectFunction(rules, { directoryIndex: flags.directoryIndex === true, hasFile })
    const sizeBytes = Buffer.byteLength(code)
    if (sizeBytes > MAX_FUNCTION_BYTES) throw functionTooLarge(rules.length, sizeBytes, MAX_FUNCTION_BYTES)
    terminal.writeResult(code.trimEnd())
  } else if (rules.length === 0) {
    terminal.writeStatus('There are no redirects: no _redirects in the root of the site, or nothing in it.')
  } else {
    terminal.writeResult(rules.map((rule) => describeRule(rule, hasFile)).join('\n'))
  }
}

function describeRule(rule: RedirectRule, hasFile: (name: string) => boolean): string {
  const { line, from, to, status, force } = rule
  const how = isShadowed(rule, hasFile)
    ? 'not made: the site has a file there, and the status has no !'
    : isObjectRedirect(rule)
      ? 'an object, behind a website endpoint; else a function'
      : 'a function'
  return `_redirects:${line}  ${from} → ${to}  ${status}${force ? '!' : ''}  ${how}`
}
