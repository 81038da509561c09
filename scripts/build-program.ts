// Builds dist/program, which `freshfront` runs: the sources and what they import in few files, without what is never called. Loading the two AWS
// SDKs from their hundreds of files takes longer than a deploy that finds nothing to do.

import { readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { collectLicenses } from './licenses.ts'
import { withoutHttp2 } from './without-http2.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const folder = join(root, 'dist', 'program')

await rm(folder, { recursive: true, force: true })
const { metafile } = await build({
  absWorkingDir: root,
  // A thread that reads files starts from the file in which it finds itself: as an entry it is in one without the rest.
  entryPoints: { main: 'src/cli/main.ts', 'digest-worker': 'src/site/digest-worker.ts' },
  outdir: folder,
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  // The AWS SDK's ES modules leave out more of what is not used.
  mainFields: ['module', 'main'],
  // Its WebAssembly is looked for beside itself; only distributions with functions need it.
  external: ['@jitl/quickjs-wasmfile-release-sync', 'quickjs-emscripten-core'],
  // Less to read and compile; the names of functions stay, for the stack traces of FRESHFRONT_DEBUG.
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  charset: 'utf8',
  // Packages that are not ES modules call it.
  banner: {
    js: "import { createRequire as createRequireHere } from 'node:module'; const require = createRequireHere(import.meta.url);",
  },
  plugins: [withoutHttp2],
  metafile: true,
  logLevel: 'warning',
})
await writeFile(join(folder, 'licenses.txt'), await collectLicenses(Object.keys(metafile.inputs)))
const main = join(folder, 'main.js')
if (!(await readFile(main, 'utf8')).startsWith('#!'))
  throw new Error(`${main} cannot be started: its first line is gone.`)
