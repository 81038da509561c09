// The nouns of the emulated S3, plain data as it is stored.

import type { Checksum, ChecksumAlgorithm } from './checksums.ts'
import type { WebsiteConfiguration } from './website/configuration.ts'

export interface BucketOptions {
  /** Anyone may read its objects (a bucket policy with `Principal: "*"`, Block Public Access off). */
  readonly publicRead?: boolean
  /** Whoever may read may also list, so that a missing key is 404 NoSuchKey and not 403 AccessDenied. */
  readonly listableByCloudFront?: boolean
  /** `BucketOwnerEnforced`, the default since April 2023: ACLs are off. */
  readonly objectOwnership?: 'BucketOwnerEnforced' | 'BucketOwnerPreferred' | 'ObjectWriter'
  /** Where the bucket lives; the emulator's region by default. */
  readonly region?: string
  /** Makes the bucket a website, at `<bucket>.s3-website.localhost` on the S3 port. Nobody reads it without `publicRead`. */
  readonly website?: WebsiteConfiguration
}

export interface BucketRecord extends Required<Omit<BucketOptions, 'website'>> {
  readonly name: string
  readonly createdMs: number
  /** Absent: the bucket is no website. */
  readonly website?: WebsiteConfiguration
  /** The bucket policy's JSON as it was put. Only what it denies is heeded. */
  readonly policy?: string
}

export interface ObjectMetadata {
  /** System metadata, replayed as response headers: `content-type`, `cache-control` … names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** User metadata without `x-amz-meta-`, names in lower case. */
  readonly user: Readonly<Record<string, string>>
  readonly storageClass: string
  /** A canned ACL let anyone read this one object; only where the bucket has ACLs. */
  readonly publicRead: boolean
}

export interface StoredObject {
  readonly bodyId: string
  readonly sizeBytes: number
  /** With its quotes. */
  readonly etag: string
  /** Whole seconds: S3 keeps no finer. */
  readonly lastModifiedMs: number
  readonly metadata: ObjectMetadata
  readonly checksum: Checksum
}

export interface UploadRecord {
  readonly bucket: string
  readonly key: string
  readonly uploadId: string
  readonly initiatedMs: number
  readonly metadata: ObjectMetadata
  /** `undefined`: the client named none, S3 computes its default over the whole object. */
  readonly checksumAlgorithm: ChecksumAlgorithm | undefined
  readonly checksumType: Checksum['type']
}

export interface UploadedPart {
  readonly partNumber: number
  readonly bodyId: string
  readonly sizeBytes: number
  readonly etag: string
  readonly lastModifiedMs: number
  readonly checksum: Checksum
}
