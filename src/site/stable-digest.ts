// A digest that stays the same while a text changes only in what the user's `ignore` matches.

import { hash } from 'node:crypto'
import { compileIgnore, IGNORE_FLAGS, withoutIgnored } from '../ignored-text.ts'
import type { ObjectMetadata } from '../model.ts'
import type { DigestStable } from './digest.ts'

/**
 * @param patterns regular expressions, checked by config/; empty: nothing gets a stable digest
 * @returns how to digest a body; undefined for what is not UTF-8. The patterns go into the digest: under other patterns every text
 *   has another one, and counts as changed once
 */
export function digestWithoutIgnored(patterns: readonly string[]): DigestStable | undefined {
  if (patterns.length === 0) return undefined
  const matchers = patterns.map(compileIgnore)
  const rules = JSON.stringify([IGNORE_FLAGS, patterns])
  return (body) => {
    const text = decode(body)
    if (text === undefined) return undefined
    return hash('sha256', `${rules}\n${withoutIgnored(text, matchers)}`, 'hex')
  }
}

/** Whether a file with these headers gets a stable digest. All text is declared so: see metadata.ts. */
export function isUtf8Text({ contentType, contentEncoding }: ObjectMetadata): boolean {
  return contentEncoding === undefined && /;\s*charset=utf-8$/iu.test(contentType)
}

/** Bytes that are not UTF-8 would all read as the same replacement character, and a change of them would go unseen. */
function decode(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
  } catch {
    return undefined
  }
}
