// The built program over HTTPS: a store with a certificate that somebody's own authority has issued, reached directly and through a proxy.
// Certificates and key of test/tls were made for this test alone, and are valid for a hundred years.

import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer as createProxy } from 'node:http'
import { connect, type AddressInfo, type Server, type Socket } from 'node:net'
import { createServer as createSecureServer } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startEmulator, type Emulator } from '../src/emulator/index.ts'
import { freshfront, type Ended } from './program.ts'

const fixture = (name: string): string => fileURLToPath(new URL(`tls/${name}`, import.meta.url))
const authority = fixture('ca.pem')

let emulator: Emulator
let securePort: number
let closing: (() => void)[]
/** What arrived at the store, as method and status. */
let log: string[]
beforeEach(async () => {
  log = []
  closing = []
  emulator = await startEmulator({
    requestLog: ({ service, method, status }) => void (service === 's3' && log.push(`${method} ${status}`)),
  })
  for (const bucket of ['my-site', 'my.site']) await emulator.s3.createBucket(bucket)
  const pem = { key: readFileSync(fixture('server-key.pem')), cert: readFileSync(fixture('server.pem')) }
  securePort = await listen(createSecureServer(pem, (socket) => join(socket, Number(new URL(emulator.s3Url).port))))
})
afterEach(async () => {
  for (const close of closing) close()
  await emulator.close()
})

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => sockets.add(socket))
  closing.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** Whoever goes takes the other along. */
function join(socket: Socket, port: number): void {
  const other = connect(port, '127.0.0.1')
  socket.on('error', () => other.destroy()).pipe(other)
  other.on('error', () => socket.destroy()).pipe(socket)
}

function deploy(host: string, env: Record<string, string>, bucket = 'my-site'): Promise<Ended> {
  const { accessKeyId, secretAccessKey } = emulator.credentials
  return freshfront(['deploy', 'public', '--bucket', bucket, '--quiet'], {
    AWS_ENDPOINT_URL_S3: `https://${host}:${securePort}`,
    AWS_ENDPOINT_URL_CLOUDFRONT: emulator.cloudFrontUrl,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_REGION: emulator.region,
    ...env,
  })
}

/** A proxy that takes whatever it is asked for to the store, or does what `answer` does instead. */
async function startProxy(answer?: (socket: Socket) => void): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = []
  const proxy = createProxy().on('connect', ({ url = '' }, stream) => {
    const socket = stream as Socket
    asked.push(url)
    if (answer !== undefined) return answer(socket)
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
    join(socket, securePort)
  })
  return { url: `http://127.0.0.1:${await listen(proxy)}`, asked }
}

describe('a store with a certificate of one’s own authority', () => {
  it.each([
    ['NODE_EXTRA_CA_CERTS', 'my-site', 'the short way'],
    ['AWS_CA_BUNDLE, as the AWS CLI has it,', 'my-site', 'the short way'],
    // With a dot in its name everything goes through the SDK.
    ['NODE_EXTRA_CA_CERTS', 'my.site', 'the SDK'],
    ['AWS_CA_BUNDLE, as the AWS CLI has it,', 'my.site', 'the SDK'],
  ])('is trusted where %s names it: %s by %s', async (variable, bucket) => {
    const { exitCode, stderr } = await deploy('127.0.0.1', { [variable.replace(/,.*$/u, '')]: authority }, bucket)
    expect([exitCode, stderr]).toEqual([0, ''])
    expect(log).toContain('PUT 200')
  })

  it.each(['my-site', 'my.site'])(
    'is not trusted otherwise, which a deploy to %s says, and nothing is sent',
    async (bucket) => {
      const { exitCode, stderr } = await deploy('127.0.0.1', {}, bucket)
      expect([exitCode, log]).toEqual([1, []])
      expect(stderr).toContain(`Cannot reach https://127.0.0.1:${securePort}: its certificate is not trusted`)
      expect(stderr).toContain('Code: ENDPOINT_UNREACHABLE')
    },
  )

  it('is reached through a proxy, and its certificate is looked at all the same', async () => {
    const { url, asked } = await startProxy()
    const trusted = await deploy('s3.test', { HTTPS_PROXY: url, AWS_CA_BUNDLE: authority })
    expect([trusted.exitCode, trusted.stderr, new Set(asked)]).toEqual([0, '', new Set([`s3.test:${securePort}`])])
    expect(log).toContain('PUT 200')
    log.length = 0
    const { exitCode, stderr } = await deploy('s3.test', { HTTPS_PROXY: url })
    expect([exitCode, log]).toEqual([1, []])
    expect(stderr).toContain('its certificate is not trusted')
  })

  it('is not asked where AWS_CA_BUNDLE names no file', async () => {
    const { exitCode, stderr } = await deploy('127.0.0.1', { AWS_CA_BUNDLE: fixture('nothing.pem') })
    expect([exitCode, log]).toEqual([2, []])
    expect(stderr).toContain('Code: CA_BUNDLE_NOT_READABLE')
  })
})

describe('a proxy that does not let a deploy through', () => {
  it.each([
    ['cuts the connection', (socket: Socket) => socket.destroy(), 'cuts the connection'],
    ['refuses', (socket: Socket) => socket.end('HTTP/1.1 403 Forbidden\r\n\r\n'), 'answers 403'],
  ])('is named when it %s, and not asked for ever', async (_, answer, words) => {
    const { url, asked } = await startProxy((socket) => void answer(socket))
    const secret = url.replace('http://', 'http://user:secret@')
    const { exitCode, stderr } = await deploy('s3.test', { HTTPS_PROXY: secret })
    expect(exitCode).toBe(1)
    expect(stderr).toContain(`Cannot reach https://s3.test:${securePort}: the proxy ${url} ${words}.`)
    expect(stderr).not.toContain('secret')
    expect(asked.length).toBeLessThan(40)
  })

  it('is named when nothing listens there', async () => {
    const { exitCode, stderr } = await deploy('s3.test', { HTTPS_PROXY: 'http://127.0.0.1:9' })
    expect(exitCode).toBe(1)
    expect(stderr).toContain('the proxy http://127.0.0.1:9 is not there (connection refused)')
  })
})
