// What a workflow did before: an upload and the invalidations after it, whichever tool did them. Data only.

/** The part of a deploy that puts files into a bucket. Texts may hold expressions of GitHub Actions, `${{ … }}`. */
export interface OldUpload {
  readonly kind: 'upload'
  readonly source?: string
  readonly bucket?: string
  readonly prefix?: string
  readonly region?: string
  readonly distribution?: string
  readonly delete?: string
  readonly dryRun?: string
  readonly profile?: string
  /** Flags that Freshfront has too, as they were written. */
  readonly args: readonly string[]
  /** What was not carried over and is not missed. */
  readonly notes: readonly string[]
}

export interface OldInvalidation {
  readonly kind: 'invalidation'
  readonly distribution: string
  readonly profile?: string
  readonly notes: readonly string[]
}

/** Something of a deploy that cannot be carried over; the sentence says why, and what to do. */
export interface Obstacle {
  readonly kind: 'obstacle'
  readonly sentence: string
}

export type OldDeployPart = OldUpload | OldInvalidation | Obstacle

export function obstacle(sentence: string): Obstacle {
  return { kind: 'obstacle', sentence }
}
