// The embedded cloud as a process: what a restart finds again, what is counted, how it fails and how it ends.

import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreateMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { HttpRequest, Intercepted } from '../src/emulator/index.ts'
import { startEmulator } from '../src/emulator/index.ts'
import { Bucket, connectS3, startEmulatedS3 } from './emulated-s3.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emulator-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('a folder', () => {
  it('keeps buckets, objects and unfinished uploads over a restart', async () => {
    const before = await startEmulatedS3({ storage: { folder } })
    await before.put('../outside/😀', 'kept', { ContentType: 'text/html', Metadata: { a: 'b' } })
    await before.put('large', Buffer.alloc(1_000_000, 'x'))
    const { UploadId } = await before.client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'parts' }))
    const target = { Bucket, Key: 'parts', UploadId }
    const { ETag } = await before.client.send(new UploadPartCommand({ ...target, PartNumber: 1, Body: 'part' }))
    await before.close()

    const after = await startEmulatedS3({ storage: { folder } })
    expect(await after.read('../outside/😀')).toBe('kept')
    expect(await after.read('large')).toHaveLength(1_000_000)
    const head = await after.client.send(new HeadObjectCommand({ Bucket, Key: '../outside/😀' }))
    expect(head).toMatchObject({ ContentType: 'text/html', Metadata: { a: 'b' } })
    const parts = { MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } }
    await after.client.send(new CompleteMultipartUploadCommand({ ...target, ...parts }))
    expect(await after.read('parts')).toBe('part')
    await after.close()
  })

  it('holds one body per object, whatever was overwritten, refused or deleted', async () => {
    const s3 = await startEmulatedS3({ storage: { folder } })
    for (const body of ['one', 'two', 'three']) await s3.put('key', body)
    await expect(s3.put('key', 'four', { IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' })
    await expect(s3.put('key', 'five', { ChecksumCRC32: 'AAAAAA==' })).rejects.toMatchObject({ name: 'BadDigest' })
    expect(await readdir(join(folder, 's3/bodies'))).toHaveLength(1)
    await s3.close()
  })

  it('keeps nothing of an upload that broke off', async () => {
    const s3 = await startEmulatedS3({ storage: { folder } })
    const plain = connectS3(s3.emulator, { requestChecksumCalculation: 'WHEN_REQUIRED' })
    const url = new URL(await getSignedUrl(plain, new PutObjectCommand({ Bucket, Key: 'half' })))
    const upload = request(url, { method: 'PUT', headers: { 'Content-Length': 10 } }).on('error', () =>
      upload.destroy(),
    )
    upload.write('half')
    const bodies = () => readdir(join(folder, 's3/bodies'))
    await vi.waitFor(async () => expect(await bodies()).toHaveLength(1))
    upload.destroy()
    await vi.waitFor(async () => expect(await bodies()).toEqual([]))
    await expect(s3.read('half')).rejects.toMatchObject({ name: 'NoSuchKey' })
    await s3.close()
  })

  it('belongs to one process', async () => {
    await mkdir(join(folder, 's3'))
    await writeFile(join(folder, 's3/process-id'), String(process.ppid))
    await expect(startEmulator({ storage: { folder } })).rejects.toThrow(
      /is in use by the emulator of process \d+\. Stop it first/,
    )
  })

  it('lets a reader finish an object that is overwritten meanwhile', async () => {
    const s3 = await startEmulatedS3({ storage: { folder } })
    await s3.put('key', Buffer.alloc(3_000_000, 'old'))
    const reading = s3.read('key')
    await s3.put('key', 'new')
    expect(['new', 'old'.repeat(1_000_000)]).toContain(await reading)
    await s3.close()
  })
})

describe('startEmulator', () => {
  it('counts requests by operation', async () => {
    const s3 = await startEmulatedS3()
    await s3.put('a')
    await s3.put('b')
    await s3.read('a')
    expect(s3.emulator.requests).toMatchObject({ s3: { PutObject: 2, GetObject: 1 }, cloudFront: {} })
    await s3.close()
  })

  it('tells its log of every request', async () => {
    const log: string[] = []
    const s3 = await startEmulatedS3({
      requestLog: ({ service, method, status }) => log.push(`${service} ${method} ${status}`),
    })
    await s3.put('a')
    await expect(s3.read('b')).rejects.toMatchObject({ name: 'NoSuchKey' })
    expect(log).toEqual(['s3 PUT 200', 's3 GET 404'])
    await s3.close()
  })

  it('answers what an interceptor answers, breaks the connection where it says so', async () => {
    let next: Intercepted
    const intercept = (_: string, { method }: HttpRequest) => (method === 'PUT' ? next : undefined)
    const s3 = await startEmulatedS3({ intercept })
    next = { status: 503, headers: {}, body: Buffer.from('<Error><Code>SlowDown</Code></Error>') }
    await expect(s3.put('a')).rejects.toMatchObject({ name: 'SlowDown' })
    next = 'reset'
    await expect(s3.put('a')).rejects.toMatchObject({ code: 'ECONNRESET' })
    await expect(s3.read('a')).rejects.toMatchObject({ name: 'NoSuchKey' })
    next = 'reset after'
    await expect(s3.put('a')).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(await s3.read('a')).toBe('body')
    expect(s3.emulator.faults).toEqual([])
    await s3.close()
  })

  it('sends 100 Continue to a client that waits with the body', async () => {
    const s3 = await startEmulatedS3()
    const plain = connectS3(s3.emulator, { requestChecksumCalculation: 'WHEN_REQUIRED' })
    const url = new URL(await getSignedUrl(plain, new PutObjectCommand({ Bucket, Key: 'awaited' })))
    const upload = request(url, { method: 'PUT', headers: { 'Content-Length': 5, Expect: '100-continue' } })
    upload.flushHeaders()
    await once(upload, 'continue')
    upload.end('hello')
    await once(upload, 'response')
    expect(await s3.read('awaited')).toBe('hello')
    await s3.close()
  })

  it('sends no 100 Continue for a body that it does not want', async () => {
    const s3 = await startEmulatedS3()
    const { port } = new URL(s3.emulator.s3Url)
    const answer = await new Promise<string>((resolve) => {
      let received = ''
      const socket = connect(Number(port), '127.0.0.1', () => {
        socket.write(
          `PUT /${Bucket}/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n`,
        )
      })
      socket.on('data', (data) => (received += data.toString()))
      socket.on('close', () => resolve(received))
    })
    expect(answer).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/)
    expect(answer).toContain('Connection: close')
    await s3.close()
  })

  it('ends while clients keep their connections', async () => {
    const emulator = await startEmulator()
    const kept = await fetch(emulator.s3Url)
    expect([kept.status, kept.headers.get('connection')]).toEqual([403, 'keep-alive'])
    await emulator.close()
    await expect(fetch(emulator.s3Url)).rejects.toThrow('fetch failed')
  })

  it('takes the ports it is given, and says so when one is taken', async () => {
    const first = await startEmulator()
    const port = Number(new URL(first.s3Url).port)
    await expect(startEmulator({ ports: { s3: port } })).rejects.toThrow('EADDRINUSE')
    await first.close()
    const second = await startEmulator({ ports: { s3: port } })
    expect(second.s3Url).toBe(first.s3Url)
    await second.close()
  })
})
