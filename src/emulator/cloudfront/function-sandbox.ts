// Runs the code of CloudFront functions for real, in QuickJS compiled to WebAssembly: no network, no files, no timers, no
// code from text, a bound on work and memory. Nothing of one run is left for the next: the code's own variables are made
// anew each time. The engine's own globals are not: who changes `String.prototype` finds it changed.
// Facts: CloudFront Developer Guide, "Restrictions on CloudFront Functions" and "Quotas on CloudFront Functions".

import { createHash, createHmac } from 'node:crypto'
import type { QuickJSContext, QuickJSHandle, QuickJSSyncVariant, QuickJSWASMModule } from 'quickjs-emscripten-core'
import { SANDBOX_PRELUDE } from './sandbox-prelude.ts'

export type FunctionRuntime = 'cloudfront-js-1.0' | 'cloudfront-js-2.0'

export interface FunctionProgram {
  readonly code: string
  readonly runtime: FunctionRuntime
  /** What `cf.kvs()` reads; where it is undefined, no store is associated. */
  readonly keyValues?: Readonly<Record<string, string>> | undefined
}

export interface FunctionInput {
  /** Plain data, as the event object is documented. */
  readonly event: object
  /** What `event.request.rawQueryString()` returns. */
  readonly rawQueryString?: string
  /** What `Date` says for the whole run. */
  readonly nowMs: number
}

export interface FunctionOutcome {
  /** What the handler returned, as JSON would carry it; meaningless where there is an `error`. */
  readonly value: unknown
  /** Why there is no value: `TypeError: cannot read property 'x' of undefined`. */
  readonly error: string | undefined
  readonly logs: readonly string[]
  /** 0–100, of the work that is allowed. */
  readonly computeUtilization: number
}

export interface FunctionSandbox {
  run(program: FunctionProgram, input: FunctionInput): FunctionOutcome
  /** Frees what was compiled. */
  close(): void
}

/** Developer Guide, "Quotas on CloudFront Functions": maximum function memory. */
const MAX_MEMORY_BYTES = 2 * 1024 * 1024
/** QuickJS asks after each 10,000 calls and turns of loops whether to go on. CloudFront allows about a millisecond. */
const MAX_INTERRUPTS = 20
/** Of the machine's time, for code that makes few calls and is slow all the same; looked at when QuickJS asks. */
const MAX_RUN_MS = 1_000
const MAX_STACK_BYTES = 128 * 1024
/** Programs kept compiled; each takes about 150 KB. */
const MAX_COMPILED = 32

interface Compiled {
  run(input: string): FunctionOutcome
  dispose(): void
}

let engine: Promise<QuickJSWASMModule> | undefined

/** Loads the engine, once for the process. */
export async function createFunctionSandbox(): Promise<FunctionSandbox> {
  engine ??= loadEngine()
  const quickJs = await engine
  const compiled = new Map<string, Compiled>()
  let runs = 0

  function compile(program: FunctionProgram): Compiled {
    const key = `${program.runtime}\n${program.code}`
    const found = compiled.get(key)
    if (found !== undefined) return found
    const [oldest] = compiled.keys()
    if (compiled.size >= MAX_COMPILED && oldest !== undefined) drop(oldest)
    const made = compileProgram(quickJs, program)
    compiled.set(key, made)
    return made
  }

  function drop(key: string): void {
    compiled.get(key)?.dispose()
    compiled.delete(key)
  }

  return {
    run(program, input) {
      runs += 1
      const outcome = compile(program).run(JSON.stringify({ ...input, keyValues: program.keyValues, seed: runs }))
      // A run that was broken off may leave anything behind.
      if (outcome.error !== undefined) drop(`${program.runtime}\n${program.code}`)
      return outcome
    },
    close() {
      for (const key of compiled.keys()) drop(key)
    },
  }
}

async function loadEngine(): Promise<QuickJSWASMModule> {
  const [{ newQuickJSWASMModuleFromVariant }, { default: variant }] = await Promise.all([
    import('quickjs-emscripten-core'),
    import('@jitl/quickjs-wasmfile-release-sync'),
  ])
  // The package's types describe its CommonJS build, where the variant is one level deeper.
  return newQuickJSWASMModuleFromVariant(variant as unknown as QuickJSSyncVariant)
}

function compileProgram(quickJs: QuickJSWASMModule, { code, runtime: version }: FunctionProgram): Compiled {
  const runtime = quickJs.newRuntime({ memoryLimitBytes: MAX_MEMORY_BYTES, maxStackSizeBytes: MAX_STACK_BYTES })
  const context = runtime.newContext()
  let interrupts = 0
  let startedAtMs = performance.now()
  runtime.setInterruptHandler(() => {
    interrupts += 1
    return interrupts > MAX_INTERRUPTS || performance.now() - startedAtMs > MAX_RUN_MS
  })
  const handles: QuickJSHandle[] = []
  const keep = (handle: QuickJSHandle): QuickJSHandle => {
    handles.push(handle)
    return handle
  }
  const failed = (error: string, logs: readonly string[] = []): FunctionOutcome => ({
    value: undefined,
    error,
    logs,
    computeUtilization: Math.min(100, Math.round((interrupts / MAX_INTERRUPTS) * 100)),
  })

  const prepared = prepare(context, code, version === 'cloudfront-js-2.0', keep)
  return {
    run(input) {
      interrupts = 0
      startedAtMs = performance.now()
      if (prepared.error !== undefined) return failed(prepared.error)
      const { makeHandler, start, finish } = prepared
      const started = context
        .newString(input)
        .consume((text) => context.callFunction(start, context.undefined, makeHandler, text))
      if (started.error !== undefined) return failed(readError(context, started.error))
      started.value.dispose()
      const jobs = runtime.executePendingJobs()
      if (jobs.error !== undefined) return failed(readError(context, jobs.error))
      const finished = context.callFunction(finish, context.undefined)
      if (finished.error !== undefined) return failed(readError(context, finished.error))
      const text = finished.value.consume((handle) => context.getString(handle))
      const { value, error, logs } = JSON.parse(text) as { value?: unknown; error?: string; logs: string[] }
      return { ...failed(error ?? '', logs), value, error }
    },
    dispose() {
      for (const handle of handles) handle.dispose()
      context.dispose()
      runtime.dispose()
    },
  }
}

type Prepared =
  | { error: string }
  | { error: undefined; makeHandler: QuickJSHandle; start: QuickJSHandle; finish: QuickJSHandle }

function prepare(
  context: QuickJSContext,
  code: string,
  isRuntime2: boolean,
  keep: (handle: QuickJSHandle) => QuickJSHandle,
): Prepared {
  const makePrelude = keep(context.unwrapResult(context.evalCode(SANDBOX_PRELUDE, 'prelude.js')))
  const askHost = keep(
    context.newFunction('askHost', (question) => context.newString(answerSandbox(context.getString(question)))),
  )
  const second = isRuntime2 ? context.true : context.false
  const prelude = keep(context.unwrapResult(context.callFunction(makePrelude, context.undefined, askHost, second)))
  const source = isRuntime2 ? requireImports(code) : code
  const wrapped = `(function () { 'use strict'; ${source}\n;return typeof handler === 'function' ? handler : undefined })`
  const made = context.evalCode(wrapped, 'function.js')
  if (made.error !== undefined) return { error: readError(context, made.error) }
  return {
    error: undefined,
    makeHandler: keep(made.value),
    start: keep(context.getProp(prelude, 'start')),
    finish: keep(context.getProp(prelude, 'finish')),
  }
}

/** `import cf from 'cloudfront'`, the only form that runtime 2.0 has, to what may stand in a function. */
function requireImports(code: string): string {
  return code.replaceAll(/^([ \t]*)import\s+([\w$]+)\s+from\s+(['"][^'"\n]+['"])/gm, '$1const $2 = require($3)')
}

function readError(context: QuickJSContext, handle: QuickJSHandle): string {
  const error: unknown = context.dump(handle)
  handle.dispose()
  if (typeof error !== 'object' || error === null) return String(error)
  const { name, message } = error as { name?: string; message?: string }
  return `${name ?? 'Error'}: ${message ?? ''}`
}

type Question =
  | { readonly op: 'encode'; readonly text: string; readonly encoding: string }
  | { readonly op: 'decode'; readonly hex: string; readonly encoding: string }
  | { readonly op: 'digest'; readonly algorithm: string; readonly keyHex: string | null; readonly hex: string }

/** Bytes travel as hex, because strings end at a NUL on the way. */
function answerSandbox(text: string): string {
  const question = JSON.parse(text) as Question
  switch (question.op) {
    case 'encode':
      return JSON.stringify(Buffer.from(question.text, toEncoding(question.encoding)).toString('hex'))
    case 'decode':
      return JSON.stringify(Buffer.from(question.hex, 'hex').toString(toEncoding(question.encoding)))
    case 'digest': {
      const { algorithm, keyHex, hex } = question
      const hash = keyHex === null ? createHash(algorithm) : createHmac(algorithm, Buffer.from(keyHex, 'hex'))
      return JSON.stringify(hash.update(Buffer.from(hex, 'hex')).digest('hex'))
    }
  }
}

function toEncoding(name: string): BufferEncoding {
  return name === 'hex' || name === 'base64' || name === 'base64url' ? name : 'utf8'
}
