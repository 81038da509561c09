// One pass over a file's bytes: its size, its digests and the ETag that S3 will give it. Reads disk.

import { createHash, hash, type Hash } from 'node:crypto'
// Without promises: on many small files those cost more than reading and hashing together.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { fileChanged } from '../errors.ts'
import { isMultipartSize, md5ToEtag, partRanges, partsToEtag } from '../http/etag.ts'
import { takeTurns } from './turns.ts'

export interface Digest {
  readonly sizeBytes: number
  /** Hexadecimal. */
  readonly md5: string
  /** Hexadecimal. */
  readonly sha256: string
  /** With its quotes. */
  readonly etag: string
  /** Hexadecimal; there where `digestStable` gave one. */
  readonly stableSha256?: string
}

/** What is remembered of a file: a body of this size and SHA-256 has this MD5 and ETag. */
export type KnownDigest = Pick<Digest, 'sizeBytes' | 'sha256' | 'md5' | 'etag'>

/** Digests a whole body in another way. @returns undefined where the body is not of that kind */
export type DigestStable = (body: Uint8Array) => string | undefined

export interface DigestOptions {
  readonly signal?: AbortSignal | undefined
  /** Given the body of a file of up to 4 MiB, for which it is then held in memory. */
  readonly digestStable?: DigestStable | undefined
  /** Shown every byte, piece by piece in memory that is used again; `isLast` with the last one. */
  readonly look?: ((bytes: Buffer, isLast: boolean) => void) | undefined
  /** Spares a body that is still the same its MD5, which takes longer than its SHA-256; of a small file only digestUnchanged asks it. */
  readonly known?: KnownDigest | undefined
}

/** A file that fits in is read at once; a larger one piece by piece, each of this size. Whole parts are whole pieces. */
const PIECE_BYTES = 1024 * 1024

/** Makes the memory that `digestFile` reads into; one is enough for any number of files, one after the other. */
export function makePieceBuffer(): Buffer {
  // One byte more, to see that a file has grown since its size was read.
  return Buffer.allocUnsafeSlow(PIECE_BYTES + 1)
}

/** Larger files are never whole in memory, and get no stable digest. */
const MAX_STABLE_BYTES = 4 * 1024 * 1024

/**
 * Reads a file and digests it, in the memory of `piece` whatever its size; once, but a large one twice that is of the size that is
 * known of it and has another SHA-256. Small files are read without waiting, large ones in turns.
 *
 * @throws {FreshfrontError} `FILE_CHANGED` when it grows or shrinks meanwhile; the system's own error when it cannot be read
 */
export async function digestFile(filePath: string, piece: Buffer, options: DigestOptions = {}): Promise<Digest> {
  const file = openSync(filePath, 'r')
  try {
    const { size } = fstatSync(file)
    if (size <= PIECE_BYTES) return digestAtOnce(file, filePath, size, piece, options)
    return await digestLarge({ file, filePath, sizeBytes: size, piece }, options)
  } finally {
    closeSync(file)
  }
}

/**
 * Reads a small file of which something is remembered, without asking for its size and without a promise: nearly all files are nearly always
 * as they were.
 *
 * @returns undefined where it has other bytes or is not small: then `digestFile` has to find out; nothing was shown to `look`
 * @throws the system's own error when it cannot be read
 */
export function digestUnchanged(
  filePath: string,
  piece: Buffer,
  { digestStable, look, known }: DigestOptions,
): Digest | undefined {
  if (known === undefined || known.sizeBytes > PIECE_BYTES) return undefined
  const file = openSync(filePath, 'r')
  let sizeBytes: number
  try {
    // One byte more than there should be, or a longer file with the same beginning would seem to end there.
    sizeBytes = readSync(file, piece, 0, known.sizeBytes + 1, 0)
  } finally {
    closeSync(file)
  }
  const body = piece.subarray(0, sizeBytes)
  if (sizeBytes !== known.sizeBytes || hash('sha256', body, 'hex') !== known.sha256) return undefined
  look?.(body, true)
  const { sha256, md5, etag } = known
  return { sizeBytes, md5, sha256, etag, ...withStable(digestStable?.(body)) }
}

function digestAtOnce(
  file: number,
  filePath: string,
  sizeBytes: number,
  piece: Buffer,
  { digestStable, look }: DigestOptions,
): Digest {
  // Asked for one byte more than there should be, a file that did not grow gives less than asked: that is its end.
  if (fill(file, piece, 0, sizeBytes, sizeBytes + 1) !== sizeBytes) throw fileChanged(filePath)
  const body = piece.subarray(0, sizeBytes)
  look?.(body, true)
  const sha256 = hash('sha256', body, 'hex')
  const md5 = hash('md5', body, 'hex')
  return { sizeBytes, md5, sha256, etag: md5ToEtag(md5), ...withStable(digestStable?.(body)) }
}

function withStable(stableSha256: string | undefined): Pick<Digest, 'stableSha256'> {
  return stableSha256 === undefined ? {} : { stableSha256 }
}

interface LargeFile {
  readonly file: number
  readonly filePath: string
  readonly sizeBytes: number
  readonly piece: Buffer
}

async function digestLarge(large: LargeFile, options: DigestOptions): Promise<Digest> {
  const { sizeBytes } = large
  const { known, signal, digestStable, look } = options
  const whole = digestStable !== undefined && sizeBytes <= MAX_STABLE_BYTES ? Buffer.alloc(sizeBytes) : undefined
  const show = (bytes: Buffer, position: number): void => {
    look?.(bytes, position + bytes.length === sizeBytes)
    if (whole !== undefined) bytes.copy(whole, position)
  }
  if (known?.sizeBytes !== sizeBytes) {
    const digests = await digestWithMd5(large, signal, show)
    return { ...digests, ...withStable(whole === undefined ? undefined : digestStable?.(whole)) }
  }
  const sha256 = createHash('sha256')
  await readPieces(large, signal, (bytes, position) => {
    sha256.update(bytes)
    show(bytes, position)
  })
  const stable = withStable(whole === undefined ? undefined : digestStable?.(whole))
  const sha256Hex = sha256.digest('hex')
  if (known.sha256 === sha256Hex) {
    return { sizeBytes, md5: known.md5, sha256: sha256Hex, etag: known.etag, ...stable }
  }
  const digests = await digestWithMd5(large, signal, () => undefined)
  if (digests.sha256 !== sha256Hex) throw fileChanged(large.filePath)
  return { ...digests, ...stable }
}

async function digestWithMd5(
  large: LargeFile,
  signal: AbortSignal | undefined,
  show: (bytes: Buffer, position: number) => void,
): Promise<Digest> {
  const { sizeBytes } = large
  const md5 = createHash('md5')
  const sha256 = createHash('sha256')
  const md5OfParts = createHash('md5')
  const inParts = isMultipartSize(sizeBytes)
  const parts = partRanges(sizeBytes)
  const partBytes = parts[0]?.endByte ?? sizeBytes
  let partMd5: Hash | undefined
  await readPieces(large, signal, (bytes, position) => {
    show(bytes, position)
    md5.update(bytes)
    sha256.update(bytes)
    if (!inParts) return
    partMd5 ??= createHash('md5')
    partMd5.update(bytes)
    const endByte = position + bytes.length
    if (endByte % partBytes !== 0 && endByte !== sizeBytes) return
    md5OfParts.update(partMd5.digest())
    partMd5 = undefined
  })
  const md5Hex = md5.digest('hex')
  const etag = inParts ? partsToEtag(md5OfParts.digest('hex'), parts.length) : md5ToEtag(md5Hex)
  return { sizeBytes, md5: md5Hex, sha256: sha256.digest('hex'), etag }
}

/** Shows a file from its beginning to the end that it had when it was opened; every part of an upload ends with a piece. */
async function readPieces(
  { file, filePath, sizeBytes, piece }: LargeFile,
  signal: AbortSignal | undefined,
  show: (bytes: Buffer, position: number) => void,
): Promise<void> {
  const turn = takeTurns()
  for (let position = 0; position < sizeBytes; position += PIECE_BYTES) {
    await turn()
    signal?.throwIfAborted()
    const wantedBytes = Math.min(PIECE_BYTES, sizeBytes - position)
    if (fill(file, piece, position, wantedBytes) !== wantedBytes) throw fileChanged(filePath)
    show(piece.subarray(0, wantedBytes), position)
  }
  if (fill(file, piece, sizeBytes, 1) !== 0) throw fileChanged(filePath)
}

/** Reads until `enoughBytes` are in the buffer, `mostBytes` at most, or the file ends. @returns how many there are */
function fill(
  file: number,
  buffer: Buffer,
  position: number,
  enoughBytes: number,
  mostBytes: number = enoughBytes,
): number {
  let bytes = 0
  do {
    const bytesRead = readSync(file, buffer, bytes, mostBytes - bytes, position + bytes)
    if (bytesRead === 0) break
    bytes += bytesRead
  } while (bytes < enoughBytes)
  return bytes
}
