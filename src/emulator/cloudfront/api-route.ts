// What the operations of the API are made of: a method and a path, and a function from the call to its reply.

import type { HttpResponse } from '../http-message.ts'
import { NO_BODY } from '../http-message.ts'
import type { XmlContent, XmlElement } from '../xml.ts'
import { writeXml } from '../xml.ts'
import { API_NAMESPACE } from './api-error.ts'

export interface Call {
  /** The parts of the path that the route names, in order. */
  readonly ids: readonly string[]
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string>>
  /** Parsed; throws `MissingBody` where there is none. */
  readonly readXml: () => XmlElement
}

export interface Reply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly root?: string
  readonly content?: XmlContent
  /** In place of a document. */
  readonly bytes?: Uint8Array
}

export type Route = readonly [method: string, path: RegExp, operation: (call: Call) => Reply]

/** @param path as the API Reference has it, `{}` for each part that names a resource */
export function route(method: string, path: string, operation: Route[2]): Route {
  return [method, new RegExp(`^/2020-05-31/${path.replaceAll('{}', '([^/]+)')}/?$`), operation]
}

/** For the Location header. */
export function locationOf(path: string): string {
  return `https://cloudfront.amazonaws.com/2020-05-31/${path}`
}

export function writeReply(
  { status = 200, headers = {}, root, content, bytes }: Reply,
  requestId: string,
): HttpResponse {
  const isDocument = root !== undefined && content !== undefined
  return {
    status,
    headers: { 'x-amzn-RequestId': requestId, ...(isDocument ? { 'Content-Type': 'text/xml' } : {}), ...headers },
    body: isDocument ? Buffer.from(writeXml(root, content, API_NAMESPACE)) : (bytes ?? NO_BODY),
  }
}
