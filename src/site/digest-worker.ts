// A thread that reads files for the scan. This module is both ends: who imports it starts such threads, and each of them runs it.

import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { createBatchReader, type BatchAnswer, type ReadBatch } from './read-batch.ts'

export interface DigestWorker {
  /** @throws {WorkerLost} then somebody else has to read the batch */
  readonly read: (batch: ReadBatch) => Promise<BatchAnswer>
  readonly end: () => void
}

/** The thread could not be started, or has ended before its time. */
export class WorkerLost extends Error {
  override readonly name: string = 'WorkerLost'
}

/** What only our own workers are given. */
interface Task {
  readonly freshfrontReads: true
  readonly ignore: readonly string[]
}

/**
 * @param ignore as of createBatchReader
 * @returns undefined where this module is no file of its own, as in a bundle. One that cannot start, as of TypeScript without a loader, loses
 *   its first batch
 */
export function startDigestWorker(ignore: readonly string[]): DigestWorker | undefined {
  const file: string | undefined = import.meta.url
  if (file === undefined) return undefined
  const task: Task = { freshfrontReads: true, ignore }
  const worker = new Worker(new URL(file), { workerData: task })
  // They are answered in their order.
  const waiting: { resolve: (answer: BatchAnswer) => void; reject: (error: WorkerLost) => void }[] = []
  let lost: WorkerLost | undefined
  const lose = (cause: unknown): void => {
    lost ??= new WorkerLost('A thread that reads files has ended.', { cause })
    for (const { reject } of waiting.splice(0)) reject(lost)
  }
  worker.on('message', (answer: BatchAnswer) => waiting.shift()?.resolve(answer))
  worker.on('error', lose)
  worker.on('messageerror', lose)
  worker.on('exit', lose)
  return {
    read: (batch) =>
      new Promise((resolve, reject) => {
        if (lost !== undefined) return reject(lost)
        waiting.push({ resolve, reject })
        worker.postMessage(batch, [batch.wants.buffer, batch.knownSizes.buffer])
      }),
    end() {
      lose('ended')
      void worker.terminate()
    },
  }
}

function isTask(data: unknown): data is Task {
  return typeof data === 'object' && data !== null && 'freshfrontReads' in data
}

if (!isMainThread && parentPort !== null && isTask(workerData)) {
  const port = parentPort
  const read = createBatchReader(workerData.ignore)
  let before: Promise<void> = Promise.resolve()
  port.on('message', (batch: ReadBatch) => {
    // One after the other: they share the memory they read into.
    before = before.then(async () => {
      const answer = await read(batch)
      port.postMessage(answer, [answer.sizes.buffer, answer.isText.buffer])
    })
  })
}
