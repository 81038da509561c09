// Which uploads need not be sent, since their bytes lie in the bucket under another key: files that were renamed, and duplicates. Pure.

import { md5ToEtag } from '../http/etag.ts'
import type { Config, CopySource, Key, LiveObject, RecordedObject, SiteFile } from '../model.ts'
import { hasBytesOf, isOurs, type NeededUpload } from './diff.ts'
import { MAX_COPY_BYTES, MIN_COPY_BYTES } from './limits.ts'

export interface CopiesInput {
  /** Below the site's prefix: nothing outside of it is ever copied. */
  readonly objects: readonly LiveObject[]
  readonly recorded: ReadonlyMap<Key, RecordedObject>
  readonly config: Pick<Config, 'force' | 'storage'>
}

/**
 * The same uploads; those whose bytes another object has, with `copyOf`. Only an object that this deploy does not write is a source: it
 * stays there as listed until the uploads are done, since removals come last. And only one whose ETag tells its bytes: of a copy of any
 * other nobody could say that it is right. Forced uploads are sent.
 */
export function findCopies(
  uploads: readonly NeededUpload[],
  { objects, recorded, config }: CopiesInput,
): readonly NeededUpload[] {
  if (config.force || config.storage?.sse?.startsWith('aws:kms') === true) return uploads
  const wanted = new Map<string, SiteFile>()
  for (const { file } of uploads.filter(isWorthCopying)) {
    wanted.set(file.etag, file)
    wanted.set(md5ToEtag(file.md5), file)
  }
  if (wanted.size === 0) return uploads

  const written = new Set(uploads.map(({ file }) => file.key))
  const sources = new Map<string, CopySource>()
  for (const object of objects) {
    const file = wanted.get(object.etag)
    if (file === undefined || sources.has(file.sha256) || written.has(object.key)) continue
    if (holds(object, file, recorded.get(object.key))) sources.set(file.sha256, { key: object.key, etag: object.etag })
  }
  return uploads.map((upload) => {
    const copyOf = isWorthCopying(upload) ? sources.get(upload.file.sha256) : undefined
    return copyOf === undefined ? upload : { ...upload, copyOf }
  })
}

/** Not one that is copied onto itself anyway. */
function isWorthCopying({ file: { sizeBytes }, copyOf }: NeededUpload): boolean {
  return copyOf === undefined && sizeBytes >= MIN_COPY_BYTES && sizeBytes <= MAX_COPY_BYTES
}

/** What is recorded knows more than an ETag does: two files can be made to have the same MD5. */
function holds(object: LiveObject, file: SiteFile, record: RecordedObject | undefined): boolean {
  return hasBytesOf(object, file) && (!isOurs(object, record) || record.sha256 === file.sha256)
}
