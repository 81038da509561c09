import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FunctionProgram, FunctionSandbox } from './function-sandbox.ts'
import { createFunctionSandbox } from './function-sandbox.ts'

let sandbox: FunctionSandbox

beforeAll(async () => {
  sandbox = await createFunctionSandbox()
})
afterAll(() => sandbox.close())

function run(code: string, changes: Partial<FunctionProgram> = {}) {
  const input = { event: { request: { uri: '/a' } }, nowMs: Date.UTC(2026, 0, 1), rawQueryString: 'x=1&y' }
  return sandbox.run({ code, runtime: 'cloudfront-js-2.0', ...changes }, input)
}

const returning = (expression: string, changes: Partial<FunctionProgram> = {}) =>
  run(`function handler(event) { return ${expression} }`, changes)

describe('the sandbox', () => {
  it('returns what the handler returns, and what it logged', () => {
    const code = `async function handler(event) { console.log('uri', event.request.uri, { a: 1 }); return event.request }`
    expect(run(code)).toMatchObject({ value: { uri: '/a' }, error: undefined, logs: ['uri /a {"a":1}'] })
  })

  it.each([
    [`require('crypto').createHash('md5').update('a').update('bc').digest('hex')`, '900150983cd24fb0d6963f7d28e17f72'],
    [`require('crypto').createHmac('sha1', 'key').update('abc').digest('base64url')`, 'T9CyFSdu8S8rPkyOysKBFJi2Vvw'],
    [`require('querystring').parse('a=1&b=%20x+y&a=2')`, { a: ['1', '2'], b: ' x y' }],
    [`require('querystring').stringify({ a: ['1', '2'], b: 'ä' })`, 'a=1&a=2&b=%C3%A4'],
    [`Buffer.from('aMOk', 'base64').toString() + Buffer.from('ä').toString('hex')`, 'häc3a4'],
    [`'a\\u0000b' + Buffer.from([99, 0]).toString()`, 'a\u0000bc\u0000'],
    [`event.request.rawQueryString()`, 'x=1&y'],
    [
      `[new Date().toISOString(), typeof Date(), Date.now()]`,
      ['2026-01-01T00:00:00.000Z', 'string', 1_767_225_600_000],
    ],
    [`new Date(0).getTime()`, 0],
  ])('has %s', (expression, value) => {
    expect(returning(expression)).toMatchObject({ value, error: undefined })
  })

  it('has the byte strings of runtime 1.0 there only', () => {
    const expression = `String.bytesFrom('aGk=', 'base64') + 'ä'.toUTF8().length`
    expect(returning(expression, { runtime: 'cloudfront-js-1.0' }).value).toBe('hi2')
    expect(returning(expression).error).toMatch(/^TypeError/)
    expect(returning(`typeof Buffer`, { runtime: 'cloudfront-js-1.0' }).value).toBe('undefined')
  })

  it.each([
    [`eval('1')`, 'EvalError: Dynamic code evaluation is not supported.'],
    [`new Function('return 1')()`, 'EvalError: Dynamic code evaluation is not supported.'],
    [`(async () => 1).constructor('return 1')()`, 'EvalError: Dynamic code evaluation is not supported.'],
    [`setTimeout(() => 1)`, "ReferenceError: 'setTimeout' is not defined"],
    [`fetch('http://127.0.0.1')`, "ReferenceError: 'fetch' is not defined"],
    [`process.env`, "ReferenceError: 'process' is not defined"],
    [`require('fs')`, 'Error: Cannot find module "fs"'],
    [`(undeclared = 1)`, "ReferenceError: 'undeclared' is not defined"],
    [`new Promise(() => {})`, 'The handler returned a promise that never settles.'],
    [`require('cloudfront').kvs()`, 'Error: No KeyValueStore is associated with this function.'],
    [`handler(event)`, 'InternalError: stack overflow'],
    [`/^(a+)+$/.test('a'.repeat(40) + 'b')`, 'InternalError: interrupted'],
  ])('has no %s', (expression, error) => {
    expect(returning(expression)).toMatchObject({ error, value: undefined })
  })

  it('breaks off what runs too long or takes too much memory, and runs on afterwards', () => {
    expect(run(`function handler() { for (;;) {} }`)).toMatchObject({
      error: 'InternalError: interrupted',
      computeUtilization: 100,
    })
    expect(run(`function handler() { for (var i = 0; i < 1e6; i++) {} }`).error).toBe('InternalError: interrupted')
    expect(run(`function handler() { for (var i = 0; i < 1e5; i++) {} return i }`).value).toBe(100_000)
    expect(returning(`new Array(1e6).fill(1.5)`).error).toBe('InternalError: out of memory')
    expect(returning(`1 + 1`)).toMatchObject({ value: 2, error: undefined })
  })

  it('starts each run with variables of its own', () => {
    const code = `let runs = 0; function handler() { runs += 1; return runs }`
    expect([run(code).value, run(code).value]).toEqual([1, 1])
  })

  it.each([
    ['var x = 1', 'ReferenceError: "handler" is not defined'],
    ['function handler( {', /^SyntaxError: /],
    ['}; function handler() {', /^SyntaxError: /],
  ])('says what is wrong with %s', (code, error) => {
    expect(run(code).error).toMatch(error)
  })
})
