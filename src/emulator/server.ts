// node:http in front of a handler of plain messages: raw target, bodies streamed both ways, 100-continue only when the
// body is wanted, and a fault of the emulator answered as 500 and remembered.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { HttpRequest, HttpResponse } from './http-message.ts'
import { writeXml } from './xml.ts'

/** `reset`: the connection breaks before the request is handled; `reset after`: once it is done, instead of the answer. */
export type Intercepted = HttpResponse | 'reset' | 'reset after' | undefined

export interface ServerOptions {
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  readonly handle: (request: HttpRequest) => Promise<HttpResponse>
  /** Called before each request; what it returns replaces the answer. */
  readonly intercept?: ((request: HttpRequest) => Intercepted | Promise<Intercepted>) | undefined
  /** Told of what should not happen: an exception in a handler, a body that broke off. */
  readonly onFault: (error: unknown) => void
}

export interface RunningServer {
  /** `http://127.0.0.1:9000`, without a slash at the end. */
  readonly url: string
  /** Ends at once, also for clients that keep their connection. */
  close(): Promise<void>
}

/** Longer than any client keeps an idle connection, so that none is closed under a request just being sent. */
const KEEP_ALIVE_MS = 120_000

/** Listens. Rejects when the port is taken. */
export async function serveHttp(options: ServerOptions): Promise<RunningServer> {
  const server = createServer({ joinDuplicateHeaders: true, keepAliveTimeout: KEEP_ALIVE_MS })
  const answer = (message: IncomingMessage, response: ServerResponse, isContinueAsked: boolean) => {
    answerRequest(message, response, isContinueAsked, options).catch((error: unknown) => {
      // A client that hangs up is no fault of the emulator.
      if (!message.destroyed && !response.destroyed) options.onFault(error)
      message.socket.destroy()
    })
  }
  server.on('request', (message, response) => answer(message, response, false))
  server.on('checkContinue', (message, response) => answer(message, response, true))

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, resolve)
  })
  const { address, port } = server.address() as AddressInfo
  return {
    url: `http://${address.includes(':') ? `[${address}]` : address}:${port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)))
        server.closeAllConnections()
      }),
  }
}

async function answerRequest(
  message: IncomingMessage,
  response: ServerResponse,
  isContinueAsked: boolean,
  options: ServerOptions,
): Promise<void> {
  let isContinueSent = false
  const request: HttpRequest = {
    method: message.method ?? 'GET',
    target: message.url ?? '/',
    headers: readHeaders(message),
    body: {
      [Symbol.asyncIterator]() {
        if (isContinueAsked && !isContinueSent) {
          isContinueSent = true
          response.writeContinue()
        }
        return message[Symbol.asyncIterator]()
      },
    },
  }
  const intercepted = await options.intercept?.(request)
  if (intercepted === 'reset') {
    message.socket.resetAndDestroy()
    return
  }
  const answer = typeof intercepted === 'object' ? intercepted : await answerOrFault(request, message, options)
  if (intercepted === 'reset after') {
    message.socket.resetAndDestroy()
    return
  }
  await sendResponse(response, request.method, answer)
}

async function answerOrFault(
  request: HttpRequest,
  message: IncomingMessage,
  options: ServerOptions,
): Promise<HttpResponse> {
  try {
    return await options.handle(request)
  } catch (error) {
    if (message.destroyed && !message.complete) throw error
    options.onFault(error)
    const document = writeXml('Error', {
      Code: 'InternalError',
      Message: 'We encountered an internal error. Please try again.',
    })
    return { status: 500, headers: { 'Content-Type': 'application/xml' }, body: Buffer.from(document) }
  }
}

async function sendResponse(response: ServerResponse, method: string, answer: HttpResponse): Promise<void> {
  const { status, headers, body } = answer
  response.statusCode = status
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, Buffer.from(value).toString('latin1'))
  const hasNoBody = method === 'HEAD' || status === 204 || status === 304
  if (hasNoBody) {
    response.end()
    return
  }
  if (body instanceof Uint8Array) {
    response.setHeader('Content-Length', body.length)
    response.end(body)
    return
  }
  await pipeline(Readable.from(body, { objectMode: false }), response)
}

/** node:http reads header bytes as Latin-1; clients write UTF-8. Bytes that are no UTF-8 stay as they are. */
function readHeaders(message: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(message.headers)) {
    const latin1 = Array.isArray(value) ? value.join(', ') : (value ?? '')
    const utf8 = Buffer.from(latin1, 'latin1').toString('utf8')
    headers[name] = utf8.includes('\ufffd') ? latin1 : utf8
  }
  return headers
}
