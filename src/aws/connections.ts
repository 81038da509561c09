// The connections that everything goes over, kept open from request to request; through a proxy where the environment names one.

import { readFileSync } from 'node:fs'
import type { Agent, Dispatcher } from 'undici'
import { caBundleNotReadable } from '../errors.ts'

const CONNECT_TIMEOUT_MS = 10_000
/** Without it a server that accepts and never answers is waited for without end. */
const IDLE_TIMEOUT_MS = 30_000
/** A line slower than this, shared by all that is sent at once, is as good as none: undici counts from the first byte that it sends. */
const SLOWEST_BYTES_PER_MS = 4
/** What S3 itself takes long for: copies of up to 5 GB, joining parts, deleting a thousand objects. */
export const LONG_WORK_MS: number = 10 * 60_000

/** What requests go over. */
export type Connections = Pick<Dispatcher, 'dispatch'>

/** @param atOnce requests under way to one host, at most */
export async function openConnections(atOnce: number, env: NodeJS.ProcessEnv): Promise<Connections> {
  const ca = readCaBundle(env)
  const options: Agent.Options = {
    connections: atOnce,
    connect: { timeout: CONNECT_TIMEOUT_MS, ...ca },
    headersTimeout: IDLE_TIMEOUT_MS,
    bodyTimeout: IDLE_TIMEOUT_MS,
    // One request at a time on a connection: an answer that takes long must not hold up others.
    pipelining: 1,
  }
  // The variables that curl and the AWS CLI read, in either case.
  const read = (name: string): string | undefined => env[name.toLowerCase()] || env[name] || undefined
  const httpProxy = read('HTTP_PROXY')
  const httpsProxy = read('HTTPS_PROXY')
  const { default: DirectAgent } = await import('undici/lib/dispatcher/agent.js')
  const direct = new DirectAgent(options)
  if (httpProxy === undefined && httpsProxy === undefined) return direct
  // Not undici itself: of a CommonJS module a bundle's import() knows the default export alone.
  const { proxyAgent } = await import('./proxy-agent.ts')
  // Nobody means a proxy for their own machine, where the embedded cloud is. Go's programs have it so too.
  const noProxy = [read('NO_PROXY'), 'localhost', '127.0.0.1', '[::1]'].filter(Boolean).join(',')
  const proxied = proxyAgent({
    ...options,
    httpProxy: httpProxy ?? '',
    httpsProxy: httpsProxy ?? '',
    noProxy,
    requestTls: ca,
    proxyTls: ca,
  })
  // undici would send HTTPS through the proxy for HTTP where there is no other; curl and the AWS CLI do not.
  const isProxied = (origin: string): boolean => httpsProxy !== undefined || !origin.startsWith('https:')
  return {
    dispatch: (request, handler) => (isProxied(String(request.origin)) ? proxied : direct).dispatch(request, handler),
  }
}

/** The certificates that are trusted instead of Node's own, as the AWS CLI has it. Throws `CA_BUNDLE_NOT_READABLE`. */
function readCaBundle(env: NodeJS.ProcessEnv): { readonly ca?: string } {
  const path = env['AWS_CA_BUNDLE']
  if (!path) return {}
  try {
    return { ca: readFileSync(path, 'utf8') }
  } catch (error) {
    throw caBundleNotReadable(path, { cause: error })
  }
}

export interface HttpAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** Sends one request and reads its answer whole. Rejects with undici's errors. */
export function exchange(
  connections: Connections,
  request: Dispatcher.DispatchOptions,
  signal?: AbortSignal,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    let status = 0
    let headers: HttpAnswer['headers'] = {}
    const pieces: Buffer[] = []
    connections.dispatch(request, {
      onRequestStart(controller) {
        signal?.addEventListener('abort', () => controller.abort(signal.reason as Error), { once: true })
      },
      onResponseStart(_controller, statusCode, answered) {
        status = statusCode
        headers = answered as HttpAnswer['headers']
      },
      onResponseData: (_controller, piece) => void pieces.push(piece),
      onResponseEnd: () => resolve({ status, headers, body: Buffer.concat(pieces) }),
      onResponseError: (_controller, error) => reject(error),
    })
  })
}

/** @returns how long an answer is waited for, counted from when the request begins to be sent */
export function patienceMs(bodyBytes: number): number {
  return IDLE_TIMEOUT_MS + Math.ceil(bodyBytes / SLOWEST_BYTES_PER_MS)
}
