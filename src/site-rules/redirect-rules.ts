// What a rule of `_redirects` asks for, and who can do it: an object of the bucket, or only a function at the edge. Pure.

import type { RedirectRule } from '../model.ts'
import { decodePath, PLACEHOLDER } from './path-pattern.ts'

/** Whether an object can make it: from one path to one place, for good, since a website endpoint answers with 301 only. */
export function isObjectRedirect({ from, status }: RedirectRule): boolean {
  return status === 301 && isOnePath(from)
}

/** Whether the rule is for one path, which is `/old` and `/old/` alike. */
export function isOnePath(from: string): boolean {
  return !from.includes('*') && namesIn(from).length === 0
}

/** The files that a website endpoint looks for at that path; a path with a file name extension is no folder. */
export function namesOfRedirect(from: string): string[] {
  const name = decodePath(from).normalize('NFC').slice(1).replace(/\/$/u, '')
  if (name === '') return ['index.html']
  return /\.[A-Za-z0-9]+$/u.test(name) ? [name] : [name, `${name}/index.html`]
}

/** Whether a file of the site comes before the rule. @param hasFile by its path in the site */
export function isShadowed({ from, force }: RedirectRule, hasFile: (name: string) => boolean): boolean {
  return !force && isOnePath(from) && namesOfRedirect(from).some(hasFile)
}

/** The placeholders of a pattern or a target. */
export function namesIn(pattern: string): string[] {
  return [...pattern.matchAll(PLACEHOLDER)].map(([, name = '']) => name)
}
