// What is remembered from run to run.

import type { Key, ReleaseId } from './names.ts'
import type { EndedShards, ShardedRelease } from './shards.ts'
import type { ObjectMetadata } from './site.ts'

/** What the last completed release put under a key. */
export interface RecordedObject {
  /** As S3 answered it: under KMS or after multipart it says nothing about the bytes, but it still tells whether the object is ours. */
  readonly etag: string
  readonly sizeBytes: number
  readonly sha256: string
  /**
   * `true`: the ETag is the MD5 of the bytes. A text: it is that, and the ETag is another, as under KMS or after multipart. Left out: not
   * known, as in states of older versions.
   */
  readonly bodyMd5?: true | string
  /** As of SiteFile: equal ones differ only in what the same `ignore` matches. */
  readonly stableSha256?: string
  /** Without cache tags. */
  readonly metadata: ObjectMetadata
  /** In which deploys it was uploaded, up to the last time: what its cache tags are made of. Packed, see plan/tags/upload-history.ts. */
  readonly history?: readonly number[]
  /** Names of user metadata under which it was then stored with its tags. */
  readonly tagNames?: readonly string[]
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

/** Cache tags, joined by commas, by the name of the user metadata that holds them: `{ "cache-tag": "o3k2a…,t9x…" }`. */
export type CacheTags = Readonly<Record<string, string>>

export interface DeployCount {
  /** By which rules tags are made of histories. */
  readonly scheme: number
  /** The number of the last deploy that uploaded something; 0: there was none. */
  readonly deploy: number
  /** The numbers of the last quiet deploys, newest first. */
  readonly quiet: readonly number[]
}

export interface Spending {
  /** `2026-11`, of UTC, as CloudFront's bills are. */
  readonly month: string
  /** Invalidation paths sent in that month. */
  readonly paths: number
  /** When releases of the last 30 days that invalidated something were complete; ISO 8601, UTC. */
  readonly purgedAt: readonly string[]
}

/** What a distribution was to the last completed release. */
export interface RecordedDistribution {
  /** Set while it reads tags, with the release that found it so and purged all that was cached without. */
  readonly tags?: { readonly header: string; readonly since: ReleaseId }
}

/** The last completed release: written when every purge it owed is confirmed. */
export interface SiteState {
  readonly formatVersion: 2
  readonly release: ReleaseId
  /** ISO 8601, UTC. */
  readonly completedAt: string
  /** How many deploys there were that uploaded something, as cache tags count them. */
  readonly deploys: DeployCount
  /** Hashed into every cache tag, so that tags, which every reader sees, cannot be looked up. */
  readonly tagSalt: string
  /** What was invalidated lately: the month's free paths are spread by it. */
  readonly spending: Spending
  readonly objects: Readonly<Record<Key, RecordedObject>>
  /** The distributions that were purged of what changed, by id. One that is not here may hold anything. */
  readonly distributions: Readonly<Record<string, RecordedDistribution>>
  /**
   * Keys that were removed, and when (ISO 8601, UTC): should one come back, an edge may have cached that it is missing.
   */
  readonly gone?: Readonly<Record<Key, string>>
  /** What the release was built from, where that is known. */
  readonly commit?: Commit
  /** The store (see Bucket) that was seen to keep to conditional writes, so that nobody needs to try it again. */
  readonly conditionsKeptBy?: string
  /** Sharded releases that are over, the newest last; the last 20 are remembered. */
  readonly endedShards?: readonly EndedShards[]
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
  /** Shards of the release hold it together, and each renews it; empty: none does just now, and anybody may take it. */
  readonly sharers?: readonly LockSharer[]
}

export interface LockSharer {
  /** Random: tells one run from every other. */
  readonly id: string
  /** `3/16` */
  readonly shard: string
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
  /** Invalidation paths that the unfinished runs may have sent: the month's count has them when the debt is paid. */
  readonly paths?: number
  /** A sharded release is under way, whose shards have recorded what they owe: see ShardRecord. */
  readonly sharded?: ShardedRelease
}
