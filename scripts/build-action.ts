// Builds dist/action, which the GitHub Action runs as it is committed: the program in one file, QuickJS beside it, and the licences of all that is
// in it. The same source and lockfile give the same bytes. With --check it writes nothing and ends with 1 where they differ.

import { readFile, rm, mkdir, writeFile, readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { collectLicenses } from './licenses.ts'
import { withoutHttp2 } from './without-http2.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const folder = join(root, 'dist', 'action')
const quickJs = join('node_modules', '@jitl', 'quickjs-wasmfile-release-sync', 'dist')

async function buildAction(): Promise<Map<string, Uint8Array>> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    // Threads that read files start from a file of their own, and look for it where import.meta says that they are.
    entryPoints: { index: 'src/action/main.ts', 'digest-worker': 'src/site/digest-worker.ts' },
    outdir: 'dist/action',
    outExtension: { '.js': '.cjs' },
    define: { 'import.meta.url': 'digestWorkerUrl' },
    banner: {
      js: "const digestWorkerUrl = require('node:url').pathToFileURL(require('node:path').join(__dirname, 'digest-worker.cjs')).href;",
    },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    // The AWS SDK's ES modules leave out more of what is not used.
    mainFields: ['module', 'main'],
    minify: true,
    // Names stay in the messages of errors.
    keepNames: true,
    legalComments: 'none',
    charset: 'utf8',
    // Neither where the checkout lies nor whether node_modules is a link may show in the result.
    preserveSymlinks: true,
    // The module for require() looks for its WebAssembly beside itself; the other asks import.meta.
    alias: {
      '@jitl/quickjs-wasmfile-release-sync/emscripten-module': `./${join(quickJs, 'emscripten-module.cjs')}`,
    },
    plugins: [withoutHttp2],
    metafile: true,
    write: false,
    logLevel: 'warning',
  })
  return new Map([
    ...outputFiles.map(({ path, contents }): [string, Uint8Array] => [basename(path), contents]),
    ['emscripten-module.wasm', await readFile(join(root, quickJs, 'emscripten-module.wasm'))],
    ['licenses.txt', new TextEncoder().encode(await collectLicenses(Object.keys(metafile.inputs)))],
  ])
}

async function findDifferences(built: ReadonlyMap<string, Uint8Array>): Promise<string[]> {
  const committed = await readdir(folder).catch((): string[] => [])
  const differing: string[] = []
  for (const name of new Set([...built.keys(), ...committed])) {
    const before = committed.includes(name) ? await readFile(join(folder, name)) : undefined
    const now = built.get(name)
    if (before === undefined || now === undefined || Buffer.compare(before, now) !== 0) differing.push(name)
  }
  return differing
}

const built = await buildAction()
if (process.argv.includes('--check')) {
  const differing = await findDifferences(built)
  if (differing.length > 0) {
    console.error(
      `Not what the source gives: dist/action/${differing.join(', dist/action/')}. Run npm run build:action and commit them.`,
    )
    process.exitCode = 1
  }
} else {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  for (const [name, content] of built) await writeFile(join(folder, name), content)
  console.log([...built].map(([name, content]) => `dist/action/${name}  ${content.length} bytes`).join('\n'))
}
