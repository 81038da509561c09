// Redirects as S3's website endpoint makes them: empty objects that say where to go.

import { devNull } from 'node:os'
import { md5ToEtag } from '../http/etag.ts'
import type { Key, RedirectRule, SiteFile } from '../model.ts'
import { isObjectRedirect, isShadowed, namesOfRedirect } from '../site-rules/redirect-rules.ts'

const EMPTY = {
  filePath: devNull,
  sizeBytes: 0,
  md5: 'd41d8cd98f00b204e9800998ecf8427e',
  sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  etag: md5ToEtag('d41d8cd98f00b204e9800998ecf8427e'),
}

/**
 * Permanent redirects from one path to one place; a website endpoint answers with 301 only. `/old` is also `/old/`, as on Netlify. Where the
 * site has a file for the path, that stays, unless the rule is forced.
 *
 * @param prefix `""`, or ends with `/`
 * @see Amazon S3 User Guide, "(Optional) Configuring a webpage redirect"
 */
export function makeRedirectFiles(
  rules: readonly RedirectRule[],
  hasFile: (key: Key) => boolean,
  prefix: string,
): SiteFile[] {
  const files = new Map<Key, SiteFile>()
  for (const rule of rules) {
    if (!isObjectRedirect(rule)) continue
    if (isShadowed(rule, (name) => hasFile(`${prefix}${name}`))) continue
    for (const name of namesOfRedirect(rule.from)) {
      const key = `${prefix}${name}`
      const metadata = { contentType: 'text/html; charset=utf-8', websiteRedirectLocation: rule.to }
      // The first rule for a path has the say.
      if (!files.has(key)) files.set(key, { key, ...EMPTY, metadata })
    }
  }
  return [...files.values()]
}
