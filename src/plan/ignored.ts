// Files that differ from what is live only in what the user's `ignore` matches: they are taken for what is live. Pure.

import { sameMetadata } from '../http/metadata.ts'
import type { Key, LiveSnapshot, RecordedObject, SiteFile, SiteSnapshot, SiteState } from '../model.ts'
import { isOurs } from './diff.ts'
import { liveByKey, recordedByKey } from './index-by-key.ts'

export interface IgnoredInput {
  readonly live: Pick<LiveSnapshot, 'objects'>
  readonly state: SiteState | undefined
  /** Everything is uploaded, whatever is ignored. */
  readonly force: boolean
}

/**
 * The site as the plan should see it. Only an object that is live as it was recorded stands in for a file: what somebody else has changed
 * or removed is put back from the disk, and so is what has other headers now.
 *
 * @returns the same site where each of the `ignored` has the size and the digests of what is live
 */
export function leaveIgnored(
  site: SiteSnapshot,
  { live, state, force }: IgnoredInput,
): { readonly site: SiteSnapshot; readonly ignored: readonly Key[] } {
  if (force || !site.files.some(({ stableSha256 }) => stableSha256 !== undefined)) return { site, ignored: [] }
  const recorded = recordedByKey(state)
  const objects = liveByKey(live.objects)
  const ignored: Key[] = []
  const files = site.files.map((file) => {
    const record = recorded.get(file.key)
    const object = objects.get(file.key)
    if (record === undefined || !differsOnlyInIgnored(file, record)) return file
    if (object === undefined || !isOurs(object, record)) return file
    ignored.push(file.key)
    const { etag, sizeBytes, sha256 } = record
    return { ...file, etag, sizeBytes, sha256 }
  })
  return { site: { ...site, files }, ignored }
}

/** Whether the bytes are others, and nothing else is. */
export function differsOnlyInIgnored(file: SiteFile, record: RecordedObject): boolean {
  return (
    file.sha256 !== record.sha256 &&
    file.stableSha256 !== undefined &&
    file.stableSha256 === record.stableSha256 &&
    sameMetadata(file.metadata, record.metadata)
  )
}
