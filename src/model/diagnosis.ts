// What is wrong with a bucket and its distributions: what was read of them, and what is found in it.

import type { BucketWebsite, Distribution } from './live.ts'
import type { Key } from './names.ts'

/** `problem`: something will go wrong, or has. `advice`: it works, and could be better or safer. */
export type Severity = 'problem' | 'advice'

export interface SetupFinding {
  /** Stable, for programs: `NO_ORIGIN_ACCESS_CONTROL`. */
  readonly code: string
  readonly severity: Severity
  /** The distribution it is about; undefined: the bucket, or both. */
  readonly distribution?: string
  /** One sentence. */
  readonly what: string
  /** What comes of it. */
  readonly why: string
  readonly fix: string
}

export interface Diagnosis {
  readonly bucket: string
  readonly prefix: string
  /** Those that were looked at. */
  readonly distributions: readonly string[]
  /** Problems first. */
  readonly findings: readonly SetupFinding[]
  /** IAM actions that a deploy needs and nobody can try without writing. */
  readonly notTried: readonly string[]
}

/** What was read; or the IAM action that would have been needed, and what was answered. */
export type Reading<T> = { readonly value: T } | { readonly unread: Unread }

export interface Unread {
  readonly action: string
  /** `denied`: IAM or the bucket policy says no. `failed`: anything else, such as a store that has no such operation. */
  readonly because: 'denied' | 'failed'
  readonly message: string
}

/** Everything that was found out, for the judgement. */
export interface SetupFacts {
  readonly bucket: string
  readonly prefix: string
  /** The settings' canned ACL, if they have one. */
  readonly acl?: string
  /** Undefined: there is no such bucket. */
  readonly bucketFacts: BucketFacts | undefined
  readonly state: Reading<StateFacts | undefined>
  /** Ids that serve the bucket, or were named. */
  readonly distributionIds: Reading<readonly string[]>
  readonly distributions: readonly Reading<DistributionFacts>[]
  /** Why the settings' address of the site belongs to none of them. */
  readonly unclaimedAddress?: string
}

/** What is live, by the last completed release. */
export interface StateFacts {
  readonly objects: number
  /** Objects whose Cache-Control says that no cache should hold them: no-store, no-cache, private, or a lifetime of 0. */
  readonly uncacheableKeys: readonly Key[]
  /** `index.html` below a folder. */
  readonly indexKeys: readonly Key[]
  readonly keys: ReadonlySet<Key>
  /** Of the state itself, with its quotes: by it the document is known at the edge. */
  readonly etag: string
}

export interface BucketFacts {
  /** Undefined: neither the settings nor the surroundings name one. */
  readonly namedRegion?: string
  /** Undefined: the store does not say. */
  readonly region: Reading<string | undefined>
  /** Undefined: in the wrong region nothing else can be asked. */
  readonly settings?: BucketSettings
}

export interface BucketSettings {
  readonly listing: Reading<true>
  readonly unfinishedUploads: Reading<true>
  readonly publicAccessBlock: Reading<PublicAccessBlock>
  readonly ownership: Reading<ObjectOwnership>
  /** Whether an ACL opens the bucket itself to everyone. */
  readonly bucketIsPublic: Reading<boolean>
  /** An object of the site that its ACL opens to everyone; undefined: none was looked at, or it is not open. */
  readonly publicObject: Reading<Key | undefined>
  /** The JSON of the bucket policy; undefined: there is none. */
  readonly policy: Reading<string | undefined>
  readonly versioning: Reading<'Enabled' | 'Suspended' | 'Never'>
  readonly website: Reading<BucketWebsite | undefined>
  /** `AES256`, `aws:kms` …; undefined: the bucket has no default of its own. */
  readonly encryption: Reading<string | undefined>
}

export type ObjectOwnership = 'BucketOwnerEnforced' | 'BucketOwnerPreferred' | 'ObjectWriter'

/** Each false where the bucket has no such configuration. */
export interface PublicAccessBlock {
  readonly blockPublicAcls: boolean
  readonly ignorePublicAcls: boolean
  readonly blockPublicPolicy: boolean
  readonly restrictPublicBuckets: boolean
}

/** How a distribution is set up, beyond what planning needs. */
export interface DistributionSetup {
  /** `arn:aws:cloudfront::123456789012:distribution/E…` */
  readonly arn: string
  readonly origins: readonly OriginSetup[]
  /** In the order of the distribution's behaviors. */
  readonly behaviors: readonly BehaviorSetup[]
}

export interface OriginSetup {
  readonly id: string
  /** `control`: origin access control; `identity`: its predecessor; `none`: CloudFront comes as anybody. */
  readonly access: 'control' | 'identity' | 'none'
}

export interface BehaviorSetup {
  readonly pathPattern: string
  readonly compresses: { readonly gzip: boolean; readonly brotli: boolean }
  /** Headers that are part of the cache key, in lower case, Accept-Encoding left out; `*` for all. */
  readonly keyHeaders: readonly string[]
  readonly keyCookies: boolean
  /** Whether an origin request policy, or all headers, send the viewer's Host on. */
  readonly sendsHost: boolean
  readonly allowsHttp: boolean
}

export interface DistributionFacts {
  readonly distribution: Distribution
  readonly setup: DistributionSetup
  /** Why the URLs of keys cannot be told; undefined: they can. */
  readonly unmappedBecause?: string
  /** Whether a request for `/` is answered by code at the edge, which then needs no default root object; undefined: nobody can tell. */
  readonly functionAnswersRoot?: boolean
  /** Under how many paths the objects of the state can be cached. */
  readonly paths?: number
  /** What the edge answered; undefined: it was not asked. */
  readonly edge?: Reading<EdgeProbe>
}

export interface EdgeProbe {
  /** Where Freshfront's state would be, and what a viewer gets there. */
  readonly stateUrl: string
  readonly stateStatus: number
  /** Whether it is the very document, and not an error page with status 200. */
  readonly showsState: boolean
  /** The status of a page that is live; undefined: none is known. */
  readonly pageStatus?: number
}
