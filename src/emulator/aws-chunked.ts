// Decodes an `aws-chunked` body and checks each chunk signature and the trailer signature as the bytes pass.
// Facts: S3 API reference, "Signature Calculations for the Authorization Header: Transferring Payload in Multiple Chunks",
// and "… including trailing headers".

import { createHash, createHmac } from 'node:crypto'
import { BodyRefused } from './body-refused.ts'

/** What chunk signatures continue from: the signature of the request's headers. */
export interface ChunkSigning {
  readonly signingKey: Buffer
  readonly timestamp: string
  readonly scope: string
  readonly signature: string
}

export interface AwsChunkedOptions {
  /** `x-amz-decoded-content-length`. */
  readonly decodedLength: number
  /** `undefined` for STREAMING-UNSIGNED-PAYLOAD-TRAILER. */
  readonly signing: ChunkSigning | undefined
  /** Receives the trailers, names in lower case. */
  readonly trailers: Map<string, string>
}

const EMPTY_SHA256 = createHash('sha256').digest('hex')
const MAX_LINE_BYTES = 4096

/** Yields the payload; throws `BodyRefused` on broken framing, a wrong signature or a wrong length. */
export async function* decodeAwsChunked(
  body: AsyncIterable<Uint8Array>,
  options: AwsChunkedOptions,
): AsyncGenerator<Uint8Array> {
  const reader = new ByteReader(body)
  const { signing } = options
  let previousSignature = signing?.signature ?? ''
  let decodedBytes = 0

  const sign = (algorithm: string, ...rest: readonly string[]) => {
    if (signing === undefined) return ''
    const text = [algorithm, signing.timestamp, signing.scope, previousSignature, ...rest].join('\n')
    return createHmac('sha256', signing.signingKey).update(text).digest('hex')
  }

  for (;;) {
    const found = /^([0-9a-fA-F]{1,8})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(await reader.readLine())
    if (found === null || (signing !== undefined && found[2] === undefined)) throw incomplete()
    const sizeBytes = Number.parseInt(found[1] ?? '', 16)
    const hash = createHash('sha256')
    for await (const piece of reader.read(sizeBytes)) {
      if (signing !== undefined) hash.update(piece)
      decodedBytes += piece.length
      yield piece
    }
    if (signing !== undefined) {
      const expected = sign('AWS4-HMAC-SHA256-PAYLOAD', EMPTY_SHA256, hash.digest('hex'))
      if (found[2] !== expected) throw wrongSignature()
      previousSignature = expected
    }
    if (sizeBytes === 0) break
    if ((await reader.readLine()) !== '') throw incomplete()
  }

  let signedText = ''
  let trailerSignature: string | undefined
  for (let line = await reader.readLine(true); line !== ''; line = await reader.readLine(true)) {
    const at = line.indexOf(':')
    if (at === -1)
      throw new BodyRefused('MalformedTrailerError', 'The request contained trailing data that was not well-formed.')
    const name = line.slice(0, at).trim().toLowerCase()
    const value = line.slice(at + 1).trim()
    if (name === 'x-amz-trailer-signature') trailerSignature = value
    else {
      options.trailers.set(name, value)
      signedText += `${name}:${value}\n`
    }
  }
  if (signing !== undefined && options.trailers.size > 0) {
    const hash = createHash('sha256').update(signedText).digest('hex')
    if (trailerSignature !== sign('AWS4-HMAC-SHA256-TRAILER', hash)) throw wrongSignature()
  }
  if (decodedBytes !== options.decodedLength) throw incomplete()
}

/** Lines and counted bytes out of a stream of pieces of any size. */
class ByteReader {
  readonly #source: AsyncIterator<Uint8Array>
  #rest: Buffer = Buffer.alloc(0)
  #ended = false

  constructor(body: AsyncIterable<Uint8Array>) {
    this.#source = body[Symbol.asyncIterator]()
  }

  /** One line without its CRLF; at the end of the body `''` when `endIsEmpty`, an error otherwise. */
  async readLine(endIsEmpty = false): Promise<string> {
    for (;;) {
      const at = this.#rest.indexOf('\r\n')
      if (at !== -1) {
        const line = this.#rest.toString('utf8', 0, at)
        this.#rest = this.#rest.subarray(at + 2)
        return line
      }
      if (this.#rest.length > MAX_LINE_BYTES) throw incomplete()
      if (this.#ended) {
        if (endIsEmpty && this.#rest.length === 0) return ''
        throw incomplete()
      }
      const more = await this.#next()
      this.#rest = this.#rest.length === 0 ? more : Buffer.concat([this.#rest, more])
    }
  }

  async *read(sizeBytes: number): AsyncGenerator<Uint8Array> {
    let wanted = sizeBytes
    while (wanted > 0) {
      if (this.#rest.length === 0) {
        if (this.#ended) throw incomplete()
        this.#rest = await this.#next()
        continue
      }
      const piece = this.#rest.subarray(0, wanted)
      this.#rest = this.#rest.subarray(piece.length)
      wanted -= piece.length
      yield piece
    }
  }

  async #next(): Promise<Buffer> {
    const { value, done } = await this.#source.next()
    if (done === true) {
      this.#ended = true
      return Buffer.alloc(0)
    }
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  }
}

function incomplete(): BodyRefused {
  return new BodyRefused(
    'IncompleteBody',
    'You did not provide the number of bytes specified by the Content-Length HTTP header.',
  )
}

function wrongSignature(): BodyRefused {
  return new BodyRefused(
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    403,
  )
}
