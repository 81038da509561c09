// What every S3 operation is given, and the shapes of answer they share.

import type { EmulatorClock } from '../clock.ts'
import type { HttpResponse } from '../http-message.ts'
import { NO_BODY } from '../http-message.ts'
import type { XmlContent, XmlElement } from '../xml.ts'
import { XmlMalformed, parseXml, writeXml } from '../xml.ts'
import type { Caller } from './authenticate.ts'
import { S3Error, requestIdHeaders } from './s3-error.ts'
import type { Bucket, S3Store } from './store.ts'

export interface ServiceRequest extends Caller {
  readonly store: S3Store
  readonly clock: EmulatorClock
  readonly bucketName: string
  /** `''` for an operation on the bucket. */
  readonly key: string
  readonly query: URLSearchParams
}

export interface BucketRequest extends ServiceRequest {
  readonly bucket: Bucket
}

export type ServiceOperation = (request: ServiceRequest) => Promise<HttpResponse>
export type BucketOperation = (request: BucketRequest) => Promise<HttpResponse>

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/'

export function xmlResponse(
  rootName: string,
  content: XmlContent,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse {
  const body = Buffer.from(writeXml(rootName, content, NAMESPACE))
  return { status: 200, headers: { ...commonHeaders(), 'Content-Type': 'application/xml', ...headers }, body }
}

export function emptyResponse(status: number, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  return { status, headers: { ...commonHeaders(), ...headers }, body: NO_BODY }
}

export function commonHeaders(): Record<string, string> {
  return { ...requestIdHeaders(), Server: 'AmazonS3' }
}

/** Parses a request document. Throws `MalformedXML`, also when its root is another. */
export function parseDocument(bytes: Uint8Array, rootName: string): XmlElement {
  try {
    const root = parseXml(Buffer.from(bytes).toString('utf8'))
    if (root.name === rootName) return root
  } catch (error) {
    if (!(error instanceof XmlMalformed)) throw error
  }
  throw new S3Error('MalformedXML')
}

/** A whole number from the query, `fallback` when absent, never above `max`. Throws `InvalidArgument`. */
export function readCount(query: URLSearchParams, name: string, fallback: number, max: number): number {
  const text = query.get(name)
  if (text === null || text === '') return fallback
  if (!/^\d{1,10}$/.test(text) || Number(text) > 2 ** 31 - 1) {
    throw new S3Error('InvalidArgument', `Provided ${name} not an integer or within integer range`, {
      ArgumentName: name,
      ArgumentValue: text,
    })
  }
  return Math.min(Number(text), max)
}

/** S3 keeps times in whole seconds. */
export function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000
}

/** `2026-01-01T00:00:00.000Z`, as in every S3 document. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString()
}
