// What must be true after a deploy that ended well, asked of the embedded cloud through the AWS SDK and at its edges, not through our code.

import { GetObjectCommand, ListMultipartUploadsCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3'
import type { Emulator, HttpResponse } from '../../src/emulator/index.ts'
import { type Build, CONTENT_TYPES } from './builds.ts'

const Bucket = 'site'
const STATE_FOLDER = '.freshfront/'
/** What a run that has ended leaves behind only when it owes something. */
const OWED = ['pending.json', 'lock.json']

/** Edge location and URL → what a reader can tell answers apart by. */
export type Answers = ReadonlyMap<string, string>

/** Readers come to every edge location, so that all of it is in the caches. */
export async function readEverywhere({ cloudFront }: Emulator, urls: readonly string[]): Promise<Answers> {
  const answers = new Map<string, string>()
  for (const edge of cloudFront.edges) {
    for (const target of urls) {
      const response = await edge.handle({ method: 'GET', target, headers: { host: '127.0.0.1' }, body: nothing() })
      answers.set(`${edge.pop} ${target}`, await describeAnswer(response))
    }
  }
  return answers
}

/** @returns a sentence for each fact that does not hold; the caches are empty before, and filled from the bucket after */
export async function findViolations(
  emulator: Emulator,
  s3: S3Client,
  build: Build,
  urls: readonly string[],
): Promise<string[]> {
  const answers = await readEverywhere(emulator, urls)
  for (const edge of emulator.cloudFront.edges) edge.evict()
  emulator.cloudFront.regionalCache.evict()
  const truths = await readEverywhere(emulator, urls)
  const stale = [...answers].filter(([url, answer]) => truths.get(url) !== answer)
  const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket }))
  return [
    ...stale.map(([url, answer]) => `stale: ${url} gives ${answer} instead of ${truths.get(url)}`),
    ...Uploads.map(({ Key }) => `a multipart upload of ${Key} was left open`),
    ...(await findBucketDifferences(s3, build)),
    ...emulator.faults.map((fault) => `the emulator failed: ${String(fault)}`),
  ]
}

async function findBucketDifferences(s3: S3Client, build: Build): Promise<string[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }))
  const keys = Contents.map(({ Key = '' }) => Key)
  const found = keys.filter((key) => !key.startsWith(STATE_FOLDER))
  const wanted = Object.keys(build)
  const unequal = await Promise.all(
    found.filter((key) => wanted.includes(key)).map(async (key) => ((await isEqual(s3, key, build[key])) ? [] : [key])),
  )
  return [
    ...OWED.filter((name) => keys.includes(STATE_FOLDER + name)).map((name) => `${name} was left behind`),
    ...wanted.filter((key) => !found.includes(key)).map((key) => `${key} is not in the bucket`),
    ...found.filter((key) => !wanted.includes(key)).map((key) => `${key} is in the bucket, and not in the build`),
    ...unequal.flat().map((key) => `${key} is in the bucket with other bytes or headers`),
  ]
}

async function isEqual(s3: S3Client, Key: string, bytes: Uint8Array = new Uint8Array()): Promise<boolean> {
  const { Body, ContentType, CacheControl, Metadata } = await s3.send(new GetObjectCommand({ Bucket, Key }))
  const stored = (await Body?.transformToByteArray()) ?? new Uint8Array()
  const type = CONTENT_TYPES[Key.split('.').at(-1) ?? '']
  return (
    Buffer.compare(stored, bytes) === 0 &&
    ContentType === type &&
    CacheControl === undefined &&
    Object.keys(Metadata ?? {}).length === 0
  )
}

async function describeAnswer({ status, headers, body }: HttpResponse): Promise<string> {
  const named = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  const chunks: Uint8Array[] = []
  if (body instanceof Uint8Array) chunks.push(body)
  else for await (const chunk of body) chunks.push(chunk)
  const bytes = Buffer.concat(chunks)
  // The ETag beside it tells large bodies apart.
  const shown = bytes.length > 200 ? `${bytes.length} bytes` : bytes.toString('utf8')
  return [status, named['content-type'], named['cache-control'], named['etag'], shown].join(' ')
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
