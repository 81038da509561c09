// CloudFront's and S3's numbers, each with its source.

/** @see Amazon S3 API Reference, DeleteObjects (read 2026-11-23) */
export const MAX_KEYS_PER_DELETE = 1000

/** @see Amazon S3 API Reference, CopyObject: up to 5 GB in one request (read 2026-11-23) */
export const MAX_COPY_BYTES: number = 5 * 1024 ** 3

/**
 * From this size on bytes that lie under another key are copied. Ours: on S3 a COPY costs what a PUT does and takes longer to answer, and
 * from here on that is less than what sending the bytes takes: see docs/decisions/024-copies.md.
 */
export const MIN_COPY_BYTES: number = 256 * 1024

/**
 * Items in one CreateInvalidation request: what CloudFront takes in a second, so that one request never exceeds the rate.
 * @see CloudFront Developer Guide, "Quotas": 150 paths or tags per second (read 2026-11-23)
 */
export const MAX_ITEMS_PER_BATCH = 150

/**
 * Prefix items in one request. The quota is one wildcard a second, and whether it counts paths or requests is not documented.
 * @see CloudFront Developer Guide, "Quotas": 1 wildcard invalidation per second (read 2026-11-23)
 */
export const MAX_PREFIXES_PER_BATCH = 1

/**
 * Paths a month and account that cost nothing; no plan asks for more than this in one deploy.
 * @see CloudFront Developer Guide, "Pay for file invalidation" (read 2026-11-23)
 */
export const FREE_PATHS_PER_MONTH = 1000

/**
 * How long an edge keeps an error when the distribution does not say.
 * @see CloudFront Developer Guide, "Control how long CloudFront caches errors": 10 seconds (read 2026-11-23)
 */
export const DEFAULT_ERROR_TTL_SECONDS = 10

/**
 * S3 origins: an error TTL of 0 still is 1 second.
 * @see CloudFront Developer Guide, "Control how long CloudFront caches errors" (read 2026-11-23)
 */
export const LEAST_ERROR_TTL_SECONDS = 1

/** Longest wait for cached errors to run out; beyond it, purging is better. Ours: an invalidation takes about as long. */
export const MAX_SETTLE_SECONDS = 60
