// The outside world, as narrow as the steps need it. aws/ implements these over AWS; tests over memory and the emulator.
// A method rejects with a FreshfrontError; no step ever sees an SDK class.

import type {
  BucketWebsite,
  CopySource,
  Distribution,
  DistributionSetup,
  Key,
  LiveObject,
  ObjectOwnership,
  ObjectStorage,
  ProcessIdentity,
  PublicAccessBlock,
  RequestCounts,
  SiteFile,
} from './model.ts'

export interface Bucket {
  readonly name: string
  /** The service that has the bucket, by its endpoint: another one may keep other promises. */
  readonly store: string
  /** Pages of the listing below `prefix`, or of a part of it, keys in UTF-8 byte order. One page is one request; one may be empty. */
  listObjects(prefix: string, range?: KeyRange): AsyncIterable<readonly LiveObject[]>
  /** @returns undefined when there is no such key */
  headObject(key: Key): Promise<LiveObject | undefined>
  /** Reads a small object whole, into memory. @returns undefined when there is no such key */
  getDocument(key: Key): Promise<StoredDocument | undefined>
  /** As `getDocument`, without the body where the object still is the one with that ETag. */
  getDocumentUnless(key: Key, etag: string): Promise<StoredDocument | 'not modified' | undefined>
  /**
   * Writes a small object from memory; never readable by a browser cache. With a condition it rejects with `PRECONDITION_FAILED` when
   * that does not hold, or when somebody else is writing just then, and with `CONDITIONS_NOT_SUPPORTED` when the store says that it knows
   * none. A store may also ignore conditions without a word. @returns its ETag
   */
  putDocument(key: Key, body: Uint8Array, contentType: string, condition?: WriteCondition): Promise<string>
  /**
   * Deletes a small object if it still is the one with that ETag, else rejects with `PRECONDITION_FAILED`. Stores without conditional
   * deletes delete it all the same: only somebody who knows that nobody else writes it may rely on this there.
   */
  deleteDocument(key: Key, condition: { readonly ifMatch: string }): Promise<void>
  /**
   * Uploads a file's bytes with all of its metadata, in parts when it is large.
   * Rejects with `FILE_CHANGED` when the bytes are no longer those that were scanned.
   * @returns the ETag that S3 gave it
   */
  putFile(file: SiteFile, options: PutOptions): Promise<string>
  /**
   * Stores under the file's key, with the file's metadata, the bytes of an object that the bucket has already; that object may be the
   * file's own, which then has other headers. Nothing is sent but the request. Up to 5 GB.
   * Rejects with `PRECONDITION_FAILED` when the source is gone, or no longer the object with that ETag, or archived; a store may ignore
   * the ETag, so that the answer has to be looked at.
   * @returns the new object's ETag: another than the source's where that went up in parts
   */
  copyObject(file: SiteFile, source: CopySource, options: PutOptions): Promise<string>
  /**
   * Ends multipart uploads below `prefix` that were begun and never completed, or their parts are kept, and billed, for ever. Where they may
   * not be listed it does nothing.
   */
  endUnfinishedUploads(prefix: string, isAbandoned: (key: Key) => boolean): Promise<void>
  /** The bucket's website configuration. @returns undefined when it has none, or when it may not be read */
  readWebsite(): Promise<BucketWebsite | undefined>
  /** Deletes up to any number of keys; a key that is not there counts as deleted. @returns the keys that are still there, and why */
  deleteObjects(keys: readonly Key[], options?: DeleteOptions): Promise<readonly DeleteFailure[]>
}

/** A part of a listing, in UTF-8 byte order. Left out: from the first key on, to the last. */
export interface KeyRange {
  /** Only keys behind this one, which may not exist. */
  readonly after?: Key
  /** No keys behind this one. */
  readonly until?: Key
}

export interface StoredDocument {
  readonly etag: string
  readonly body: Uint8Array
}

/** Write only where there is nothing yet, or only over the object with that ETag. */
export type WriteCondition = { readonly ifNoneMatch: true } | { readonly ifMatch: string }

export interface PutOptions {
  /** A canned ACL such as `public-read`; buckets made since April 2023 refuse it. */
  readonly acl?: string
  readonly storage?: ObjectStorage
  /** Asked before an upload begins anew, and before one in parts is completed; where it rejects, so does the upload. */
  readonly confirm?: (() => Promise<void>) | undefined
}

export interface DeleteOptions {
  /** Asked before each request, of up to 1,000 keys; where it rejects, so does the deletion, and the rest stays. */
  readonly confirm?: (() => Promise<void>) | undefined
}

export interface DeleteFailure {
  readonly key: Key
  readonly code: string
  readonly message: string
}

/** The CloudFront API. */
export interface Distributions {
  /** Ids of every distribution of the account, staging ones left out, with the origins' host names. */
  list(): Promise<readonly DistributionOrigins[]>
  /**
   * @returns one, or for a multi-tenant distribution one for each tenant
   */
  describe(distributionId: string): Promise<readonly Distribution[]>
  /**
   * Takes a tenant's id too. Idempotent for the same reference and items. Rejects, at the first refusal, with `INVALIDATIONS_THROTTLED` when
   * it was asked too often, `INVALIDATIONS_IN_PROGRESS` when too many are under way, `INVALIDATION_TOO_LARGE`, and
   * `INVALIDATION_ITEMS_REFUSED` when any one of the items is not valid: each time nothing of the batch was taken.
   */
  createInvalidation(
    distributionId: string,
    items: readonly string[],
    callerReference: string,
  ): Promise<InvalidationProgress>
  readInvalidation(distributionId: string, invalidationId: string): Promise<InvalidationProgress>
  /** Invalidation paths of the whole account since then, sent by whomever; a request for each invalidation. */
  countPathsSince(timeMs: number): Promise<number>
}

export interface DistributionOrigins {
  readonly id: string
  readonly originDomainNames: readonly string[]
  /** Then parameters of each tenant may stand in the hosts. */
  readonly isMultiTenant: boolean
}

export interface InvalidationProgress {
  readonly id: string
  readonly status: 'InProgress' | 'Completed'
}

export interface Clock {
  nowMs(): number
  /** Rejects with the signal's reason when it is aborted. */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>
  /** Runs the task once in every period, never twice at once, until the signal is aborted. A task must not reject. */
  every(periodMs: number, task: () => Promise<void>, signal: AbortSignal): void
}

/** Which process this is, and whether another one of this machine still lives. */
export interface Processes {
  describeOwn(): Promise<ProcessIdentity>
  /** `unknown`: of another machine, or this system cannot tell. */
  stateOf(process: ProcessIdentity): Promise<'alive' | 'gone' | 'unknown'>
}

/** Asks as a browser would. */
export interface Viewer {
  /**
   * Rejects with `EDGE_NOT_ANSWERING` when there is no whole answer.
   */
  ask(request: ViewerRequest): Promise<ViewerAnswer>
}

export interface ViewerRequest {
  readonly method: 'GET' | 'HEAD'
  /** Sent as it is written, not normalised. */
  readonly url: string
  /** `203.0.113.7:443`: where to connect to, whatever DNS says; Host and TLS stay the URL's. */
  readonly address?: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Whether a compressed body is unpacked before it is measured. */
  readonly decodes: boolean
  readonly signal?: AbortSignal
}

export interface ViewerAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Of the body, hexadecimal. */
  readonly sha256: string
  readonly sizeBytes: number
  /** `Hit from cloudfront` … */
  readonly xCache?: string
  /** The edge location: `FRA56-P4`. */
  readonly pop?: string
}

/** Reads how the bucket and distributions are set up; writes nothing. Each method is one harmless request, or a few. */
export interface Inspector {
  /** The region that requests are signed for; undefined: none is named, and the bucket's is found out. */
  readonly namedRegion: string | undefined
  /** @returns undefined where the store does not say; rejects with `BUCKET_NOT_FOUND` */
  readRegion(): Promise<string | undefined>
  /** Lists one key. */
  tryListing(prefix: string): Promise<void>
  tryListingUploads(prefix: string): Promise<void>
  readPublicAccessBlock(): Promise<PublicAccessBlock>
  /** A bucket without the setting is one where each writer owns what it wrote. */
  readOwnership(): Promise<ObjectOwnership>
  /** Whether the ACL of the bucket, or of one of its objects, lets everyone read. */
  isOpenByAcl(key?: Key): Promise<boolean>
  /** @returns its JSON; undefined when there is none */
  readPolicy(): Promise<string | undefined>
  readVersioning(): Promise<'Enabled' | 'Suspended' | 'Never'>
  /** @returns undefined when it has none */
  readWebsite(): Promise<BucketWebsite | undefined>
  /** @returns the algorithm: `AES256`, `aws:kms` … */
  readEncryption(): Promise<string | undefined>
  readDistribution(distributionId: string): Promise<DistributionSetup>
}

/** Counts what really went over the wire, retries included. */
export interface RequestMeter {
  counts(): RequestCounts
  /** How often S3 has asked to be asked less so far: 503 SlowDown. */
  slowDowns(): number
}

export interface Ports {
  readonly bucket: Bucket
  readonly distributions: Distributions
  readonly openInspector: () => Promise<Inspector>
  readonly viewer: Viewer
  readonly clock: Clock
  readonly processes: Processes
  readonly meter: RequestMeter
  /** A few random hexadecimal digits that make a release's name unique. */
  readonly randomSuffix: () => string
}
