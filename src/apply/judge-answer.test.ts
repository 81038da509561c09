import { describe, expect, it } from 'vitest'
import type { ExpectedAnswer, ObjectMetadata } from '../model.ts'
import type { ViewerAnswer } from '../ports.ts'
import { judgeAnswer } from './judge-answer.ts'

const NEW = 'ab12cd34ef56'
const OLD = '0f0f0f0f0f0f'

function object(metadata: Partial<ObjectMetadata> = {}, headersMayDiffer = false): ExpectedAnswer {
  const stored = { contentType: 'text/html', ...metadata }
  return { kind: 'object', sha256: NEW, sizeBytes: 12, etag: '"e1"', metadata: stored, headersMayDiffer }
}

function answer(changes: Partial<ViewerAnswer> = {}, headers: Record<string, string> = {}): ViewerAnswer {
  return { status: 200, sha256: NEW, sizeBytes: 12, headers: { 'content-type': 'text/html', ...headers }, ...changes }
}

const judge = (expect: ExpectedAnswer, got: ViewerAnswer, isWhole = true): string =>
  judgeAnswer(expect, got, isWhole).kind

describe('judgeAnswer of a page', () => {
  it('is fresh when status, bytes and stored headers are those of the object', () => {
    expect(
      judge(
        object({ cacheControl: 'no-cache' }),
        answer({}, { 'cache-control': 'no-cache', 'x-frame-options': 'DENY' }),
      ),
    ).toBe('fresh')
  })

  it('says what it expected and what came', () => {
    const old = answer({ sha256: OLD, sizeBytes: 9, xCache: 'Hit from cloudfront' }, { age: '34' })
    expect(judgeAnswer(object(), old, true)).toEqual({
      kind: 'stale',
      expected: '200, 12 bytes (ab12cd34…)',
      got: '200, 9 bytes (0f0f0f0f…), Hit from cloudfront, 34 s old',
    })
  })

  it('takes a weak ETag and none for the same, and another one for stale', () => {
    expect(judge(object(), answer({}, { etag: 'W/"e1"' }))).toBe('fresh')
    expect(judge(object(), answer())).toBe('fresh')
    expect(judge(object(), answer({}, { etag: '"e0"' }))).toBe('stale')
  })

  it.each([403, 404, 301, 206])('is stale when a cached %i stands in its place', (status) => {
    expect(judge(object(), answer({ status }, { server: 'AmazonS3' }))).toBe('stale')
  })

  it('compares headers that are stored, also those that no longer are', () => {
    expect(
      judgeAnswer(object({ cacheControl: 'max-age=60' }), answer({}, { 'cache-control': 'max-age=9' }), true),
    ).toEqual({
      kind: 'stale',
      expected: 'Cache-Control: max-age=60',
      got: 'Cache-Control: max-age=9',
    })
    expect(judge(object(), answer({}, { 'content-disposition': 'attachment' }))).toBe('stale')
    expect(judge(object({ contentLanguage: 'de' }), answer())).toBe('stale')
  })

  it('does not take for stale what a response-headers policy makes of headers', () => {
    const expected = object({ cacheControl: 'max-age=60' }, true)
    expect(judge(expected, answer({}, { 'cache-control': 'max-age=9' }))).toBe('changed at edge')
    expect(judge(expected, answer({ sha256: OLD }, { 'cache-control': 'max-age=9' }))).toBe('stale')
    expect(judge(object({}, true), answer({}, { 'cache-control': 'max-age=9' }))).toBe('fresh')
  })

  it('reads UTF-8 in headers, and a date in whatever form it was stored', () => {
    const stored = { contentDisposition: 'inline; filename="é.html"', expires: '2030-01-01T00:00:00Z' }
    const headers = {
      'content-disposition': Buffer.from('inline; filename="é.html"').toString('latin1'),
      expires: 'Tue, 01 Jan 2030 00:00:00 GMT',
    }
    expect(judge(object(stored), answer({}, headers))).toBe('fresh')
  })

  it('compares the length where no body was asked for, but not that of a compressed one', () => {
    const without = answer({ sha256: OLD, sizeBytes: 0 }, { 'content-length': '12' })
    expect(judge(object(), without, false)).toBe('fresh')
    expect(judge(object(), answer({}, { 'content-length': '9' }), false)).toBe('stale')
    expect(judge(object(), answer({}, { 'content-length': '9', 'content-encoding': 'br' }), false)).toBe('fresh')
  })
})

describe('judgeAnswer of a removed page', () => {
  const gone: ExpectedAnswer = { kind: 'gone', sha256: OLD }

  it('is stale only with the bytes that were removed', () => {
    expect(judge(gone, answer({ sha256: OLD }))).toBe('stale')
    expect(judge(gone, answer({ sha256: NEW }))).toBe('fresh')
    expect(judge(gone, answer({ status: 404 }, { server: 'AmazonS3' }))).toBe('fresh')
  })
})

describe('judgeAnswer of what no cache answers', () => {
  it.each<[string, Partial<ViewerAnswer>, Record<string, string>]>([
    ['a function asks for a password', { status: 401, xCache: 'FunctionGeneratedResponse from cloudfront' }, {}],
    ['a Lambda function answers', { status: 200, xCache: 'LambdaGeneratedResponse from cloudfront' }, {}],
    ['the edge redirects to https', { status: 301, xCache: 'Redirect from cloudfront' }, { location: 'https://x/' }],
    ['a firewall refuses', { status: 403, xCache: 'Error from cloudfront' }, { server: 'CloudFront' }],
  ])('cannot tell where %s', (_, changes, headers) => {
    expect(judge(object(), answer(changes, headers))).toBe('made at the edge')
  })

  it('takes a failing edge for no answer', () => {
    expect(judge(object(), answer({ status: 503 }))).toBe('no answer')
  })
})
