// A release in shards over a real S3 server, by the program: what it leaves is what one deploy of the whole site leaves.

import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectAws } from '../../src/aws/connect.ts'
import { type Emulator, startEmulator } from '../../src/emulator/index.ts'
import type { Bucket } from '../../src/ports.ts'
import { comparableState } from '../comparable-state.ts'

const main = join(import.meta.dirname, '../../dist/program/main.js')
const swaggerDir = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))

/** As much of `--json` as is looked at here. */
interface Document {
  readonly result?: string
  readonly uploads?: readonly { readonly key: string }[]
  readonly invalidations?: readonly { readonly items: readonly { readonly item: string }[] }[]
  readonly error?: { readonly code: string; readonly message: string }
}

/** A bucket of Ceph behind an embedded CloudFront of its own. */
interface Place {
  readonly bucket: Bucket
  run(...args: readonly string[]): Promise<Document & { readonly exitCode: number }>
  close(): Promise<void>
}

describe('a sharded release over Ceph', () => {
  let dir: string
  let whole: Place
  let sharded: Place
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'freshfront-ceph-'))
    await cp(swaggerDir, dir, { recursive: true })
    whole = await openPlace('whole-test')
    sharded = await openPlace('shards-test')
  })
  afterAll(async () => {
    await Promise.all([whole.close(), sharded.close()])
    await rm(dir, { recursive: true, force: true })
  })

  const shard = (name: string, release: string): ReturnType<Place['run']> =>
    sharded.run(dir, '--shard', name, '--release-name', release)
  const finish = (release: string): ReturnType<Place['run']> => sharded.run('--finish', '--release-name', release)

  async function expectAlike(): Promise<void> {
    expect(await objectsOf(sharded.bucket)).toEqual(await objectsOf(whole.bucket))
    expect(await comparableState(sharded.bucket)).toEqual(await comparableState(whole.bucket))
    expect(await keysOf(sharded.bucket, '.freshfront/')).toEqual(['.freshfront/state.json.gz'])
    expect(await sharded.run(dir)).toMatchObject({ exitCode: 0, result: 'nothing to do' })
  }

  it('leaves what one deploy leaves, one shard run twice and none left out', async () => {
    const together = await whole.run(dir)
    expect(together).toMatchObject({ exitCode: 0, result: 'fresh' })
    expect(await shard('3/3', 'r1')).toMatchObject({ exitCode: 0, result: 'uploaded' })
    expect(await shard('1/3', 'r1')).toMatchObject({ exitCode: 0, result: 'uploaded' })
    expect(await shard('3/3', 'r1')).toMatchObject({ exitCode: 0, result: 'uploaded', uploads: [] })
    expect(await finish('r1')).toMatchObject({
      exitCode: 4,
      error: {
        code: 'SHARDS_MISSING',
        message: 'Release "r1" cannot be finished: there is no record of shard 2/3.',
      },
    })
    expect(await shard('2/3', 'r1')).toMatchObject({ exitCode: 0, result: 'uploaded' })
    const finished = await finish('r1')
    expect(finished).toMatchObject({ exitCode: 0, result: 'fresh' })
    expect(uploadsOf(finished)).toEqual(uploadsOf(together))
    await expectAlike()
  })

  it('refreshes what one deploy refreshes, where files were changed, added and removed', async () => {
    await writeFile(join(dir, 'index.html'), '<link rel="stylesheet" href="new.css"><h1>changed</h1>')
    await writeFile(join(dir, 'new.css'), 'h1 { color: green }')
    await rm(join(dir, 'favicon-16x16.png'))
    const together = await whole.run(dir)
    for (const name of ['2/3', '3/3', '2/3', '1/3']) expect(await shard(name, 'r2')).toMatchObject({ exitCode: 0 })
    const finished = await finish('r2')
    expect(finished).toMatchObject({ exitCode: 0, result: 'fresh' })
    expect(uploadsOf(finished)).toEqual(['index.html', 'new.css'])
    expect(itemsOf(finished)).toEqual(itemsOf(together))
    expect(itemsOf(finished)).toContain('/favicon-16x16.png')
    await expectAlike()
  })
})

async function openPlace(name: string): Promise<Place> {
  await new S3Client({ forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: name }))
  const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = process.env
  const cloudFront: Emulator = await startEmulator({ credentials: { accessKeyId, secretAccessKey } })
  cloudFront.cloudFront.createDistribution({ bucket: name, defaultRootObject: 'index.html' })
  const env = { ...process.env, AWS_ENDPOINT_URL_CLOUDFRONT: cloudFront.cloudFrontUrl }
  return {
    bucket: (await connectAws({ bucket: name, concurrency: 16 })).bucket,
    run: (...args) =>
      new Promise((resolve) => {
        const words = [main, 'deploy', ...args, '--bucket', name, '--json']
        const child = execFile(process.execPath, words, { env, maxBuffer: 64 * 1024 * 1024 }, (_error, stdout) => {
          resolve({ ...(JSON.parse(stdout) as Document), exitCode: child.exitCode ?? -1 })
        })
      }),
    close: () => cloudFront.close(),
  }
}

async function keysOf(bucket: Bucket, prefix: string): Promise<string[]> {
  const keys: string[] = []
  for await (const page of bucket.listObjects(prefix)) keys.push(...page.map(({ key }) => key))
  return keys
}

/** ETag, size and headers of each object of the site. */
async function objectsOf(bucket: Bucket): Promise<Record<string, unknown>> {
  const keys = (await keysOf(bucket, '')).filter((key) => !key.startsWith('.freshfront/'))
  const objects: Record<string, unknown> = {}
  for (const key of keys) {
    const { lastModifiedMs: _, ...object } = (await bucket.headObject(key)) ?? {}
    objects[key] = object
  }
  return objects
}

function uploadsOf({ uploads = [] }: Document): string[] {
  return uploads.map(({ key }) => key).toSorted()
}

function itemsOf({ invalidations = [] }: Document): string[] {
  return invalidations.flatMap(({ items }) => items.map(({ item }) => item)).toSorted()
}
