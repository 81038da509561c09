// `_headers` and `_redirects` in the root of the site: read, understood, and then not deployed. Reads disk.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type FreshfrontError, siteRuleInvalid } from '../errors.ts'
import type { HeaderRule, RedirectRule } from '../model.ts'
import { parseHeadersFile } from '../site-rules/headers-file.ts'
import { parseRedirectsFile } from '../site-rules/redirects-file.ts'
import { explainReadError } from './walk.ts'

const HEADERS_FILE = '_headers'
const REDIRECTS_FILE = '_redirects'

export interface SiteRules {
  readonly headers: readonly HeaderRule[]
  /** undefined: there is no such file. */
  readonly redirects?: readonly RedirectRule[]
  /** One for each mistake in either file. */
  readonly faults: readonly FreshfrontError[]
}

/** @param path relative to the folder */
export function isRulesFile(path: string): boolean {
  return path === HEADERS_FILE || path === REDIRECTS_FILE
}

/**
 * @param dir absolute
 * @param paths of the files that are deployed: a rules file that the filters leave out says nothing
 */
export async function readSiteRules(dir: string, paths: readonly string[]): Promise<SiteRules> {
  const faults: FreshfrontError[] = []
  async function read<Rule>(
    file: string,
    parse: (text: string) => {
      readonly rules: readonly Rule[]
      readonly faults: readonly { readonly line: number; readonly what: string }[]
    },
  ): Promise<readonly Rule[] | undefined> {
    if (!paths.includes(file)) return undefined
    try {
      const parsed = parse(await readFile(join(dir, file), 'utf8'))
      faults.push(...parsed.faults.map(({ line, what }) => siteRuleInvalid(file, line, what)))
      return parsed.rules
    } catch (error) {
      faults.push(explainReadError(file, error))
      return undefined
    }
  }
  const headers = await read(HEADERS_FILE, parseHeadersFile)
  const redirects = await read(REDIRECTS_FILE, parseRedirectsFile)
  return { headers: headers ?? [], ...(redirects !== undefined && { redirects }), faults }
}
