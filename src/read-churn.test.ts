import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { memoryBucket } from '../test/fakes/memory-bucket.ts'
import { liveObject, siteFile, siteState } from '../test/fakes/nouns.ts'
import type { LiveObject, SiteFile, UploadReason } from './model.ts'
import { type ChurnInput, readChurn } from './read-churn.ts'

const folder = mkdtempSync(join(tmpdir(), 'churn-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface Pages {
  readonly changed: number
  readonly same?: number
  readonly reason?: UploadReason
  readonly live?: (object: LiveObject) => LiveObject
  readonly body?: string
}

async function read({ changed, same = 0, reason = 'bytes changed', live = (one) => one, body }: Pages) {
  const bucket = memoryBucket()
  const asked: string[] = []
  const files: SiteFile[] = []
  for (let number = 0; number < changed + same; number += 1) {
    const key = `${String(number).padStart(3, '0')}.html`
    const filePath = join(folder, key)
    writeFileSync(filePath, '<p>Version 2</p>')
    files.push({ ...siteFile(key), filePath })
    await bucket.putDocument(key, new TextEncoder().encode(body ?? '<p>Version 1</p>'), 'text/html')
  }
  const uploads = files.slice(0, changed).map((file) => {
    const { key, sizeBytes } = file
    return { key, reason, sizeBytes, wave: 1, file, cacheTags: {}, history: [] }
  })
  const objects = files.map((file) => live(liveObject(file)))
  const snapshot = { bucket: 'site', prefix: '', objects, distributions: [], website: undefined }
  const input: ChurnInput = {
    plan: { uploads },
    site: { dir: folder, files, skipped: [], secrets: [] },
    world: { live: snapshot, state: siteState(files) },
  }
  const getDocument: typeof bucket.getDocument = (key) => {
    asked.push(key)
    return bucket.getDocument(key)
  }
  return { input, bucket, asked, churn: await readChurn(input, { getDocument }) }
}

describe('readChurn', () => {
  it('compares twenty pages of many, evenly spread, with what is live', async () => {
    const { churn, asked } = await read({ changed: 100, same: 3 })
    expect(asked.toSorted().slice(0, 3)).toEqual(['000.html', '005.html', '010.html'])
    expect(churn).toMatchObject({ changedPages: 100, ofPages: 103, sampled: 20, explained: 20 })
  })

  it.each<[string, Pages]>([
    ['fewer than ten pages changed', { changed: 9 }],
    ['more pages stay than change', { changed: 10, same: 11 }],
    ['pages are new', { changed: 10, reason: 'new' }],
    ['only headers changed', { changed: 10, reason: 'headers changed' }],
    [
      'the live pages are larger than 1 MiB',
      { changed: 10, live: (object) => ({ ...object, sizeBytes: 2 ** 20 + 1 }) },
    ],
  ])('asks for nothing where %s', async (_, pages) => {
    const { churn, asked } = await read(pages)
    expect([churn, asked]).toEqual([undefined, []])
  })

  it('tells nothing where no page may be read: a plan does not fail because of it', async () => {
    const { input } = await read({ changed: 10 })
    const getDocument = () => Promise.reject(new Error('denied'))
    expect(await readChurn(input, { getDocument })).toBeUndefined()
  })

  it('ends with the run', async () => {
    const { input, bucket } = await read({ changed: 10 })
    const signal = AbortSignal.abort(new Error('interrupted'))
    await expect(readChurn({ ...input, signal }, bucket)).rejects.toThrow('interrupted')
  })
})
