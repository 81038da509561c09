// The stat cache's memory: a row for each file, in columns that lie on disk as they lie in memory. Pure.

import { hash } from 'node:crypto'

/** Sums of these; 0: the row says nothing. */
export const FLAGS = {
  known: 1,
  isText: 2,
  hasStable: 4,
  /** Times a sum of WANTS: what was found out. */
  wants: 8,
} as const

export interface StatTable {
  readonly rows: number
  /** By which rules the rows were found out. */
  readonly rules: string
  readonly devs: BigUint64Array<ArrayBuffer>
  readonly inos: BigUint64Array<ArrayBuffer>
  readonly sizes: BigUint64Array<ArrayBuffer>
  /** Nanoseconds since 1970. */
  readonly mtimes: BigUint64Array<ArrayBuffer>
  readonly ctimes: BigUint64Array<ArrayBuffer>
  readonly pathHashes: Uint32Array<ArrayBuffer>
  /** 32 bytes a row. */
  readonly sha256: Buffer
  /** 16 bytes a row. */
  readonly md5: Buffer
  /** 32 bytes a row, or none at all. */
  readonly stable: Buffer
  readonly flags: Uint8Array<ArrayBuffer>
  /** By row, where the ETag is not the MD5: of large files. */
  readonly etags: Map<number, string>
  /** All columns, as they lie on disk. */
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** Raised with every change of the format, and of what is found out by other rules than those that are named in the table. */
const FORMAT = 0x46_46_53_01
const CHECKSUM_BYTES = 32
/** Checksum, format, rows, whether there is the column of stable digests, bytes of what follows the columns. A multiple of 8. */
const HEAD_BYTES = CHECKSUM_BYTES + 4 * 4

/** @param hasStable whether files get stable digests */
export function makeTable(rows: number, rules: string, hasStable: boolean): StatTable {
  const bytes = new Uint8Array(HEAD_BYTES + rows * bytesPerRow(hasStable))
  return viewTable(bytes, rows, rules, hasStable, new Map())
}

function bytesPerRow(hasStable: boolean): number {
  return 5 * 8 + 4 + 32 + 16 + (hasStable ? 32 : 0) + 1
}

function viewTable(
  bytes: Uint8Array<ArrayBuffer>,
  rows: number,
  rules: string,
  hasStable: boolean,
  etags: Map<number, string>,
): StatTable {
  const { buffer } = bytes
  let at = HEAD_BYTES
  // The widest first, so that each begins at a multiple of its width.
  const skip = (width: number): number => {
    at += width * rows
    return at - width * rows
  }
  return {
    rows,
    rules,
    devs: new BigUint64Array(buffer, skip(8), rows),
    inos: new BigUint64Array(buffer, skip(8), rows),
    sizes: new BigUint64Array(buffer, skip(8), rows),
    mtimes: new BigUint64Array(buffer, skip(8), rows),
    ctimes: new BigUint64Array(buffer, skip(8), rows),
    pathHashes: new Uint32Array(buffer, skip(4), rows),
    sha256: Buffer.from(buffer, skip(32), 32 * rows),
    md5: Buffer.from(buffer, skip(16), 16 * rows),
    stable: Buffer.from(buffer, hasStable ? skip(32) : at, hasStable ? 32 * rows : 0),
    flags: new Uint8Array(buffer, skip(1), rows),
    etags,
    bytes,
  }
}

/** @returns to be written one after the other */
export function encodeTable(table: StatTable): readonly [Uint8Array, Uint8Array] {
  const tail = Buffer.from(JSON.stringify({ rules: table.rules, etags: [...table.etags] }))
  const head = new Uint32Array(table.bytes.buffer, CHECKSUM_BYTES, 4)
  head.set([FORMAT, table.rows, table.stable.length > 0 ? 1 : 0, tail.length])
  table.bytes.set(checksum(table.bytes, tail))
  return [table.bytes, tail]
}

/**
 * @param bytes from the beginning of an ArrayBuffer of their own
 * @returns undefined for what encodeTable has not written, on a computer with this order of bytes, for these rules
 */
export function decodeTable(bytes: Uint8Array<ArrayBuffer>, rules: string): StatTable | undefined {
  if (bytes.length < HEAD_BYTES) return undefined
  const [format, rows = 0, stable = 0, tailBytes = 0] = new Uint32Array(bytes.buffer, CHECKSUM_BYTES, 4)
  const hasStable = stable === 1
  const end = HEAD_BYTES + rows * bytesPerRow(hasStable)
  if (format !== FORMAT || bytes.length !== end + tailBytes) return undefined
  const tail = bytes.subarray(end)
  const columns = bytes.subarray(0, end)
  if (checksum(columns, tail).compare(columns, 0, CHECKSUM_BYTES) !== 0) return undefined
  const { rules: written, etags } = JSON.parse(Buffer.from(tail).toString()) as {
    rules: string
    etags: [number, string][]
  }
  return written === rules ? viewTable(columns, rows, rules, hasStable, new Map(etags)) : undefined
}

function checksum(columns: Uint8Array, tail: Uint8Array): Buffer {
  const digests = [columns.subarray(CHECKSUM_BYTES), tail].map((bytes) => hash('sha256', bytes, 'buffer'))
  return hash('sha256', Buffer.concat(digests), 'buffer')
}

/** FNV-1a over UTF-16 units: with a file's inode and times it only has to keep apart what a file system mixes up. */
export function hashPath(path: string): number {
  let sum = 0x81_1c_9d_c5
  for (let at = 0; at < path.length; at += 1) sum = Math.imul(sum ^ path.charCodeAt(at), 0x01_00_01_93)
  return sum >>> 0
}
