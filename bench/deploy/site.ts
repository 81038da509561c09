// The site that all tools deploy, the same on every machine for a seed, and what happens to it between deploys.

import { createHash } from 'node:crypto'
import { mkdir, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Scenario } from './options.ts'

export interface BenchSite {
  readonly dir: string
  readonly totalBytes: number
  /** What must be in the bucket after a deploy: MD5 of the bytes by key. */
  readonly md5ByKey: ReadonlyMap<string, string>
  /** Files that the scenario gave other bytes, or another name. */
  readonly changedFiles: number
  /** Puts the folder back to what it was at first. */
  reset(): Promise<void>
  /** Does to the folder what the scenario is about; each builds on those before it. */
  prepare(scenario: Scenario): Promise<void>
}

interface File {
  readonly index: number
  readonly isAsset: boolean
  key: string
  edit: 'none' | 'equal size' | 'longer'
}

const HASHED_TYPES = ['css', 'js', 'svg', 'webp'] as const

/** Nine pages to each fingerprinted asset; bodies of 2 to 20.8 kB, 11.4 kB in the mean. One asset in 50 has the bytes of the one before. */
export async function makeSite(dir: string, fileCount: number, seed: string): Promise<BenchSite> {
  const files = Array.from({ length: fileCount }, (_, index): File => {
    const isAsset = index % 10 === 9
    return { index, isAsset, key: isAsset ? '' : pageKey(index), edit: 'none' }
  })
  const md5ByKey = new Map<string, string>()
  let changedFiles = 0

  const write = async (file: File): Promise<number> => {
    const body = makeBody(file, seed)
    if (file.key === '') file.key = assetKey(file, digest(body.toString('latin1')))
    await mkdir(dirname(join(dir, file.key)), { recursive: true })
    await writeFile(join(dir, file.key), body)
    md5ByKey.set(file.key, createHash('md5').update(body).digest('hex'))
    return body.length
  }
  const move = async (file: File, key: string): Promise<void> => {
    await rename(join(dir, file.key), join(dir, key))
    md5ByKey.set(key, md5ByKey.get(file.key) ?? '')
    md5ByKey.delete(file.key)
    file.key = key
  }

  await rm(dir, { recursive: true, force: true })
  let totalBytes = 0
  for (const file of files) totalBytes += await write(file)
  const firstKeys = files.map(({ key }) => key)
  const some = Math.max(1, Math.round(fileCount / 100))
  const edited = spread(
    files.filter(({ isAsset }) => !isAsset),
    some,
  )
  const renamed = spread(
    files.filter(({ isAsset }) => isAsset),
    some,
  )

  return {
    dir,
    totalBytes,
    md5ByKey,
    get changedFiles() {
      return changedFiles
    },
    async reset() {
      for (const file of files) {
        const key = firstKeys[file.index] ?? file.key
        if (key !== file.key) await move(file, key)
        if (file.edit === 'none') continue
        file.edit = 'none'
        await write(file)
      }
      changedFiles = fileCount
    },
    async prepare(scenario) {
      changedFiles = { first: fileCount, 'no-op': 0, touched: 0, changed: edited.length, renamed: renamed.length }[
        scenario
      ]
      if (scenario === 'touched') {
        const now = new Date()
        for (const { key } of files) await utimes(join(dir, key), now, now)
      }
      if (scenario === 'changed') {
        for (const [index, file] of edited.entries()) {
          // What only looks at sizes misses half of them.
          file.edit = index % 2 === 0 ? 'equal size' : 'longer'
          await write(file)
        }
      }
      if (scenario === 'renamed') {
        for (const file of renamed) await move(file, assetKey(file, digest(`${file.key} renamed`)))
      }
    },
  }
}

function pageKey(index: number): string {
  return `section-${Math.floor(index / 50)}/page-${index}.html`
}

function assetKey({ index }: File, hash: string): string {
  return `assets/chunk-${index}.${hash.slice(0, 10)}.${HASHED_TYPES[Math.floor(index / 10) % HASHED_TYPES.length]}`
}

function makeBody({ index, isAsset, edit }: File, seed: string): Buffer {
  const isDuplicate = isAsset && index % 500 === 499
  const original = isDuplicate ? index - 10 : index
  // 7,919 is prime to 18,801: each size from 2,000 to 20,800 bytes comes up equally often.
  const sizeBytes = 2000 + ((original * 7919) % 18_801)
  const word = digest(`${seed} ${original}`)
  const text = isAsset
    ? `/* ${original} */ ${word.repeat(330)}`.slice(0, sizeBytes)
    : `<!doctype html><title>${index}</title><h1>${index}</h1>${word.repeat(330)}`.slice(0, sizeBytes)
  const edits = { none: text, 'equal size': `${text.slice(0, -7)}edited.`, longer: `${text} edited` }
  return Buffer.from(edits[edit])
}

/** `count` of them at even distances, or all. */
function spread<T>(all: readonly T[], count: number): T[] {
  const step = Math.max(1, all.length / count)
  return Array.from({ length: Math.min(count, all.length) }, (_, i) => all[Math.floor(i * step)]!)
}

function digest(text: string): string {
  return createHash('sha256').update(text, 'latin1').digest('hex')
}
