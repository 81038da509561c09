// Is what an edge answered what it should be? Pure: compares, asks nobody.

import { etagsMatchWeakly } from '../http/etag.ts'
import type { ExpectedAnswer, ObjectMetadata } from '../model.ts'
import type { ViewerAnswer } from '../ports.ts'

export type Verdict =
  | { readonly kind: 'fresh' }
  | { readonly kind: 'stale' | 'changed at edge'; readonly expected: string; readonly got: string }
  | { readonly kind: 'made at the edge' | 'no answer'; readonly why: string }

/** Headers that S3 replays as they are stored. Content-Encoding is not among them: the edge compresses. */
const STORED_HEADERS = [
  ['Content-Type', 'contentType'],
  ['Cache-Control', 'cacheControl'],
  ['Content-Disposition', 'contentDisposition'],
  ['Content-Language', 'contentLanguage'],
  ['Expires', 'expires'],
] as const satisfies readonly (readonly [string, keyof ObjectMetadata])[]

/** @param isWhole whether the body was asked for: the answer to a HEAD has none to compare */
export function judgeAnswer(expect: ExpectedAnswer, answer: ViewerAnswer, isWhole: boolean): Verdict {
  const byItself = madeAtEdge(answer)
  if (byItself !== undefined) return { kind: 'made at the edge', why: byItself }
  if (answer.status >= 500) return { kind: 'no answer', why: `it answers ${answer.status}` }
  if (expect.kind === 'gone') {
    const isStill = answer.status === 200 && answer.sha256 === expect.sha256
    return isStill
      ? { kind: 'stale', expected: 'no longer there', got: describeBody(answer, isWhole) }
      : { kind: 'fresh' }
  }
  const hasBytes = isWhole ? answer.sha256 === expect.sha256 : hasLength(answer, expect.sizeBytes)
  if (answer.status !== 200 || !hasBytes) {
    return { kind: 'stale', expected: describeExpected(expect, isWhole), got: describeBody(answer, isWhole) }
  }
  const { etag } = answer.headers
  if (expect.etag !== undefined && etag !== undefined && !etagsMatchWeakly(etag, expect.etag)) {
    return { kind: 'stale', expected: `ETag: ${expect.etag}`, got: `ETag: ${etag}${describeAge(answer)}` }
  }
  return judgeHeaders(expect.metadata, answer, expect.headersMayDiffer)
}

function judgeHeaders(metadata: ObjectMetadata, answer: ViewerAnswer, mayDiffer: boolean): Verdict {
  const wrong = STORED_HEADERS.filter(([name, field]) => {
    const got = answer.headers[name.toLowerCase()]
    // What was not stored may have been before, or a policy adds it.
    return metadata[field] === undefined ? got !== undefined && !mayDiffer : !isSameValue(got, metadata[field])
  })
  if (wrong.length === 0) return { kind: 'fresh' }
  const got = wrong.map(([name]) => `${name}: ${answer.headers[name.toLowerCase()] ?? '(none)'}`).join(', ')
  return {
    kind: mayDiffer ? 'changed at edge' : 'stale',
    expected: wrong.map(([name, field]) => `${name}: ${metadata[field] ?? '(none)'}`).join(', '),
    got: mayDiffer ? got : `${got}${describeAge(answer)}`,
  }
}

function isSameValue(got: string | undefined, stored: string): boolean {
  if (got === undefined) return false
  // node:http reads the bytes of a header as Latin-1, where S3 may have sent UTF-8.
  const asUtf8 = Buffer.from(got, 'latin1').toString('utf8')
  return [got, asUtf8].includes(stored.trim()) || isSameDate(got, stored)
}

/** S3 may write a date that it stored in another form. */
function isSameDate(got: string, stored: string): boolean {
  return got.endsWith(' GMT') && Date.parse(got) === Date.parse(stored)
}

/**
 * Why no cache has given the answer; undefined where one has, or the origin.
 * @see CloudFront Developer Guide, "Tutorial: Creating a simple function": X-Cache FunctionGeneratedResponse
 */
function madeAtEdge({ status, headers, xCache = '' }: ViewerAnswer): string | undefined {
  if (/^(?:Function|Lambda)(?:Generated|Execution)/u.test(xCache))
    return `a function at the edge answers it with ${status}`
  if (xCache.startsWith('Redirect from')) return `the edge redirects it to ${headers['location'] ?? 'another URL'}`
  // Errors of S3 keep its name; a firewall, signed URLs and geographic restrictions answer in CloudFront's.
  if ((status === 401 || status === 403) && headers['server'] === 'CloudFront')
    return `the edge refuses it with ${status}`
  return undefined
}

/** A compressed answer has another length. */
function hasLength(answer: ViewerAnswer, sizeBytes: number): boolean {
  const { 'content-length': length, 'content-encoding': encoding } = answer.headers
  return length === undefined || encoding !== undefined || Number(length) === sizeBytes
}

function describeExpected({ sizeBytes, sha256 }: ExpectedAnswer & { kind: 'object' }, isWhole: boolean): string {
  return isWhole ? `200, ${sizeBytes} bytes (${sha256.slice(0, 8)}…)` : `200, ${sizeBytes} bytes`
}

function describeBody(answer: ViewerAnswer, isWhole: boolean): string {
  const { status, sizeBytes, sha256, headers } = answer
  const size = isWhole
    ? `${sizeBytes} bytes (${sha256.slice(0, 8)}…)`
    : `${headers['content-length'] ?? 'unknown'} bytes`
  return `${status}, ${size}${describeAge(answer)}`
}

function describeAge({ xCache, headers }: ViewerAnswer): string {
  const { age } = headers
  return `${xCache === undefined ? '' : `, ${xCache}`}${age === undefined ? '' : `, ${age} s old`}`
}
