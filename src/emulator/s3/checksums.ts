// The checksums S3 knows: computed while a body passes, compared with what the client promised.
// Facts: S3 user guide, "Checking object integrity in Amazon S3".

import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { S3Error } from './s3-error.ts'

export type ChecksumAlgorithm = 'CRC32' | 'CRC32C' | 'CRC64NVME' | 'SHA1' | 'SHA256'

export interface Checksum {
  readonly algorithm: ChecksumAlgorithm
  readonly type: 'FULL_OBJECT' | 'COMPOSITE'
  /** base64, as on the wire; a composite ends in `-<number of parts>`. */
  readonly value: string
}

export interface ChecksumHasher {
  update(bytes: Uint8Array): void
  digest(): Buffer
}

export const CHECKSUM_ALGORITHMS: readonly ChecksumAlgorithm[] = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256']

const DIGEST_BYTES: Readonly<Record<ChecksumAlgorithm, number>> = {
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  SHA1: 20,
  SHA256: 32,
}

/** What S3 computes when the client names no algorithm (since December 2024). */
export const DEFAULT_ALGORITHM: ChecksumAlgorithm = 'CRC64NVME'

export function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`
}

/** The XML element's name: `ChecksumCRC32`. */
export function checksumElement(algorithm: ChecksumAlgorithm): string {
  return `Checksum${algorithm}`
}

/** Throws `InvalidRequest` for a name S3 does not know; `undefined` stays `undefined`. */
export function parseAlgorithm(name: string | undefined): ChecksumAlgorithm | undefined {
  if (name === undefined) return undefined
  const found = CHECKSUM_ALGORITHMS.find((algorithm) => algorithm === name.toUpperCase())
  if (found === undefined)
    throw new S3Error(
      'InvalidRequest',
      'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
    )
  return found
}

/** The one checksum that headers or trailers carry. Throws `InvalidRequest` when there are several or it is no such digest. */
export function readChecksum(
  headerOf: (name: string) => string | undefined,
): { algorithm: ChecksumAlgorithm; value: string } | undefined {
  const found = CHECKSUM_ALGORITHMS.flatMap((algorithm) => {
    const value = headerOf(checksumHeader(algorithm))
    return value === undefined ? [] : [{ algorithm, value }]
  })
  if (found.length > 1) {
    throw new S3Error(
      'InvalidRequest',
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    )
  }
  const only = found[0]
  if (only !== undefined && !isDigest(only.algorithm, only.value)) {
    throw new S3Error('InvalidRequest', `Value for ${checksumHeader(only.algorithm)} header is invalid.`)
  }
  return only
}

function isDigest(algorithm: ChecksumAlgorithm, value: string): boolean {
  const bytes = Buffer.from(value, 'base64')
  return bytes.length === DIGEST_BYTES[algorithm] && bytes.toString('base64') === value
}

export function createHasher(algorithm: ChecksumAlgorithm): ChecksumHasher {
  switch (algorithm) {
    case 'SHA1':
      return createHash('sha1')
    case 'SHA256':
      return createHash('sha256')
    case 'CRC32': {
      let value = 0
      return {
        update(bytes) {
          value = crc32(bytes, value)
        },
        digest: () => writeUint32s(value),
      }
    }
    case 'CRC32C':
      return createCrc32c()
    case 'CRC64NVME':
      return createCrc64Nvme()
  }
}

function createCrc32c(): ChecksumHasher {
  let value = 0xffffffff
  return {
    update(bytes) {
      for (const byte of bytes) value = (value >>> 8) ^ (CRC32C_TABLE[(value ^ byte) & 0xff] ?? 0)
    },
    digest: () => writeUint32s(value ^ 0xffffffff),
  }
}

/** 64 bits as two halves: BigInt would be some fifty times slower. */
function createCrc64Nvme(): ChecksumHasher {
  let high = 0xffffffff
  let low = 0xffffffff
  return {
    update(bytes) {
      for (const byte of bytes) {
        const at = (low ^ byte) & 0xff
        low = ((low >>> 8) | (high << 24)) ^ (CRC64_LOW[at] ?? 0)
        high = (high >>> 8) ^ (CRC64_HIGH[at] ?? 0)
      }
    },
    digest: () => writeUint32s(high ^ 0xffffffff, low ^ 0xffffffff),
  }
}

const CRC32C_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1
  return value
})

/** CRC-64/NVME, polynomial 0xad93d23594c93659, reflected. */
const CRC64_TABLE = Array.from({ length: 256 }, (_, byte) => {
  let value = BigInt(byte)
  for (let bit = 0; bit < 8; bit++) value = value & 1n ? (value >> 1n) ^ 0x9a6c9329ac4bc9b5n : value >> 1n
  return value
})
const CRC64_HIGH = Uint32Array.from(CRC64_TABLE, (value) => Number(value >> 32n))
const CRC64_LOW = Uint32Array.from(CRC64_TABLE, (value) => Number(value & 0xffffffffn))

function writeUint32s(...words: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * words.length)
  for (const [i, word] of words.entries()) bytes.writeUInt32BE(word >>> 0, 4 * i)
  return bytes
}
