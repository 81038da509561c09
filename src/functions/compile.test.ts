import { afterEach, describe, expect, it } from 'vitest'
import { compileFunction, type CompiledFunction, type FunctionResult } from './compile.ts'

const appendIndex = `
function handler(event) {
  var request = event.request
  if (request.uri.endsWith('/')) request.uri += 'index.html'
  else if (!request.uri.includes('.')) request.uri += '/index.html'
  return request
}`

describe('compileFunction', () => {
  let compiled: CompiledFunction | undefined
  afterEach(() => compiled?.dispose())

  async function run(code: string, uri: string, host = 'd1.cloudfront.net'): Promise<FunctionResult> {
    compiled = await compileFunction(code)
    return compiled.run({ uri, host })
  }

  it.each([
    ['/', '/index.html'],
    ['/blog/', '/blog/index.html'],
    ['/blog', '/blog/index.html'],
    ['/style.css', '/style.css'],
  ])('runs the usual index rewrite on %s', async (uri, rewritten) => {
    expect(await run(appendIndex, uri)).toEqual({ kind: 'uri', uri: rewritten })
  })

  it('awaits an async handler, as runtime 2.0 does, and takes imports', async () => {
    const code = `import qs from 'querystring'\nasync function handler({ request }) { await null; return { ...request, uri: '/' + qs.escape('ü') } }`
    expect(await run(code, '/')).toEqual({ kind: 'uri', uri: '/%C3%BC' })
  })

  it('sees the host', async () => {
    const code = `function handler(e) { e.request.uri = '/' + e.request.headers.host.value + e.request.uri; return e.request }`
    expect(await run(code, '/a', 'example.com')).toEqual({ kind: 'uri', uri: '/example.com/a' })
  })

  it('knows a response, such as a redirect, from a request', async () => {
    const code = `const handler = () => ({ statusCode: 301, headers: { location: { value: '/' } } })`
    expect(await run(code, '/a')).toEqual({ kind: 'response' })
  })

  it.each([
    ['throws', `function handler() { throw new Error('no') }`, 'no'],
    ['does not parse', `function handler( {`, 'invalid property name'],
    ['has no handler', `const other = 1`, "'handler' is not defined"],
    ['never ends', `function handler() { for (;;) {} }`, 'it takes too long'],
    ['eats memory', `function handler() { return new ArrayBuffer(2 ** 28) }`, 'out of memory'],
    ['calls itself for ever', `function handler(e) { return handler(e) }`, 'stack overflow'],
    [
      'asks a key value store',
      `import cf from 'cloudfront'\nasync function handler(e) { return cf.kvs().get('x') }`,
      'a key value store is not available here',
    ],
    ['returns nothing', `function handler() {}`, 'it returned nothing'],
    ['reaches for this process', `function handler() { return process.env }`, "'process' is not defined"],
    ['awaits what never comes', `async function handler() { await new Promise(() => {}) }`, 'it did not finish'],
  ])('says so when the code %s, and goes on', async (_, code, why) => {
    const result = await run(code, '/')
    expect(result).toEqual({ kind: 'failed', why: expect.stringContaining(why) })
    expect(compiled?.run({ uri: '/again', host: 'x' }).kind).toBe('failed')
  })

  it('answers the same request alike, whatever was asked before', async () => {
    compiled = await compileFunction(appendIndex)
    for (let round = 0; round < 500; round += 1) compiled.run({ uri: `/${round}/`, host: 'x' })
    expect(compiled.run({ uri: '/a/', host: 'x' })).toEqual({ kind: 'uri', uri: '/a/index.html' })
  })
})
