// What the next run must know of this release.

import type { Key, LiveObject, RecordedObject, ReleaseId, SiteFile, SiteState } from '../model.ts'

export interface NextStateInput {
  readonly release: ReleaseId
  readonly completedAtMs: number
  readonly files: readonly SiteFile[]
  readonly uploaded: readonly { readonly key: Key; readonly etag: string }[]
  /** As listed before the uploads. */
  readonly objects: readonly LiveObject[]
  readonly before: SiteState | undefined
  /** Keys that the user's filters left alone: they stay recorded as they were. */
  readonly isExcluded: (key: Key) => boolean
}

/** The state after a completed release: every file of the site as it now lies in the bucket, and what was left alone on purpose. */
export function nextState(input: NextStateInput): SiteState {
  const uploadedEtags = new Map(input.uploaded.map(({ key, etag }) => [key, etag]))
  const listed = new Map(input.objects.map((object) => [object.key, object]))
  const before = new Map(Object.entries(input.before?.objects ?? {}))
  // Keys are hostile input: entries become properties by fromEntries, so that even "__proto__" is only a key.
  const objects: [Key, RecordedObject][] = []
  for (const [key, record] of before) {
    if (input.isExcluded(key) && listed.has(key)) objects.push([key, record])
  }
  for (const { key, sizeBytes, sha256, metadata } of input.files) {
    const uploadedEtag = uploadedEtags.get(key)
    const etag = uploadedEtag ?? listed.get(key)?.etag
    if (etag === undefined) continue
    const changedIn = uploadedEtag === undefined ? (before.get(key)?.changedIn ?? input.release) : input.release
    objects.push([key, { etag, sizeBytes, sha256, metadata, changedIn }])
  }
  return {
    formatVersion: 1,
    release: input.release,
    completedAt: new Date(input.completedAtMs).toISOString(),
    objects: Object.fromEntries(objects),
  }
}
