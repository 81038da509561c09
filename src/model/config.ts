// What the user wants, merged and checked.

import type { HeaderRule } from './site.ts'
import type { KeepAssets } from './state.ts'

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
  /** Patterns of keys below the prefix that are never removed; undefined: none. */
  readonly keep?: readonly string[]
  /** Patterns of files that are deployed although they look like secrets; undefined: none. */
  readonly allowSecrets?: readonly string[]
  readonly followSymlinks: boolean
  /** Store `app.js.br` beside `app.js` as another form of it; undefined: as a file of its own. */
  readonly precompressed?: boolean
  /** Absolute: where a scan finds and leaves what was read of each file; undefined: nowhere. */
  readonly cacheFolder?: string
  readonly acl?: string
  /** One Cache-Control for every object, or `recommended`: one for each kind of file. */
  readonly cacheControl?: string
  /** Response headers of parts of the site; they come after those of its `_headers`. */
  readonly headers?: readonly HeaderRule[]
  /** How objects are stored; says nothing about those that are there already. */
  readonly storage?: ObjectStorage
  /** Upload and refresh everything, changed or not. */
  readonly force: boolean
  /** Wait until every invalidation is complete. */
  readonly wait: boolean
  /** Lifts the guards that a user may confirm. */
  readonly yes: boolean
  /** Most removals without confirmation; undefined: half of the site or 256, whichever is more. */
  readonly maxDelete?: number
  /** How many invalidation paths a deploy may use; undefined: what the month's free ones allow. */
  readonly invalidation?: InvalidationBudget
  /** How long fingerprinted assets stay that have left the build; undefined: 3 releases and 7 days. */
  readonly keepAssets?: KeepAssets
  /** Regular expressions, flags `gmu`: a text file that differs from what is live only in what they match stays as it is. */
  readonly ignore?: readonly string[]
  /** Uploads under way at once. */
  readonly concurrency: number
  /** How long to wait for another deploy that is under way; undefined: 0, which is not at all. */
  readonly lockWaitSeconds?: number
  /** End quietly instead of failing when something newer is live or being deployed. */
  readonly newestWins?: boolean
  /** List nothing: what is live is taken from the state. */
  readonly trustState?: boolean
  /** What the site was built from, as the user named it; undefined: as git says. */
  readonly release?: string
  /** Under which paths keys are served where that cannot be found out: see UrlRule. */
  readonly urls: readonly UrlRule[]
  /** `https://www.example.com`: where the edge is asked after a deploy whether it is fresh; undefined: nowhere. */
  readonly verifyUrls?: readonly string[]
  /** Where hosts of verifyUrls are reached instead of where DNS says. */
  readonly resolve?: readonly PinnedHost[]
}

/** What S3 is told with each upload; undefined: what the bucket does by default. */
export interface ObjectStorage {
  /** Server-side encryption. */
  readonly sse?: string
  readonly sseKmsKeyId?: string
  readonly storageClass?: string
  /** Object tags, by name; not cache tags. */
  readonly tags?: Readonly<Record<string, string>>
}

/** The user's word on what invalidations may cost. */
export interface InvalidationBudget {
  /** For one deploy, whatever is left of the month. */
  readonly maxPaths?: number
  /** For one deploy, beyond what is free; 0 by default. */
  readonly maxCostUsd?: number
  /** What the site may use of the account's 1,000; 1,000 by default. */
  readonly pathsPerMonth?: number
  /** Ask CloudFront what the whole account has used this month, instead of only counting what was sent from here. */
  readonly countsAccount?: boolean
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
