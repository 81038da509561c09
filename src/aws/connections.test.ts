import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { exchange, openConnections, patienceMs } from './connections.ts'
import { undiciHandler, type SdkRequest } from './undici-handler.ts'

const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function listen(server: Server): Promise<number> {
  servers.push(server.listen(0, '127.0.0.1'))
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

const get = (port: number): SdkRequest => ({
  method: 'GET',
  protocol: 'http:',
  hostname: '127.0.0.1',
  port,
  path: '/a',
  query: { list: '', 'odd name': "it's" },
  headers: { Expect: '100-continue' },
})

describe('the connections', () => {
  it('keep their connections for requests that follow each other', async () => {
    let opened = 0
    const port = await listen(
      createServer((_request, response) => response.end('yes')).on('connection', () => opened++),
    )
    const connections = await openConnections(4, {})
    for (let turn = 0; turn < 10; turn += 1) {
      const { status, body } = await exchange(connections, {
        origin: `http://127.0.0.1:${port}`,
        path: '/',
        method: 'GET',
      })
      expect([status, body.toString()]).toEqual([200, 'yes'])
    }
    expect(opened).toBeLessThanOrEqual(2)
  })

  it('go through the proxy that HTTPS_PROXY or HTTP_PROXY names, but never to this machine, nor where NO_PROXY says', async () => {
    const port = await listen(createServer((_request, response) => response.end('yes')))
    const tunnels: string[] = []
    const proxy = createServer().on('connect', (request, socket) => {
      tunnels.push(request.url ?? '')
      const through = connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
        socket.pipe(through).pipe(socket)
      })
    })
    const connections = await openConnections(4, {
      HTTP_PROXY: `http://127.0.0.1:${await listen(proxy)}`,
      NO_PROXY: 'skipped.test',
    })
    await exchange(connections, { origin: 'http://bucket.test:8000', path: '/', method: 'GET' })
    expect(tunnels).toEqual(['bucket.test:8000'])
    await exchange(connections, { origin: `http://127.0.0.1:${port}`, path: '/', method: 'GET' })
    await expect(exchange(connections, { origin: 'http://skipped.test:1', path: '/', method: 'GET' })).rejects.toThrow(
      'ENOTFOUND',
    )
    expect(tunnels).toEqual(['bucket.test:8000'])
  })

  it('send HTTPS directly where only HTTP has a proxy, as curl does', async () => {
    const tunnels: string[] = []
    const proxy = createServer().on('connect', (request, socket) => {
      tunnels.push(request.url ?? '')
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
    })
    const connections = await openConnections(1, { HTTP_PROXY: `http://127.0.0.1:${await listen(proxy)}` })
    const ask = (origin: string): Promise<unknown> => exchange(connections, { origin, path: '/', method: 'GET' })
    await expect(ask('https://bucket.test')).rejects.toThrow('ENOTFOUND')
    await expect(ask('http://bucket.test')).rejects.toThrow('502')
    expect(tunnels).toEqual(['bucket.test:80'])
  })

  it('wait longer for the answer to a body that takes long to send', () => {
    expect(patienceMs(0)).toBe(30_000)
    expect(patienceMs(8 * 1024 * 1024)).toBe(30_000 + 2_097_152)
  })
})

describe('the handler for the SDK', () => {
  it('writes the query as AWS signs it, and leaves out Expect', async () => {
    let asked: unknown
    const port = await listen(
      createServer((request, response) => {
        asked = [request.url, request.headers['expect']]
        response.end('body')
      }),
    )
    const { response } = await undiciHandler(await openConnections(1, {})).handle(get(port), {})
    expect(response.statusCode).toBe(200)
    expect(asked).toEqual(['/a?list=&odd%20name=it%27s', undefined])
  })

  it('calls a connection that is cut ECONNRESET, which the SDK tries again', async () => {
    const port = await listen(createServer((request) => request.socket.destroy()))
    const handler = undiciHandler(await openConnections(1, {}))
    await expect(handler.handle(get(port), {})).rejects.toMatchObject({ code: 'ECONNRESET' })
  })

  it('calls an answer that ends in its middle ECONNRESET too', async () => {
    const port = await listen(
      createServer((_request, response) => {
        response.writeHead(200, { 'content-length': '10' })
        response.write('half')
        setImmediate(() => response.socket?.destroy())
      }),
    )
    const handler = undiciHandler(await openConnections(1, {}))
    await expect(handler.handle(get(port), {})).rejects.toMatchObject({ code: 'ECONNRESET' })
  })

  it('gives up when the caller does', async () => {
    const gone = new AbortController()
    const port = await listen(createServer(() => gone.abort(new Error('enough'))))
    const handler = undiciHandler(await openConnections(1, {}))
    await expect(handler.handle(get(port), { abortSignal: gone.signal })).rejects.toThrow('enough')
  })
})
