// Whether two shards were planned alike: digests of what their plans depend on beside the files. Pure.

import type { Config, Distribution, SiteState } from '../model.ts'
import type { Hash } from './batches.ts'
import { tagMetadataNames } from './cache-tags.ts'

/** Of all that decides which files there are and how each is stored. */
export function digestSettings({
  config,
  distributions,
  name,
  hash,
}: {
  readonly config: Config
  readonly distributions: readonly Distribution[]
  /** Of the sharded release. */
  readonly name: string
  readonly hash: Hash
}): string {
  const { prefix, filters, allowSecrets, cacheControl, headers, precompressed, followSymlinks, acl, storage } = config
  const { ignore, force } = config
  return hash(
    JSON.stringify([
      [name, prefix, filters, allowSecrets, cacheControl, headers, precompressed, followSymlinks, acl, storage],
      [ignore, force, tagMetadataNames(distributions)],
    ]),
  )
}

/** The release that is live, by name; `""`: none. */
export function baseOf(state: SiteState | undefined): string {
  return state?.release ?? ''
}
