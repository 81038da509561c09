// Which items does CreateInvalidation take? One bad item refuses the whole batch.
// Facts: CloudFront Developer Guide, "Specify the files to invalidate" (invalidation-specifying-objects) and "Invalidate
// files by cache tag", RFC 1738 §2.2; the error code and the refusal of `~` are as reported by users.

import { invalidArgument } from './api-error.ts'

/** Developer Guide, "Specify the files to invalidate". */
const MAX_PATH_CHARACTERS = 4000
/** Developer Guide, "Invalidate files by cache tag". */
const MAX_TAG_CHARACTERS = 256

/** Raw characters that a path must hold percent-encoded, and `~`, which it must not hold at all. */
const REFUSED_RAW = /[^!-}]|["<>#{}|\\^[\]`]/
const STRAY_PERCENT = /%(?![0-9A-Fa-f]{2})/

/** @throws {ApiError} `InvalidArgument` when the list is empty or any item is not a path or a tag */
export function checkInvalidationItems(items: readonly string[]): void {
  if (items.length === 0) throw invalidArgument('Your request contains no invalidation paths.')
  const bad = items.filter((item) => (item.startsWith('#') ? !isValidTag(item.slice(1)) : !isValidPath(item)))
  if (bad.length > 0) throw invalidArgument('Your request contains one or more invalid invalidation paths.')
}

/** A path whose `*` is a wildcard: the last character only. */
export function isWildcard(item: string): boolean {
  return item.startsWith('/') && item.endsWith('*')
}

function isValidPath(path: string): boolean {
  return (
    path.startsWith('/') && path.length <= MAX_PATH_CHARACTERS && !REFUSED_RAW.test(path) && !STRAY_PERCENT.test(path)
  )
}

function isValidTag(tag: string): boolean {
  return tag.length <= MAX_TAG_CHARACTERS && /^[!-+\--~]+$/.test(tag)
}
