// The way to a proxy. What fails there names the proxy, and fails: undici asks a proxy that cuts the connection again without end.

import { EnvHttpProxyAgent, Pool, type Dispatcher } from 'undici'
import { PROXY_FAILED } from './proxy-failed.ts'

/** Answers of a gateway that may be another one in a moment. */
const PASSING_STATUSES = new Set([429, 500, 502, 503, 504])

/** Goes through the proxies of its options; where one fails, its requests reject with an error with the code `PROXY_FAILED`. */
export function proxyAgent(options: EnvHttpProxyAgent.Options): Dispatcher {
  const { headersTimeout } = options
  return new EnvHttpProxyAgent({
    ...options,
    clientFactory: (url, given) =>
      new ProxyPool(url, { ...given, ...(headersTimeout !== undefined && { headersTimeout }) }),
  })
}

class ProxyPool extends Pool {
  /** Without its user and password. */
  readonly #proxy: string

  constructor(url: URL, options: Pool.Options) {
    super(url, options)
    this.#proxy = url.origin
  }

  // What Pool has beside this takes a callback, which nobody here gives.
  override async connect(options: Dispatcher.ConnectOptions): Promise<never> {
    const tunnel = await super.connect(options).catch((cause: unknown) => {
      throw proxyFailed(`the proxy ${this.#proxy} ${whatItDid(cause)}`, cause, true)
    })
    const { statusCode, socket } = tunnel
    if (statusCode === 200) return tunnel as never
    // Nobody listens to what becomes of it.
    socket.on('error', () => undefined).destroy()
    throw proxyFailed(`the proxy ${this.#proxy} answers ${statusCode}`, undefined, PASSING_STATUSES.has(statusCode))
  }
}

function whatItDid(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  switch (code) {
    case 'ECONNREFUSED':
      return 'is not there (connection refused)'
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'has a host name that is not known (DNS)'
    case 'ECONNRESET':
    case 'UND_ERR_SOCKET':
      return 'cuts the connection'
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'UND_ERR_HEADERS_TIMEOUT':
      return 'gives no answer'
    default:
      return `cannot be used (${code})`
  }
}

/** @param passes whether the SDK shall try again: it looks at the codes of causes too */
function proxyFailed(message: string, cause: unknown, passes: boolean): Error {
  const reason = passes ? Object.assign(new Error(message, { cause }), { code: 'ECONNRESET' }) : cause
  return Object.assign(new Error(message, { cause: reason }), { code: PROXY_FAILED })
}
