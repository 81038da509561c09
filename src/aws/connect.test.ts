import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { siteFile } from '../../test/fakes/nouns.ts'
import { startEmulator, type Emulator } from '../emulator/index.ts'
import { connectAws } from './connect.ts'

describe('connectAws', () => {
  let dir: string
  let emulator: Emulator
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'freshfront-connect-'))
    emulator = await startEmulator()
    await emulator.s3.createBucket('site')
  })
  afterEach(async () => {
    vi.unstubAllEnvs()
    await emulator.close()
    await rm(dir, { recursive: true })
  })

  it('uploads to the endpoint that the profile names, and sends nothing to AWS', async () => {
    await writeFile(
      join(dir, 'config'),
      `[profile local]\nregion = ${emulator.region}\nendpoint_url = ${emulator.s3Url}\n`,
    )
    vi.stubEnv('AWS_CONFIG_FILE', join(dir, 'config'))
    vi.stubEnv('AWS_PROFILE', 'local')
    for (const name of ['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_S3', 'AWS_REGION']) vi.stubEnv(name, undefined)
    const { bucket, meter } = await connectAws({ bucket: 'site', credentials: emulator.credentials, concurrency: 1 })
    const file = { ...siteFile('index.html', 'hello'), filePath: join(dir, 'index.html') }
    await writeFile(file.filePath, 'hello')
    expect(await bucket.headObject('index.html')).toBeUndefined()
    const { put } = meter.counts()
    await bucket.putFile(file, {})
    // The lean way would have gone to AWS first, and have been counted too.
    expect(meter.counts().put - put).toBe(1)
    expect((await bucket.getDocument('index.html'))?.body).toEqual(new TextEncoder().encode('hello'))
  })
})
