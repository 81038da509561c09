// Reads the scan's files, on this thread and, where there are enough of them, on others too. Reads disk.

import { availableParallelism } from 'node:os'
import type { KnownDigest } from './digest.ts'
import { startDigestWorker, WorkerLost, type DigestWorker } from './digest-worker.ts'
import { createBatchReader, type BatchAnswer, type ReadBatch } from './read-batch.ts'
import { takeTurns } from './turns.ts'

/** A file to be read. */
export interface FileToRead {
  readonly filePath: string
  /** A sum of WANTS. */
  readonly wants: number
  readonly known: KnownDigest | undefined
}

export interface ReadFilesOptions {
  readonly ignore: readonly string[]
  readonly signal: AbortSignal | undefined
  /** @param first the place of the batch's first file; batches come in any order */
  readonly onAnswer: (first: number, answer: BatchAnswer) => void
  /** How much work must be left for threads to be worth their start (1000). */
  readonly workersFromMs?: number
  readonly startWorker?: (ignore: readonly string[]) => DigestWorker | undefined
}

/** Few enough for a turn not to take long. */
const FILES_PER_OWN_BATCH = 16
/** Enough that messages cost nothing beside the reading. */
const FILES_PER_MESSAGE = 128
/** Beyond that the disk is what is slow. */
const MAX_WORKERS = 3
/** A thread costs about 200 ms of processor time: to start, and to compile its code for speed once more. */
const WORKERS_FROM_MS = 1000
/** So much of this thread's own first time has gone into compiling, and tells nothing of the files to come. */
const WARM_UP_MS = 40

/**
 * Reads every file once. It begins alone; what it has read so far tells how long the rest will take, and whether threads pay.
 *
 * @param fileAt gives each file when it is its turn
 * @throws the signal's reason when it is aborted
 */
export async function readFiles(
  count: number,
  fileAt: (index: number) => FileToRead,
  options: ReadFilesOptions,
): Promise<void> {
  const { ignore, signal, onAnswer, workersFromMs = WORKERS_FROM_MS, startWorker = startDigestWorker } = options
  const read = createBatchReader(ignore, signal)
  const turn = takeTurns()
  const startMs = performance.now()
  const givenBack: { first: number; end: number }[] = []
  const workers: DigestWorker[] = []
  let queues: Promise<void>[] = []
  let failure: { readonly error: unknown } | undefined
  let alone = true
  let next = 0
  const endWorkers = (): void => workers.forEach((worker) => worker.end())
  signal?.addEventListener('abort', endWorkers)
  try {
    for (;;) {
      signal?.throwIfAborted()
      if (failure !== undefined) throw failure.error
      const range = take(FILES_PER_OWN_BATCH)
      if (range !== undefined) {
        onAnswer(range.first, await read(makeBatch(range.first, range.end, fileAt)))
        await turn()
        if (alone && isLong()) startWorkers()
      } else if (queues.length > 0) {
        // A worker that is lost gives back what it was to read.
        const ended = Promise.all(queues)
        queues = []
        await ended
      } else {
        return
      }
    }
  } finally {
    signal?.removeEventListener('abort', endWorkers)
    endWorkers()
  }

  function take(most: number): { first: number; end: number } | undefined {
    const again = givenBack.pop()
    if (again !== undefined) {
      const end = Math.min(again.end, again.first + most)
      if (end < again.end) givenBack.push({ first: end, end: again.end })
      return { first: again.first, end }
    }
    if (next >= count) return undefined
    const first = next
    next = Math.min(count, first + most)
    return { first, end: next }
  }

  function isLong(): boolean {
    const msPerFile = Math.max(0, performance.now() - startMs - WARM_UP_MS) / next
    return msPerFile * (count - next) >= workersFromMs
  }

  function startWorkers(): void {
    alone = false
    const wanted = Math.min(MAX_WORKERS, availableParallelism() - 1)
    for (let at = 0; at < wanted; at += 1) {
      const worker = startWorker(ignore)
      if (worker === undefined) return
      workers.push(worker)
      // While one batch is on its way the other is read.
      queues.push(feed(worker), feed(worker))
    }
  }

  async function feed(worker: DigestWorker): Promise<void> {
    for (let range = take(FILES_PER_MESSAGE); range !== undefined; range = take(FILES_PER_MESSAGE)) {
      try {
        onAnswer(range.first, await worker.read(makeBatch(range.first, range.end, fileAt)))
      } catch (error) {
        if (error instanceof WorkerLost) givenBack.push(range)
        else failure = { error }
        return
      }
    }
  }
}

function makeBatch(first: number, end: number, fileAt: (index: number) => FileToRead): ReadBatch {
  const wants = new Uint8Array(end - first)
  const knownSizes = new Float64Array(end - first)
  const filePaths: string[] = []
  const knownSha256: string[] = []
  for (let index = first; index < end; index += 1) {
    const { filePath, wants: wanted, known } = fileAt(index)
    filePaths.push(filePath)
    wants[index - first] = wanted
    knownSizes[index - first] = known?.sizeBytes ?? -1
    knownSha256.push(known?.sha256 ?? '')
  }
  return { filePaths, wants, knownSizes, knownSha256 }
}
