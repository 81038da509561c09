// The functions of all distributions, ready to run by name. QuickJS is loaded only where there are any.

import type { Distribution } from '../model.ts'
import type { CompiledFunction, FunctionResult } from './compile.ts'

export interface CompiledFunctions {
  /** Runs a function on a GET of the path with that `Host`; one whose code is not known fails. */
  run(name: string, uri: string, host: string): FunctionResult
  /** Frees their memory. */
  dispose(): void
}

export async function compileFunctions(distributions: readonly Distribution[]): Promise<CompiledFunctions> {
  const compiled = new Map<string, CompiledFunction>()
  for (const { behaviors } of distributions) {
    for (const { viewerRequest } of behaviors) {
      if (viewerRequest?.kind !== 'function' || viewerRequest.code === undefined || compiled.has(viewerRequest.name))
        continue
      const { compileFunction } = await import('./compile.ts')
      compiled.set(viewerRequest.name, await compileFunction(viewerRequest.code))
    }
  }
  return {
    run: (name, uri, host) =>
      compiled.get(name)?.run({ uri, host }) ?? { kind: 'failed', why: 'its code is not known' },
    dispose() {
      for (const each of compiled.values()) each.dispose()
    },
  }
}
