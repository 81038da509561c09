// One cloud for one edit: a bucket, its distributions, two edge locations, and what readers get there.

import { setImmediate } from 'node:timers/promises'
import { CloudFrontClient, CreateInvalidationCommand } from '@aws-sdk/client-cloudfront'
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import {
  type Emulator,
  type HttpResponse,
  startEmulator,
  turnableClock,
  type TurnableClock,
} from '../../src/emulator/index.ts'
import type { Edit, Site } from './edits.ts'

export const BUCKET = 'site'
/** As long as Freshfront itself waits for a cached error to end. */
const WAIT_MS = 60_000

export interface MeasuredCloud {
  readonly emulator: Emulator
  readonly clock: TurnableClock
  readonly distributionIds: readonly string[]
  put(key: string, body: string, cacheControl: string): Promise<void>
  remove(key: string): Promise<void>
  /** @returns false when CloudFront refuses the batch */
  invalidate(distributionIndex: number, items: readonly string[]): Promise<boolean>
  /** What readers get for each URL at each distribution and edge location; it warms the caches. */
  read(): Promise<Map<string, string>>
  /** Of the questions of `read`, those that an edge's cache would answer. */
  warm(): Set<string>
  /** Until every purge has arrived, and a minute more. */
  wait(): Promise<void>
  close(): Promise<void>
}

/** @param readsTags whether the distributions read cache tags */
export async function startCloud(edit: Edit, readsTags: boolean = false): Promise<MeasuredCloud> {
  const clock = turnableClock(Date.UTC(2026, 10, 23))
  const emulator = await startEmulator({
    clock,
    cloudFront: { seed: 1, pops: ['FRA56-P4', 'NRT57-P2'], purgeMatches: edit.purgeMatches ?? 'rewritten-uri' },
  })
  await emulator.s3.createBucket(BUCKET, {
    publicRead: edit.isWebsite === true,
    listableByCloudFront: true,
    ...(edit.isWebsite === true && { website: { indexDocument: 'index.html', errorDocument: '404.html' } }),
  })
  const tags = readsTags ? { cacheTagHeader: 'x-amz-meta-cache-tag' } : {}
  const made = edit.distributions.map((wanted) =>
    emulator.cloudFront.createDistribution({ ...wanted, ...tags, bucket: BUCKET }),
  )
  const { region, credentials } = emulator
  const s3 = new S3Client({ endpoint: emulator.s3Url, region, credentials, forcePathStyle: true })
  const cloudFront = new CloudFrontClient({ endpoint: emulator.cloudFrontUrl, region, credentials })
  const asked = made.flatMap(({ id, domainName }) =>
    emulator.cloudFront.edges.flatMap((edge) => urlsOf(edit).map((url) => ({ id, domainName, edge, url }))),
  )
  const nameOf = ({ id, edge, url }: (typeof asked)[number]): string => `${id} ${edge.pop} ${url}`

  return {
    emulator,
    clock,
    distributionIds: made.map(({ id }) => id),
    async put(key, body, cacheControl) {
      await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: body, CacheControl: cacheControl }))
    },
    async remove(key) {
      await s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: key }))
    },
    async invalidate(distributionIndex, items) {
      const batch = { CallerReference: 'release-2', Paths: { Quantity: items.length, Items: [...items] } }
      const DistributionId = made[distributionIndex]?.id
      try {
        await cloudFront.send(new CreateInvalidationCommand({ DistributionId, InvalidationBatch: batch }))
        return true
      } catch (error) {
        if (error instanceof Error && error.name === 'InvalidArgument') return false
        throw error
      }
    },
    async read() {
      const answers = new Map<string, string>()
      for (const question of asked) {
        const headers = { host: question.domainName }
        const response = await question.edge.handle({ method: 'GET', target: question.url, headers, body: nothing() })
        answers.set(nameOf(question), await describe(response))
      }
      return answers
    },
    warm: () => new Set(asked.filter(({ id, edge, url }) => edge.peek(id, url)?.isFresh === true).map(nameOf)),
    async wait() {
      clock.advance(WAIT_MS)
      await setImmediate()
    },
    async close() {
      s3.destroy()
      cloudFront.destroy()
      await emulator.close()
    },
  }
}

/** Every URL by which a link or a reader's habit leads to a file of the old or the new release, and one that leads nowhere. */
function urlsOf({ before, after, query, otherUrls = [], onlyUrls }: Edit): readonly string[] {
  if (onlyUrls !== undefined) return onlyUrls
  const urls = new Set(['/', '/missing.html', ...otherUrls])
  for (const name of Object.keys({ ...before, ...after } satisfies Site)) {
    const spelled = encodeURI(`/${name}`)
    urls.add(spelled)
    // S3 takes a plus for a space, so that this is the spelling which leads to the file.
    if (name.includes('+')) urls.add(spelled.replaceAll('+', '%2B'))
    if (spelled.endsWith('/index.html')) {
      const folder = spelled.slice(0, -'index.html'.length)
      urls.add(folder)
      if (folder !== '/') urls.add(folder.slice(0, -1))
    }
  }
  return query === undefined ? [...urls] : [...urls].flatMap((url) => [url, `${url}${query}`])
}

/** What a reader can tell answers apart by, and that does not depend on who uploaded. */
async function describe({ status, headers, body }: HttpResponse): Promise<string> {
  const named = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  const chunks: Uint8Array[] = []
  if (body instanceof Uint8Array) chunks.push(body)
  else for await (const chunk of body) chunks.push(chunk)
  // An error of S3's own carries the ids of the request that it answered.
  const text = Buffer.concat(chunks).toString('utf8')
  const shown = text.replaceAll(/<(RequestId|HostId)>[^<]*<\/\1>|(Request|Host)Id: [^<\n]*/gu, '')
  return JSON.stringify([status, named['cache-control'], named['location'], shown])
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
