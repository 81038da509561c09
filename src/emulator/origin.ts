// How an edge location reaches an S3 bucket: the one seam between the two halves of the emulator. Raw HTTP semantics,
// in process.

import type { HttpResponse } from './http-message.ts'

export interface OriginRequest {
  readonly bucket: string
  readonly method: 'GET' | 'HEAD'
  /** Raw path as CloudFront sends it to the origin (origin path already added): `/site/a%20b.html`. */
  readonly path: string
  /** Conditional and range headers, names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** `signed`: through origin access control, may read a private bucket; `anonymous`: only what is public. */
  readonly access: 'signed' | 'anonymous'
  /**
   * Which of the bucket's endpoints is asked; `rest` where it is left out. `website` is never asked with `signed`: it
   * answers with index documents, redirects and the error document.
   */
  readonly endpoint?: 'rest' | 'website'
}

/** Answers as the bucket's endpoint would: 200, 206, 301, 302, 304, 403, 404 …, never throws for what S3 would answer. */
export type FetchFromBucket = (request: OriginRequest) => Promise<HttpResponse>
