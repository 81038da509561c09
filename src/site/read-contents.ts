// What is in each file of the site: from the stat cache where that knows it, else from the file. Reads disk.

import { statSync } from 'node:fs'
import { fileChanged, type FreshfrontError } from '../errors.ts'
import { md5ToEtag } from '../http/etag.ts'
import type { Key } from '../model.ts'
import type { KnownDigest } from './digest.ts'
import type { BatchAnswer, ReadFault } from './read-batch.ts'
import { readFiles, type FileToRead } from './read-files.ts'
import type { FoundPlace } from './secret-contents.ts'
import type { RememberedFile, StatCache } from './stat-cache.ts'
import { takeTurns } from './turns.ts'
import { explainReadError } from './walk.ts'

/** A file on its way into the snapshot; `path` is relative to the folder, as on disk. */
export interface NamedFile {
  readonly path: string
  readonly key: Key
}

export interface ReadContentsOptions {
  /** Of each file, a sum of WANTS. */
  readonly wants: Uint8Array
  readonly filePathOf: (file: NamedFile) => string
  /** As of digestWithoutIgnored. */
  readonly ignore: readonly string[]
  readonly known: ((key: Key) => KnownDigest | undefined) | undefined
  readonly cache: StatCache | undefined
  readonly signal: AbortSignal | undefined
  /** Called once for each file that could be read, in any order. */
  readonly onContent: (index: number, content: RememberedFile) => void
  readonly onSecret: (index: number, place: FoundPlace) => void
  readonly onFault: (fault: FreshfrontError) => void
}

/** @throws the signal's reason when it is aborted */
export async function readContents(files: readonly NamedFile[], options: ReadContentsOptions): Promise<void> {
  const { wants, filePathOf, ignore, known, cache, signal, onContent, onSecret, onFault } = options
  const unread = cache === undefined ? undefined : await takeFromCache(cache)
  await readFiles(unread?.length ?? files.length, fileToRead, { ignore, signal, onAnswer: takeAnswer })

  /** @returns the places of the files that it does not know */
  async function takeFromCache(cache: StatCache): Promise<Uint32Array> {
    const turn = takeTurns()
    const unknown = new Uint32Array(files.length)
    let count = 0
    for (let index = 0; index < files.length; index += 1) {
      const due = index % 64 === 0 ? turn() : undefined
      if (due !== undefined) await due
      signal?.throwIfAborted()
      const content = findInCache(cache, index)
      if (content === undefined) unknown[count++] = index
      else onContent(index, content)
    }
    return unknown.subarray(0, count)
  }

  function findInCache(cache: StatCache, index: number): RememberedFile | undefined {
    const file = fileAt(index)
    // A file that is gone has its error when it is read.
    const stat = statSync(filePathOf(file), { bigint: true, throwIfNoEntry: false })
    return stat === undefined ? undefined : cache.find(index, file.path, stat, wants[index] ?? 0)
  }

  function fileAt(index: number): NamedFile {
    const file = files[index]
    if (file === undefined) throw new RangeError(`There is no file ${index}.`)
    return file
  }

  function placeOf(index: number): number {
    return unread === undefined ? index : (unread[index] ?? 0)
  }

  function fileToRead(index: number): FileToRead {
    const place = placeOf(index)
    const file = fileAt(place)
    return { filePath: filePathOf(file), wants: wants[place] ?? 0, known: known?.(file.key) }
  }

  function takeAnswer(first: number, answer: BatchAnswer): void {
    const faulty = new Set(answer.faults.map(({ at }) => at))
    const secret = new Set(answer.found.map(({ at }) => at))
    for (let at = 0; at < answer.sha256.length; at += 1) {
      if (faulty.has(at)) continue
      const place = placeOf(first + at)
      const content = contentOf(answer, at, place)
      // What holds a secret is looked at again by every scan, which has to tell its line.
      if (!secret.has(at)) cache?.remember(place, content, wants[place] ?? 0)
      onContent(place, content)
    }
    for (const { at, kind, offsetBytes } of answer.found) onSecret(placeOf(first + at), { kind, offsetBytes })
    for (const fault of answer.faults) onFault(explainFault(fileAt(placeOf(first + fault.at)), fault))
  }

  function contentOf(answer: BatchAnswer, at: number, place: number): RememberedFile {
    const asKnown = answer.md5[at] === '' ? known?.(fileAt(place).key) : undefined
    const md5 = asKnown?.md5 ?? answer.md5[at] ?? ''
    const stableSha256 = answer.stableSha256[at] ?? ''
    return {
      sizeBytes: answer.sizes[at] ?? 0,
      md5,
      sha256: answer.sha256[at] ?? '',
      etag: asKnown?.etag ?? (answer.etags[at] || md5ToEtag(md5)),
      ...(stableSha256 !== '' && { stableSha256 }),
      isText: answer.isText[at] === 1,
    }
  }

  function explainFault(file: NamedFile, { code, message }: ReadFault): FreshfrontError {
    if (code === 'FILE_CHANGED') return fileChanged(filePathOf(file))
    return explainReadError(file.path, Object.assign(new Error(message), { code }))
  }
}
