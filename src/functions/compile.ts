// CloudFront Functions, run as CloudFront runs them, on requests that nobody has sent: how a distribution's own code rewrites URLs is found
// out, not guessed. The code is a stranger's: it runs in QuickJS compiled to WebAssembly, with no way out, little memory and a bound on
// its steps.

import quickJsVariant from '@jitl/quickjs-wasmfile-release-sync'
import {
  newQuickJSWASMModuleFromVariant,
  type QuickJSContext,
  type QuickJSSyncVariant,
  type QuickJSWASMModule,
} from 'quickjs-emscripten-core'

/** What became of a request. */
export type FunctionResult =
  | { readonly kind: 'uri'; readonly uri: string }
  | { readonly kind: 'response' }
  | { readonly kind: 'failed'; readonly why: string }

export interface ViewerRequest {
  readonly uri: string
  readonly host: string
}

export interface CompiledFunction {
  run(request: ViewerRequest): FunctionResult
  /** Frees its memory. */
  dispose(): void
}

/** CloudFront gives 2 MB; QuickJS needs some of its own. @see CloudFront Developer Guide, "Quotas" */
const MEMORY_BYTES = 8 * 1024 * 1024
const STACK_BYTES = 256 * 1024
/** Calls of the interrupt handler, which QuickJS makes every few thousand steps: far more than CloudFront's millisecond. */
const MAX_INTERRUPTS = 100

/** What CloudFront's runtime offers beyond the language. Whatever needs the edge itself says so, and the answer is "failed". */
const PRELUDE = `
  const unavailable = (what) => () => { throw new Error(what + ' is not available here') }
  globalThis.console = { log() {}, error() {}, warn() {}, info() {} }
  globalThis.require = (name) => {
    if (name === 'querystring') return globalThis.__querystring
    if (name === 'cloudfront') return globalThis.__cloudfront
    return unavailable('the module ' + name)()
  }
  globalThis.__cloudfront = {
    kvs: () => ({ get: unavailable('a key value store'), exists: unavailable('a key value store'), meta: unavailable('a key value store'), count: unavailable('a key value store') }),
    updateRequestOrigin: unavailable('another origin'),
    selectRequestOriginById: unavailable('another origin'),
    createRequestOriginGroup: unavailable('another origin'),
  }
  const unescape = (text) => decodeURIComponent(text.replace(/\\+/g, ' '))
  globalThis.__querystring = {
    escape: encodeURIComponent,
    unescape,
    parse: (text) => Object.fromEntries(text.split('&').filter(Boolean).map((pair) => pair.split('=').map(unescape))),
    stringify: (fields) => Object.entries(fields).map(([name, value]) => encodeURIComponent(name) + '=' + encodeURIComponent(value)).join('&'),
  }
  globalThis.__run = async (event) => {
    const result = await globalThis.__handler(JSON.parse(event))
    return JSON.stringify(result)
  }
`

let loading: Promise<QuickJSWASMModule> | undefined

/**
 * @param code as GetFunction answers it, for either runtime
 * @returns a function that never throws: code that cannot be run at all fails on every request
 */
export async function compileFunction(code: string): Promise<CompiledFunction> {
  // The package's types describe its CommonJS build, where the variant lies one level deeper.
  loading ??= newQuickJSWASMModuleFromVariant(quickJsVariant as unknown as QuickJSSyncVariant)
  const quickJs = await loading
  const runtime = quickJs.newRuntime()
  runtime.setMemoryLimit(MEMORY_BYTES)
  runtime.setMaxStackSize(STACK_BYTES)
  let interrupts = 0
  runtime.setInterruptHandler(() => (interrupts += 1) > MAX_INTERRUPTS)
  runtime.setModuleLoader((name) =>
    name === 'cloudfront' || name === 'querystring'
      ? `export default globalThis.__${name}`
      : { error: new Error(`the module ${name} is not available here`) },
  )
  const context = runtime.newContext()
  const broken = evaluate(context, PRELUDE) ?? evaluate(context, withHandler(code), isModule(code))
  return {
    run({ uri, host }) {
      if (broken !== undefined) return { kind: 'failed', why: broken }
      interrupts = 0
      return toResult(callHandler(context, JSON.stringify(viewerRequestEvent(uri, host))))
    },
    dispose() {
      context.dispose()
      runtime.dispose()
    },
  }
}

function isModule(code: string): boolean {
  return /^\s*import\s/mu.test(code)
}

function withHandler(code: string): string {
  return `${code}\n;globalThis.__handler = handler`
}

/** @returns why it failed, or undefined */
function evaluate(context: QuickJSContext, code: string, asModule = false): string | undefined {
  const result = context.evalCode(code, 'function.js', { type: asModule ? 'module' : 'global' })
  if (result.error !== undefined) return takeMessage(context, result.error)
  result.value.dispose()
  context.runtime.executePendingJobs().dispose()
  return undefined
}

function callHandler(context: QuickJSContext, event: string): { value: string } | { why: string } {
  const run = context.getProp(context.global, '__run')
  const argument = context.newString(event)
  const called = context.callFunction(run, context.undefined, argument)
  run.dispose()
  argument.dispose()
  if (called.error !== undefined) return { why: takeMessage(context, called.error) }
  const jobs = context.runtime.executePendingJobs()
  if (jobs.error !== undefined) {
    const why = takeMessage(context, jobs.error)
    called.value.dispose()
    return { why }
  }
  jobs.dispose()
  const state = context.getPromiseState(called.value)
  called.value.dispose()
  if (state.type === 'pending') return { why: 'it did not finish' }
  if (state.type === 'rejected') return { why: takeMessage(context, state.error) }
  const value = context.getString(state.value)
  state.value.dispose()
  return { value }
}

function takeMessage(context: QuickJSContext, handle: Parameters<QuickJSContext['dump']>[0]): string {
  const dumped: unknown = context.dump(handle)
  handle.dispose()
  const message = typeof dumped === 'object' && dumped !== null && 'message' in dumped ? dumped.message : dumped
  return message === 'interrupted' ? 'it takes too long' : String(message)
}

/** @see CloudFront Developer Guide, "CloudFront Functions event structure" */
function viewerRequestEvent(uri: string, host: string): object {
  return {
    version: '1.0',
    context: {
      distributionDomainName: host,
      distributionId: 'EXAMPLE',
      eventType: 'viewer-request',
      requestId: 'example',
    },
    viewer: { ip: '192.0.2.1' },
    request: { method: 'GET', uri, querystring: {}, headers: { host: { value: host } }, cookies: {} },
  }
}

function toResult(called: { value: string } | { why: string }): FunctionResult {
  if ('why' in called) return { kind: 'failed', why: called.why }
  let returned: unknown
  try {
    returned = JSON.parse(called.value)
  } catch {
    return { kind: 'failed', why: 'it returned nothing' }
  }
  if (typeof returned !== 'object' || returned === null) return { kind: 'failed', why: 'it returned no object' }
  if ('statusCode' in returned) return { kind: 'response' }
  return 'uri' in returned && typeof returned.uri === 'string'
    ? { kind: 'uri', uri: returned.uri }
    : { kind: 'failed', why: 'it returned neither a request nor a response' }
}
