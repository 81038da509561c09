// Uploads without an ACL to a bucket that takes none: workflows carry `--acl public-read` from a time when buckets needed it.

import { FreshfrontError } from '../errors.ts'
import type { SiteFile } from '../model.ts'
import type { Bucket, PutOptions } from '../ports.ts'

/**
 * @param onRefused told once, with the reason, when an upload has gone through without the ACL that was refused
 * @returns the same bucket; after the first refusal no upload asks for an ACL any more
 */
export function dropRefusedAcl(bucket: Bucket, onRefused: (acl: string, reason: FreshfrontError) => void): Bucket {
  let isRefused = false
  async function put(options: PutOptions, send: (options: PutOptions) => Promise<string>): Promise<string> {
    const { acl, ...others } = options
    if (acl === undefined || isRefused) return send(others)
    try {
      return await send(options)
    } catch (error) {
      if (!mayBeForAcl(error)) throw error
      const etag = await send(others)
      if (!isRefused) onRefused(acl, error)
      isRefused = true
      return etag
    }
  }
  return {
    ...bucket,
    putFile: (file: SiteFile, options) => put(options, (sent) => bucket.putFile(file, sent)),
    copyObject: (file, source, options) => put(options, (sent) => bucket.copyObject(file, source, sent)),
  }
}

/** With ACLs on, Block Public Access still denies public ones, in the words of any other denial. */
function mayBeForAcl(error: unknown): error is FreshfrontError {
  return error instanceof FreshfrontError && ['ACLS_NOT_SUPPORTED', 'ACCESS_DENIED'].includes(error.code)
}
