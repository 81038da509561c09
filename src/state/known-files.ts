// What the last completed release tells of files, so that the same bytes need no second digest. Pure.

import { isMultipartSize, md5ToEtag } from '../http/etag.ts'
import type { Key, RecordedObject, SiteFile, SiteState } from '../model.ts'

type KnownFile = Pick<SiteFile, 'sizeBytes' | 'sha256' | 'md5' | 'etag'>

/** How the MD5 of a file is recorded beside the ETag that its object has. @returns undefined where it cannot be told apart later */
export function recordMd5(
  { sizeBytes, md5, etag: expected }: Pick<SiteFile, 'md5' | 'etag' | 'sizeBytes'>,
  etag: string,
): RecordedObject['bodyMd5'] {
  // Under KMS the ETag of an upload in parts says nothing about the bytes, and what it would be without is recorded nowhere.
  if (isMultipartSize(sizeBytes)) return etag === expected ? md5 : undefined
  // A file that stands as it is live, since the user ignores how it differs, has the MD5 of what is on disk.
  if (expected !== md5ToEtag(md5)) return undefined
  return etag === expected ? true : md5
}

/** @returns undefined for keys that the state does not know, or not well enough: such a file is digested in full */
export function knownFiles(state: SiteState | undefined): (key: Key) => KnownFile | undefined {
  const objects = state?.objects ?? {}
  return (key) => {
    const record = Object.hasOwn(objects, key) ? objects[key] : undefined
    if (record?.bodyMd5 === undefined) return undefined
    const { sizeBytes, sha256, bodyMd5 } = record
    const md5 = bodyMd5 === true ? record.etag.slice(1, -1) : bodyMd5
    return { sizeBytes, sha256, md5, etag: isMultipartSize(sizeBytes) ? record.etag : md5ToEtag(md5) }
  }
}
