// The examples that AWS publishes with their signatures: S3 API reference, "Examples: Signature Calculations in AWS
// Signature Version 4", "… Transferring Payload in Multiple Chunks" and "… including trailing headers".

import { describe, expect, it } from 'vitest'
import { BodyRefused } from './body-refused.ts'
import type { HttpRequest } from './http-message.ts'
import { readBody } from './http-message.ts'
import type { SignatureAccepted } from './sigv4.ts'
import { verifySignature } from './sigv4.ts'

const credentials = [
  { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' },
]
const signedMs = Date.UTC(2013, 4, 24)
const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

function verify(request: Partial<HttpRequest> & { target: string }, nowMs = signedMs) {
  const { method = 'GET', target, headers = {}, body = bytesOf('') } = request
  return verifySignature({ method, target, headers, body }, { credentials, service: 's3', nowMs })
}

async function* bytesOf(text: string, pieceBytes = 1000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < text.length; at += pieceBytes) yield Buffer.from(text.slice(at, at + pieceBytes))
}

function authorization(signedHeaders: string, signature: string): string {
  return `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=${signedHeaders},Signature=${signature}`
}

const getObject = {
  target: '/test.txt',
  headers: {
    host: 'examplebucket.s3.amazonaws.com',
    range: 'bytes=0-9',
    'x-amz-date': '20130524T000000Z',
    'x-amz-content-sha256': EMPTY_SHA256,
    authorization: authorization(
      'host;range;x-amz-content-sha256;x-amz-date',
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    ),
  },
}

const presignedGet = {
  target:
    '/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
  headers: { host: 'examplebucket.s3.amazonaws.com' },
}

describe('verifySignature of AWS’s examples', () => {
  it('accepts GET Object', async () => {
    expect(await verify(getObject)).toMatchObject({
      ok: true,
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      region: 'us-east-1',
      presigned: false,
    })
  })

  it('accepts PUT Object, with a $ in its key and a header value', async () => {
    const verdict = await verify({
      method: 'PUT',
      target: '/test%24file.text',
      headers: {
        date: 'Fri, 24 May 2013 00:00:00 GMT',
        host: 'examplebucket.s3.amazonaws.com',
        'x-amz-date': '20130524T000000Z',
        'x-amz-storage-class': 'REDUCED_REDUNDANCY',
        'x-amz-content-sha256': '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
        authorization: authorization(
          'date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class',
          '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
        ),
      },
      body: bytesOf('Welcome to Amazon S3.'),
    })
    expect(verdict.ok && (await readBody(verdict.body)).toString()).toBe('Welcome to Amazon S3.')
  })

  it('accepts GET Bucket Lifecycle, whose query has a name without a value', async () => {
    const headers = {
      ...getObject.headers,
      authorization: authorization(
        'host;x-amz-content-sha256;x-amz-date',
        'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
      ),
    }
    expect(await verify({ target: '/?lifecycle', headers })).toMatchObject({ ok: true })
  })

  it('accepts a presigned GET until it expires', async () => {
    expect(await verify(presignedGet, signedMs + 86_400_000)).toMatchObject({ ok: true, presigned: true })
    expect(await verify(presignedGet, signedMs + 86_400_001)).toMatchObject({
      ok: false,
      code: 'AccessDenied',
      message: 'Request has expired',
    })
  })
})

describe('verifySignature', () => {
  it('refuses a request signed more than 15 minutes ago', async () => {
    expect(await verify(getObject, signedMs + 900_000)).toMatchObject({ ok: true })
    expect(await verify(getObject, signedMs + 900_001)).toMatchObject({
      ok: false,
      code: 'RequestTimeTooSkewed',
      status: 403,
    })
  })

  it('refuses another path, another query and another signed header than was signed', async () => {
    for (const changed of [
      { ...getObject, target: '/test.txT' },
      { ...getObject, target: '/test.txt?acl' },
      { ...getObject, headers: { ...getObject.headers, range: 'bytes=0-10' } },
    ]) {
      expect(await verify(changed)).toMatchObject({ ok: false, code: 'SignatureDoesNotMatch', status: 403 })
    }
  })

  it('refuses an x-amz- header that was added on the way', async () => {
    const headers = { ...getObject.headers, 'x-amz-acl': 'public-read' }
    expect(await verify({ ...getObject, headers })).toMatchObject({ ok: false, code: 'AccessDenied' })
  })

  it('refuses an unknown access key', async () => {
    const headers = {
      ...getObject.headers,
      authorization: getObject.headers.authorization.replace('7EXAMPLE', '8EXAMPLE'),
    }
    expect(await verify({ ...getObject, headers })).toMatchObject({ ok: false, code: 'InvalidAccessKeyId' })
  })

  it('refuses a body that is not the one signed', async () => {
    const verdict = await verify({ ...getObject, body: bytesOf('x') })
    await expect(readBody((verdict as SignatureAccepted).body)).rejects.toMatchObject({
      code: 'XAmzContentSHA256Mismatch',
    })
  })

  it('refuses a request without any signature in the service’s own words', async () => {
    expect(await verify({ target: '/' })).toMatchObject({ ok: false, code: 'AccessDenied', status: 403 })
    const request = { method: 'GET', target: '/', headers: {}, body: bytesOf('') }
    expect(await verifySignature(request, { credentials, service: 'cloudfront', nowMs: 0 })).toMatchObject({
      code: 'MissingAuthenticationToken',
    })
  })
})

const PLAIN_CHUNKS = [
  'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648',
  '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497',
  'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
]
const TRAILER_CHUNKS = [
  'b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2',
  '1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7',
  '2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992',
]

/** 66,560 times `a` in chunks of 64 KiB, as in AWS's example. */
function frame(signatures: readonly string[], trailer = '\r\n'): string {
  const [first = '', second = '', last = ''] = signatures
  return `10000;chunk-signature=${first}\r\n${'a'.repeat(65_536)}\r\n400;chunk-signature=${second}\r\n${'a'.repeat(1024)}\r\n0;chunk-signature=${last}\r\n${trailer}`
}

function chunkedPut(text: string, extra: Readonly<Record<string, string>>, signature: string) {
  const headers: Record<string, string> = {
    host: 's3.amazonaws.com',
    'x-amz-date': '20130524T000000Z',
    'x-amz-storage-class': 'REDUCED_REDUNDANCY',
    'content-encoding': 'aws-chunked',
    'x-amz-decoded-content-length': '66560',
    'content-length': '66824',
    ...extra,
  }
  const signed = Object.keys(headers)
    .filter((name) => name !== 'content-length' || extra['x-amz-trailer'] === undefined)
    .toSorted()
  headers['authorization'] = authorization(signed.join(';'), signature)
  return verify({ method: 'PUT', target: '/examplebucket/chunkObject.txt', headers, body: bytesOf(text) })
}

const putPlain = (text: string) =>
  chunkedPut(
    text,
    { 'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' },
    '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
  )

const putWithTrailer = (text: string) =>
  chunkedPut(
    text,
    { 'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER', 'x-amz-trailer': 'x-amz-checksum-crc32c' },
    '106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e',
  )

const TRAILER =
  'x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n'

describe('verifySignature of aws-chunked bodies', () => {
  it('decodes chunks that are signed one by one', async () => {
    const verdict = (await putPlain(frame(PLAIN_CHUNKS))) as SignatureAccepted
    expect((await readBody(verdict.body)).equals(Buffer.alloc(66_560, 'a'))).toBe(true)
  })

  it('refuses a changed byte in any chunk', async () => {
    const verdict = (await putPlain(frame(PLAIN_CHUNKS).replace(/a\r\n0;/, 'b\r\n0;'))) as SignatureAccepted
    await expect(readBody(verdict.body)).rejects.toMatchObject({ code: 'SignatureDoesNotMatch' })
  })

  it('refuses a body that ends before its last chunk', async () => {
    const verdict = (await putPlain(frame(PLAIN_CHUNKS).slice(0, 66_000))) as SignatureAccepted
    await expect(readBody(verdict.body)).rejects.toMatchObject({ code: 'IncompleteBody' })
  })

  it('hands over a signed trailer', async () => {
    const verdict = (await putWithTrailer(frame(TRAILER_CHUNKS, TRAILER))) as SignatureAccepted
    await readBody(verdict.body)
    expect([...verdict.trailers]).toEqual([['x-amz-checksum-crc32c', 'sOO8/Q==']])
  })

  it('refuses a changed trailer', async () => {
    const verdict = (await putWithTrailer(frame(TRAILER_CHUNKS, TRAILER.replace('sOO8', 'tOO8')))) as SignatureAccepted
    await expect(readBody(verdict.body)).rejects.toThrow(BodyRefused)
  })
})
