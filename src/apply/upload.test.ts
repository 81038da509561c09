import { describe, expect, it } from 'vitest'
import { fakeClock } from '../../test/fakes/fake-clock.ts'
import { siteFile } from '../../test/fakes/nouns.ts'
import { memoryBucket } from '../../test/fakes/memory-bucket.ts'
import { accessDenied, preconditionFailed, serviceFailed } from '../errors.ts'
import type { PlannedUpload } from '../model.ts'
import type { Bucket } from '../ports.ts'
import { uploadInWaves, type UploadPorts } from './upload.ts'

const upload = (key: string, wave: number): PlannedUpload => {
  const file = siteFile(key)
  return { key, wave, reason: 'new', sizeBytes: file.sizeBytes, file, cacheTags: {}, history: [] }
}

/** Notes the order in which uploads begin and end; those of `failing` fail. */
function noting(failing: readonly string[] = []): { bucket: Bucket; notes: string[] } {
  const notes: string[] = []
  const bucket: Bucket = {
    ...memoryBucket(),
    async putFile(file) {
      notes.push(`begin ${file.key}`)
      await Promise.resolve()
      if (failing.includes(file.key)) throw serviceFailed('S3', 'PutObject', 'InternalError', 'try again')
      notes.push(`end ${file.key}`)
      return file.etag
    },
  }
  return { bucket, notes }
}

/** With a store that never asks to be asked less. */
const over = (bucket: Bucket, slowDowns = (): number => 0): UploadPorts => ({
  bucket,
  clock: fakeClock(),
  meter: { slowDowns },
})

const options = { concurrency: 4, onEvent: () => undefined, signal: undefined }

describe('uploadInWaves', () => {
  it('begins no page before every asset is there', async () => {
    const { bucket, notes } = noting()
    await uploadInWaves(
      [upload('index.html', 3), upload('a.css', 1), upload('b.js', 1), upload('a.html', 2)],
      over(bucket),
      options,
    )
    expect(notes.indexOf('begin a.html')).toBeGreaterThan(notes.indexOf('end b.js'))
    expect(notes.indexOf('begin a.html')).toBeGreaterThan(notes.indexOf('end a.css'))
    expect(notes.slice(-2)).toEqual(['begin index.html', 'end index.html'])
  })

  it('keeps every failure of a wave and begins none of the next', async () => {
    const { bucket, notes } = noting(['a.css', 'b.js'])
    const planned = [upload('a.css', 1), upload('b.js', 1), upload('c.png', 1), upload('index.html', 2)]
    const { uploaded, failures } = await uploadInWaves(planned, over(bucket), options)
    expect(failures.map(({ what }) => what)).toEqual(['upload a.css', 'upload b.js'])
    expect(uploaded.map(({ key }) => key)).toEqual(['c.png'])
    expect(notes).not.toContain('begin index.html')
  })

  it('tries no more files once 20 have failed', async () => {
    const keys = Array.from({ length: 100 }, (_, index) => `${index}.png`)
    const { bucket, notes } = noting(keys)
    await uploadInWaves(
      keys.map((key) => upload(key, 1)),
      over(bucket),
      { ...options, concurrency: 1 },
    )
    expect(notes).toHaveLength(20)
  })

  it('begins no further upload once it is told to stop', async () => {
    const { bucket, notes } = noting()
    const stop = new AbortController()
    const planned = [upload('a.css', 1), upload('b.css', 1), upload('c.css', 1)]
    const onEvent = (): void => stop.abort()
    await uploadInWaves(planned, over(bucket), { concurrency: 1, onEvent, signal: stop.signal })
    expect(notes).toEqual(['begin a.css', 'end a.css'])
  })

  it('begins no further upload once its lock cannot be confirmed', async () => {
    const { bucket, notes } = noting()
    const lost = new AbortController()
    const confirm = async (): Promise<void> => {
      if (notes.length > 0) lost.abort()
      lost.signal.throwIfAborted()
    }
    const planned = [upload('a.css', 1), upload('b.css', 1), upload('index.html', 2)]
    const { failures } = await uploadInWaves(planned, over(bucket), {
      ...options,
      concurrency: 1,
      signal: lost.signal,
      confirm,
    })
    expect([notes, failures]).toEqual([['begin a.css', 'end a.css'], []])
  })

  it.each([
    ['copies bytes that the bucket has already', async (etag: string) => etag, []],
    [
      'sends the bytes after all when somebody else has written to their source',
      async () => Promise.reject(preconditionFailed('old.html')),
      ['begin a.html', 'end a.html'],
    ],
    [
      'sends them when the copy is of other bytes, on a store without conditions',
      async () => '"other"',
      ['begin a.html', 'end a.html'],
    ],
  ])('%s', async (_, copyObject, expected) => {
    const { bucket, notes } = noting()
    const copying: Bucket = { ...bucket, copyObject: (_file, { etag }) => copyObject(etag) }
    const copyOf = { key: 'old.html', etag: '"live"' }
    const { uploaded } = await uploadInWaves([{ ...upload('a.html', 1), copyOf }], over(copying), options)
    expect(notes).toEqual(expected)
    expect(uploaded).toEqual([{ key: 'a.html', etag: expected.length === 0 ? '"live"' : siteFile('a.html').etag }])
  })

  it('begins a wave with its largest files, so that none is left to the end alone', async () => {
    const { bucket, notes } = noting()
    const sized = (key: string, sizeBytes: number): PlannedUpload => ({ ...upload(key, 1), sizeBytes })
    const planned = [sized('a.png', 10), sized('b.png', 4_000_000), sized('film.mp4', 90_000_000), sized('c.png', 500)]
    await uploadInWaves(planned, over(bucket), { ...options, concurrency: 1 })
    // Files in parts go beside the others, one after the other.
    expect(notes.filter((note) => note.startsWith('begin'))).toEqual([
      'begin film.mp4',
      'begin b.png',
      'begin c.png',
      'begin a.png',
    ])
  })

  it('does half as much at once when the store asks to be asked less', async () => {
    let underWay = 0
    let slowDowns = 0
    const seen: number[] = []
    const bucket: Bucket = {
      ...memoryBucket(),
      async putFile(file) {
        seen.push((underWay += 1))
        await Promise.resolve()
        if (seen.length === 8) slowDowns = 1
        underWay -= 1
        return file.etag
      },
    }
    const planned = Array.from({ length: 100 }, (_, index) => upload(`${index}.png`, 1))
    await uploadInWaves(
      planned,
      over(bucket, () => slowDowns),
      { ...options, concurrency: 64 },
    )
    expect(Math.max(...seen)).toBe(8)
    expect(Math.max(...seen.slice(16))).toBe(4)
  })

  it('sends the bytes where S3 denies to read their source, and asks it no second time', async () => {
    const { bucket, notes } = noting()
    let asked = 0
    const copying: Bucket = {
      ...bucket,
      async copyObject() {
        asked += 1
        throw accessDenied('s3:GetObject', 'arn:aws:s3:::site/old.png')
      },
    }
    const copies = ['a.png', 'b.png'].map((key) => ({ ...upload(key, 1), copyOf: { key: 'old.png', etag: '"live"' } }))
    const { failures } = await uploadInWaves(copies, over(copying), { ...options, concurrency: 1 })
    expect([asked, notes, failures]).toEqual([1, ['begin a.png', 'end a.png', 'begin b.png', 'end b.png'], []])
  })

  it('heeds a refusal once, however many uploads were under way', async () => {
    const clock = fakeClock()
    let underWay = 0
    let slowDowns = 0
    const seen: number[] = []
    const bucket: Bucket = {
      ...memoryBucket(),
      async putFile(file) {
        seen.push((underWay += 1))
        if (seen.length === 8) slowDowns = 1
        // Each of them ends a moment after the one before.
        await clock.sleep(2000)
        underWay -= 1
        return file.etag
      },
    }
    const planned = Array.from({ length: 60 }, (_, index) => upload(`${index}.png`, 1))
    const ports = { bucket, clock, meter: { slowDowns: () => slowDowns } }
    await uploadInWaves(planned, ports, { ...options, concurrency: 64 })
    expect(Math.max(...seen.slice(16, 32))).toBeGreaterThanOrEqual(4)
  })
})
