// The embedded cloud through the AWS CLI as it is packaged: what works against AWS works here.

import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Emulator, startEmulator } from '../../src/emulator/index.ts'

const run = promisify(execFile)
/** A site that nobody here wrote. */
const swaggerDir = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))

describe('the AWS CLI against the embedded cloud', () => {
  let cloud: Emulator
  let distributionId: string
  let dir: string
  beforeAll(async () => {
    cloud = await startEmulator()
    await cloud.s3.createBucket('site')
    distributionId = cloud.cloudFront.createDistribution({ bucket: 'site', defaultRootObject: 'index.html' }).id
    dir = await mkdtemp(join(tmpdir(), 'freshfront-aws-cli-'))
  })
  afterAll(async () => {
    expect(cloud.faults).toEqual([])
    await cloud.close()
    await rm(dir, { recursive: true, force: true })
  })

  async function aws(...args: string[]): Promise<string> {
    const endpoint = args[0] === 'cloudfront' ? cloud.cloudFrontUrl : cloud.s3Url
    const env = {
      PATH: process.env['PATH'],
      HOME: dir,
      AWS_ACCESS_KEY_ID: cloud.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: cloud.credentials.secretAccessKey,
      AWS_DEFAULT_REGION: cloud.region,
      AWS_PAGER: '',
    }
    const { stdout } = await run('aws', [...args, '--endpoint-url', endpoint, '--output', 'json'], {
      env,
      maxBuffer: 64 * 1024 * 1024,
    })
    return stdout
  }

  it('syncs a site with aws s3 sync, and finds nothing to do the second time', async () => {
    const first = await aws('s3', 'sync', swaggerDir, 's3://site/ui', '--no-progress')
    expect(first.match(/^upload: /gmu)?.length).toBeGreaterThan(15)
    expect(await aws('s3', 'sync', swaggerDir, 's3://site/ui', '--no-progress')).toBe('')
  })

  it('brings every byte back with aws s3 cp, also of a file in parts', async () => {
    const body = Buffer.alloc(20 * 1024 * 1024 + 7, 'freshfront ')
    await writeFile(join(dir, 'up.bin'), body)
    await aws('s3', 'cp', join(dir, 'up.bin'), 's3://site/large.bin', '--no-progress')
    await aws('s3', 'cp', 's3://site/large.bin', join(dir, 'down.bin'), '--no-progress')
    expect((await readFile(join(dir, 'down.bin'))).equals(body)).toBe(true)
    const head = JSON.parse(await aws('s3api', 'head-object', '--bucket', 'site', '--key', 'large.bin')) as {
      ETag: string
    }
    expect(head.ETag).toMatch(/^"[0-9a-f]{32}-3"$/u)
  })

  it('removes with aws s3 sync --delete and aws s3 rm --recursive', async () => {
    await writeFile(join(dir, 'one.txt'), 'one')
    const deleted = await aws('s3', 'sync', dir, 's3://site/ui', '--delete', '--no-progress', '--exclude', '*.bin')
    expect(deleted).toContain('delete: s3://site/ui/index.html')
    await aws('s3', 'rm', 's3://site/', '--recursive')
    expect(await aws('s3', 'ls', 's3://site/')).toBe('')
  })

  it('invalidates with aws cloudfront create-invalidation, waits, and every edge asks again', async () => {
    await writeFile(join(dir, 'page.html'), 'old')
    await aws('s3', 'cp', join(dir, 'page.html'), 's3://site/page.html', '--no-progress')
    const ask = (): Promise<string[]> =>
      Promise.all(cloud.edges.map(async ({ url }) => (await fetch(`${url}/page.html`)).text()))
    expect(await ask()).toEqual(['old', 'old', 'old'])
    await writeFile(join(dir, 'page.html'), 'new')
    await utimes(join(dir, 'page.html'), new Date(), new Date())
    await aws('s3', 'cp', join(dir, 'page.html'), 's3://site/page.html', '--no-progress')
    expect(await ask()).toEqual(['old', 'old', 'old'])

    const created = await aws(
      'cloudfront',
      'create-invalidation',
      '--distribution-id',
      distributionId,
      '--paths',
      '/page.html',
    )
    const { Invalidation } = JSON.parse(created) as { Invalidation: { Id: string; Status: string } }
    expect(Invalidation.Status).toBe('InProgress')
    await aws(
      'cloudfront',
      'wait',
      'invalidation-completed',
      '--distribution-id',
      distributionId,
      '--id',
      Invalidation.Id,
    )
    expect(await ask()).toEqual(['new', 'new', 'new'])
  })

  it('is refused a path with ~, and the whole batch with it', async () => {
    const refused = aws(
      'cloudfront',
      'create-invalidation',
      '--distribution-id',
      distributionId,
      '--paths',
      '/ok',
      '/~user',
    )
    await expect(refused).rejects.toThrow(/InvalidArgument/u)
  })

  it('lists distributions and reads their configuration', async () => {
    const { DistributionList } = JSON.parse(await aws('cloudfront', 'list-distributions')) as {
      DistributionList: { Items: { Id: string }[] }
    }
    expect(DistributionList.Items.map(({ Id }) => Id)).toEqual([distributionId])
    const config = JSON.parse(await aws('cloudfront', 'get-distribution-config', '--id', distributionId)) as {
      DistributionConfig: { DefaultRootObject: string }
    }
    expect(config.DistributionConfig.DefaultRootObject).toBe('index.html')
  })

  it('has filled a bucket that Freshfront takes over: only what it would send with other headers is put again', async () => {
    await aws('s3', 'sync', swaggerDir, 's3://site/taken', '--no-progress')
    const main = join(import.meta.dirname, '../../dist/program/main.js')
    const args = [main, 'deploy', swaggerDir, 's3://site/taken', '--json', '--endpoint-url', cloud.s3Url]
    const env = {
      PATH: process.env['PATH'],
      HOME: dir,
      AWS_ENDPOINT_URL_CLOUDFRONT: cloud.cloudFrontUrl,
      AWS_ACCESS_KEY_ID: cloud.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: cloud.credentials.secretAccessKey,
      AWS_REGION: cloud.region,
    }
    const { stdout } = await run(process.execPath, args, { env, maxBuffer: 64 * 1024 * 1024 })
    const { uploads, removals } = JSON.parse(stdout) as {
      uploads: { key: string; reason: string }[]
      removals: unknown[]
    }
    expect(new Set(uploads.map(({ reason }) => reason))).toEqual(new Set(['headers changed']))
    // The AWS CLI sends no charset, and a source map as text/plain; images are the same.
    expect(uploads.filter(({ key }) => key.endsWith('.png'))).toEqual([])
    expect(removals).toEqual([])
  })
})
