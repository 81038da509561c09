import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, describe, expect, it, vi } from 'vitest'
import type * as DigestWorkerModule from './digest-worker.ts'
import { type DigestWorker, WorkerLost } from './digest-worker.ts'
import { createBatchReader, WANTS, type BatchAnswer } from './read-batch.ts'
import { readFiles, type ReadFilesOptions } from './read-files.ts'

// On a machine with one core no thread is started.
vi.mock('node:os', async (importOriginal) => ({ ...(await importOriginal<object>()), availableParallelism: () => 3 }))

const folder = mkdtempSync(join(tmpdir(), 'read-files-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** 400 files that hold their numbers. */
const filePaths = Array.from({ length: 400 }, (_, index) => join(folder, String(index)))
for (const [index, filePath] of filePaths.entries()) writeFileSync(filePath, String(index))

/** @returns the sizes of all files, in order; each file is answered once */
async function sizesOf(options: Partial<ReadFilesOptions> = {}, known?: string): Promise<number[]> {
  const sizes: number[] = []
  const take = (first: number, answer: BatchAnswer): void => {
    for (const [at, size] of answer.sizes.entries()) {
      expect(sizes[first + at]).toBeUndefined()
      sizes[first + at] = size
    }
  }
  const fileAt = (index: number) => ({
    filePath: filePaths[index] ?? '',
    wants: WANTS.secretSearch,
    known: known === undefined ? undefined : { sizeBytes: 1, sha256: known, md5: '', etag: '' },
  })
  await readFiles(filePaths.length, fileAt, {
    ignore: [],
    signal: undefined,
    onAnswer: take,
    workersFromMs: 0,
    startWorker: () => undefined,
    ...options,
  })
  return sizes
}

const sizes = filePaths.map((_, index) => String(index).length)

/** A thread that is none. */
function pretendWorker(batches: number): DigestWorker {
  const read = createBatchReader([])
  let left = batches
  return {
    read: (batch) => (left-- > 0 ? read(batch) : Promise.reject(new WorkerLost('gone'))),
    end: () => undefined,
  }
}

describe('readFiles', () => {
  it('reads every file once, alone and with others', async () => {
    expect(await sizesOf()).toEqual(sizes)
    expect(await sizesOf({ startWorker: () => pretendWorker(99) })).toEqual(sizes)
  })

  it('reads itself what a thread that is lost was to read', async () => {
    expect(await sizesOf({ startWorker: () => pretendWorker(0) })).toEqual(sizes)
    expect(await sizesOf({ startWorker: () => pretendWorker(1) })).toEqual(sizes)
  })

  it('starts no thread for what is soon done', async () => {
    const startWorker = vi.fn<() => DigestWorker>(() => pretendWorker(99))
    expect(await sizesOf({ startWorker, workersFromMs: 60_000 })).toEqual(sizes)
    expect(startWorker).not.toHaveBeenCalled()
  })

  it('stops when it is aborted, and ends its threads', async () => {
    const stop = new AbortController()
    const end = vi.fn<() => void>()
    const startWorker = (): DigestWorker => {
      stop.abort(new Error('stopped by the user'))
      return { read: () => new Promise(() => undefined), end }
    }
    await expect(sizesOf({ signal: stop.signal, startWorker })).rejects.toThrow('stopped by the user')
    expect(end).toHaveBeenCalled()
  })

  it('reads in a real thread, where the module is JavaScript in a file of its own', async () => {
    const entryPoint = fileURLToPath(new URL('digest-worker.ts', import.meta.url))
    const outfile = join(folder, 'digest-worker.mjs')
    await build({ entryPoints: [entryPoint], outfile, bundle: true, platform: 'node', format: 'esm' })
    const { startDigestWorker } = (await import(outfile)) as typeof DigestWorkerModule
    const worker = startDigestWorker([])
    const read = (...names: string[]): Promise<BatchAnswer> | undefined =>
      worker?.read({
        filePaths: names.map((name) => join(folder, name)),
        wants: new Uint8Array(names.length),
        knownSizes: new Float64Array(names.length).fill(-1),
        knownSha256: names.map(() => ''),
      })
    const [one, two] = await Promise.all([read('12', 'missing'), read('7')])
    expect(one?.md5).toEqual(['c20ad4d76fe97759aa27a0c99bff6710', ''])
    expect(one?.faults).toMatchObject([{ at: 1, code: 'ENOENT' }])
    expect(two?.md5).toEqual(['8f14e45fceea167a5a36dedd4bea2543'])
    const unread = read('1')
    worker?.end()
    await expect(unread).rejects.toThrow('A thread that reads files has ended.')
  })
})
