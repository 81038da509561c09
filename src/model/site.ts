// What is on disk.

import type { Key } from './names.ts'

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
  /** Of a text without what the user's `ignore` matches, and of those patterns, hexadecimal; there where patterns are set. */
  readonly stableSha256?: string
  readonly metadata: ObjectMetadata
}

/** A file that is in the folder and stays there. `path` is relative to the folder. */
export interface SkippedFile {
  readonly path: string
  readonly reason: 'excluded' | 'never-deployed' | 'not-a-regular-file' | 'symlink-not-followed'
}

/** What looks like a secret, by its name or by what stands in it. The secret itself is in no report. */
export interface FoundSecret {
  /** Relative to the folder; of a folder, with `/` at its end: `.git/`. */
  readonly path: string
  readonly kind: 'name' | 'AWS access key' | 'private key' | 'GitHub token'
  /** Counted from 1; undefined where the name tells. */
  readonly line?: number
}

/** Response headers for a part of the site; of several rules for one header the last one that matches has the say. */
export interface HeaderRule {
  /** Begins with `/`: a URL path, in which `*` stands for any text and `:name` for one segment. Else a pattern of files, as in filters. */
  readonly pattern: string
  /** By name, as written. */
  readonly set: Readonly<Record<string, string>>
  /** Headers of earlier rules that are taken away. */
  readonly detach: readonly string[]
  /** Of `_headers`, counted from 1; undefined: of the settings. */
  readonly line?: number
}

/** A line of `_redirects`. */
export interface RedirectRule {
  /** A URL path, as in HeaderRule. */
  readonly from: string
  /** A path or a whole URL; `:splat` and `:name` stand for what `from` matched. */
  readonly to: string
  /** 200: the viewer's URL stays, and `to` is what is served. */
  readonly status: 200 | 301 | 302 | 303 | 307 | 308
  /** Also where the site has a file of that name. */
  readonly force: boolean
  /** Counted from 1. */
  readonly line: number
}

export interface SiteSnapshot {
  /** Absolute. */
  readonly dir: string
  /** In UTF-8 byte order of their keys, each key once. */
  readonly files: readonly SiteFile[]
  readonly skipped: readonly SkippedFile[]
  /** In the folder, not left out by the filters, and not allowed: nothing is deployed while there are any. */
  readonly secrets: readonly FoundSecret[]
  /** Rules with headers that S3 does not store; undefined: none. */
  readonly unstoredHeaders?: readonly HeaderRule[]
  /** What `_redirects` says; undefined: there is none. */
  readonly redirects?: readonly RedirectRule[]
  /** The redirects that S3's website endpoint can make, as empty files; one may stand for a file of the site. */
  readonly redirectFiles?: readonly SiteFile[]
}
