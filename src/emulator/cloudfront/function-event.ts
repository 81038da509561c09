// Between HTTP and the event object of CloudFront functions: what a function is told, and what is made of its answer.
// Facts: CloudFront Developer Guide, "CloudFront Functions event structure" and "Restrictions on all edge functions".

import { splitTarget } from './lookup.ts'
import type { Headers } from './ttl.ts'

/** A query string, header or cookie; `multiValue` where the request had several of one name. */
export interface EventField {
  readonly value: string
  readonly multiValue?: readonly { readonly value: string }[]
  /** `Path=/; Secure`, for a response's cookies. */
  readonly attributes?: string
}

export type EventFields = Readonly<Record<string, EventField>>

export interface EventRequest {
  readonly method: string
  readonly uri: string
  readonly querystring: EventFields
  readonly headers: EventFields
  readonly cookies: EventFields
}

/** A viewer request as a function may change it. */
export interface RewrittenRequest {
  /** Path and query. */
  readonly target: string
  readonly headers: Headers
}

export interface GeneratedResponse {
  readonly status: number
  readonly headers: Headers
  /** Undefined where the function says nothing of a body. */
  readonly body: Buffer | undefined
}

/** The function's answer is none: CloudFront answers 502. */
export class FunctionAnswerInvalid extends Error {}

const MAX_TARGET_CHARACTERS = 8192

/** Developer Guide, "Restrictions on all edge functions", HTTP headers: those a function may not add or change. */
const FORBIDDEN_HEADERS =
  /^(connection|expect|keep-alive|proxy-.*|trailer|upgrade|x-accel-.*|x-amz-cf-.*|x-amzn-.*|x-cache.*|x-edge-.*|x-forwarded-proto|x-real-ip)$/
const READ_ONLY_REQUEST_HEADERS = ['content-length', 'host', 'transfer-encoding', 'via']

export function toEventRequest(method: string, target: string, headers: Headers): EventRequest {
  const { path, query } = splitTarget(target)
  const { cookie, ...others } = headers
  return {
    method,
    uri: path,
    querystring: collect(query === '' ? [] : query.split('&').map(splitPair)),
    headers: Object.fromEntries(Object.entries(others).map(([name, value]) => [name, { value }])),
    cookies: collect((cookie ?? '').split(/;\s*/).filter(Boolean).map(splitPair)),
  }
}

export function toEventResponse(status: number, headers: Headers): object {
  return {
    statusCode: status,
    statusDescription: STATUS_DESCRIPTIONS[status] ?? '',
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), { value }])),
    cookies: {},
  }
}

const STATUS_DESCRIPTIONS: Readonly<Record<number, string>> = {
  200: 'OK',
  206: 'Partial Content',
  301: 'Moved Permanently',
  302: 'Found',
  304: 'Not Modified',
}

/** A viewer-request function returns the request, changed or not, or a response. */
export function isResponse(value: unknown): boolean {
  return isObject(value) && 'statusCode' in value
}

/**
 * The request that goes on to the cache.
 *
 * @param sent what the function was given; what it left alone keeps the viewer's spelling
 * @throws {FunctionAnswerInvalid}
 */
export function readRewrittenRequest(
  value: unknown,
  sent: { readonly event: EventRequest; readonly target: string; readonly headers: Headers },
): RewrittenRequest {
  if (!isObject(value)) throw new FunctionAnswerInvalid('The function returned neither a request nor a response.')
  const { uri } = value
  if (typeof uri !== 'string' || !uri.startsWith('/')) {
    throw new FunctionAnswerInvalid(`The function returned a uri that does not begin with a slash: ${String(uri)}`)
  }
  if (value['method'] !== undefined && value['method'] !== sent.event.method) {
    throw new FunctionAnswerInvalid('The function changed the method, which is read-only.')
  }
  const fields = readFields(value['querystring'], 'querystring')
  const isQueryKept = isSame(fields, sent.event.querystring)
  const query = isQueryKept ? splitTarget(sent.target).query : writePairs(fields, '&', sent.event.querystring)
  const target = encodeUnsafe(query === '' ? uri : `${uri}?${query}`)
  if (target.length >= MAX_TARGET_CHARACTERS) throw new FunctionAnswerInvalid('The function returned too long a URL.')
  const headers = readHeaders(value['headers'], sent.event.headers)
  for (const name of READ_ONLY_REQUEST_HEADERS) {
    const before = sent.headers[name]
    if (headers[name] !== undefined && headers[name] !== before) {
      throw new FunctionAnswerInvalid(`The function changed the read-only header ${name}.`)
    }
    if (before !== undefined) headers[name] = before
  }
  const cookie = writePairs(readFields(value['cookies'], 'cookies'), '; ', sent.event.cookies)
  return { target, headers: cookie === '' ? headers : { ...headers, cookie } }
}

/** @throws {FunctionAnswerInvalid} */
export function readGeneratedResponse(value: unknown, given: EventFields = {}): GeneratedResponse {
  if (!isObject(value)) throw new FunctionAnswerInvalid('The function returned no response.')
  const { statusCode, body } = value
  if (!Number.isInteger(statusCode) || Number(statusCode) < 200 || Number(statusCode) > 599) {
    throw new FunctionAnswerInvalid(`The function returned an invalid statusCode: ${String(statusCode)}`)
  }
  const headers = readHeaders(value['headers'], given)
  const cookies = Object.entries(readFields(value['cookies'], 'cookies')).map(([name, cookie]) =>
    [`${name}=${cookie.value}`, ...(cookie.attributes === undefined ? [] : [cookie.attributes])].join('; '),
  )
  return {
    status: Number(statusCode),
    headers: cookies.length === 0 ? headers : { ...headers, 'set-cookie': cookies.join(', ') },
    body: body === undefined || body === null ? undefined : readBody(body),
  }
}

function readBody(body: unknown): Buffer {
  if (typeof body === 'string') return Buffer.from(body)
  if (!isObject(body) || typeof body['data'] !== 'string' || !['text', 'base64'].includes(String(body['encoding']))) {
    throw new FunctionAnswerInvalid('The function returned a body without data, or in an unknown encoding.')
  }
  return Buffer.from(body['data'], body['encoding'] === 'base64' ? 'base64' : 'utf8')
}

function readHeaders(value: unknown, given: EventFields): Record<string, string> {
  const fields = readFields(value, 'headers')
  const headers: Record<string, string> = {}
  for (const [name, field] of Object.entries(fields)) {
    if (name !== name.toLowerCase()) throw new FunctionAnswerInvalid(`The header name ${name} is not in lower case.`)
    if (FORBIDDEN_HEADERS.test(name) && given[name]?.value !== field.value) {
      throw new FunctionAnswerInvalid(`The function set the header ${name}, which functions may not.`)
    }
    headers[name] = valuesOf(field, given[name]).join(', ')
  }
  return headers
}

function readFields(value: unknown, what: string): EventFields {
  if (value === undefined || value === null) return {}
  if (!isObject(value)) throw new FunctionAnswerInvalid(`The function returned ${what} that are not an object.`)
  for (const [name, field] of Object.entries(value)) {
    const isValid = isObject(field) && (['string', 'number'].includes(typeof field['value']) || 'multiValue' in field)
    if (!isValid) throw new FunctionAnswerInvalid(`The function returned ${what} with no value for ${name}.`)
  }
  return value as EventFields
}

/** A changed `multiValue` counts before `value`; else a changed `value` replaces the first one only. */
function valuesOf(field: EventField, given: EventField | undefined): string[] {
  const { multiValue, value } = field
  if (multiValue === undefined) return [String(value)]
  const values = multiValue.map((one) => String(one.value))
  const isListKept = JSON.stringify(multiValue) === JSON.stringify(given?.multiValue)
  return isListKept && value !== given?.value ? [String(value), ...values.slice(1)] : values
}

function writePairs(fields: EventFields, separator: string, given: EventFields): string {
  return Object.entries(fields)
    .flatMap(([name, field]) => valuesOf(field, given[name]).map((value) => `${name}=${value}`))
    .join(separator)
}

function collect(pairs: readonly (readonly [string, string])[]): EventFields {
  // No prototype: a viewer may well send `?constructor=1`.
  const fields: Record<string, EventField> = Object.create(null) as Record<string, EventField>
  for (const [name, value] of pairs) {
    const before = fields[name]
    fields[name] =
      before === undefined
        ? { value }
        : { value: before.value, multiValue: [...(before.multiValue ?? [{ value: before.value }]), { value }] }
  }
  return fields
}

function splitPair(pair: string): readonly [string, string] {
  const at = pair.indexOf('=')
  return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)]
}

/** What could not stand in a request line: the functions' answers are often decoded by mistake. */
function encodeUnsafe(target: string): string {
  return target.replaceAll(/[^!-~]+/g, (text) =>
    Array.from(Buffer.from(text), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  )
}

function isSame(one: EventFields, other: EventFields): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
