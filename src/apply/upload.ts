// Uploads in waves: all of a wave is there before the next begins, and a wave with failures stops those after it. Within a wave the large files
// come first, so that none is left to the end when nothing else is under way.

import { FreshfrontError } from '../errors.ts'
import { isMultipartSize } from '../http/etag.ts'
import type { Failure, Key, ObjectStorage, OnEvent, PlannedUpload, SiteFile } from '../model.ts'
import type { Bucket, Clock, PutOptions, RequestMeter } from '../ports.ts'
import { adaptiveConcurrency, type AdaptiveConcurrency } from './adaptive-concurrency.ts'
import { failureOf } from './failure.ts'

export interface UploadOptions {
  /** Uploads under way at once, at most: how many are best is found out. Files that go up in parts go one after the other beside them. */
  readonly concurrency: number
  readonly acl?: string
  readonly storage?: ObjectStorage
  readonly onEvent: OnEvent
  readonly signal: AbortSignal | undefined
  /** Asked before each upload: rejects, and has aborted the signal, when somebody else may be writing the site now. */
  readonly confirm?: (() => Promise<void>) | undefined
}

export interface UploadPorts {
  readonly bucket: Bucket
  readonly clock: Clock
  readonly meter: Pick<RequestMeter, 'slowDowns'>
}

export interface UploadResult {
  readonly uploaded: readonly { readonly key: Key; readonly etag: string }[]
  /** Every one of the wave that failed, not only the first. */
  readonly failures: readonly Failure[]
}

/** Never rejects for a failed upload; when aborted, no further upload begins and those under way are finished. */
export async function uploadInWaves(
  uploads: readonly PlannedUpload[],
  { bucket, clock, meter }: UploadPorts,
  options: UploadOptions,
): Promise<UploadResult> {
  const uploaded: { key: Key; etag: string }[] = []
  const failures: Failure[] = []
  const putOrCopy = uploader(bucket)
  const uploadOne = async (upload: PlannedUpload): Promise<void> => {
    const { key, sizeBytes } = upload
    const { acl, storage, confirm } = options
    const asked = { ...(acl !== undefined && { acl }), ...(storage !== undefined && { storage }), confirm }
    const etag = await putOrCopy(upload, asked)
    uploaded.push({ key, etag })
    options.onEvent({ kind: 'uploaded', key, sizeBytes, done: uploaded.length, total: uploads.length })
  }
  // Once something is fatal for all, such as expired credentials, trying the rest only repeats it.
  const isOver = (): boolean => failures.length >= MAX_FAILURES || options.signal?.aborted === true
  const tryOne = async (upload: PlannedUpload): Promise<void> => {
    if (isOver() || !(await mayWrite(options))) return
    let isWell = true
    try {
      await uploadOne(upload)
    } catch (error) {
      const failure = failureOf(`upload ${upload.key}`, error)
      failures.push(failure)
      options.onEvent({ kind: 'failed', failure })
      isWell = false
    }
    if (heedRefusals()) return
    if (isWell) pace.finished(upload.sizeBytes, clock.nowMs())
    else pace.refused(clock.nowMs())
  }
  const pace = adaptiveConcurrency(options.concurrency, clock.nowMs())
  let heeded = meter.slowDowns()
  /** A refusal counts once, whoever of those under way ends, or begins, first after it. @returns whether there was one */
  function heedRefusals(): boolean {
    const slowDowns = meter.slowDowns()
    const isRefused = slowDowns > heeded
    heeded = slowDowns
    if (isRefused) pace.refused(clock.nowMs())
    return isRefused
  }
  for (const wave of groupByWave(uploads)) {
    const bySize = wave.toSorted((one, other) => other.sizeBytes - one.sizeBytes)
    const firstSmall = bySize.findIndex(({ sizeBytes }) => !isMultipartSize(sizeBytes))
    const [large, small] = firstSmall < 0 ? [bySize, []] : [bySize.slice(0, firstSmall), bySize.slice(firstSmall)]
    await Promise.all([inTurn(large, tryOne), atPace(small, tryOne, { pace, clock, isOver, heedRefusals })])
    if (failures.length > 0 || options.signal?.aborted === true) break
  }
  return { uploaded, failures }
}

/** @returns puts a file, or has S3 copy its bytes where the plan says so; after S3 has once denied a copy, it puts them all */
function uploader(bucket: Bucket): (upload: PlannedUpload, options: PutOptions) => Promise<string> {
  let deniesCopies = false
  return async (upload, options) => {
    const file = withTags(upload)
    const { copyOf: source } = upload
    if (source === undefined || deniesCopies) return bucket.putFile(file, options)
    try {
      const etag = await bucket.copyObject(file, source, options)
      if (etag === source.etag || etag === `"${file.md5}"`) return etag
    } catch (error) {
      if (!(error instanceof FreshfrontError)) throw error
      // A copy reads its source, which whoever may only write cannot.
      if (error.code === 'ACCESS_DENIED') deniesCopies = true
      else if (error.code !== 'PRECONDITION_FAILED') throw error
    }
    // Somebody has written there since the listing, or the ETag does not tell: Ceph knows no condition here, and under KMS an ETag says
    // nothing of the bytes. Then they are sent after all.
    await options.confirm?.()
    return bucket.putFile(file, options)
  }
}

/** @returns false when aborted; the signal says why */
export async function mayWrite({ signal, confirm }: Pick<UploadOptions, 'signal' | 'confirm'>): Promise<boolean> {
  if (signal?.aborted === true) return false
  return confirm === undefined
    ? true
    : confirm().then(
        () => true,
        () => false,
      )
}

/** The file as it is stored: its tags lie beside its own user metadata. */
function withTags({ file, cacheTags }: PlannedUpload): SiteFile {
  if (Object.keys(cacheTags).length === 0) return file
  return { ...file, metadata: { ...file.metadata, user: { ...file.metadata.user, ...cacheTags } } }
}

async function inTurn<T>(items: readonly T[], task: (item: T) => Promise<void>): Promise<void> {
  for (const item of items) await task(item)
}

interface Beat {
  readonly pace: AdaptiveConcurrency
  readonly clock: Clock
  readonly isOver: () => boolean
  readonly heedRefusals: () => void
}

/** Begins as many as the pace allows at any moment, until it is over. @param task never rejects */
function atPace<T>(
  items: readonly T[],
  task: (item: T) => Promise<void>,
  { pace, clock, isOver, heedRefusals }: Beat,
): Promise<void> {
  let next = 0
  let underWay = 0
  let waits = false
  return new Promise((resolve) => {
    const begin = (): void => {
      heedRefusals()
      while (!waits && !isOver() && next < items.length && underWay < pace.limit()) {
        const delayMs = pace.delayMs(clock.nowMs())
        if (delayMs > 0) {
          waits = true
          void clock.sleep(delayMs).then(() => {
            waits = false
            begin()
          })
          return
        }
        pace.began(clock.nowMs())
        underWay += 1
        void task(items[next++] as T).then(() => {
          underWay -= 1
          begin()
        })
      }
      if ((next === items.length || isOver()) && underWay === 0) resolve()
    }
    begin()
  })
}

/** After this many failed uploads no new one is tried. */
const MAX_FAILURES = 20

function groupByWave(uploads: readonly PlannedUpload[]): PlannedUpload[][] {
  const waves = new Map<number, PlannedUpload[]>()
  for (const upload of uploads) {
    const wave = waves.get(upload.wave)
    if (wave === undefined) waves.set(upload.wave, [upload])
    else wave.push(upload)
  }
  return [...waves].toSorted(([a], [b]) => a - b).map(([, wave]) => wave)
}
