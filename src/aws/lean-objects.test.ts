import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startEmulator, type Emulator } from '../emulator/index.ts'
import type { Bucket } from '../ports.ts'
import { connectAws } from './connect.ts'

const CREATED = 'undici:request:create'
/** `GET`, or `SDK GET` for those that the SDK has sent: it numbers its invocations. */
let sent: string[]
const note = (message: unknown): void => {
  const { method, headers } = (message as { request: { method: string; headers: unknown[] } }).request
  sent.push(String(headers).toLowerCase().includes('amz-sdk-invocation-id') ? `SDK ${method}` : method)
}

describe('the short way', () => {
  let emulator: Emulator
  let bucket: Bucket
  const text = (body: string): Uint8Array => new TextEncoder().encode(body)
  beforeEach(async () => {
    emulator = await startEmulator()
    await emulator.s3.createBucket('site')
    const { region, s3Url: endpointUrl, credentials } = emulator
    ;({ bucket } = await connectAws({ bucket: 'site', region, endpointUrl, credentials, concurrency: 4 }))
    sent = []
    subscribe(CREATED, note)
  })
  afterEach(async () => {
    unsubscribe(CREATED, note)
    await emulator.close()
  })

  it('is taken for everything that succeeds', async () => {
    expect(await bucket.getDocument('a')).toBeUndefined()
    const etag = await bucket.putDocument('a', text('one'), 'text/plain', { ifNoneMatch: true })
    expect(await bucket.getDocument('a')).toEqual({ etag, body: Buffer.from('one') })
    expect(await bucket.getDocumentUnless('a', etag)).toBe('not modified')
    expect(await bucket.headObject('a')).toMatchObject({
      key: 'a',
      etag,
      sizeBytes: 3,
      metadata: { contentType: 'text/plain', cacheControl: 'no-store' },
    })
    expect(await bucket.headObject('b')).toBeUndefined()
    for await (const page of bucket.listObjects('')) expect(page.map(({ key }) => key)).toEqual(['a'])
    await bucket.deleteDocument('a', { ifMatch: etag })
    expect(await bucket.deleteObjects(['a', 'b<&>\r', 'c'])).toEqual([])
    expect(sent).toEqual(['GET', 'PUT', 'GET', 'GET', 'HEAD', 'HEAD', 'GET', 'DELETE', 'POST'])
  })

  it('knows a condition that does not hold', async () => {
    await bucket.getDocument('a')
    const etag = await bucket.putDocument('a', text('one'), 'text/plain')
    await expect(bucket.putDocument('a', text('two'), 'text/plain', { ifNoneMatch: true })).rejects.toMatchObject({
      code: 'PRECONDITION_FAILED',
    })
    await expect(bucket.deleteDocument('a', { ifMatch: '"other"' })).rejects.toMatchObject({
      code: 'PRECONDITION_FAILED',
    })
    expect(await bucket.getDocument('a')).toEqual({ etag, body: Buffer.from('one') })
    expect(sent.slice(1)).toEqual(['PUT', 'PUT', 'DELETE', 'HEAD', 'GET'])
  })

  it('writes and deletes keys that a query, a header or XML would break', async () => {
    await bucket.getDocument('a')
    const keys = ['a b+c%20.html', 'ü/?#&=.html', '<x>"\'&amp;\n\t.html', "(!*').html"]
    for (const key of keys) await bucket.putDocument(key, text(key), 'text/plain')
    for (const key of keys) expect((await bucket.getDocument(key))?.body.toString()).toBe(key)
    const listed: string[] = []
    for await (const page of bucket.listObjects('')) listed.push(...page.map(({ key }) => key))
    expect(listed.toSorted()).toEqual(keys.toSorted())
    expect(await bucket.deleteObjects(keys)).toEqual([])
    for await (const page of bucket.listObjects('')) expect(page).toEqual([])
    expect(sent.filter((each) => each.startsWith('SDK'))).toEqual([])
  })

  it('leaves what fails to the SDK, which says why', async () => {
    const { region, s3Url: endpointUrl, credentials } = emulator
    const nowhere = await connectAws({ bucket: 'nowhere', region, endpointUrl, credentials, concurrency: 4 })
    await expect(nowhere.bucket.getDocument('a')).rejects.toMatchObject({ code: 'BUCKET_NOT_FOUND' })
    await expect(nowhere.bucket.putDocument('a', text('one'), 'text/plain')).rejects.toMatchObject({
      code: 'BUCKET_NOT_FOUND',
    })
    expect(sent).toEqual(['GET', 'SDK GET', 'PUT', 'SDK PUT'])
  })
})
