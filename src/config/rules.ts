// What single values cannot tell: checks across settings, one function each. A rule returns nothing, or the problem. Pure.

import { parse, resolve } from 'node:path'

import { quote } from '../errors.ts'
import { normalizePrefix, splitS3Url } from './expected.ts'
import type { Problem } from './problems.ts'

/** `--bucket s3://site/blog --prefix docs`: two answers to one question from one source. */
export function prefixIsGivenOnce(
  bucket: string | undefined,
  prefix: string | undefined,
  names: { readonly bucket: string; readonly prefix: string },
): Problem | undefined {
  if (bucket === undefined || prefix === undefined || !bucket.startsWith('s3://')) return undefined
  const url = splitS3Url(bucket)
  if (url.prefix === '' || normalizePrefix(url.prefix) === normalizePrefix(prefix)) return undefined
  return {
    sentence: `${names.bucket} ${quote(bucket)} and ${names.prefix} ${quote(prefix)} name two prefixes.`,
    fix: `Keep one of them: s3://${url.bucket} with ${names.prefix}, or the whole in ${names.bucket}.`,
  }
}

/** `freshfront deploy public s3://site --bucket other`. */
export function bucketIsGivenOnce(bucket: string | undefined, target: string | undefined): Problem | undefined {
  if (bucket === undefined || target === undefined || bucket === target) return undefined
  return {
    sentence: `${quote(target)} and --bucket ${quote(bucket)} name two targets.`,
    fix: 'Keep one of them.',
  }
}

/** The root of the disk or a home folder is never a site, and would publish everything that is in it. */
export function dirIsOneSite(dir: string, homeDir: string | undefined): Problem | undefined {
  const isRoot = parse(dir).root === dir
  const isHome = homeDir !== undefined && homeDir !== '' && resolve(homeDir) === dir
  if (!isRoot && !isHome) return undefined
  return {
    sentence: `${quote(dir)} is ${isRoot ? 'the root of the disk' : 'your home folder'}, not a site.`,
    fix: 'Name the folder that your generator writes to: freshfront deploy public.',
  }
}

/** What nobody has recorded is only found by listing. */
export function deletesWhatIsListed({
  delete: deletes,
  trustState,
}: {
  readonly delete: boolean
  readonly trustState?: boolean
}): Problem | undefined {
  if (!deletes || trustState !== true) return undefined
  return {
    sentence: '--delete removes what Freshfront did not put there, and --trust-state does not look for it.',
    fix: 'Leave out one of them.',
  }
}

/** A key that nothing is encrypted with is a mistake in what encrypts. */
export function kmsKeyIsUsed(
  storage: { readonly sse?: string; readonly sseKmsKeyId?: string } = {},
): Problem | undefined {
  if (storage.sseKmsKeyId === undefined || storage.sse?.startsWith('aws:kms') === true) return undefined
  return {
    sentence: `The KMS key ${quote(storage.sseKmsKeyId)} is named, but ${storage.sse === undefined ? 'no encryption' : `the encryption ${storage.sse}`}.`,
    fix: 'Add --sse aws:kms ("sse": "aws:kms"), or leave out the key.',
  }
}
