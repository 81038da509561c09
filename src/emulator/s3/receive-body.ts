// Takes a request's payload into storage and holds it to what the client promised: Content-MD5, x-amz-checksum-… in a
// header or a trailer. Nothing is kept of a payload that breaks its promise.

import { createHash } from 'node:crypto'
import type { Checksum, ChecksumAlgorithm } from './checksums.ts'
import { DEFAULT_ALGORITHM, checksumHeader, createHasher, parseAlgorithm, readChecksum } from './checksums.ts'
import { S3Error } from './s3-error.ts'
import type { S3Storage } from './storage.ts'

export interface ReceivedBody {
  readonly bodyId: string
  readonly sizeBytes: number
  readonly md5: Buffer
  readonly checksum: Checksum
}

export interface Payload {
  readonly headers: Readonly<Record<string, string>>
  readonly body: AsyncIterable<Uint8Array>
  readonly trailers: ReadonlyMap<string, string>
}

/** The largest single PUT or part: 5 GiB. @see S3 user guide, "Amazon S3 multipart upload limits" */
const MAX_PUT_BYTES = 5 * 1024 ** 3

/** Stores the payload. Throws `BadDigest`, `InvalidDigest` … and then keeps nothing. */
export async function receiveBody(
  storage: S3Storage,
  payload: Payload,
  defaultAlgorithm: ChecksumAlgorithm = DEFAULT_ALGORITHM,
): Promise<ReceivedBody> {
  const { headers } = payload
  const length = headers['x-amz-decoded-content-length'] ?? headers['content-length']
  if (length === undefined) throw new S3Error('MissingContentLength')
  if (Number(length) > MAX_PUT_BYTES) throw new S3Error('EntityTooLarge')

  const promise = readPromise(payload)
  return storeBody(storage, payload.body, promise.algorithm ?? defaultAlgorithm, (md5, checksum) => {
    checkPromise(promise, payload, md5, checksum)
  })
}

/** Stores a body, computing its MD5 and one checksum; `check` may throw, and then nothing is kept. */
export async function storeBody(
  storage: S3Storage,
  body: AsyncIterable<Uint8Array>,
  algorithm: ChecksumAlgorithm,
  check: (md5: Buffer, checksum: Checksum) => void = () => {},
): Promise<ReceivedBody> {
  const md5 = createHash('md5')
  const hasher = createHasher(algorithm)
  let sizeBytes = 0
  async function* measure(): AsyncGenerator<Uint8Array> {
    for await (const chunk of body) {
      md5.update(chunk)
      hasher.update(chunk)
      sizeBytes += chunk.length
      yield chunk
    }
  }
  const bodyId = await storage.writeBody(measure())
  try {
    const digest = md5.digest()
    const checksum: Checksum = { algorithm, type: 'FULL_OBJECT', value: hasher.digest().toString('base64') }
    check(digest, checksum)
    return { bodyId, sizeBytes, md5: digest, checksum }
  } catch (error) {
    await storage.deleteBody(bodyId)
    throw error
  }
}

/** Checks a small payload that is read whole (`DeleteObjects`), which must carry a digest of some kind. */
export function checkWholeBody(payload: Payload, bytes: Uint8Array): void {
  const promise = readPromise(payload)
  if (promise.contentMd5 === undefined && promise.algorithm === undefined) {
    throw new S3Error('InvalidRequest', 'Missing required header for this request: Content-MD5 OR x-amz-checksum-*')
  }
  const algorithm = promise.algorithm ?? DEFAULT_ALGORITHM
  const hasher = createHasher(algorithm)
  hasher.update(bytes)
  const checksum: Checksum = { algorithm, type: 'FULL_OBJECT', value: hasher.digest().toString('base64') }
  checkPromise(promise, payload, createHash('md5').update(bytes).digest(), checksum)
}

interface DigestPromise {
  readonly contentMd5: string | undefined
  /** The algorithm of the checksum sent, in a header or to come in a trailer. */
  readonly algorithm: ChecksumAlgorithm | undefined
  /** `undefined`: it comes in the trailer, if at all. */
  readonly value: string | undefined
}

function readPromise({ headers }: Payload): DigestPromise {
  const contentMd5 = headers['content-md5']
  if (contentMd5 !== undefined && !/^[A-Za-z0-9+/]{22}==$/.test(contentMd5)) throw new S3Error('InvalidDigest')
  const sent = readChecksum((name) => headers[name])
  const trailerName = /^x-amz-checksum-(\w+)$/.exec(headers['x-amz-trailer'] ?? '')?.[1]
  const algorithm = sent?.algorithm ?? parseAlgorithm(trailerName)
  const named = parseAlgorithm(headers['x-amz-sdk-checksum-algorithm'])
  if (named !== undefined && named !== algorithm) {
    throw new S3Error(
      'InvalidRequest',
      'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
    )
  }
  return { contentMd5, algorithm, value: sent?.value }
}

function checkPromise(promise: DigestPromise, payload: Payload, md5: Buffer, checksum: Checksum): void {
  if (promise.contentMd5 !== undefined && promise.contentMd5 !== md5.toString('base64')) throw new S3Error('BadDigest')
  if (promise.algorithm === undefined) return
  const promised = promise.value ?? payload.trailers.get(checksumHeader(promise.algorithm))
  if (promised === undefined) {
    throw new S3Error('MalformedTrailerError')
  }
  if (promised !== checksum.value) {
    throw new S3Error('BadDigest', `The ${checksum.algorithm} you specified did not match the calculated checksum.`)
  }
}
