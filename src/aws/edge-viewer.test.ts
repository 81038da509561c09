import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import type { ViewerRequest } from '../ports.ts'
import { edgeViewer } from './edge-viewer.ts'

const PAGE = '<h1>Grüße</h1>'.repeat(100)
const sha256 = (body: string | Buffer): string => createHash('sha256').update(body).digest('hex')

let servers: Server[] = []
afterEach(() => {
  for (const server of servers) {
    server.close()
    server.closeAllConnections()
  }
  servers = []
})

/** @returns the server's own address, and what it was asked */
async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.headers.host} ${request.url}`)
    answer(request, response)
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

function get(url: string, changes: Partial<ViewerRequest> = {}): ViewerRequest {
  return { method: 'GET', url, headers: { 'accept-encoding': 'identity' }, decodes: true, ...changes }
}

describe('edgeViewer', () => {
  it('pins a host to an address, and asks there for the host and the path as they are written', async () => {
    const { address, asked } = await serve((_, response) => response.end(PAGE))
    const viewer = edgeViewer()
    await viewer.ask(get("http://www.example.com/a//b/../it's%20~.html", { address }))
    await viewer.ask(get('http://www.example.com:8080/', { address }))
    expect(asked).toEqual(["GET www.example.com /a//b/../it's%20~.html", 'GET www.example.com:8080 /'])
  })

  it('tells status, headers, edge location and the digest of the body', async () => {
    const { address } = await serve((_, response) => {
      response.writeHead(404, { 'X-Cache': 'Error from cloudfront', 'X-Amz-Cf-Pop': 'FRA56-P4', ETag: '"e"' })
      response.end(PAGE)
    })
    expect(await edgeViewer().ask(get('http://www.example.com/', { address }))).toMatchObject({
      status: 404,
      headers: { etag: '"e"' },
      sha256: sha256(PAGE),
      sizeBytes: Buffer.byteLength(PAGE),
      xCache: 'Error from cloudfront',
      pop: 'FRA56-P4',
    })
  })

  it.each([
    ['gzip', gzipSync(PAGE)],
    ['br', brotliCompressSync(PAGE)],
  ])('unpacks %s before it hashes, unless told that it is stored so', async (encoding, packed) => {
    const { address } = await serve((request, response) => {
      response.writeHead(200, { 'Content-Encoding': request.headers['accept-encoding'] })
      response.end(packed)
    })
    const headers = { 'accept-encoding': encoding }
    const viewer = edgeViewer()
    expect((await viewer.ask(get('http://x.test/', { address, headers }))).sha256).toBe(sha256(PAGE))
    expect((await viewer.ask(get('http://x.test/', { address, headers, decodes: false }))).sha256).toBe(sha256(packed))
  })

  it('asks a HEAD for headers alone', async () => {
    const { address } = await serve((_, response) => {
      response.writeHead(200, { 'Content-Length': '5', 'Content-Encoding': 'gzip' })
      response.end()
    })
    const answer = await edgeViewer().ask(get('http://x.test/', { address, method: 'HEAD' }))
    expect([answer.headers['content-length'], answer.sizeBytes]).toEqual(['5', 0])
  })

  it.each<[string, (response: ServerResponse) => void]>([
    [
      'the body breaks off',
      (response) => response.writeHead(200, { 'Content-Length': '9' }).write('<h1>', () => response.destroy()),
    ],
    ['it cannot be unpacked', (response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end('plain')],
    ['nothing comes', () => undefined],
  ])('has no answer when %s', async (_, answer) => {
    const { address } = await serve((_request, response) => answer(response))
    const asked = edgeViewer({ timeoutMs: 200 }).ask(get('http://x.test/a', { address }))
    await expect(asked).rejects.toMatchObject({ code: 'EDGE_NOT_ANSWERING' })
  })

  it('has no answer where nobody listens', async () => {
    const asked = edgeViewer().ask(get('http://x.test/', { address: '127.0.0.1:9' }))
    await expect(asked).rejects.toThrow('http://x.test/ at 127.0.0.1:9 gives no answer: connect ECONNREFUSED')
  })
})
