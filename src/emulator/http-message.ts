// An HTTP request and response as plain data, raw as on the wire: what server.ts, the S3 half and the CloudFront half
// of the emulator hand to each other.

export interface HttpRequest {
  readonly method: string
  /** Path and query exactly as received (`/a/../b%20c?x=1`): `new URL()` would fold `..`, and S3 keys may hold it. */
  readonly target: string
  /** Names in lower case; repeated headers joined with `, `. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: AsyncIterable<Uint8Array>
}

export interface HttpResponse {
  readonly status: number
  /** Names in any case; `Content-Length` is added by server.ts where `body` is a byte array. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | AsyncIterable<Uint8Array>
}

export const NO_BODY: Uint8Array = new Uint8Array()

/** Reads a body whole. */
export async function readBody(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks)
}
