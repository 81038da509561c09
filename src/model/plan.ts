// What is to be done, and why.

import type { InvalidationItem, Key, ReleaseId, ViewerPath } from './names.ts'
import type { ObjectMetadata, SiteFile } from './site.ts'
import type { CacheTags, Debt, DeployCount, LeftBuild, SiteState } from './state.ts'

/** Why a key is uploaded. The words are part of the JSON output. */
export type UploadReason =
  | 'new'
  | 'bytes changed'
  | 'headers changed'
  | 'cache tags'
  | 'changed by someone else'
  | 'forced'

/** Why a key is removed. The words are part of the JSON output. */
export type RemovalReason = 'no longer in the site' | 'not in the site (--delete)'

export interface PlannedUpload {
  readonly key: Key
  readonly reason: UploadReason
  readonly sizeBytes: number
  /** 1, 2, 3 …: all uploads of a wave are complete before the next begins. */
  readonly wave: number
  readonly file: SiteFile
  /** Stored beside the file's own metadata. */
  readonly cacheTags: CacheTags
  /** In which deploys it was uploaded, this one included: see RecordedObject. */
  readonly history: readonly number[]
  /** Set where the bytes are in the bucket already: S3 copies them, and only the metadata is sent. */
  readonly copyOf?: CopySource
}

/** An object whose bytes another one gets; the same key: the object keeps its bytes and gets other headers. */
export interface CopySource {
  readonly key: Key
  /** As listed: the copy is of this object or is not made. */
  readonly etag: string
}

export interface PlannedRemoval {
  readonly key: Key
  readonly reason: RemovalReason
  /** All removals of a wave are done before the next begins; undefined: 1. */
  readonly wave?: number
}

/** An object that would be removed if no --keep protected it. */
export interface ProtectedObject {
  readonly key: Key
  /** Put there by Freshfront: it stays recorded, so that a later run without the rule removes it. */
  readonly isOwn: boolean
}

/** An asset that is no longer part of the build and stays where it is for some time. */
export interface KeptAsset extends LeftBuild {
  readonly key: Key
}

export interface PlannedItem {
  readonly item: InvalidationItem
  /** For people: `/blog/index.html: bytes changed`. At least one. */
  readonly reasons: readonly string[]
  /** Objects that did not change and that it takes along; undefined: none. */
  readonly evicts?: number
}

/** What a plan's invalidations cost, and what others would. */
export interface PlannedCost {
  /** Items, tags and prefixes too: each is a path on the bill. */
  readonly paths: number
  /** Objects that did not change and are evicted all the same; counted once for each distribution. */
  readonly evicts: number
  /** Whether a distribution is purged whole, since its URLs, or what it has cached, are not known: what that evicts is not counted. */
  readonly isWhole: boolean
  /** Known before this deploy: how much of the month's free paths is left. */
  readonly freeLeft: number
  /** How many this deploy may use, and by whose word. */
  readonly allowed: number
  readonly allowedBy: 'the month' | 'maxPaths' | 'maxCost'
  /** Of what is beyond the free ones, in US dollars. */
  readonly priceUsd: number
  /** The same refresh by an exact path for every URL. */
  readonly exactPaths: { readonly paths: number; readonly priceUsd: number }
  /** The same by `/*`, once for each distribution. */
  readonly everything: { readonly paths: number; readonly evicts: number; readonly priceUsd: number }
}

/** One CreateInvalidation request. */
export interface PlannedInvalidation {
  readonly distribution: string
  /** Derived from the plan: sending it again is neither a new invalidation nor a new charge. */
  readonly callerReference: string
  readonly items: readonly PlannedItem[]
}

/** Something worth knowing that stops nothing. */
export interface Finding {
  readonly code: string
  readonly message: string
}

/** A guard's no: `deploy` ends with 3 unless the user confirms. */
export interface Refusal extends Finding {
  readonly fix: string
  /** Whether `--yes` lifts it. */
  readonly confirmable: boolean
}

/** Requests by kind. S3: put (each part of a multipart upload counts), copy, list, head, get, delete. CloudFront: the rest. */
export interface RequestCounts {
  readonly put: number
  readonly copy: number
  readonly list: number
  readonly head: number
  readonly get: number
  readonly delete: number
  readonly readDistribution: number
  readonly createInvalidation: number
  readonly readInvalidation: number
}

/** What a URL answers with when no cache is stale. */
export type ExpectedAnswer =
  | {
      readonly kind: 'object'
      /** Of the bytes that S3 stores, hexadecimal. */
      readonly sha256: string
      readonly sizeBytes: number
      readonly metadata: ObjectMetadata
      /** As listed; undefined while the upload is still to come. */
      readonly etag?: string
      /** Whether the edge sets headers by itself, so that a difference there does not show a stale answer. */
      readonly headersMayDiffer: boolean
    }
  /** Anything but these bytes with status 200. */
  | { readonly kind: 'gone'; readonly sha256: string; readonly contentEncoding?: string }

/** One URL to ask the edge for when all is done. */
export interface PlannedCheck {
  readonly distribution: string
  readonly path: ViewerPath
  /** The key that answers there, or did. */
  readonly key: Key
  readonly expect: ExpectedAnswer
  /** What to purge if the answer is stale: every path of the key. */
  readonly items: readonly InvalidationItem[]
}

/** Every URL of the keys that changed, or of a sample of them, spread out evenly and always the same. */
export interface PlannedChecks {
  readonly list: readonly PlannedCheck[]
  /** Keys whose URLs are in the list. */
  readonly keys: number
  /** Keys that it was chosen from. */
  readonly ofKeys: number
}

/** Where the edge is asked for the URLs of a distribution. */
export interface EdgeAddress {
  readonly distribution: string
  /** `https://www.example.com` */
  readonly origin: string
  /** `203.0.113.7:443`: where to connect to instead of where DNS says. */
  readonly address?: string
}

/** The whole of what `deploy` will do, as data. */
export interface Plan {
  readonly formatVersion: 1
  readonly release: ReleaseId
  readonly bucket: string
  readonly prefix: string
  readonly uploads: readonly PlannedUpload[]
  readonly removals: readonly PlannedRemoval[]
  /** Fingerprinted assets of earlier builds that stay, for pages that browsers and caches still show. */
  readonly kept: readonly KeptAsset[]
  readonly keptByRule: readonly ProtectedObject[]
  /** Keys that stay as they are. */
  readonly unchanged: number
  /** Of those, the ones whose bytes on disk differ from what is live only in what the user's `ignore` matches. */
  readonly ignored?: readonly Key[]
  /** What to remember of each distribution once all of this is done. */
  readonly distributions: SiteState['distributions']
  readonly invalidations: readonly PlannedInvalidation[]
  readonly cost: PlannedCost
  /** As the next deploy will count them. */
  readonly deploys: DeployCount
  readonly tagSalt: string
  /**
   * How long an edge may go on answering "not found", or an old error page, after the uploads; `deploy` waits this long, which
   * is free, instead of purging. 0 when nothing needs it.
   */
  readonly settleSeconds: number
  readonly settleReasons: readonly string[]
  /** What will be owed to the caches from the first write on; undefined when nothing is written and nothing is owed. */
  readonly debt: Debt | undefined
  /** Objects under the prefix that Freshfront did not put there and leaves alone. */
  readonly foreign: readonly Key[]
  readonly warnings: readonly Finding[]
  readonly refusals: readonly Refusal[]
  /** What to ask the edge afterwards, where the user says at which address. */
  readonly checks: PlannedChecks
  /** What applying the plan will send, polls not counted: they depend on CloudFront. */
  readonly requests: RequestCounts
}
