// Many files at once, read one after the other: what the scan asks of each, and the answers in columns, which travel between threads
// for less than an object per file. Reads disk.

import { FreshfrontError } from '../errors.ts'
import { md5ToEtag } from '../http/etag.ts'
import {
  digestFile,
  digestUnchanged,
  makePieceBuffer,
  type Digest,
  type DigestOptions,
  type KnownDigest,
} from './digest.ts'
import { createSecretSearch, type FoundPlace } from './secret-contents.ts'
import { sniffText } from './sniff-text.ts'
import { digestWithoutIgnored } from './stable-digest.ts'
import { codeOf } from './walk.ts'

/** What is wanted of a file besides its digests: a sum of these. */
export const WANTS = { secretSearch: 1, sniffing: 2, stableDigest: 4 } as const

/** The files in a row; each column has as many places. */
export interface ReadBatch {
  readonly filePaths: readonly string[]
  /** Sums of WANTS. */
  readonly wants: Uint8Array<ArrayBuffer>
  /** What is remembered of each file: its size, -1 for nothing … */
  readonly knownSizes: Float64Array<ArrayBuffer>
  /** … and its SHA-256, hexadecimal. */
  readonly knownSha256: readonly string[]
}

/** The answers in the order of the files; empty where there is none. */
export interface BatchAnswer {
  readonly sizes: Float64Array<ArrayBuffer>
  readonly sha256: string[]
  /** Empty where the file is as is remembered of it: then its MD5 and ETag are, too. */
  readonly md5: string[]
  /** Where it is not the MD5. */
  readonly etags: string[]
  readonly stableSha256: string[]
  /** 1 for text, where that was to be found out. */
  readonly isText: Uint8Array<ArrayBuffer>
  readonly found: (FoundPlace & { readonly at: number })[]
  readonly faults: ReadFault[]
}

/** Errors lose their code and class on the way from a worker, so it is spelled out. */
export interface ReadFault {
  readonly at: number
  /** `FILE_CHANGED` or the system's. */
  readonly code: string | undefined
  readonly message: string
}

/**
 * @param ignore as of digestWithoutIgnored
 * @returns reads one batch after the other, in the memory of one piece
 */
export function createBatchReader(
  ignore: readonly string[],
  signal?: AbortSignal,
): (batch: ReadBatch) => Promise<BatchAnswer> {
  const piece = makePieceBuffer()
  const digestStable = digestWithoutIgnored(ignore)
  return async (batch) => {
    const answer = makeAnswer(batch.filePaths.length)
    for (const [at, filePath] of batch.filePaths.entries()) {
      try {
        const finds = lookFor(batch.wants[at] ?? 0)
        const options = { ...finds.options, signal, known: knownOf(batch, at) }
        const digest = digestUnchanged(filePath, piece, options) ?? (await digestFile(filePath, piece, options))
        writeDigest(answer, at, digest)
        finds.write(answer, at)
      } catch (error) {
        signal?.throwIfAborted()
        const code = error instanceof FreshfrontError ? error.code : codeOf(error)
        answer.faults.push({ at, code, message: error instanceof Error ? error.message : String(error) })
      }
    }
    return answer
  }

  /** What is wanted of one file besides its digests. */
  function lookFor(wants: number): {
    readonly options: Pick<DigestOptions, 'look' | 'digestStable'>
    readonly write: (answer: BatchAnswer, at: number) => void
  } {
    const search = (wants & WANTS.secretSearch) === 0 ? undefined : createSecretSearch()
    const sniffed = (wants & WANTS.sniffing) === 0 ? undefined : sniffText()
    return {
      options: {
        digestStable: (wants & WANTS.stableDigest) === 0 ? undefined : digestStable,
        look: (bytes, isLast) => {
          search?.look(bytes, isLast)
          sniffed?.look(bytes)
        },
      },
      write(answer, at) {
        if (sniffed?.isText() === true) answer.isText[at] = 1
        const found = search?.found()
        if (found !== undefined) answer.found.push({ at, ...found })
      },
    }
  }
}

function writeDigest(answer: BatchAnswer, at: number, { sizeBytes, sha256, md5, etag, stableSha256 }: Digest): void {
  answer.sizes[at] = sizeBytes
  answer.sha256[at] = sha256
  answer.md5[at] = md5
  if (md5 !== '' && etag !== md5ToEtag(md5)) answer.etags[at] = etag
  if (stableSha256 !== undefined) answer.stableSha256[at] = stableSha256
}

/** Who asks has the MD5 and the ETag. */
function knownOf({ knownSizes, knownSha256 }: ReadBatch, at: number): KnownDigest | undefined {
  const sizeBytes = knownSizes[at] ?? -1
  return sizeBytes < 0 ? undefined : { sizeBytes, sha256: knownSha256[at] ?? '', md5: '', etag: '' }
}

function makeAnswer(files: number): BatchAnswer {
  const empty = (): string[] => Array<string>(files).fill('')
  return {
    sizes: new Float64Array(files),
    sha256: empty(),
    md5: empty(),
    etags: empty(),
    stableSha256: empty(),
    isText: new Uint8Array(files),
    found: [],
    faults: [],
  }
}
