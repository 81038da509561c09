import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, it } from 'vitest'

import { announceRunningCloud, findRunningCloud, withdrawRunningCloud, type RunningCloud } from './running-cloud.ts'

let folder: string
let server: Server
let cloud: RunningCloud
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'freshfront-running-'))
  server = createServer((_, response) => response.end())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const s3Url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' }
  cloud = {
    formatVersion: 1,
    pid: process.pid,
    s3Url,
    cloudFrontUrl: s3Url,
    edges: [],
    region: 'us-east-1',
    credentials,
  }
})
afterEach(async () => {
  server.close()
  await rm(folder, { recursive: true })
})

it('a cloud is found while it is announced', async () => {
  const file = join(folder, 'local', 'running.json')
  expect(await findRunningCloud(file)).toBeUndefined()
  await announceRunningCloud(file, cloud)
  expect(await findRunningCloud(file)).toEqual(cloud)
  await withdrawRunningCloud(file)
  expect(await findRunningCloud(file)).toBeUndefined()
})

it('a cloud whose process is gone is none', async () => {
  const file = join(folder, 'running.json')
  // The largest process id of Linux is 4,194,304.
  await announceRunningCloud(file, { ...cloud, pid: 4_194_305 })
  expect(await findRunningCloud(file)).toBeUndefined()
})

it('a cloud that does not answer is none, though a process has its id', async () => {
  const file = join(folder, 'running.json')
  await announceRunningCloud(file, cloud)
  await new Promise((resolve) => server.close(resolve))
  expect(await findRunningCloud(file)).toBeUndefined()
})

it('a file cut off in the middle is none', async () => {
  const file = join(folder, 'running.json')
  await writeFile(file, '{ "formatVersion": 1, "pid"')
  expect(await findRunningCloud(file)).toBeUndefined()
})
