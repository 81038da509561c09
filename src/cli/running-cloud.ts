// Which embedded cloud runs in this folder? A file says it, and it is believed only while that process lives and answers.

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

export interface RunningCloud {
  readonly formatVersion: 1
  readonly pid: number
  readonly s3Url: string
  readonly cloudFrontUrl: string
  readonly edges: readonly { readonly pop: string; readonly url: string }[]
  readonly region: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

/** A process that does not answer on loopback within this time does not serve. */
const ANSWER_TIMEOUT_MS = 2_000

/** @returns undefined when none runs, whatever the file says */
export async function findRunningCloud(file: string): Promise<RunningCloud | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  const running = text === undefined ? undefined : parseRunningCloud(text)
  if (running === undefined || !isAlive(running.pid)) return undefined
  // Process ids are used again; an S3 at that URL is not chance.
  const answer = await fetch(running.s3Url, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) }).catch(() => undefined)
  await answer?.body?.cancel()
  return answer === undefined ? undefined : running
}

export async function announceRunningCloud(file: string, cloud: RunningCloud): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, `${JSON.stringify(cloud, null, 2)}\n`, { mode: 0o600 })
}

export async function withdrawRunningCloud(file: string): Promise<void> {
  await rm(file, { force: true })
}

function parseRunningCloud(text: string): RunningCloud | undefined {
  try {
    const parsed = JSON.parse(text) as RunningCloud
    return parsed.formatVersion === 1 && Number.isInteger(parsed.pid) ? parsed : undefined
  } catch {
    // Cut off while it was written: as good as none.
    return undefined
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
