import { describe, expect, it } from 'vitest'
import { FunctionAnswerInvalid, readGeneratedResponse, readRewrittenRequest, toEventRequest } from './function-event.ts'

const HEADERS = { host: 'www.example.com', accept: 'text/html', cookie: 'id=7; lang=de' }

/** What becomes of a request for `/a?x=1&x=2&y` after a function changed these fields of its event. */
function rewrite(changes: object, target: string = '/a?x=1&x=2&y') {
  const event = toEventRequest('GET', target, HEADERS)
  const value = JSON.parse(JSON.stringify({ ...event, ...changes })) as unknown
  return readRewrittenRequest(value, { event, target, headers: HEADERS })
}

describe('readRewrittenRequest', () => {
  it('gives back what the function left alone, to the character', () => {
    expect(rewrite({})).toEqual({ target: '/a?x=1&x=2&y', headers: HEADERS })
    expect(rewrite({ uri: '/b%20c' }, '/a?b&a=%2f')).toEqual({ target: '/b%20c?b&a=%2f', headers: HEADERS })
  })

  it.each([
    [{ x: { value: '3' } }, '/a?x=3'],
    [{ x: { value: '3', multiValue: [{ value: '1' }, { value: '2' }] } }, '/a?x=3&x=2'],
    [{ x: { value: '3', multiValue: [{ value: '4' }, { value: '2' }] } }, '/a?x=4&x=2'],
    [{}, '/a'],
  ])('writes the query string %j as %s', (querystring, target) => {
    expect(rewrite({ querystring }).target).toBe(target)
  })

  it('encodes what cannot stand in a request line', () => {
    expect(rewrite({ uri: '/ä b', querystring: {} }).target).toBe('/%C3%A4%20b')
  })

  it('takes headers and cookies as the function left them, and keeps the read-only ones', () => {
    const headers = { 'x-new': { value: '1' } }
    expect(rewrite({ headers, cookies: {} }).headers).toEqual({ 'x-new': '1', host: 'www.example.com' })
  })

  it.each([
    [{ uri: 'a' }, 'does not begin with a slash'],
    [{ uri: undefined }, 'does not begin with a slash'],
    [{ uri: `/${'a'.repeat(8192)}` }, 'too long'],
    [{ method: 'POST' }, 'read-only'],
    [{ headers: { host: { value: 'other' } } }, 'read-only header host'],
    [{ headers: { 'X-New': { value: '1' } } }, 'lower case'],
    [{ headers: { 'x-amz-cf-id': { value: '1' } } }, 'may not'],
    [{ headers: { 'x-new': '1' } }, 'no value for x-new'],
    [{ querystring: 'x=1' }, 'not an object'],
  ])('refuses %j', (changes, message) => {
    expect(() => rewrite(changes)).toThrow(FunctionAnswerInvalid)
    expect(() => rewrite(changes)).toThrow(message)
  })
})

describe('readGeneratedResponse', () => {
  it('takes a body as text or base64, or none', () => {
    expect(readGeneratedResponse({ statusCode: 200, body: 'ä' }).body?.toString()).toBe('ä')
    expect(
      readGeneratedResponse({ statusCode: 200, body: { encoding: 'base64', data: 'w6Q=' } }).body?.toString(),
    ).toBe('ä')
    expect(readGeneratedResponse({ statusCode: 301, headers: { location: { value: '/b' } } })).toEqual({
      status: 301,
      headers: { location: '/b' },
      body: undefined,
    })
  })

  it.each([[null], [{ statusCode: '200' }], [{ statusCode: 99 }], [{ statusCode: 200, body: { data: 'x' } }]])(
    'refuses %j',
    (value) => {
      expect(() => readGeneratedResponse(value)).toThrow(FunctionAnswerInvalid)
    },
  )
})
