// A mistake in a file that is read line by line. Pure.

export interface LineFault {
  /** Counted from 1. */
  readonly line: number
  /** One sentence or two. */
  readonly what: string
}
