// The first run on a bucket that another tool has filled: nothing equal is put again, nothing foreign is removed, and since nobody knows
// what the caches hold, they are purged whole, once.

import { PutObjectCommand } from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Cloud, startCloud } from './cloud.ts'
import { connectS3 } from './emulated-s3.ts'

const HTML = 'text/html; charset=utf-8'

describe('a bucket that another tool has filled', () => {
  let cloud: Cloud
  beforeEach(async () => {
    cloud = await startCloud()
    await cloud.write({ 'index.html': 'one', 'about.html': 'about', 'logo.png': 'png', 'new.html': 'new' })
    await put('index.html', 'one', HTML)
    await put('about.html', 'about', 'text/html')
    await put('logo.png', 'png', 'image/png')
    await put('legacy/form.php', 'foreign', 'text/plain')
    // Nobody asked for these, but edges have them.
    for (const path of ['/', '/about.html', '/logo.png', '/legacy/form.php']) await cloud.ask(path)
  })
  afterEach(() => cloud.close())

  async function put(Key: string, Body: string, ContentType: string): Promise<void> {
    const s3 = connectS3(cloud.emulator)
    await s3.send(new PutObjectCommand({ Bucket: 'site', Key, Body, ContentType }))
    s3.destroy()
  }

  it('gets what is missing, or has other headers, and nothing else', async () => {
    const { result, plan } = await cloud.deploy()
    expect(result).toBe('fresh')
    expect(plan.uploads.map(({ key, reason }) => `${key}: ${reason}`).toSorted()).toEqual([
      'about.html: headers changed',
      'new.html: new',
    ])
    expect(plan.unchanged).toBe(2)
    expect(plan.removals).toEqual([])
  })

  it('keeps and names what is foreign', async () => {
    const { plan } = await cloud.deploy()
    expect(plan.foreign).toEqual(['legacy/form.php'])
    expect((await cloud.ask('/legacy/form.php')).map(({ body }) => body)).toEqual(['foreign', 'foreign', 'foreign'])
  })

  it('is purged whole once, and from then on only where something changes', async () => {
    const items = async (): Promise<string[]> =>
      (await cloud.deploy()).invalidations.flatMap((purge) => purge.items.map(({ item }) => item))
    expect(await items()).toEqual(['/*'])
    expect(await items()).toEqual([])
    await cloud.write({ 'about.html': 'new words' })
    expect(await items()).toEqual(['/about.html'])
  })

  it('still is unknown to the caches when every object is as it should be', async () => {
    await cloud.write({ 'new.html': undefined, 'about.html': undefined })
    const { plan, result } = await cloud.deploy()
    expect({ result, uploads: plan.uploads, unchanged: plan.unchanged }).toEqual({
      result: 'fresh',
      uploads: [],
      unchanged: 2,
    })
    expect(plan.invalidations.flatMap((purge) => purge.items.map(({ item }) => item))).toEqual(['/*'])
  })

  it('may hold large files in parts of 8 MiB, as the AWS CLI puts them, and they are known by their ETag', async () => {
    const Body = Buffer.alloc(17 * 1024 * 1024, 'f')
    await cloud.write({ 'film.bin': Body })
    const client = connectS3(cloud.emulator)
    const params = { Bucket: 'site', Key: 'film.bin', Body, ContentType: 'application/octet-stream' }
    await new Upload({ client, partSize: 8 * 1024 * 1024, params }).done()
    client.destroy()
    const { plan } = await cloud.deploy()
    expect(plan.uploads.map(({ key }) => key).toSorted()).toEqual(['about.html', 'new.html'])
  })
})
