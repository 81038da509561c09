// What the AWS SDK sends its requests with: the same connections that the short way of lean-requests.ts uses.

import { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import { exchange, LONG_WORK_MS, patienceMs, type Connections } from './connections.ts'
import { buildQuery } from './request-path.ts'

/** As far as Freshfront's requests need it. */
export interface SdkRequest {
  readonly method: string
  readonly protocol: string
  readonly hostname: string
  readonly port?: number
  readonly path: string
  readonly query?: Parameters<typeof buildQuery>[0]
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

export interface SdkHandler {
  readonly metadata: { readonly handlerProtocol: string }
  handle(
    request: SdkRequest,
    options?: { readonly abortSignal?: object },
  ): Promise<{ response: { statusCode: number; headers: Record<string, string>; body: Readable } }>
  updateHttpClientConfig(): void
  httpHandlerConfigs(): object
  destroy(): void
}

/** Names that undici refuses, being its own to send; none of them is signed. */
const NOT_OURS = new Set(['expect', 'connection', 'keep-alive', 'transfer-encoding', 'upgrade'])

/**
 * Rejects as the SDK's retries expect it: a lost connection has the code `ECONNRESET`, one that was waited for too long the name
 * `TimeoutError`.
 */
export function undiciHandler(connections: Connections): SdkHandler {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(request, { abortSignal } = {}) {
      const signal = abortSignal instanceof AbortSignal ? abortSignal : undefined
      const { body } = request
      try {
        const asked = {
          origin: originOf(request),
          path: request.path + buildQuery(request.query ?? {}),
          method: request.method as Dispatcher.HttpMethod,
          headers: Object.fromEntries(
            Object.entries(request.headers).filter(([name]) => !NOT_OURS.has(name.toLowerCase())),
          ),
          body: body ?? null,
          ...patienceFor(request),
        }
        const { status: statusCode, headers, body: answered } = await exchange(connections, asked, signal)
        // What reads an answer expects a stream.
        return {
          response: { statusCode, headers: { ...headers }, body: Readable.from(answered, { objectMode: false }) },
        }
      } catch (error) {
        throw inSdkWords(error)
      }
    },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    // The connections outlive each client: several share them.
    destroy: () => undefined,
  }
}

function originOf({ protocol, hostname, port }: SdkRequest): string {
  return `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}`
}

/** A copy, the joining of parts and a bulk delete may take S3 long. */
function patienceFor({
  method,
  headers,
  body,
}: SdkRequest): Pick<Dispatcher.DispatchOptions, 'headersTimeout' | 'bodyTimeout'> {
  const isLong = method === 'POST' || 'x-amz-copy-source' in headers
  const waitMs = patienceMs(body === undefined ? 0 : Buffer.byteLength(body))
  return isLong ? { headersTimeout: LONG_WORK_MS, bodyTimeout: LONG_WORK_MS } : { headersTimeout: waitMs }
}

/** @see undici, "Errors" */
function inSdkWords(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error
  // An answer that ends in its middle.
  if (String(error.code).startsWith('HPE_')) return Object.assign(error, { code: 'ECONNRESET' })
  switch (error.code) {
    case 'UND_ERR_SOCKET':
    case 'UND_ERR_CLOSED':
    case 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH':
      return Object.assign(error, { code: 'ECONNRESET' })
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
      return Object.assign(error, { name: 'TimeoutError' })
    default:
      return error
  }
}
