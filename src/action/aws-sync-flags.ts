// The flags of `aws s3 sync` that Freshfront has no flag of the same name for, as workflows of s3-sync-action carry them in `args`: what
// becomes of each. Pure data.
//
// Source: AWS CLI Command Reference, "s3 sync" and "Global options".

export type AwsSyncFlag =
  /** Changes nothing here: left out, and said so. */
  | { readonly kind: 'left out'; readonly takesValue: boolean }
  /** Another word for a flag of ours. */
  | { readonly kind: 'ours'; readonly name: 'dryRun' }
  /** Would change what is stored or how, and cannot be had here. */
  | { readonly kind: 'refused'; readonly fix: string }

const switchLeftOut: AwsSyncFlag = { kind: 'left out', takesValue: false }
const valueLeftOut: AwsSyncFlag = { kind: 'left out', takesValue: true }

function refused(fix: string): AwsSyncFlag {
  return { kind: 'refused', fix }
}

const CONTENT_HEADER = 'Leave it out: content types and charsets are worked out for each file.'
const NOT_YET = 'Leave it out: Freshfront does not set that yet.'

export const awsSyncFlags: ReadonlyMap<string, AwsSyncFlag> = new Map<string, AwsSyncFlag>([
  ['dryrun', { kind: 'ours', name: 'dryRun' }],
  // Files are compared by content, never by size or time.
  ['size-only', switchLeftOut],
  ['exact-timestamps', switchLeftOut],
  // What is shown.
  ['no-progress', switchLeftOut],
  ['only-show-errors', switchLeftOut],
  ['debug', switchLeftOut],
  ['output', valueLeftOut],
  ['query', valueLeftOut],
  ['color', valueLeftOut],
  ['no-cli-pager', switchLeftOut],
  ['no-cli-auto-prompt', switchLeftOut],
  // How requests are made.
  ['page-size', valueLeftOut],
  ['no-paginate', switchLeftOut],
  ['cli-read-timeout', valueLeftOut],
  ['cli-connect-timeout', valueLeftOut],
  ['cli-binary-format', valueLeftOut],
  ['checksum-mode', valueLeftOut],
  ['checksum-algorithm', valueLeftOut],
  // Only for copies from bucket to bucket, and for downloads.
  ['source-region', valueLeftOut],
  ['copy-props', valueLeftOut],
  ['metadata-directive', valueLeftOut],
  ['ignore-glacier-warnings', switchLeftOut],
  ['force-glacier-transfer', switchLeftOut],
  ['case-conflict', valueLeftOut],
  ['sse-c', refused('Leave it out: CloudFront cannot read objects that are encrypted with a key of your own.')],
  ['sse-c-key', refused('Leave it out: CloudFront cannot read objects that are encrypted with a key of your own.')],
  ['grants', refused('Leave it out: CloudFront reads the bucket through a bucket policy, not through grants.')],
  ['content-type', refused(CONTENT_HEADER)],
  ['no-guess-mime-type', refused(CONTENT_HEADER)],
  ['content-encoding', refused(NOT_YET)],
  ['content-disposition', refused(NOT_YET)],
  ['content-language', refused(NOT_YET)],
  ['expires', refused('Use --cache-control max-age=SECONDS, which caches obey before Expires.')],
  ['metadata', refused(NOT_YET)],
  ['website-redirect', refused(NOT_YET)],
  ['request-payer', refused('Leave it out: the bucket of a site is paid for by its owner.')],
  ['no-overwrite', refused('Leave it out: what changed has to be written.')],
  ['no-sign-request', refused('Leave it out: writing to a bucket needs credentials.')],
  ['no-verify-ssl', refused('Set NODE_EXTRA_CA_CERTS to the certificate of your server instead.')],
  ['ca-bundle', refused('Set NODE_EXTRA_CA_CERTS to that file instead.')],
])
