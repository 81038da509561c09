// The whole program over a real S3 server: Ceph holds the site, the embedded CloudFront takes the invalidations.

import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Emulator, startEmulator } from '../../src/emulator/index.ts'

const run = promisify(execFile)
const main = join(import.meta.dirname, '../../dist/program/main.js')
const swaggerDir = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
const BUCKET = 'deploy-test'

/** As much of `--json` as is looked at here. */
interface Document {
  readonly result: string
  readonly uploads: readonly { readonly key: string; readonly reason: string }[]
  readonly removals: readonly { readonly key: string }[]
  readonly invalidations: readonly { readonly items: readonly { readonly item: string }[]; readonly status: string }[]
}

describe('freshfront deploy over Ceph', () => {
  let cloudFront: Emulator
  let dir: string
  beforeAll(async () => {
    await new S3Client({ forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: BUCKET }))
    const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = process.env
    cloudFront = await startEmulator({ credentials: { accessKeyId, secretAccessKey } })
    cloudFront.cloudFront.createDistribution({ bucket: BUCKET, defaultRootObject: 'index.html' })
    dir = await mkdtemp(join(tmpdir(), 'freshfront-ceph-'))
    await cp(swaggerDir, dir, { recursive: true })
  })
  afterAll(async () => {
    await cloudFront.close()
    await rm(dir, { recursive: true, force: true })
  })

  async function deploy(): Promise<Document> {
    const env = { ...process.env, AWS_ENDPOINT_URL_CLOUDFRONT: cloudFront.cloudFrontUrl }
    const { stdout } = await run(process.execPath, [main, 'deploy', dir, '--bucket', BUCKET, '--json'], {
      env,
      maxBuffer: 64 * 1024 * 1024,
    })
    return JSON.parse(stdout) as Document
  }

  it('uploads all once, then nothing, then only what changed, then removes what is gone', async () => {
    const first = await deploy()
    expect(first.result).toBe('fresh')
    expect(first.uploads.length).toBeGreaterThan(15)

    await utimes(join(dir, 'index.html'), new Date(), new Date())
    expect(await deploy()).toMatchObject({ result: 'nothing to do', uploads: [], removals: [], invalidations: [] })

    await writeFile(join(dir, 'index.html'), '<h1>changed</h1>')
    await rm(join(dir, 'favicon-16x16.png'))
    const third = await deploy()
    expect(third.uploads).toMatchObject([{ key: 'index.html', reason: 'bytes changed' }])
    expect(third.removals).toMatchObject([{ key: 'favicon-16x16.png' }])
    expect(third.invalidations.map(({ status }) => status)).toEqual(['Completed'])
    expect(third.invalidations.flatMap(({ items }) => items.map(({ item }) => item))).toEqual([
      '/',
      '/favicon-16x16.png',
      '/index.html',
    ])
  })
})
