// What the last scan on this computer found out of each file, for as long as the file's inode, size and times are the same. Reads and
// writes disk. It may be deleted at any time: then every file is read again.

import { hash } from 'node:crypto'
import { closeSync, fstatSync, mkdirSync, openSync, readSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { md5ToEtag } from '../http/etag.ts'
import type { Digest } from './digest.ts'
import { SECRET_RULES_VERSION } from './secret-contents.ts'
import { SNIFFING_VERSION } from './sniff-text.ts'
import { decodeTable, encodeTable, FLAGS, hashPath, makeTable, type StatTable } from './stat-table.ts'

/** What tells one state of a file from another; BigIntStats has it. */
export interface FileStat {
  readonly dev: bigint
  readonly ino: bigint
  readonly size: bigint
  readonly mtimeNs: bigint
  readonly ctimeNs: bigint
}

export interface RememberedFile extends Digest {
  /** Whether it is text; only where that was to be found out. */
  readonly isText: boolean
}

/** One scan's use of it: ask for the files one after the other, remember those that it did not know, save. */
export interface StatCache {
  /**
   * @param index of the file among all of the scan, rising from call to call
   * @param wants a sum of WANTS; what is not known of the file makes it unknown as a whole
   */
  readonly find: (index: number, path: string, stat: FileStat, wants: number) => RememberedFile | undefined
  /** After `find` has not known the file: what was read; nothing secret was found where that was wanted. */
  readonly remember: (index: number, file: RememberedFile, wants: number) => void
  /** Writes what is not on disk yet, whole or not at all. A folder that cannot be written is left as it is. */
  readonly save: () => void
}

export interface StatCacheOptions {
  /** Absolute; made when there is something to save. */
  readonly folder: string
  /** The deployed folder, absolute: each has a cache of its own. */
  readonly dir: string
  /** As of digestWithoutIgnored. */
  readonly ignore: readonly string[]
  /** How many files the scan has. */
  readonly files: number
  /** The system's clock, before the first file is looked at. */
  readonly nowMs: number
}

/**
 * A file that is changed after it was read, within the same tick of its file system's clock, has the times that it had before. So nothing is
 * remembered of a file whose times are not older than the scan by this much: the tick of FAT, the coarsest there is.
 * @see the Git documentation, "racy-git"
 */
const TICK_MS = 2000

/** Opens the cache of a folder; one that is damaged, of another version or of other rules is as good as none. */
export function openStatCache({ folder, dir, ignore, files, nowMs }: StatCacheOptions): StatCache {
  const file = join(folder, `${hash('sha256', dir, 'hex').slice(0, 16)}.stat`)
  const rules = JSON.stringify([SECRET_RULES_VERSION, SNIFFING_VERSION, process.versions['unicode'], ignore])
  const hasStable = ignore.length > 0
  const old = readTable(file, rules) ?? makeTable(0, rules, hasStable)
  const settledNs = BigInt(nowMs - TICK_MS) * 1_000_000n
  let cursor = 0
  let rowsByPath: Map<number, number> | undefined
  /** The table to come; while every file is known and in its place, there is none. */
  let next: StatTable | undefined
  let hasNews = false

  return {
    find(index, path, stat, wants) {
      const pathHash = hashPath(path)
      const row = findRow(pathHash)
      const isKnown = row < old.rows && isAsItWas(old, row, stat) && isEnough(old, row, wants)
      if (isKnown && row === index && next === undefined) return readRow(old, row)
      next ??= beginTable(index)
      next.pathHashes[index] = pathHash
      next.devs[index] = stat.dev
      next.inos[index] = stat.ino
      next.sizes[index] = stat.size
      next.mtimes[index] = stat.mtimeNs
      next.ctimes[index] = stat.ctimeNs
      if (!isKnown) return undefined
      const file = readRow(old, row)
      fillRow(next, index, file, old.flags[row] ?? 0)
      return file
    },
    remember(index, file, wants) {
      if (next === undefined || next.sizes[index] !== BigInt(file.sizeBytes)) return
      if (!isSettled(next.mtimes[index]) || !isSettled(next.ctimes[index])) return
      const stable = file.stableSha256 === undefined ? 0 : FLAGS.hasStable
      fillRow(next, index, file, FLAGS.known + (file.isText ? FLAGS.isText : 0) + stable + wants * FLAGS.wants)
      hasNews = true
    },
    save() {
      if (next !== undefined && hasNews) writeTable(folder, file, next)
    },
  }

  /** Files come in the order in which they came the last time, but for those that came or went. */
  function findRow(pathHash: number): number {
    if (old.pathHashes[cursor] !== pathHash) {
      rowsByPath ??= new Map(Array.from(old.pathHashes, (hashOfRow, row) => [hashOfRow, row]))
      const row = rowsByPath.get(pathHash)
      if (row === undefined) return old.rows
      cursor = row
    }
    cursor += 1
    return cursor - 1
  }

  /** @param known files before this one are known, each in its place */
  function beginTable(known: number): StatTable {
    const table = makeTable(files, rules, hasStable)
    for (const name of ['devs', 'inos', 'sizes', 'mtimes', 'ctimes'] as const) {
      table[name].set(old[name].subarray(0, known))
    }
    table.pathHashes.set(old.pathHashes.subarray(0, known))
    table.flags.set(old.flags.subarray(0, known))
    table.sha256.set(old.sha256.subarray(0, known * 32))
    table.md5.set(old.md5.subarray(0, known * 16))
    table.stable.set(old.stable.subarray(0, known * 32))
    for (const [row, etag] of old.etags) if (row < known) table.etags.set(row, etag)
    return table
  }

  function isSettled(timeNs: bigint | undefined): boolean {
    return timeNs !== undefined && timeNs < settledNs
  }
}

function isAsItWas(table: StatTable, row: number, stat: FileStat): boolean {
  return (
    table.inos[row] === stat.ino &&
    table.ctimes[row] === stat.ctimeNs &&
    table.mtimes[row] === stat.mtimeNs &&
    table.sizes[row] === stat.size &&
    table.devs[row] === stat.dev
  )
}

/** Whether all that is wanted of the file was found out. */
function isEnough(table: StatTable, row: number, wants: number): boolean {
  const flags = table.flags[row] ?? 0
  return (flags & FLAGS.known) !== 0 && ((wants * FLAGS.wants) & ~flags) === 0
}

function fillRow(table: StatTable, row: number, file: RememberedFile, flags: number): void {
  table.sha256.write(file.sha256, row * 32, 'hex')
  table.md5.write(file.md5, row * 16, 'hex')
  if (file.stableSha256 !== undefined) table.stable.write(file.stableSha256, row * 32, 'hex')
  if (file.etag !== md5ToEtag(file.md5)) table.etags.set(row, file.etag)
  table.flags[row] = flags
}

function readRow(table: StatTable, row: number): RememberedFile {
  const flags = table.flags[row] ?? 0
  const md5 = table.md5.toString('hex', row * 16, row * 16 + 16)
  return {
    sizeBytes: Number(table.sizes[row]),
    md5,
    sha256: table.sha256.toString('hex', row * 32, row * 32 + 32),
    etag: table.etags.get(row) ?? md5ToEtag(md5),
    ...((flags & FLAGS.hasStable) !== 0 && { stableSha256: table.stable.toString('hex', row * 32, row * 32 + 32) }),
    isText: (flags & FLAGS.isText) !== 0,
  }
}

function readTable(file: string, rules: string): StatTable | undefined {
  try {
    return decodeTable(readWhole(file), rules)
  } catch {
    // Not there, not readable or not ours: every file is read.
    return undefined
  }
}

/** In memory of its own, as the columns need it. */
function readWhole(file: string): Uint8Array<ArrayBuffer> {
  const descriptor = openSync(file, 'r')
  try {
    const bytes = new Uint8Array(fstatSync(descriptor).size)
    let filled = 0
    while (filled < bytes.length) {
      const more = readSync(descriptor, bytes, filled, bytes.length - filled, null)
      if (more === 0) break
      filled += more
    }
    return bytes
  } finally {
    closeSync(descriptor)
  }
}

function writeTable(folder: string, file: string, table: StatTable): void {
  const unfinished = `${file}.${process.pid}`
  let descriptor: number | undefined
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, '.gitignore'), '*\n')
    descriptor = openSync(unfinished, 'w')
    for (const bytes of encodeTable(table)) writeFileSync(descriptor, bytes)
    renameSync(unfinished, file)
  } catch {
    // A cache that cannot be written costs time, and nothing else.
    if (descriptor !== undefined) rmSync(unfinished, { force: true })
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}
