// One pass over a file's bytes: its size, its digests and the ETag that S3 will give it. Reads disk.

import { createHash, hash } from 'node:crypto'
import { closeSync, fstatSync, open as openFile, read as readFile } from 'node:fs'
import { promisify } from 'node:util'
import { fileChanged } from '../errors.ts'
import { isMultipartSize, md5ToEtag, partRanges, partsToEtag } from '../http/etag.ts'

// File descriptors, not FileHandles: on 10,000 small files those cost more than reading and hashing together.
const open = promisify(openFile)
const read = promisify(readFile)

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

/** Digests a whole body in another way. @returns undefined where the body is not of that kind */
export type DigestStable = (body: Uint8Array) => string | undefined

export interface DigestOptions {
  readonly signal?: AbortSignal | undefined
  /** Given the body of a file of up to 4 MiB, for which it is then held in memory. */
  readonly digestStable?: DigestStable | undefined
  /** Shown every byte, piece by piece in memory that is used again. */
  readonly look?: ((bytes: Buffer) => void) | undefined
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
 * Reads a file once and digests it, in the memory of `piece` whatever its size.
 *
 * @throws {FreshfrontError} `FILE_CHANGED` when it grows or shrinks meanwhile; the system's own error when it cannot be read
 */
export async function digestFile(
  filePath: string,
  piece: Buffer,
  { signal, digestStable, look }: DigestOptions = {},
): Promise<Digest> {
  const file = await open(filePath, 'r')
  try {
    const { size } = fstatSync(file)
    if (size > PIECE_BYTES) return await digestPieces(file, filePath, size, piece, { signal, digestStable, look })
    // Asked for one byte more than there should be, a file that did not grow gives less than asked: that is its end.
    if ((await fill(file, piece, 0, size, size + 1)) !== size) throw fileChanged(filePath)
    const body = piece.subarray(0, size)
    look?.(body)
    const md5 = hash('md5', body, 'hex')
    const stableSha256 = digestStable?.(body)
    return {
      sizeBytes: size,
      md5,
      sha256: hash('sha256', body, 'hex'),
      etag: md5ToEtag(md5),
      ...(stableSha256 !== undefined && { stableSha256 }),
    }
  } finally {
    closeSync(file)
  }
}

async function digestPieces(
  file: number,
  filePath: string,
  sizeBytes: number,
  piece: Buffer,
  { signal, digestStable, look }: DigestOptions,
): Promise<Digest> {
  const whole = digestStable !== undefined && sizeBytes <= MAX_STABLE_BYTES ? Buffer.alloc(sizeBytes) : undefined
  const md5 = createHash('md5')
  const sha256 = createHash('sha256')
  const md5OfParts = createHash('md5')
  const parts = partRanges(sizeBytes)
  const inParts = isMultipartSize(sizeBytes)
  for (const { startByte, endByte } of parts) {
    const partMd5 = createHash('md5')
    for (let position = startByte; position < endByte;) {
      signal?.throwIfAborted()
      const wantedBytes = Math.min(PIECE_BYTES, endByte - position)
      if ((await fill(file, piece, position, wantedBytes)) !== wantedBytes) throw fileChanged(filePath)
      const bytes = piece.subarray(0, wantedBytes)
      look?.(bytes)
      md5.update(bytes)
      sha256.update(bytes)
      if (inParts) partMd5.update(bytes)
      if (whole !== undefined) bytes.copy(whole, position)
      position += wantedBytes
    }
    if (inParts) md5OfParts.update(partMd5.digest())
  }
  if ((await fill(file, piece, sizeBytes, 1)) !== 0) throw fileChanged(filePath)
  const md5Hex = md5.digest('hex')
  const stableSha256 = whole === undefined ? undefined : digestStable?.(whole)
  return {
    sizeBytes,
    md5: md5Hex,
    sha256: sha256.digest('hex'),
    etag: inParts ? partsToEtag(md5OfParts.digest('hex'), parts.length) : md5ToEtag(md5Hex),
    ...(stableSha256 !== undefined && { stableSha256 }),
  }
}

/** Reads until `enoughBytes` are in the buffer, `mostBytes` at most, or the file ends. @returns how many there are */
async function fill(
  file: number,
  buffer: Buffer,
  position: number,
  enoughBytes: number,
  mostBytes: number = enoughBytes,
): Promise<number> {
  let bytes = 0
  do {
    const { bytesRead } = await read(file, buffer, bytes, mostBytes - bytes, position + bytes)
    if (bytesRead === 0) break
    bytes += bytesRead
  } while (bytes < enoughBytes)
  return bytes
}
