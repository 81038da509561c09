// Is a name that looks fingerprinted really bound to its bytes? A look proves nothing: a date, a version or a word may look like a hash, and
// a build may hash something else than the content. Either the name holds the digest, or the site's own history shows that whenever the
// bytes changed the name did, and the other way round. Pure.

import type { Key, RecordedObject, SiteFile } from '../model.ts'
import { findHashParts, looksFingerprinted } from '../fingerprint.ts'
import { unpackHistory } from './tags/upload-history.ts'

/** What is known of one name. */
type Named = Pick<RecordedObject, 'sha256'> & { readonly md5?: string }

/** Fewer digits than this may be the same by chance. */
const MIN_DIGEST_DIGITS = 8

export interface FingerprintEvidence {
  readonly files: readonly Pick<SiteFile, 'key' | 'sha256' | 'md5'>[]
  /** What earlier builds had, kept assets too. */
  readonly recorded: ReadonlyMap<Key, Pick<RecordedObject, 'sha256' | 'history'>>
}

/**
 * @returns whether the key's name is proven to change exactly when its bytes do: then nobody can have another content cached under it,
 *   before it came or after it has gone
 */
export function confirmFingerprints(evidence: FingerprintEvidence): (key: Key) => boolean {
  let found: Evidence | undefined
  return (key) => {
    const name = familyOf(key)
    // Many a plan asks for no such name, and only then is it worth looking at all of the site's.
    if (name === undefined) return false
    found ??= collect(evidence)
    const family = found.families.get(name)
    if (family === undefined || family.isBroken) return false
    return family.names.size > 1 || holdsDigest(key, found.digests.get(key))
  }
}

interface Evidence {
  readonly families: ReadonlyMap<string, Family>
  readonly digests: ReadonlyMap<Key, Named>
}

function collect({ files, recorded }: FingerprintEvidence): Evidence {
  const families = new Map<string, Family>()
  const digests = new Map<Key, Named>()
  const see = (key: Key, named: Named): Family | undefined => {
    const name = familyOf(key)
    if (name === undefined) return undefined
    digests.set(key, { ...digests.get(key), ...named })
    const family = families.get(name) ?? { names: new Map(), contents: new Map(), isBroken: false }
    families.set(name, family)
    // Bytes that changed under one name, or came under two.
    const [contentBefore, nameBefore] = [family.names.get(key), family.contents.get(named.sha256)]
    if (contentBefore !== undefined && contentBefore !== named.sha256) family.isBroken = true
    if (nameBefore !== undefined && nameBefore !== key) family.isBroken = true
    family.names.set(key, named.sha256)
    family.contents.set(named.sha256, key)
    return family
  }
  for (const [key, { sha256, history }] of recorded) {
    const family = see(key, { sha256 })
    // It was uploaded under that name before, with other bytes or headers.
    if (family !== undefined && history !== undefined && (unpackHistory(history)?.uploads.length ?? 0) > 1) {
      family.isBroken = true
    }
  }
  for (const { key, sha256, md5 } of files) see(key, { sha256, md5 })
  return { families, digests }
}

interface Family {
  readonly names: Map<Key, string>
  readonly contents: Map<string, Key>
  isBroken: boolean
}

/** `assets/site.3f2a91c0.css` → `assets/site.*.css`: the name without its hash; undefined where there is none. */
function familyOf(key: Key): string | undefined {
  if (!looksFingerprinted(key)) return undefined
  const parts = findHashParts(key)
  // In a folder of hashed files alone the name may be nothing but the hash.
  if (parts.length === 0) return undefined
  let family = key
  for (const part of parts) family = family.replace(part, '*')
  return family
}

function holdsDigest(key: Key, named: Named | undefined): boolean {
  if (named === undefined) return false
  return findHashParts(key).some((part) => {
    const digits = part.toLowerCase()
    if (digits.length < MIN_DIGEST_DIGITS) return false
    return named.sha256.startsWith(digits) || (named.md5?.startsWith(digits) ?? false)
  })
}
