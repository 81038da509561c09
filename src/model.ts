// The nouns of a deploy, as plain JSON data. Everything that one step hands to the next is described here and nowhere else.

/** An S3 key: `blog/index.html`, no leading slash, not encoded. */
export type Key = string
/** What a browser asks for: `/blog/`, leading slash, percent-encoded. */
export type ViewerPath = string
/** One item of an invalidation batch: an exact path `/blog/`, or a prefix `/blog/*`; percent-encoded as CloudFront wants it. */
export type InvalidationItem = string
/** `2026-11-23T05-14-49Z-1f3a9c`: sorts by time. */
export type ReleaseId = string

// ── What is on disk ─────────────────────────────────────────────────────────────────────────────────────────────────

/** What S3 stores beside the body and replays as response headers. Absent fields are not stored. */
export interface ObjectMetadata {
  readonly contentType: string
  readonly cacheControl?: string
  readonly contentDisposition?: string
  readonly contentEncoding?: string
  readonly contentLanguage?: string
  /** An HTTP date. */
  readonly expires?: string
  readonly websiteRedirectLocation?: string
  /** `x-amz-meta-*`, names in lower case without that prefix. */
  readonly user?: Readonly<Record<string, string>>
}

export interface SiteFile {
  readonly key: Key
  /** Absolute place on the local disk. */
  readonly filePath: string
  readonly sizeBytes: number
  /** Of the whole body, hexadecimal. */
  readonly md5: string
  /** Of the whole body, hexadecimal. */
  readonly sha256: string
  /** The ETag that S3 gives to our upload of this body without KMS, with its quotes: `"md5"`, or `"md5-of-part-md5s-N"` for large files. */
  readonly etag: string
  readonly metadata: ObjectMetadata
}

/** A file that is in the folder and stays there. `path` is relative to the folder. */
export interface SkippedFile {
  readonly path: string
  readonly reason: 'excluded' | 'never-deployed' | 'not-a-regular-file' | 'symlink-not-followed'
}

export interface SiteSnapshot {
  /** Absolute. */
  readonly dir: string
  /** In UTF-8 byte order of their keys, each key once. */
  readonly files: readonly SiteFile[]
  readonly skipped: readonly SkippedFile[]
}

// ── What is live ────────────────────────────────────────────────────────────────────────────────────────────────────

/** One row of a bucket listing, which carries no headers; `metadata` is there where a HEAD has asked for it. */
export interface LiveObject {
  readonly key: Key
  /** With its quotes, as on the wire. */
  readonly etag: string
  readonly sizeBytes: number
  readonly lastModifiedMs: number
  readonly metadata?: ObjectMetadata
}

export interface Origin {
  readonly id: string
  readonly domainName: string
  /** `""` or `/site`: starts with a slash, does not end with one. */
  readonly originPath: string
}

/** Code at the edge that sees a request before the cache or the origin does. */
export type RequestFunction =
  /** A CloudFront Function; `code` is missing where it may not be read. */
  | { readonly kind: 'function'; readonly name: string; readonly code?: string }
  /** Lambda@Edge, whose code nobody can run here. */
  | { readonly kind: 'lambda'; readonly name: string }

export interface CacheBehavior {
  /** `*` for the default behavior, which comes last. */
  readonly pathPattern: string
  /** An origin's id or an origin group's. */
  readonly targetOriginId: string
  readonly queryStringsInCacheKey: boolean
  /** Runs before the cache is asked: responses are stored under the URI that it returns. */
  readonly viewerRequest?: RequestFunction
  /** Runs after a miss: responses are stored under the URI that it was given. */
  readonly originRequest?: RequestFunction
  /** What a response-headers policy or code at the edge may make of responses; undefined: nothing. */
  readonly changesResponses?: 'headers' | 'anything'
}

export interface CustomErrorResponse {
  readonly errorCode: number
  /** The viewer path of the page shown instead, if one is. */
  readonly responsePagePath?: ViewerPath
  readonly responseCode?: number
  readonly errorCachingMinTtlSeconds: number
}

/** What planning needs of a distribution's configuration, or of one tenant's of a multi-tenant distribution. */
export interface Distribution {
  /** `E…`, or `dt_…` for a tenant, which is invalidated by itself. */
  readonly id: string
  /** The multi-tenant distribution that a tenant belongs to. */
  readonly tenantOf?: string
  readonly domainName: string
  readonly aliases: readonly string[]
  readonly enabled: boolean
  readonly staging: boolean
  /** `""` if none; no leading slash. */
  readonly defaultRootObject: string
  readonly origins: readonly Origin[]
  readonly originGroups: readonly OriginGroup[]
  /** In CloudFront's order; the default behavior last. */
  readonly behaviors: readonly CacheBehavior[]
  readonly errorResponses: readonly CustomErrorResponse[]
  /** The response header in which CloudFront looks for cache tags. */
  readonly cacheTagHeader?: string
}

/** The primary origin is asked first; for these statuses the secondary's answer is taken, and cached like any other. */
export interface OriginGroup {
  readonly id: string
  readonly originIds: readonly string[]
  readonly failoverStatusCodes: readonly number[]
}

/** How a bucket's website endpoint answers. */
export interface BucketWebsite {
  /** `index.html`: what a path ending in `/` stands for. */
  readonly indexDocument: string
  /** The key shown for errors. */
  readonly errorDocument?: Key
  /** Whether a missing key can be answered with a redirect, which caches keep like any page. */
  readonly redirectsMissingKeys: boolean
}

export interface LiveSnapshot {
  readonly bucket: string
  /** `""`, or ends with `/`. */
  readonly prefix: string
  /** Below the prefix, without Freshfront's own state, in UTF-8 byte order. */
  readonly objects: readonly LiveObject[]
  /** Every distribution that serves the bucket, or those the user named. */
  readonly distributions: readonly Distribution[]
  /** Read where a distribution uses the bucket's website endpoint; undefined where none does, or the bucket has no website. */
  readonly website: BucketWebsite | undefined
}

// ── What is remembered ──────────────────────────────────────────────────────────────────────────────────────────────

/** What the last completed release put under a key. */
export interface RecordedObject {
  /** As S3 answered it: under KMS or after multipart it says nothing about the bytes, but it still tells whether the object is ours. */
  readonly etag: string
  readonly sizeBytes: number
  readonly sha256: string
  /** Without cache tags. */
  readonly metadata: ObjectMetadata
  /** As of the last upload, by user metadata name: `{ "cache-tag": "ff-…" }`. */
  readonly cacheTags?: CacheTags
  /** The release that last wrote it. */
  readonly changedIn: ReleaseId
  /** Set when it has left the build and stays for the pages that browsers still show. */
  readonly left?: LeftBuild
}

/** Since when a fingerprinted asset is no longer part of the build. */
export interface LeftBuild {
  /** The first release without it. */
  readonly leftIn: ReleaseId
  /** ISO 8601, UTC. */
  readonly leftAt: string
  /** Completed releases that kept it, that one counted. */
  readonly releases: number
}

/** A fingerprinted asset that has left the build stays while it is younger than either. Both 0: it is removed at once. */
export interface KeepAssets {
  readonly releases: number
  readonly days: number
}

/** Cache tags by the name of the user metadata that holds them: `{ "cache-tag": "ff-3k2a…" }`. */
export type CacheTags = Readonly<Record<string, string>>

/** What a distribution was to the last completed release. */
export interface RecordedDistribution {
  /** Set while it reads tags: objects written by that release or later were cached with theirs. */
  readonly tags?: { readonly header: string; readonly since: ReleaseId }
}

/** The last completed release: written when every purge it owed is confirmed. */
export interface SiteState {
  readonly formatVersion: 1
  readonly release: ReleaseId
  /** ISO 8601, UTC. */
  readonly completedAt: string
  readonly objects: Readonly<Record<Key, RecordedObject>>
  /** The distributions that were purged of what changed, by id. One that is not here may hold anything. */
  readonly distributions: Readonly<Record<string, RecordedDistribution>>
  /** What the release was built from, where that is known. */
  readonly commit?: Commit
}

/** What a site was built from. */
export interface Commit {
  /** A git hash, or what the user calls it. */
  readonly id: string
  /** ISO 8601, UTC; the committer's date. Undefined: its age is not known. */
  readonly committedAt?: string
}

/** One process of one machine; `machine` and `startedAt` tell apart what has the same host name and number. */
export interface ProcessIdentity {
  readonly host: string
  readonly pid: number
  /** Of this boot and this space of process numbers; opaque. Undefined where the system does not tell. */
  readonly machine?: string
  /** In the system's own count; opaque. */
  readonly startedAt?: string
}

/** Who deploys, as lock.json has it. */
export interface Lock {
  readonly formatVersion: 1
  readonly owner: ProcessIdentity & {
    /** Random: tells one run from every other. */
    readonly id: string
  }
  readonly release: ReleaseId
  readonly commit?: Commit
  /** ISO 8601, UTC. */
  readonly startedAt: string
  /** ISO 8601, UTC, by the owner's clock. Not renewed by then, the lock belongs to nobody. */
  readonly leaseEndsAt: string
}

/**
 * Keys written or removed since the last completed purge: what is still owed to the caches. It is written before the first
 * write to the site and cleared after every distribution has confirmed. Keyed by S3 key, not URL, so that it stays true when a
 * distribution's configuration changes.
 */
export interface Debt {
  readonly formatVersion: 1
  /** The last release that wrote to the site; part of each CallerReference, so that paying a debt twice is billed once. */
  readonly release: ReleaseId
  readonly keys: readonly Key[]
  /**
   * What the unfinished runs were about to put, with the ETag that S3 gives those bytes: an object that is found so is theirs, though no
   * release has recorded it.
   */
  readonly puts?: readonly { readonly key: Key; readonly etag: string }[]
}

// ── What is to be done ──────────────────────────────────────────────────────────────────────────────────────────────

/** Why a key is uploaded. The words are part of the JSON output. */
export type UploadReason = 'new' | 'bytes changed' | 'headers changed' | 'changed by someone else' | 'forced'

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
}

export interface PlannedRemoval {
  readonly key: Key
  readonly reason: RemovalReason
  /** All removals of a wave are done before the next begins; undefined: 1. */
  readonly wave?: number
}

/** An asset that is no longer part of the build and stays where it is for some time. */
export interface KeptAsset extends LeftBuild {
  readonly key: Key
}

export interface PlannedItem {
  readonly item: InvalidationItem
  /** For people: `/blog/index.html: bytes changed`. At least one. */
  readonly reasons: readonly string[]
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
  /** Keys that stay as they are. */
  readonly unchanged: number
  /** What to remember of each distribution once all of this is done. */
  readonly distributions: SiteState['distributions']
  readonly invalidations: readonly PlannedInvalidation[]
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

// ── What was done ───────────────────────────────────────────────────────────────────────────────────────────────────

export interface Failure {
  /** What was being done: `upload blog/index.html`. */
  readonly what: string
  readonly code: string
  readonly message: string
  readonly fix?: string
}

export interface InvalidationOutcome {
  readonly distribution: string
  readonly items: readonly PlannedItem[]
  readonly id?: string
  readonly status: 'Completed' | 'InProgress' | 'not sent' | 'failed'
}

/** In which encodings a URL is asked for: each has a cache entry of its own. `br` asks as browsers do. */
export type AskedEncoding = 'identity' | 'gzip' | 'br'

/** An answer of an edge that is not what it should be. */
export interface StaleAnswer {
  readonly distribution: string
  readonly key: Key
  readonly url: string
  /** The edge location, or the address, that gave it. */
  readonly edge: string
  readonly encoding: AskedEncoding
  /** `200, 5,120 bytes (3f9a1c02…)`, `Cache-Control: max-age=60`. */
  readonly expected: string
  readonly got: string
}

/** A question that was not answered, or not by a cache. */
export interface UncheckedUrl {
  readonly url: string
  readonly edge: string
  /** `made at the edge`: a function or a firewall answers by itself, so that nothing can be stale. */
  readonly kind: 'made at the edge' | 'no answer'
  readonly why: string
}

/** What the edge was asked after the purges, and what it answered. */
export interface Verification {
  /** Different URLs that a cache or the origin has answered, each asked for at every edge. */
  readonly urls: number
  /** Edge locations that answered them. */
  readonly edges: number
  readonly requests: number
  readonly keys: number
  /** More than `keys`: they are a sample. */
  readonly ofKeys: number
  /** Second purges of what was stale after the first. */
  readonly purgedAgain: readonly InvalidationOutcome[]
  /** What is stale at the end. */
  readonly stale: readonly StaleAnswer[]
  /** Headers that the edge changes by itself, by a policy or a function. */
  readonly changedAtEdge: readonly StaleAnswer[]
  readonly unchecked: readonly UncheckedUrl[]
}

/** The edge compared with what the last completed release put live. */
export interface SiteVerification {
  readonly bucket: string
  readonly prefix: string
  readonly release: ReleaseId
  readonly result: 'fresh' | 'stale' | 'unverified'
  /** Files of the folder that are not what is live: they wait for a deploy. */
  readonly notDeployed: number
  readonly verification: Verification
  readonly seconds: number
}

export interface Outcome {
  readonly plan: Plan
  /**
   * `planned`: nothing was written; `refused`: nor here, a guard said no; `nothing to do`; `live`: written, purges not awaited
   * (--no-wait); `fresh`: every purge confirmed, and seen at the edge where it was asked; `stale`: an edge answers with something else
   * all the same; `unverified`: purged, but an edge could not be asked; `failed`; `superseded`: nothing was written, since something
   * newer is live or being deployed (--newest-wins).
   */
  readonly result:
    | 'planned'
    | 'refused'
    | 'nothing to do'
    | 'live'
    | 'fresh'
    | 'stale'
    | 'unverified'
    | 'failed'
    | 'superseded'
  /** There when the edge was asked. */
  readonly verification?: Verification
  readonly uploaded: readonly { readonly key: Key; readonly etag: string }[]
  readonly removed: readonly Key[]
  readonly invalidations: readonly InvalidationOutcome[]
  readonly failures: readonly Failure[]
  readonly requests: RequestCounts
  readonly seconds: number
}

/** What `freshfront status` tells. */
export interface SiteStatus {
  readonly bucket: string
  readonly prefix: string
  /** Undefined: nothing was ever deployed by Freshfront. */
  readonly release?: ReleaseId
  /** ISO 8601, UTC. */
  readonly completedAt?: string
  readonly commit?: Commit
  /** Objects of the release. */
  readonly objects: number
  /** Keys that caches are still owed a purge of. */
  readonly owed: readonly Key[]
  readonly lock?: Lock
  /** What somebody else did to the objects of the release. */
  readonly drift: { readonly changed: readonly Key[]; readonly missing: readonly Key[] }
  /** Objects that Freshfront did not put there. */
  readonly foreign: readonly Key[]
}

/** What happens, as it happens. Steps report by event and never print. */
export type DeployEvent =
  | { readonly kind: 'scanning'; readonly done: number; readonly bytes: number }
  | { readonly kind: 'scanned'; readonly files: number; readonly bytes: number; readonly skipped: number }
  | { readonly kind: 'listing'; readonly done: number }
  | { readonly kind: 'listed'; readonly objects: number; readonly distributions: readonly string[] }
  | { readonly kind: 'planned'; readonly plan: Plan }
  | {
      readonly kind: 'uploaded'
      readonly key: Key
      readonly sizeBytes: number
      readonly done: number
      readonly total: number
    }
  | { readonly kind: 'removed'; readonly done: number; readonly total: number }
  | { readonly kind: 'invalidating'; readonly distribution: string; readonly id: string; readonly items: number }
  | { readonly kind: 'invalidated'; readonly distribution: string; readonly id: string; readonly seconds: number }
  | { readonly kind: 'waiting'; readonly seconds: number; readonly reason: string }
  | { readonly kind: 'backing-off'; readonly what: string; readonly seconds: number; readonly reason: string }
  | { readonly kind: 'verifying'; readonly done: number; readonly total: number }
  | { readonly kind: 'stale'; readonly urls: number }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'recorded'; readonly release: ReleaseId }

export type OnEvent = (event: DeployEvent) => void

// ── What the user wants ─────────────────────────────────────────────────────────────────────────────────────────────

/** One `--include` or `--exclude`, as in `aws s3 sync`: `*` also matches `/`, the last rule that matches decides. */
export interface FilterRule {
  readonly kind: 'include' | 'exclude'
  readonly pattern: string
}

/** Flags, environment, freshfront.json and defaults, merged and checked by config/. */
export interface Config {
  /** The built site; absolute. */
  readonly dir: string
  readonly bucket: string
  /** `""`, or ends with `/`: `blog` never touches `blog-old/`. */
  readonly prefix: string
  /** Ids; empty: find those that serve the bucket. */
  readonly distributions: readonly string[]
  readonly region?: string
  readonly profile?: string
  readonly endpointUrl?: string
  readonly filters: readonly FilterRule[]
  /** Also remove objects under the prefix that Freshfront did not put there. */
  readonly delete: boolean
  readonly followSymlinks: boolean
  readonly acl?: string
  /** One Cache-Control for every object. */
  readonly cacheControl?: string
  /** Upload and refresh everything, changed or not. */
  readonly force: boolean
  /** Wait until every invalidation is complete. */
  readonly wait: boolean
  /** Lifts the guards that a user may confirm. */
  readonly yes: boolean
  /** Most removals without confirmation; undefined: half of the site or 256, whichever is more. */
  readonly maxDelete?: number
  /** How long fingerprinted assets stay that have left the build; undefined: 3 releases and 7 days. */
  readonly keepAssets?: KeepAssets
  /** Uploads under way at once. */
  readonly concurrency: number
  /** How long to wait for another deploy that is under way; undefined: 0, which is not at all. */
  readonly lockWaitSeconds?: number
  /** End quietly instead of failing when something newer is live or being deployed. */
  readonly newestWins?: boolean
  /** What the site was built from, as the user named it; undefined: as git says. */
  readonly release?: string
  /** Under which paths keys are served where that cannot be found out: see UrlRule. */
  readonly urls: readonly UrlRule[]
  /** `https://www.example.com`: where the edge is asked after a deploy whether it is fresh; undefined: nowhere. */
  readonly verifyUrls?: readonly string[]
  /** Where hosts of verifyUrls are reached instead of where DNS says. */
  readonly resolve?: readonly PinnedHost[]
}

/** `--resolve` of curl: requests to that host and port go to each of the addresses. */
export interface PinnedHost {
  readonly host: string
  readonly port: number
  /** `203.0.113.7:443`, `[2001:db8::1]:443`. At least one. */
  readonly addresses: readonly string[]
}

/**
 * The user's word on how keys become paths: keys that match `key` are also served under `paths`, in which `$1`, `$2` … stand for what
 * the `*`s matched. `{ "key": "*index.html", "paths": ["/$1"] }`. A `*` also matches `/`.
 */
export interface UrlRule {
  readonly key: string
  readonly paths: readonly string[]
}

/** Where each value of the Config came from: `--bucket`, `FRESHFRONT_BUCKET`, `freshfront.json`, `default`. */
export type ConfigSources = Readonly<Partial<Record<keyof Config, string>>>
