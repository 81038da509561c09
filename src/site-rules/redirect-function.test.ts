import { afterEach, describe, expect, it } from 'vitest'
import { compileFunction, type CompiledFunction } from '../functions/compile.ts'
import { MAX_FUNCTION_BYTES, writeRedirectFunction } from './redirect-function.ts'
import { parseRedirectsFile } from './redirects-file.ts'

let compiled: CompiledFunction | undefined
afterEach(() => {
  compiled?.dispose()
  compiled = undefined
})

async function run(redirects: string, uri: string, files: readonly string[] = []): Promise<unknown> {
  const { rules } = parseRedirectsFile(redirects)
  const code = writeRedirectFunction(rules, { directoryIndex: false, hasFile: (name) => files.includes(name) })
  compiled?.dispose()
  compiled = await compileFunction(code)
  return compiled.run({ uri, host: 'www.example.com' })
}

// Where a redirect leads is asked of the emulator: test/headers-and-redirects.test.ts.
describe('writeRedirectFunction', () => {
  it('takes the first rule that matches, whichever kind it is', async () => {
    expect(await run('/a/* /b/:splat 200!\n/a/x /c 301\n', '/a/x')).toEqual({ kind: 'uri', uri: '/b/x' })
    expect(await run('/a/x /c 200\n/a/* /b/:splat 301\n', '/a/x')).toEqual({ kind: 'uri', uri: '/c' })
  })

  it('leaves a path alone that a file stands at, unless the rule is forced', async () => {
    expect(await run('/a /b\n', '/a', ['a/index.html'])).toEqual({ kind: 'uri', uri: '/a' })
    expect(await run('/a /b 301!\n', '/a', ['a/index.html'])).toEqual({ kind: 'response' })
  })

  it('is not misled by names that every object has, nor by paths that are not encoded right', async () => {
    expect(await run('/a /b\n', '/constructor')).toEqual({ kind: 'uri', uri: '/constructor' })
    expect(await run('/a /b\n', '/%zz')).toEqual({ kind: 'uri', uri: '/%zz' })
  })

  it('is small: a hundred redirects fit into what CloudFront takes', () => {
    const many = Array.from(
      { length: 100 },
      (_, index) => `/2019/some-old-name-${index} /blog/some-new-name-${index}\n`,
    )
    const { rules } = parseRedirectsFile(many.join(''))
    const code = writeRedirectFunction(rules, { directoryIndex: true, hasFile: () => false })
    expect(Buffer.byteLength(code)).toBeLessThan(MAX_FUNCTION_BYTES)
  })
})
