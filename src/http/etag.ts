// Entity tags: how they compare, and how S3 makes them from a body. Pure: knows sizes and tags, computes no digest.

const MIB = 1024 * 1024

/**
 * From this size on an upload goes in parts. The same as `multipart_threshold` of the AWS CLI, whose uploads then carry the ETag
 * that we predict from the disk.
 * @see AWS CLI S3 Configuration
 */
const MULTIPART_THRESHOLD_BYTES = 8 * MIB

/** @see Amazon S3 multipart upload limits */
export const MAX_PARTS = 10_000
/** @see Amazon S3 multipart upload limits */
export const MAX_PART_SIZE_BYTES: number = 5 * 1024 * MIB

/** A part of an upload: bytes `startByte` up to and without `endByte`. */
export interface PartRange {
  /** 1, 2, 3 … */
  readonly partNumber: number
  readonly startByte: number
  readonly endByte: number
}

/** Whether a body of this size is uploaded in parts, and so gets the ETag of its parts. */
export function isMultipartSize(sizeBytes: number): boolean {
  return sizeBytes >= MULTIPART_THRESHOLD_BYTES
}

/**
 * How large each part but the last is: 8 MiB, doubled until 10,000 parts are enough, as the AWS CLI does; so always whole MiB.
 *
 * @returns at most S3's 5 GiB, which is enough for its largest object
 */
export function partSizeBytes(sizeBytes: number): number {
  let partBytes = MULTIPART_THRESHOLD_BYTES
  while (Math.ceil(sizeBytes / partBytes) > MAX_PARTS) partBytes *= 2
  return Math.min(partBytes, MAX_PART_SIZE_BYTES)
}

/** @returns the parts in order, without gaps; at least one, and for a body below the threshold exactly that one */
export function partRanges(sizeBytes: number): PartRange[] {
  const partBytes = partSizeBytes(sizeBytes)
  const count = Math.max(1, Math.ceil(sizeBytes / partBytes))
  return Array.from({ length: count }, (_, index) => ({
    partNumber: index + 1,
    startByte: index * partBytes,
    endByte: Math.min((index + 1) * partBytes, sizeBytes),
  }))
}

/** The ETag of a body uploaded at once and without KMS: its MD5 in hexadecimal. */
export function md5ToEtag(md5: string): string {
  return `"${md5}"`
}

/** The ETag of a body uploaded in parts: the MD5, in hexadecimal, of the parts' binary MD5s in a row, and their number. */
export function partsToEtag(md5OfPartMd5s: string, parts: number): string {
  return `"${md5OfPartMd5s}-${parts}"`
}

/** Whether the tag looks like the MD5 of the body. Under KMS it looks so too and is not; that only the state can tell. */
export function isMd5Etag(etag: string): boolean {
  return /^(?:W\/)?"[0-9a-f]{32}"$/.test(etag)
}

/**
 * Weak comparison: the same tag, weak or not. CloudFront makes a tag weak when it compresses, so what an edge answers
 * compares with what S3 stores in this way only.
 * @see RFC 9110, section 8.8.3.2
 */
export function etagsMatchWeakly(one: string, other: string): boolean {
  return opaqueTag(one) === opaqueTag(other)
}

function opaqueTag(etag: string): string {
  return etag.startsWith('W/') ? etag.slice(2) : etag
}
