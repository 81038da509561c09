// The Viewer port: asks an edge location as a browser would, over connections of its own. Bodies are hashed as they come, never held.

import { createHash } from 'node:crypto'
import { Agent as HttpAgent, request as requestHttp, type ClientRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import { isIP } from 'node:net'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { edgeNotAnswering } from '../errors.ts'
import type { Viewer, ViewerAnswer, ViewerRequest } from '../ports.ts'

/** Without a byte for this long, nobody answers. */
const DEFAULT_TIMEOUT_MS = 20_000
/** An edge location has several cache servers behind one address, and a connection reaches one of them. */
const SOCKETS_PER_ADDRESS = 8

export interface EdgeViewerOptions {
  readonly timeoutMs?: number
}

/** Heeds no proxy: what a proxy holds is not what the edge answers. */
export function edgeViewer(options: EdgeViewerOptions = {}): Viewer {
  const agentOptions = { keepAlive: true, maxSockets: SOCKETS_PER_ADDRESS, scheduling: 'fifo' as const }
  const agents = { http: new HttpAgent(agentOptions), https: new HttpsAgent(agentOptions) }
  return {
    async ask(request) {
      try {
        const response = await send(request, agents, options.timeoutMs ?? DEFAULT_TIMEOUT_MS)
        return await measure(response, request)
      } catch (cause) {
        const where = request.address === undefined ? request.url : `${request.url} at ${request.address}`
        throw edgeNotAnswering(where, cause instanceof Error ? cause.message : String(cause), { cause })
      }
    },
  }
}

/** The URL in its parts as it is written; the URL class would normalise the path. */
const URL_PARTS = /^(?<scheme>https?):\/\/(?<host>\[[^\]]+\]|[^:/?]+)(?::(?<port>\d+))?(?<path>\/.*)$/u
const ADDRESS_PARTS = /^(?<host>\[[^\]]+\]|[^:]+)(?::(?<port>\d+))?$/u

function send(
  { url, method, address, headers, signal }: ViewerRequest,
  agents: { readonly http: HttpAgent; readonly https: HttpsAgent },
  timeoutMs: number,
): Promise<IncomingMessage> {
  const { scheme, host = '', port, path } = URL_PARTS.exec(url)?.groups ?? {}
  const pinned = ADDRESS_PARTS.exec(address ?? '')?.groups
  const isSecure = scheme === 'https'
  const name = withoutBrackets(host)
  const options = {
    method,
    path,
    host: withoutBrackets(pinned?.['host'] ?? host),
    port: Number(pinned?.['port'] ?? port ?? (isSecure ? 443 : 80)),
    headers: { host: port === undefined ? host : `${host}:${port}`, ...headers },
    timeout: timeoutMs,
    ...(signal !== undefined && { signal }),
  }
  return new Promise((resolve, reject) => {
    const asked: ClientRequest = isSecure
      ? // An IP address is no name for TLS to ask for. @see RFC 6066, section 3
        requestHttps({ ...options, agent: agents.https, servername: isIP(name) === 0 ? name : '' }, resolve)
      : requestHttp({ ...options, agent: agents.http }, resolve)
    asked.on('timeout', () => asked.destroy(new Error(`nothing came for ${timeoutMs / 1000} s`)))
    asked.on('error', reject)
    asked.end()
  })
}

async function measure(response: IncomingMessage, { decodes, method }: ViewerRequest): Promise<ViewerAnswer> {
  const headers = Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)]))
  const hash = createHash('sha256')
  let sizeBytes = 0
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      sizeBytes += chunk.length
      done()
    },
  })
  const decoder = decodes && method !== 'HEAD' ? createDecoder(headers['content-encoding']) : undefined
  await (decoder === undefined ? pipeline(response, sink) : pipeline(response, decoder, sink))
  const xCache = headers['x-cache']
  const pop = headers['x-amz-cf-pop']
  return {
    status: response.statusCode ?? 0,
    headers,
    sha256: hash.digest('hex'),
    sizeBytes,
    ...(xCache !== undefined && { xCache }),
    ...(pop !== undefined && { pop }),
  }
}

function createDecoder(contentEncoding: string | undefined): NodeJS.ReadWriteStream | undefined {
  switch (contentEncoding?.trim().toLowerCase()) {
    case 'gzip':
      return createGunzip()
    case 'br':
      return createBrotliDecompress()
    case 'deflate':
      return createInflate()
    default:
      return undefined
  }
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/u, '$1')
}
