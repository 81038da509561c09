// A release whose uploads are shared out among several runs: what each of them records in the bucket.

import type { Key, ReleaseId } from './names.ts'
import type { Failure } from './outcome.ts'
import type { Finding, PlannedUpload, Refusal, RequestCounts } from './plan.ts'
import type { SiteFile } from './site.ts'
import type { Commit } from './state.ts'

/** `3/16`: the third of sixteen; `index` counts from 1. */
export interface Shard {
  readonly index: number
  readonly count: number
}

/** The keys after `after` and up to `until`, in UTF-8 byte order. */
export interface ShardRange {
  /** `""`: from the beginning. */
  readonly after: Key
  /** Undefined: to the end. */
  readonly until?: Key
}

/** A sharded release that is under way, as the debt names it: each of its shards owes what its own record says. */
export interface ShardedRelease {
  readonly name: string
  readonly count: number
  readonly commit?: Commit
  /** Another deploy has written since: no shard of it may write any more. */
  readonly overtaken?: boolean
  /** Sharded releases that this one has overtaken; they are over. */
  readonly overtook?: readonly string[]
}

/** A sharded release that is over: late shards of it are refused. */
export interface EndedShards {
  readonly name: string
  readonly end: 'finished' | 'overtaken'
  /** The release that was recorded then. */
  readonly release: ReleaseId
}

/** A key that a shard was about to put, in one attempt or several. */
export interface TouchedKey {
  readonly key: Key
  /** Of all attempts, as S3 gives them to those bytes. */
  readonly etags: readonly string[]
  /** What lay there before the first attempt; undefined: nothing. */
  readonly before?: { readonly etag: string; readonly sizeBytes: number }
  /** Attempts differed, so that an edge may have something that is neither what was there before nor what is there now. */
  readonly owed?: boolean
}

/** A file of a shard's range as it now lies in the bucket. */
export interface ShardFile {
  readonly file: Omit<SiteFile, 'filePath'>
  /** Of the object; undefined: nothing lies there yet, since the file goes live last. */
  readonly etag?: string
  /** Where its bytes wait for that. */
  readonly stagedAs?: Key
}

/** What one shard has recorded: before its first write what it owes, at its end all of its files too. */
export interface ShardRecord {
  readonly formatVersion: 1
  readonly name: string
  readonly shard: Shard
  /** ISO 8601, UTC; of the last attempt. */
  readonly startedAt: string
  readonly range: ShardRange
  /** Digest of the names of all files of the site; shards of one site have the same. */
  readonly site: string
  /** Digest of all that decides how a file is stored. */
  readonly settings: string
  /** The release that was live when it was planned; `""`: none. */
  readonly base: string
  readonly commit?: Commit
  /** Whether all of the shard's files are there. */
  readonly isComplete: boolean
  readonly touched: readonly TouchedKey[]
  /** Of a complete shard: those of its range, and those outside of it that it has put since its pages name them. */
  readonly files: readonly ShardFile[]
  /** Files that differ from what is live only in what the user's `ignore` matches. */
  readonly ignored: readonly Key[]
}

/** What one shard did. */
export interface ShardOutcome {
  readonly bucket: string
  readonly prefix: string
  /** Of the sharded release. */
  readonly name: string
  readonly shard: Shard
  /**
   * `uploaded`: its share is there and recorded; `refused`: nothing was written; `failed`: to be run again; `superseded`: nothing was
   * written, since something newer is live or being deployed (`newestWins`).
   */
  readonly result: 'uploaded' | 'refused' | 'failed' | 'superseded'
  /** Of its range. */
  readonly files: number
  /** Of those, the ones that stay as they are. */
  readonly unchanged: number
  /** In the order of the waves, those of other shards that its pages name included. */
  readonly uploads: readonly PlannedUpload[]
  /** Of the uploads, those outside of its range. */
  readonly parts: number
  /** They are in the bucket, and go live with `--finish`: what leads visitors in comes last. */
  readonly staged: readonly Key[]
  readonly uploaded: readonly { readonly key: Key; readonly etag: string }[]
  readonly warnings: readonly Finding[]
  readonly refusals: readonly Refusal[]
  readonly failures: readonly Failure[]
  readonly requests: RequestCounts
  readonly seconds: number
}
