// The words that all others are made of.
/** An S3 key: `blog/index.html`, no leading slash, not encoded. */
export type Key = string
/** What a browser asks for: `/blog/`, leading slash, percent-encoded. */
export type ViewerPath = string
/** One item of an invalidation batch: an exact path `/blog/`, or a prefix `/blog/*`; percent-encoded as CloudFront wants it. */
export type InvalidationItem = string
/** `2026-11-23T05-14-49Z-1f3a9c`: sorts by time. */
export type ReleaseId = string
